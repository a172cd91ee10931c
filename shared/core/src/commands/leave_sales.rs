//! A lead leaves sales without an opportunity: what returning it and ruling it out have in common,
//! whether a person or the clock does it.

use crate::builder::DecisionBuilder;
use crate::lead::Stage;
use crate::message::EventName;
use crate::score::Behaviour;

/// Where a lead goes when it leaves sales.
#[derive(Clone, Copy)]
pub(super) enum Exit {
    /// Back to marketing, which nurtures it on. By policy the behaviour score restarts; fit stays.
    Return,
    /// Out for good: it does not qualify again.
    Disqualify,
}

/// Takes the lead out of sales by hand. The owner hears of it, unless they did it themselves.
pub(super) fn by_hand(decision: &mut DecisionBuilder<'_>, exit: Exit, reason: &str) {
    let owner = decision.lead().owner().cloned();
    leave(decision, exit, reason);
    decision.tell_unless_theirs(owner.as_ref(), reason);
    decision.write_history(Some(reason), None);
}

/// Takes the arrow out of sales and publishes it. Telling people is the caller's part.
pub(super) fn leave(decision: &mut DecisionBuilder<'_>, exit: Exit, reason: &str) {
    let Some(ended) = decision.lead().stage.clone().end(decision.now(), reason) else { return };
    match exit {
        Exit::Return => {
            decision.move_to(Stage::Returned(ended));
            restart_score(decision);
            decision.publish(EventName::Returned);
        }
        Exit::Disqualify => {
            decision.move_to(Stage::Disqualified(ended));
            decision.publish(EventName::Disqualified);
        }
    }
}

/// Sets the behaviour score back to zero, if the policy wants that of a lead that is returned.
fn restart_score(decision: &mut DecisionBuilder<'_>) {
    let restart = decision.policy().scoring.restart_on_return;
    let now = decision.now();
    if restart {
        let lead = decision.lead_mut();
        lead.behaviour = Behaviour::zero(now);
        lead.restarted_at = Some(now);
        lead.era += 1;
        lead.recent.clear();
    }
}
