//! Rule 4: a qualified lead gets an owner, the next in its queue. If nobody is available anywhere
//! it keeps a clock, and the house hears of it.

use jiff::Timestamp;

use super::{Command, Part, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::id::{PersonId, QueueName};
use crate::lead::{Countdown, DeadlineKind, Hold, Stage, Trip, Work};
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;
use crate::route;
use crate::turn::QueueTurn;

/// Find an owner for a lead that has just qualified.
#[derive(Clone, Debug, PartialEq)]
pub struct Assign {}

impl From<Assign> for Command {
    fn from(command: Assign) -> Self {
        Self::Assign(command)
    }
}

impl Assign {
    /// The router hears that the lead qualified. Once nobody was available, it is the clock's: the
    /// event is delivered at least once, and a second time it changes nothing.
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        match &decision.lead().stage {
            Stage::AwaitingOwner { house_told_at: Some(_), .. } => Err(Refusal::NotDue),
            Stage::AwaitingOwner { .. }
            | Stage::Nurturing
            | Stage::AwaitingAcceptance { .. }
            | Stage::Working { .. }
            | Stage::Converted { .. }
            | Stage::Returned(_)
            | Stage::Disqualified(_) => assign(decision),
        }
    }
}

/// Deals the lead to the next person in its queue, or waits for somebody.
pub(super) fn assign(decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
    let stage = decision.lead().stage.clone();
    let Stage::AwaitingOwner { trip, countdown, house_told_at, queue: named } = stage else {
        return Err(Refusal::AlreadyAssigned);
    };
    match deal(decision) {
        Some((queue, person, turn)) => {
            decision.move_turn(turn);
            hold(decision, trip, None, &person, queue);
            decision.publish(EventName::Assigned);
            decision.tell(&person, AlertKind::Assigned, None);
            decision.write_history(None, None);
        }
        None => wait_for_somebody(decision, trip, countdown, house_told_at, named),
    }
    Ok(())
}

/// Whose turn it is in the queue that the lead goes to now.
pub(super) fn deal(decision: &DecisionBuilder<'_>) -> Option<(QueueName, PersonId, QueueTurn)> {
    let (roster, now) = (decision.roster(), decision.now());
    let queue = route::open(decision.lead(), decision.policy(), roster, now)?;
    let (person, next) = deal_from(decision, &queue)?;
    Some((queue, person, next))
}

/// Whose turn it is in a queue, whoever has the lead left out.
pub(super) fn deal_from(
    decision: &DecisionBuilder<'_>,
    queue: &QueueName,
) -> Option<(PersonId, QueueTurn)> {
    let fresh = QueueTurn::new(queue.clone());
    let turn = decision.turn().filter(|turn| turn.queue == *queue).unwrap_or(&fresh);
    let mut there = decision.roster().available(queue, decision.now());
    there.retain(|member| !decision.lead().is_owned_by(&member.person));
    turn.deal(&there)
}

/// Makes a person the owner and starts their acceptance clock.
pub(super) fn hold(
    decision: &mut DecisionBuilder<'_>,
    trip: Trip,
    earlier_work: Option<Work>,
    person: &PersonId,
    queue: QueueName,
) {
    let hold = new_hold(decision, person, queue);
    let countdown = Countdown::start(decision.now(), decision.clocks().accept_within);
    decision.move_to(Stage::AwaitingAcceptance { trip, hold, countdown, earlier_work });
}

/// That person holds it from now on.
pub(super) fn new_hold(
    decision: &DecisionBuilder<'_>,
    person: &PersonId,
    queue: QueueName,
) -> Hold {
    Hold {
        owner: person.clone(),
        supervisor: decision.roster().supervisor_of(person).cloned(),
        queue,
        assigned_at: decision.now(),
        escalations: 0,
    }
}

/// Never silence: try again soon, and remind the house supervisor now and then.
fn wait_for_somebody(
    decision: &mut DecisionBuilder<'_>,
    trip: Trip,
    countdown: Countdown,
    house_told_at: Option<Timestamp>,
    queue: Option<QueueName>,
) {
    let (now, clocks) = (decision.now(), decision.clocks());
    let countdown = countdown.try_again(now, clocks.route_retry_every);
    let silent = |told: Timestamp| now.duration_since(told) < clocks.unrouted_remind_every;
    if house_told_at.is_some_and(silent) {
        decision.move_to(Stage::AwaitingOwner { trip, countdown, house_told_at, queue });
        return;
    }
    let house_told_at = Some(now);
    decision.move_to(Stage::AwaitingOwner { trip, countdown, house_told_at, queue });
    decision.publish(EventName::Unrouted);
    for person in route::house_supervisors(decision.roster()) {
        decision.tell(&person, AlertKind::Unrouted, None);
    }
    decision.write_history(Some("nobody is available"), Some(DeadlineKind::Route));
}

pub(super) fn tell(line: &History) -> Telling<'_> {
    match (line.clock, &line.owner) {
        (Some(DeadlineKind::Route), None) => {
            Telling::new(Tone::Late, [Part::Text("Waits for an owner: nobody is available")])
        }
        (_, owner) => {
            let to = Part::Person(owner.as_ref());
            Telling::new(Tone::Plain, [Part::Text("Given to "), to])
        }
    }
}
