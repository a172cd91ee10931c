//! Rule 2: a score that was an estimate is worked out from the ledger. Nobody qualifies by it: the
//! prospect has done nothing.

use super::{Command, Part, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::refusal::Refusal;

/// Work the score out from the ledger, because it is an estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Recount {}

impl From<Recount> for Command {
    fn from(command: Recount) -> Self {
        Self::Recount(command)
    }
}

impl Recount {
    /// Refuses while the ledger can't be read whole: then it is asked for again.
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        let is_due = decision.lead().recount_at.is_some();
        if is_due && decision.recount() { Ok(()) } else { Err(Refusal::NotDue) }
    }
}

/// No page tells it: the ledger says why the score is what it is.
pub(super) fn tell(_line: &History) -> Telling<'_> {
    Telling::new(Tone::Plain, [Part::Text("The score was counted again")])
}
