//! Rule 2: a score that was an estimate is worked out from the ledger. Nobody qualifies by it: the
//! prospect has done nothing.

use super::{Command, Part, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::ledger;
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
        let (policy, now) = (decision.policy(), decision.now());
        let (lead, changed_at) = (decision.lead(), decision.last_changed_at());
        let is_whole = |entries: &&[_]| ledger::is_whole(lead, entries, changed_at, now);
        let entries = decision.ledger().filter(is_whole);
        let Some(entries) = entries.filter(|_| lead.recount_at.is_some()) else {
            return Err(Refusal::NotDue);
        };
        let recounted = ledger::replay(lead, entries, None, policy, now);
        recounted.put_on(decision.lead_mut(), policy);
        Ok(())
    }
}

/// No page tells it: the ledger says why the score is what it is.
pub(super) fn tell(_line: &History) -> Telling<'_> {
    Telling::new(Tone::Plain, [Part::Text("The score was counted again")])
}
