//! How often each rule fired: counted from what activities set off, added up day by day.

use std::collections::BTreeMap;

use baton_core::activity::Earned;
use baton_core::id::RuleName;
use serde::{Deserialize, Serialize};

/// What one activity set off, as its entry in the ledger says.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SetOff {
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
pub struct Times {
    /// Activities that it matched.
    pub fired: u64,
    /// Of these, those whose points a daily cap cut.
    pub capped: u64,
    /// Of these, those that made their lead an MQL: by fast track if one matched, else by score.
    pub qualified: u64,
}

/// How often all rules fired, by name within their kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    /// Points for what a prospect does.
    pub activities: BTreeMap<RuleName, Times>,
    /// Points for who they are.
    pub fits: BTreeMap<RuleName, Times>,
    /// Those that qualify at once.
    pub fast_tracks: BTreeMap<RuleName, Times>,
    /// Those that keep a lead from qualifying.
    pub exclusions: BTreeMap<RuleName, Times>,
}

impl Fired {
    /// Counts what one more activity set off.
    pub fn count(&mut self, set_off: &SetOff) {
        let by_fast_track = set_off.qualified && set_off.fast_track.is_some();
        let by_score = u64::from(set_off.qualified && !by_fast_track);
        for earned in &set_off.by_rule {
            let times = self.activities.entry(earned.rule.clone()).or_default();
            times.add(Times { fired: 1, capped: earned.capped.into(), qualified: by_score });
        }
        for rule in &set_off.fits {
            let times = self.fits.entry(rule.clone()).or_default();
            times.add(Times { fired: 1, capped: 0, qualified: by_score });
        }
        if let Some(rule) = &set_off.fast_track {
            let times = self.fast_tracks.entry(rule.clone()).or_default();
            times.add(Times { fired: 1, capped: 0, qualified: by_fast_track.into() });
        }
        if let Some(rule) = &set_off.excluded {
            let times = self.exclusions.entry(rule.clone()).or_default();
            times.add(Times { fired: 1, ..Times::default() });
        }
    }

    /// Adds the counts of another time.
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

impl Times {
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

    fn form(qualified: bool, fast_track: Option<&str>) -> SetOff {
        SetOff {
            by_rule: vec![Earned { rule: rule("form"), points: 30, capped: qualified }],
            fits: vec![rule("senior")],
            fast_track: fast_track.map(rule),
            excluded: None,
            qualified,
        }
    }

    #[test]
    fn a_rule_is_credited_with_an_mql_unless_a_fast_track_made_it_one() {
        let mut fired = Fired::default();
        for set_off in [form(false, None), form(true, None), form(true, Some("demo"))] {
            fired.count(&set_off);
        }
        let times = |fired, capped, qualified| Times { fired, capped, qualified };
        assert_eq!(fired.activities[&rule("form")], times(3, 2, 1));
        assert_eq!(fired.fits[&rule("senior")], times(3, 0, 1));
        assert_eq!(fired.fast_tracks[&rule("demo")], times(1, 0, 1));
    }

    #[test]
    fn days_add_up_to_what_they_are_together() {
        let (mut together, mut sum) = (Fired::default(), Fired::default());
        let stopped = SetOff { excluded: Some(rule("student")), ..form(false, Some("demo")) };
        for day in [[form(true, None), stopped.clone()], [stopped, form(true, Some("demo"))]] {
            let mut fired = Fired::default();
            for set_off in &day {
                fired.count(set_off);
                together.count(set_off);
            }
            sum.add(&fired);
        }
        assert_eq!(sum, together);
        assert_eq!(sum.exclusions[&rule("student")].fired, 2);
    }
}
