//! The lead is ruled out: it leaves sales and does not qualify again.

use serde::Deserialize;

use super::body::{Body, Required};
use super::leave_sales::{self, Exit};
use super::{Command, Done, Part, Reason, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::refusal::Refusal;

/// Rule it out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disqualify {
    /// Why, in the asker's words.
    pub reason: Reason,
}

impl Body for Disqualify {
    const REQUIRED: &'static [Required] = &[Reason::REQUIRED];
}

impl From<Disqualify> for Command {
    fn from(command: Disqualify) -> Self {
        Self::Disqualify(command)
    }
}

impl Disqualify {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        decision.must_be_in_sales()?;
        decision.must_be_theirs()?;
        leave_sales::by_hand(decision, Exit::Disqualify, self.reason.as_str());
        Ok(())
    }
}

pub(super) const DONE: Done = Done {
    word: "disqualified",
    title: &[Part::Text("Ruled out")],
    text: &[Part::Text("It has left sales for good.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    Telling::with_reason(Tone::Stage, " ruled it out", line)
}
