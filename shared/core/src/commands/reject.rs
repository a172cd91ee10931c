//! Rule 5: the lead is turned down before it was accepted, and the reason says what becomes of it.

use serde::Deserialize;

use super::body::Body;
use super::{Command, Done, Part, Reason, Telling, Tone, disqualify, return_to_marketing};
use crate::decide::DecisionBuilder;
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

impl Body for Reject {}

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
        match rule.leads_to {
            Status::Disqualified => disqualify::rule_out(decision, reason),
            Status::Returned
            | Status::Nurturing
            | Status::Mql
            | Status::Working
            | Status::Converted => return_to_marketing::give_back(decision, reason),
        }
        Ok(())
    }
}

pub(super) const DONE: Done = Done {
    word: "rejected",
    title: &[Part::Text("Rejected")],
    text: &[Part::Text("It has left sales. Thank you for saying why.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    let told = Telling::new(Tone::Stage, [Part::Asker, Part::Text(" turned it down")]);
    told.quoting(line.reason.as_deref())
}
