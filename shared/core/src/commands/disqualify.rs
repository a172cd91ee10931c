//! The lead is ruled out: it leaves sales and does not qualify again.

use serde::Deserialize;

use super::body::Body;
use super::{Command, Done, Part, Reason, Telling, Tone};
use crate::decide::DecisionBuilder;
use crate::decision::History;
use crate::lead::Stage;
use crate::message::EventName;
use crate::refusal::Refusal;

/// Rule it out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disqualify {
    /// Why.
    pub reason: Reason,
}

impl Body for Disqualify {}

impl From<Disqualify> for Command {
    fn from(command: Disqualify) -> Self {
        Self::Disqualify(command)
    }
}

impl Disqualify {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        decision.must_be_in_sales()?;
        decision.must_be_theirs()?;
        rule_out(decision, self.reason.as_str());
        Ok(())
    }
}

/// Rules the lead out and makes that known; an owner who did not do it themselves hears of it.
pub(super) fn rule_out(decision: &mut DecisionBuilder<'_>, reason: &str) {
    let owner = decision.lead().owner().cloned();
    let Some(ended) = decision.lead().stage.clone().end(decision.now(), reason) else { return };
    decision.move_to(Stage::Disqualified(ended));
    decision.publish(EventName::Disqualified);
    decision.tell_unless_theirs(owner.as_ref(), reason);
    decision.write_history(Some(reason), None);
}

pub(super) const DONE: Done = Done {
    word: "disqualified",
    title: &[Part::Text("Ruled out")],
    text: &[Part::Text("It has left sales for good.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    let told = Telling::new(Tone::Stage, [Part::Asker, Part::Text(" ruled it out")]);
    told.quoting(line.reason.as_deref())
}
