//! Rule 8, and by hand: the lead goes back to marketing, which nurtures it on.

use serde::Deserialize;

use super::body::{Body, Required};
use super::leave_sales::{self, Exit};
use super::{Command, Done, Part, Reason, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::refusal::Refusal;

/// Give it back to marketing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Why, in the asker's words.
    pub reason: Reason,
}

impl Body for Return {
    const HEEDS_SEEN: bool = true;
    const REQUIRED: &'static [Required] = &[Reason::REQUIRED];
}

impl From<Return> for Command {
    fn from(command: Return) -> Self {
        Self::Return(command)
    }
}

impl Return {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        decision.must_be_in_sales()?;
        decision.must_be_theirs()?;
        decision.must_be_as_seen()?;
        leave_sales::by_hand(decision, Exit::Return, self.reason.as_str());
        Ok(())
    }
}

pub(super) const DONE: Done = Done {
    word: "returned",
    title: &[Part::Text("Given back")],
    text: &[Part::Text("Marketing nurtures it on.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    Telling::with_reason(Tone::Stage, " gave it back to marketing", line)
}
