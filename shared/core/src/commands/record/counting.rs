//! What an activity is worth to its lead. Mostly it is added to the score; where that would not give
//! what the ledger gives, the whole ledger is counted. If that can't be read whole yet, the score is
//! an estimate for as long as that, and a recount is due.

use jiff::SignedDuration;

use crate::activity::{Activity, Earned, Note};
use crate::builder::DecisionBuilder;
use crate::lead::Stage;
use crate::ledger::{self, Replayed, Worth};
use crate::policy::condition::RuleInput;
use crate::score::Points;
use crate::time::later;
use crate::{scanner, scoring};

/// How long after an estimate the score is worked out from the ledger: the index has mostly caught
/// up by then, and the sweep that follows is at most a minute later.
const RECOUNT_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// Room for the rounding of a sum of decayed terms, in points.
const ROUNDING: f64 = 1e-6;

/// The lead before an activity, by the rules in force.
pub(super) struct Before {
    /// Its behaviour score now.
    behaviour: f64,
    /// Points for who it was known to be, where that may have changed.
    fit: Option<Points>,
    /// The whole ledger with the activity, if that had to be read.
    pub(super) recounted: Option<Replayed>,
}

/// Looks at the lead before it learns what the activity says.
pub(super) fn before(decision: &mut DecisionBuilder<'_>, activity: &Activity) -> Before {
    let (policy, now) = (decision.policy(), decision.now());
    let lead = decision.lead();
    let is_estimate = ledger::needs_reading(lead, activity, policy, now);
    let whole = decision.whole_ledger().filter(|_| is_estimate);
    let behaviour = match whole {
        Some(all) => ledger::replay(lead, all, None, policy, now).behaviour,
        None => lead.behaviour,
    };
    let recounted = whole.map(|all| ledger::replay(lead, all, Some(activity), policy, now));
    let (behaviour, fit) =
        (behaviour.at(now, policy.scoring.half_life), fit_before(decision, activity));
    if is_estimate && recounted.is_none() {
        let due = later(now, RECOUNT_AFTER);
        let lead = decision.lead_mut();
        lead.recount_at = lead.recount_at.or(Some(due));
    }
    Before { behaviour, fit, recounted }
}

impl Before {
    /// Whether the score is higher than it was: by time or by other rules it never is.
    pub(super) fn is_below(&self, decision: &DecisionBuilder<'_>) -> bool {
        let (lead, half_life) = (decision.lead(), decision.policy().scoring.half_life);
        let behaviour = lead.behaviour.at(decision.now(), half_life) - self.behaviour;
        let fit = self.fit.map_or(0, |before| lead.fit - before);
        behaviour + fit as f64 > ROUNDING
    }
}

/// Points for who the lead was known to be; none for somebody nobody knew.
fn fit_before(decision: &DecisionBuilder<'_>, activity: &Activity) -> Option<Points> {
    let lead = decision.lead();
    let is_first = lead.version == lead.erased.map_or(0, |erased| erased.version) + 1;
    if is_first {
        return Some(0);
    }
    if lead.stage != Stage::Nurturing || activity.profile.is_empty() {
        return None;
    }
    let facts = RuleInput::new(lead.who.email(), &lead.profile, Some(activity));
    let fits = scoring::fits(decision.policy(), &facts);
    Some(fits.iter().map(|rule| rule.points).sum())
}

/// Counts the activity: the lead has its new score.
pub(super) fn count(
    decision: &mut DecisionBuilder<'_>,
    activity: &Activity,
    recounted: Option<Replayed>,
) -> Worth {
    let policy = decision.policy();
    let lead = decision.lead_mut();
    if let Some(mut recounted) = recounted {
        let worth = recounted.worths.pop().unwrap_or_default();
        recounted.put_on(lead, policy);
        return worth;
    }
    if let Some(mark) = &mut lead.ledger {
        if mark.entries == 0 {
            mark.rules = policy.scoring_fingerprint();
            lead.behaviour.as_of = lead.restarted_at.unwrap_or(activity.occurred_at);
        }
        mark.add(&activity.source, &activity.id, activity.occurred_at);
    }
    add(decision, activity)
}

/// Adds what the rules give.
fn add(decision: &mut DecisionBuilder<'_>, activity: &Activity) -> Worth {
    let policy = decision.policy();
    let lead = decision.lead_mut();
    if let Some(counted) = scanner::look(policy, lead, activity) {
        add_points(decision, activity, 0);
        return Worth { counted, note: Some(Note::Scanner), by_rule: Vec::new() };
    }
    let facts = RuleInput::new(lead.who.email(), &lead.profile, Some(activity));
    let by_rule = scoring::earn(policy, &facts, activity, &mut lead.caps, lead.behaviour.as_of);
    let points = by_rule.iter().map(|earned: &Earned| earned.points).sum();
    let (counted, note) = add_points(decision, activity, points);
    let lead = decision.lead_mut();
    let (clicked, era) = (&mut lead.clicked, lead.era);
    scanner::remember(policy, clicked, era, activity, &by_rule, counted);
    Worth { by_rule, counted, note }
}

/// Adds the points to the behaviour score, unless they were earned before it restarted.
fn add_points(
    decision: &mut DecisionBuilder<'_>,
    activity: &Activity,
    points: Points,
) -> (f64, Option<Note>) {
    let (scoring, at) = (&decision.policy().scoring, activity.occurred_at);
    let lead = decision.lead_mut();
    if lead.restarted_at.is_some_and(|restart| at < restart) {
        return (0.0, Some(Note::BeforeRestart));
    }
    if let Some(mark) = lead.ledger.as_mut().filter(|_| points < 0) {
        mark.fall(at);
    }
    let points = points as f64;
    let (behaviour, counted) = lead.behaviour.add(points, at, scoring.half_life, scoring.floor);
    lead.behaviour = behaviour;
    (counted, (counted != points).then_some(Note::Floor))
}
