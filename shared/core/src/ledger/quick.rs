//! Whether an activity can be counted without reading the ledger: whether adding it to the score
//! gives what [`replay`](super::replay) would give.

use crate::activity::Activity;
use crate::lead::Lead;
use crate::limits;
use crate::policy::condition::RuleInput;
use crate::policy::{ActivityRule, Policy};
use crate::profile::Profile;
use crate::score::Points;
use crate::{scanner, scoring};
use jiff::Timestamp;

/// Whether the ledger has to be read to count an activity exactly. What is newer than everything
/// that is known of needs no reading, unless a mail scanner did it; nor does what comes late and
/// gives points that nothing has stopped, nor will.
pub fn needs_reading(lead: &Lead, activity: &Activity, policy: &Policy, now: Timestamp) -> bool {
    let Some(mark) = &lead.ledger else { return true };
    if mark.entries == 0 {
        return false;
    }
    if lead.recount_at.is_some() || mark.is_outdated(policy, now) {
        return true;
    }
    let is_late = activity.occurred_at <= lead.behaviour.as_of;
    match scanner::is_taken_back_exactly(policy, lead, activity, mark.fell) {
        Some(is_exact) => !is_exact || (is_late && tells(policy, activity)),
        None if is_late => !adds_late(lead, activity, policy, mark.fell),
        None => !adds(lead, activity, policy),
    }
}

/// Whether it says something that a rule may ask for: then what came later may be worth more.
fn tells(policy: &Policy, activity: &Activity) -> bool {
    activity.profile.keys().any(|field| policy.activities.asks(field))
}

/// Whether the lead remembers all that caps may ask for.
fn adds(lead: &Lead, activity: &Activity, policy: &Policy) -> bool {
    let day = scoring::day_of(policy, activity.occurred_at);
    let mut rules = policy.activities.about(&activity.kind);
    lead.caps.len() < limits::CAP_ENTRIES
        || rules.all(|rule| scoring::is_remembered(&lead.caps, day, rule))
}

/// Whether it would have given the same points on time, and everything after it as well.
fn adds_late(lead: &Lead, activity: &Activity, policy: &Policy, fell: Option<i64>) -> bool {
    let mut rules = policy.activities.about(&activity.kind);
    if tells(policy, activity) || rules.any(|rule| rule.when.asks_profile()) {
        return false;
    }
    let nobody = Profile::default();
    let facts = RuleInput::new(lead.who.email(), &nobody, Some(activity));
    let mut rules = policy.activities.about(&activity.kind).filter(|rule| rule.when.holds(&facts));
    let is_before_a_fall = fell.is_some_and(|fell| activity.occurred_at.as_second() <= fell);
    rules.all(|rule| match gives(lead, activity, policy, rule) {
        Some(0) => true,
        Some(points) => points > 0 && !is_before_a_fall,
        None => false,
    })
}

/// What a rule gives it, whatever else happened; `None` if the lead can't say.
fn gives(lead: &Lead, activity: &Activity, policy: &Policy, rule: &ActivityRule) -> Option<Points> {
    let Some(cap) = rule.at_most_per_day else { return Some(rule.points) };
    let at = activity.occurred_at;
    scoring::gives(&lead.caps, (scoring::day_of(policy, at), at.as_second()), rule, cap)
}
