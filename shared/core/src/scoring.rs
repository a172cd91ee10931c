//! The policy applied: which rules give an activity points, daily caps, fit, exclusions, fast tracks.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::activity::{Activity, Earned};
use crate::id::RuleName;
use crate::lead::CapUse;
use crate::limits;
use crate::policy::condition::RuleInput;
use crate::policy::{ActivityRule, FastTrack, FitRule, Policy};
use crate::score::Points;

/// Points the rules give an activity, rule by rule, and the daily caps they use up. `newest` is when
/// the newest activity happened that is counted so far.
pub fn earn(
    policy: &Policy,
    facts: &RuleInput<'_>,
    activity: &Activity,
    caps: &mut Vec<CapUse>,
    newest: Timestamp,
) -> Vec<Earned> {
    let matching = policy.activities.about(&activity.kind).filter(|rule| rule.when.holds(facts));
    let mut known = None;
    let mut day = || *known.get_or_insert_with(|| day_of(policy, activity.occurred_at));
    matching
        .map(|rule| {
            let points = match rule.at_most_per_day {
                None => rule.points,
                Some(cap) => use_cap(caps, rule, cap, (day(), activity.occurred_at.max(newest))),
            };
            Earned { rule: rule.name.clone(), points, capped: points != rule.points }
        })
        .collect()
}

/// What is known to have been used of a rule's cap on a day.
pub(crate) fn cap_used<'c>(caps: &'c [CapUse], day: Date, rule: &RuleName) -> Option<&'c CapUse> {
    let place = caps.binary_search_by(|c| (c.day, &c.rule).cmp(&(day, rule)));
    place.ok().map(|index| &caps[index])
}

/// What a rule can still give for what happens on a day at some second, whatever it gives to what
/// happens later on that day; `None` if that is not known.
pub(crate) fn gives(
    caps: &[CapUse],
    (day, second): (Date, i64),
    rule: &ActivityRule,
    cap: Points,
) -> Option<Points> {
    match cap_used(caps, day, &rule.name) {
        Some(used) if used.full_at.is_some_and(|full_at| second >= full_at) => Some(0),
        // Who is kept out has a claim on what is given back.
        Some(used) if used.refused == 0 => {
            let left = (cap.abs() - used.points.abs()).max(0);
            (rule.points.abs() <= left).then_some(rule.points)
        }
        Some(_) => None,
        None if is_remembered(caps, day, rule) => {
            (rule.points.abs() <= cap.abs()).then_some(rule.points)
        }
        None => None,
    }
}

/// Whether a lead would remember what it used of a rule's cap on a day.
pub(crate) fn is_remembered(caps: &[CapUse], day: Date, rule: &ActivityRule) -> bool {
    let oldest = caps.first().filter(|_| caps.len() >= limits::CAP_ENTRIES);
    oldest.is_none_or(|oldest| (oldest.day, &oldest.rule) <= (day, &rule.name))
}

pub(crate) fn day_of(policy: &Policy, at: Timestamp) -> Date {
    policy.time_zone.to_datetime(at).date()
}

/// Takes what is left of a rule's cap on a day. A cap on a rule that takes points away limits how
/// many it takes.
fn use_cap(
    caps: &mut Vec<CapUse>,
    rule: &ActivityRule,
    cap: Points,
    (day, newest): (Date, Timestamp),
) -> Points {
    let place = caps.binary_search_by(|c| (c.day, &c.rule).cmp(&(day, &rule.name)));
    let used = place.map_or(0, |index| caps[index].points);
    let left = (cap.abs() - used.abs()).max(0);
    let points = rule.points.clamp(-left, left);
    let full_at = (points.abs() == left).then(|| newest.as_second());
    let refused = rule.points - points;
    match place {
        Ok(index) => {
            caps[index].points += points;
            caps[index].refused += refused;
            caps[index].full_at = caps[index].full_at.or(full_at);
        }
        Err(index) => {
            caps.insert(index, CapUse { day, rule: rule.name.clone(), points, refused, full_at });
        }
    }
    if caps.len() > limits::CAP_ENTRIES {
        caps.remove(0);
    }
    points
}

/// What an activity used up of daily caps, and what they refused it, given what it earned.
pub fn caps_used(policy: &Policy, activity: &Activity, by_rule: &[Earned]) -> Vec<CapUse> {
    let rules = policy.activities.about(&activity.kind);
    let used = |rule: &ActivityRule| {
        let points = by_rule.iter().find(|earned| earned.rule == rule.name)?.points;
        let day = day_of(policy, activity.occurred_at);
        let (rule, refused) = (rule.name.clone(), rule.points - points);
        Some(CapUse { day, rule, points, refused, full_at: None })
    };
    rules.filter(|rule| rule.at_most_per_day.is_some()).filter_map(used).collect()
}

/// Returns what an activity used up of a cap, as if it had never been. Gives the points that go to
/// activities the cap refused: the day has earned them without this one.
pub fn give_back(caps: &mut [CapUse], used: &CapUse) -> Points {
    let place = caps.binary_search_by(|c| (c.day, &c.rule).cmp(&(used.day, &used.rule)));
    let Ok(index) = place else { return 0 };
    let cap = &mut caps[index];
    let asked = used.points + used.refused;
    let no_longer_refused = cap.refused.clamp(asked.min(0), asked.max(0));
    cap.refused -= no_longer_refused;
    cap.full_at = None;
    cap.points -= asked - no_longer_refused;
    used.points - (asked - no_longer_refused)
}

/// The rules that give points for who the lead is.
pub fn fits<'p>(policy: &'p Policy, facts: &RuleInput<'_>) -> Vec<&'p FitRule> {
    policy.fit.iter().filter(|rule| rule.when.holds(facts)).collect()
}

/// The first exclusion that applies.
pub fn exclusion<'p>(policy: &'p Policy, facts: &RuleInput<'_>) -> Option<&'p RuleName> {
    policy.exclusions.iter().find(|rule| rule.when.holds(facts)).map(|rule| &rule.name)
}

/// The first fast track that applies.
pub fn fast_track<'p>(
    policy: &'p Policy,
    facts: &RuleInput<'_>,
    activity: &Activity,
) -> Option<&'p FastTrack> {
    let applies = |rule: &&FastTrack| rule.kind == activity.kind && rule.when.holds(facts);
    policy.fast_tracks.iter().find(applies)
}
