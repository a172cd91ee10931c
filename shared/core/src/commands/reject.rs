//! Rule 5: the lead is turned down before it was accepted, and the reason says what becomes of it.

use serde::Deserialize;

use super::body::{Body, Required};
use super::leave_sales::{self, Exit};
use super::{Command, Done, Part, Reason, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::lead::Status;
use crate::refusal::Refusal;

/// Turn the lead down, for one of the policy's reasons.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// The reason's name in the policy.
    pub reason: Reason,
}

impl Body for Reject {
    const REQUIRED: &'static [Required] = &[Reason::REQUIRED];
}

impl From<Reject> for Command {
    fn from(command: Reject) -> Self {
        Self::Reject(command)
    }
}

impl Reject {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        decision.must_await_acceptance()?;
        decision.must_be_theirs()?;
        let reason = self.reason.as_str();
        let reasons = &decision.policy().reject_reasons;
        let Some(rule) = reasons.get(reason) else {
            let known = reasons.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(Refusal::UnknownReason { known });
        };
        let exit = match rule.leads_to {
            Status::Disqualified => Exit::Disqualify,
            Status::Returned
            | Status::Nurturing
            | Status::Mql
            | Status::Working
            | Status::Converted => Exit::Return,
        };
        leave_sales::by_hand(decision, exit, reason);
        Ok(())
    }
}

pub(super) const DONE: Done = Done {
    word: "rejected",
    title: &[Part::Text("Rejected")],
    text: &[Part::Text("It has left sales. Thank you for saying why.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    Telling::with_reason(Tone::Stage, " turned it down", line)
}
