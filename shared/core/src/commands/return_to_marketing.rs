//! Rule 8, and by hand: the lead goes back to marketing, which nurtures it on.

use serde::Deserialize;

use super::body::Body;
use super::{Command, Done, Part, Reason, Telling, Tone};
use crate::decide::DecisionBuilder;
use crate::decision::History;
use crate::lead::Stage;
use crate::message::EventName;
use crate::points::Behaviour;
use crate::refusal::Refusal;

/// Give it back to marketing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Why.
    pub reason: Reason,
}

impl Body for Return {
    const HEEDS_SEEN: bool = true;
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
        give_back(decision, self.reason.as_str());
        Ok(())
    }
}

/// Gives the lead back and makes that known; an owner who did not do it themselves hears of it.
pub(super) fn give_back(decision: &mut DecisionBuilder<'_>, reason: &str) {
    let owner = decision.lead().owner().cloned();
    leave_sales(decision, reason);
    decision.publish(EventName::Returned);
    decision.tell_unless_theirs(owner.as_ref(), reason);
    decision.write_history(Some(reason), None);
}

/// Takes the arrow to `returned`. By policy the behaviour score restarts; fit stays.
pub(super) fn leave_sales(decision: &mut DecisionBuilder<'_>, reason: &str) {
    let restart = decision.policy().scoring.restart_on_return;
    let now = decision.now();
    let Some(ended) = decision.lead().stage.clone().end(now, reason) else { return };
    decision.move_to(Stage::Returned(ended));
    if restart {
        let lead = decision.lead_mut();
        lead.behaviour = Behaviour::zero(now);
        lead.restarted_at = Some(now);
        lead.era += 1;
        lead.recent.clear();
    }
}

pub(super) const DONE: Done = Done {
    word: "returned",
    title: &[Part::Text("Given back")],
    text: &[Part::Text("Marketing nurtures it on.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    let told = Telling::new(Tone::Stage, [Part::Asker, Part::Text(" gave it back to marketing")]);
    told.quoting(line.reason.as_deref())
}
