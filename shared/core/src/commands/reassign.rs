//! Rule 4, by hand: the lead goes to anybody on the roster who is there, or to whoever's turn it is
//! in another queue. Their acceptance clock starts anew, also when the lead was in work.

use serde::Deserialize;

use super::body::{Body, Required};
use super::{Command, Done, Part, Reason, Recipient, Telling, Tone, assign};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::id::{PersonId, QueueName};
use crate::lead::Stage;
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;

/// Give it to somebody else by hand.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    /// The new owner, or the queue to deal it from.
    pub to: Recipient,
    /// Why, if they say.
    pub reason: Option<Reason>,
}

impl Body for Reassign {
    const HEEDS_SEEN: bool = true;
    const REQUIRED: &'static [Required] =
        &[Required { field: "to", expected: Recipient::EXPECTED }];
}

impl From<Reassign> for Command {
    fn from(command: Reassign) -> Self {
        Self::Reassign(command)
    }
}

impl Reassign {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        decision.must_be_in_sales()?;
        decision.must_be_theirs()?;
        decision.must_be_as_seen()?;
        let previous = decision.lead().owner().cloned();
        let person = match &self.to {
            Recipient::Person(person) => free(decision, person)?,
            Recipient::Queue(queue) => dealt(decision, queue)?,
        };
        self.hand_over(decision, &person);
        let reason = self.reason.as_ref().map(Reason::as_str);
        decision.publish(EventName::Reassigned);
        decision.tell(&person, AlertKind::Assigned, reason);
        if let Some(previous) = previous {
            decision.tell(&previous, AlertKind::HandedOver, reason);
        }
        decision.write_history(reason, None);
        Ok(())
    }

    /// The new owner gets it in the queue it is dealt from; by name, in the one it is in or, before
    /// it was dealt, in the one it belongs to.
    fn hand_over(&self, decision: &mut DecisionBuilder<'_>, person: &PersonId) {
        let queue = match (&self.to, decision.lead().queue()) {
            (Recipient::Queue(queue), _) | (Recipient::Person(_), Some(queue)) => queue.clone(),
            (Recipient::Person(_), None) => decision.queue_wanted(),
        };
        match decision.lead().stage.clone() {
            Stage::AwaitingOwner { trip, .. } => assign::hold(decision, trip, None, person, queue),
            Stage::AwaitingAcceptance { trip, earlier_work, .. } => {
                assign::hold(decision, trip, earlier_work, person, queue);
            }
            Stage::Working { trip, work, .. } => {
                assign::hold(decision, trip, Some(work), person, queue);
            }
            Stage::Nurturing
            | Stage::Converted { .. }
            | Stage::Returned(_)
            | Stage::Disqualified(_) => {}
        }
    }
}

/// The person, if they are on the roster, there, and do not have the lead.
fn free(decision: &DecisionBuilder<'_>, id: &PersonId) -> Result<PersonId, Refusal> {
    let person = decision.roster().person(id).ok_or(Refusal::UnknownPerson)?;
    if decision.lead().is_owned_by(id) {
        return Err(Refusal::AlreadyTheirs(id.clone()));
    }
    if !person.is_available(decision.now()) {
        return Err(Refusal::Unavailable(id.clone()));
    }
    Ok(id.clone())
}

/// Whoever's turn it is in the queue, and does not have the lead.
fn dealt(decision: &mut DecisionBuilder<'_>, queue: &QueueName) -> Result<PersonId, Refusal> {
    if !decision.roster().queues.contains_key(queue) {
        return Err(Refusal::UnknownQueue);
    }
    let nobody = || Refusal::NobodyAvailable(queue.clone());
    let (person, turn) = assign::deal_from(decision, queue).ok_or_else(nobody)?;
    decision.move_turn(turn);
    Ok(person)
}

pub(super) const DONE: Done = Done {
    word: "reassigned",
    title: &[Part::Text("Given to "), Part::Owner],
    text: &[
        Part::Text("They have been told, and have until "),
        Part::Deadline,
        Part::Text(" to accept it."),
    ],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    let to = Part::Person(line.owner.as_ref());
    let told = Telling::new(Tone::Plain, [Part::Asker, Part::Text(" gave it to "), to]);
    told.quoting(line.reason.as_deref())
}
