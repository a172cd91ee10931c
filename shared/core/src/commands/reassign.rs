//! Rule 4, by hand: the lead goes to anybody on the roster who is there. Their acceptance clock
//! starts anew, also when the lead was in work.

use serde::Deserialize;

use super::body::{Body, Required};
use super::{Command, Done, Part, Reason, Telling, Tone, assign};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::id::PersonId;
use crate::lead::Stage;
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;

/// Give it to somebody else by hand.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    /// The new owner.
    pub to: PersonId,
    /// Why, if they say.
    pub reason: Option<Reason>,
}

impl Body for Reassign {
    const HEEDS_SEEN: bool = true;
    const REQUIRED: &'static [Required] =
        &[Required { field: "to", expected: "a person's id on the roster" }];
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
        self.must_be_free(decision)?;
        let previous = decision.lead().owner().cloned();
        self.hand_over(decision);
        let reason = self.reason.as_ref().map(Reason::as_str);
        decision.publish(EventName::Reassigned);
        decision.tell(&self.to, AlertKind::Assigned, reason);
        if let Some(previous) = previous {
            decision.tell(&previous, AlertKind::HandedOver, reason);
        }
        decision.write_history(reason, None);
        Ok(())
    }

    /// Refuses unless the person is on the roster, there, and does not have the lead.
    fn must_be_free(&self, decision: &DecisionBuilder<'_>) -> Result<(), Refusal> {
        let person = decision.roster().person(&self.to).ok_or(Refusal::UnknownPerson)?;
        if decision.lead().is_owned_by(&self.to) {
            return Err(Refusal::AlreadyTheirs(self.to.clone()));
        }
        if !person.is_available(decision.now()) {
            return Err(Refusal::Unavailable(self.to.clone()));
        }
        Ok(())
    }

    /// The new owner gets it in the queue it is in; before it was dealt, in the one it belongs to.
    fn hand_over(&self, decision: &mut DecisionBuilder<'_>) {
        match decision.lead().stage.clone() {
            Stage::AwaitingOwner { trip, .. } => {
                let queue = decision.queue_wanted();
                assign::hold(decision, trip, None, &self.to, queue);
            }
            Stage::AwaitingAcceptance { trip, hold, earlier_work, .. } => {
                assign::hold(decision, trip, earlier_work, &self.to, hold.queue);
            }
            Stage::Working { trip, hold, work, .. } => {
                assign::hold(decision, trip, Some(work), &self.to, hold.queue);
            }
            Stage::Nurturing
            | Stage::Converted { .. }
            | Stage::Returned(_)
            | Stage::Disqualified(_) => {}
        }
    }
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
