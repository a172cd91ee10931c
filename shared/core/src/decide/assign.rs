//! A qualified lead gets an owner: rule 4.

use jiff::Timestamp;

use super::Turn;
use crate::cursor::Cursor;
use crate::id::{PersonId, QueueName};
use crate::lead::{Clock, Status};
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;
use crate::route;

/// The router hears that the lead qualified. Once nobody was available, it is the clock's: the event
/// is delivered at least once, and a second time it changes nothing.
pub(super) fn on_event(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    let waits = turn.lead().deadline.as_ref().is_some_and(|d| d.kind == Clock::Route);
    if waits && turn.lead().unrouted_told_at.is_some() {
        return Err(Refusal::NotDue);
    }
    assign(turn)
}

/// Deals the lead to the next person in its queue. If nobody is available anywhere it keeps a
/// clock, and the house hears of it.
pub(super) fn assign(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    let waiting = turn.lead().deadline.as_ref().is_some_and(|d| d.kind == Clock::Route);
    if turn.lead().status != Status::Mql || !waiting {
        return Err(Refusal::AlreadyAssigned);
    }
    match deal(turn) {
        Some((queue, person, cursor)) => {
            turn.decision.cursor = Some(cursor);
            turn.lead_mut().queue = Some(queue);
            hold(turn, &person);
            turn.publish(EventName::Assigned);
            turn.tell(&person, AlertKind::Assigned, None);
            turn.note(None, None);
        }
        None => wait_for_somebody(turn),
    }
    Ok(())
}

fn deal(turn: &Turn<'_>) -> Option<(QueueName, PersonId, Cursor)> {
    let world = turn.world;
    let queue = route::open(turn.lead(), world.policy, world.roster, turn.now)?;
    let fresh = Cursor::new(queue.clone());
    let cursor = world.cursor.filter(|cursor| cursor.queue == queue).unwrap_or(&fresh);
    let (person, next) = cursor.deal(&world.roster.available(&queue, turn.now))?;
    Some((queue, person, next))
}

/// Makes a person the owner and starts their acceptance clock.
pub(super) fn hold(turn: &mut Turn<'_>, person: &PersonId) {
    let supervisor = turn.world.roster.supervisor_of(person).cloned();
    let now = turn.now;
    let lead = turn.lead_mut();
    lead.owner = Some(person.clone());
    lead.supervisor.clone_from(&supervisor);
    lead.escalations = 0;
    lead.marks.assigned_at = Some(now);
    lead.marks.owner = Some(person.clone());
    lead.marks.supervisor = supervisor;
    turn.run_clock(Clock::Accept, turn.world.policy.clocks.accept_within);
}

/// Never silence: try again soon, and remind the house supervisor now and then.
fn wait_for_somebody(turn: &mut Turn<'_>) {
    let clocks = &turn.world.policy.clocks;
    turn.run_clock(Clock::Route, clocks.route_retry_every);
    let now = turn.now;
    let silent = |told: Timestamp| now.duration_since(told) < clocks.unrouted_remind_every;
    if turn.lead().unrouted_told_at.is_some_and(silent) {
        return;
    }
    turn.lead_mut().unrouted_told_at = Some(now);
    turn.publish(EventName::Unrouted);
    for person in route::house_supervisors(turn.world.roster) {
        turn.tell(&person, AlertKind::Unrouted, None);
    }
    turn.note(Some("nobody is available"), Some(Clock::Route));
}
