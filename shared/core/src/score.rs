//! What an activity is worth, and who the lead is worth talking to: the policy applied.

use jiff::civil::Date;

use crate::activity::{Activity, Earned};
use crate::id::RuleName;
use crate::lead::CapUse;
use crate::limits;
use crate::points::Points;
use crate::policy::condition::Facts;
use crate::policy::{ActivityRule, FastTrack, Policy};

/// Points the rules give an activity, rule by rule, and the daily caps they use up.
pub fn earn(
    policy: &Policy,
    facts: &Facts<'_>,
    activity: &Activity,
    caps: &mut Vec<CapUse>,
) -> Vec<Earned> {
    let matching = policy.activities.about(&activity.kind).filter(|rule| rule.when.holds(facts));
    let mut known = None;
    let mut day =
        || *known.get_or_insert_with(|| policy.time_zone.to_datetime(activity.occurred_at).date());
    matching
        .map(|rule| {
            let points = match rule.at_most_per_day {
                None => rule.points,
                Some(cap) => use_cap(caps, rule, cap, day()),
            };
            Earned { rule: rule.name.clone(), points, capped: points != rule.points }
        })
        .collect()
}

/// Takes what is left of a rule's cap on a day. A cap on a rule that takes points away limits how
/// many it takes.
fn use_cap(caps: &mut Vec<CapUse>, rule: &ActivityRule, cap: Points, day: Date) -> Points {
    let place = caps.binary_search_by(|c| (c.day, &c.rule).cmp(&(day, &rule.name)));
    let used = place.map_or(0, |index| caps[index].points);
    let left = (cap.abs() - used.abs()).max(0);
    let points = rule.points.clamp(-left, left);
    match place {
        Ok(index) => caps[index].points += points,
        Err(index) => caps.insert(index, CapUse { day, rule: rule.name.clone(), points }),
    }
    if caps.len() > limits::CAP_ENTRIES {
        caps.remove(0);
    }
    points
}

/// Points for who the lead is.
pub fn fit(policy: &Policy, facts: &Facts<'_>) -> Points {
    policy.fit.iter().filter(|rule| rule.when.holds(facts)).map(|rule| rule.points).sum()
}

/// The first exclusion that applies.
pub fn exclusion<'p>(policy: &'p Policy, facts: &Facts<'_>) -> Option<&'p RuleName> {
    policy.exclusions.iter().find(|rule| rule.when.holds(facts)).map(|rule| &rule.name)
}

/// The first fast track that applies.
pub fn fast_track<'p>(
    policy: &'p Policy,
    facts: &Facts<'_>,
    activity: &Activity,
) -> Option<&'p FastTrack> {
    let applies = |rule: &&FastTrack| rule.kind == activity.kind && rule.when.holds(facts);
    policy.fast_tracks.iter().find(applies)
}
