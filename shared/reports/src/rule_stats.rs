//! How often each rule fired: counted from the rules that activities matched, summed day by day.

use std::collections::BTreeMap;

use baton_core::activity::Earned;
use baton_core::id::RuleName;
use serde::{Deserialize, Serialize};

/// The rules that one activity matched, as its entry in the ledger says.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct MatchedRules {
    /// The activity rules that matched.
    #[serde(default)]
    pub by_rule: Vec<Earned>,
    /// The fit rules that held.
    #[serde(default)]
    pub fits: Vec<RuleName>,
    /// The fast track that matched.
    #[serde(default)]
    pub fast_track: Option<RuleName>,
    /// The exclusion in force.
    #[serde(default)]
    pub excluded: Option<RuleName>,
    /// Whether it made the lead an MQL.
    #[serde(default)]
    pub qualified: bool,
}

/// How often one rule fired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleCounts {
    /// Activities that it matched.
    pub fired: u64,
    /// Of these, those whose points a daily cap cut.
    pub capped: u64,
    /// Of these, those that made their lead an MQL: by fast track if one matched, else by score.
    pub qualified: u64,
}

/// How often all rules fired, by name within their kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleStats {
    /// Points for what a prospect does.
    pub activities: BTreeMap<RuleName, RuleCounts>,
    /// Points for who they are.
    pub fits: BTreeMap<RuleName, RuleCounts>,
    /// Those that qualify at once.
    pub fast_tracks: BTreeMap<RuleName, RuleCounts>,
    /// Those that keep a lead from qualifying.
    pub exclusions: BTreeMap<RuleName, RuleCounts>,
}

impl RuleStats {
    /// Counts the rules that one more activity matched.
    pub fn count(&mut self, matched: &MatchedRules) {
        let by_fast_track = matched.qualified && matched.fast_track.is_some();
        let by_score = u64::from(matched.qualified && !by_fast_track);
        for earned in &matched.by_rule {
            let times = self.activities.entry(earned.rule.clone()).or_default();
            times.add(RuleCounts { fired: 1, capped: earned.capped.into(), qualified: by_score });
        }
        for rule in &matched.fits {
            let times = self.fits.entry(rule.clone()).or_default();
            times.add(RuleCounts { fired: 1, capped: 0, qualified: by_score });
        }
        if let Some(rule) = &matched.fast_track {
            let times = self.fast_tracks.entry(rule.clone()).or_default();
            times.add(RuleCounts { fired: 1, capped: 0, qualified: by_fast_track.into() });
        }
        if let Some(rule) = &matched.excluded {
            let times = self.exclusions.entry(rule.clone()).or_default();
            times.add(RuleCounts { fired: 1, ..RuleCounts::default() });
        }
    }

    /// Adds the counts of other days.
    pub fn add(&mut self, other: &Self) {
        let kinds = [
            (&mut self.activities, &other.activities),
            (&mut self.fits, &other.fits),
            (&mut self.fast_tracks, &other.fast_tracks),
            (&mut self.exclusions, &other.exclusions),
        ];
        for (sums, more) in kinds {
            for (rule, times) in more {
                sums.entry(rule.clone()).or_default().add(*times);
            }
        }
    }
}

impl RuleCounts {
    fn add(&mut self, other: Self) {
        self.fired += other.fired;
        self.capped += other.capped;
        self.qualified += other.qualified;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str) -> RuleName {
        RuleName::parse(name).unwrap()
    }

    fn form(qualified: bool, fast_track: Option<&str>) -> MatchedRules {
        MatchedRules {
            by_rule: vec![Earned { rule: rule("form"), points: 30, capped: qualified }],
            fits: vec![rule("senior")],
            fast_track: fast_track.map(rule),
            excluded: None,
            qualified,
        }
    }

    #[test]
    fn a_rule_is_credited_with_an_mql_unless_a_fast_track_made_it_one() {
        let mut fired = RuleStats::default();
        for matched in [form(false, None), form(true, None), form(true, Some("demo"))] {
            fired.count(&matched);
        }
        let times = |fired, capped, qualified| RuleCounts { fired, capped, qualified };
        assert_eq!(fired.activities[&rule("form")], times(3, 2, 1));
        assert_eq!(fired.fits[&rule("senior")], times(3, 0, 1));
        assert_eq!(fired.fast_tracks[&rule("demo")], times(1, 0, 1));
    }

    #[test]
    fn days_add_up_to_what_they_are_together() {
        let (mut together, mut sum) = (RuleStats::default(), RuleStats::default());
        let stopped = MatchedRules { excluded: Some(rule("student")), ..form(false, Some("demo")) };
        for day in [[form(true, None), stopped.clone()], [stopped, form(true, Some("demo"))]] {
            let mut fired = RuleStats::default();
            for matched in &day {
                fired.count(matched);
                together.count(matched);
            }
            sum.add(&fired);
        }
        assert_eq!(sum, together);
        assert_eq!(sum.exclusions[&rule("student")].fired, 2);
    }
}
