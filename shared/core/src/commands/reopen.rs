//! An end that was a mistake: marketing has the lead back. Its score goes on from where it was.

use serde::Deserialize;

use super::body::{Body, Required};
use super::{Command, Done, Part, Reason, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::lead::Stage;
use crate::message::EventName;
use crate::refusal::Refusal;

/// Give it to marketing again, converted or ruled out as it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    /// Why, in the asker's words.
    pub reason: Reason,
}

impl Body for Reopen {
    const REQUIRED: &'static [Required] = &[Reason::REQUIRED];
}

impl From<Reopen> for Command {
    fn from(command: Reopen) -> Self {
        Self::Reopen(command)
    }
}

impl Reopen {
    /// Marketing, a supervisor or the CRM says so. What the lead did until then counts on.
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        let lead = decision.lead();
        let (owner, reason) = (lead.owner().cloned(), self.reason.as_str());
        let ended = lead.stage.clone().reopen(decision.now(), reason);
        let ended = ended.ok_or_else(|| not_over(&lead.stage))?;
        decision.must_be_above()?;
        decision.move_to(Stage::Returned(ended));
        decision.publish(EventName::Returned);
        decision.tell_unless_theirs(owner.as_ref(), reason);
        decision.write_history(Some(reason), None);
        Ok(())
    }
}

fn not_over(stage: &Stage) -> Refusal {
    match stage {
        Stage::Nurturing => Refusal::NotQualified,
        Stage::Returned(_) => Refusal::AlreadyReturned,
        Stage::AwaitingOwner { .. }
        | Stage::AwaitingAcceptance { .. }
        | Stage::Working { .. }
        | Stage::Converted { .. }
        | Stage::Disqualified(_) => Refusal::AlreadyQualified(stage.status()),
    }
}

pub(super) const DONE: Done = Done {
    word: "reopened",
    title: &[Part::Text("Reopened")],
    text: &[Part::Text("Marketing has it again, with the score it had.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    Telling::with_reason(Tone::Stage, " reopened it: it is back with marketing", line)
}
