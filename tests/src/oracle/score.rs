//! What a lead is worth: sums over everything it did.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::lead::Lead;
use super::{Deed, Rules};

/// What is older counts nothing: two years, and a day that one of them may have more.
const MONTHS_24: SignedDuration = SignedDuration::from_hours(24 * 731);

impl Lead {
    /// Rule 2: everything it did since the newest return counts, in the order in which it was done,
    /// whenever it was heard of; every point is worth half after each half-life.
    pub fn behaviour(&self, now: Timestamp, rules: &Rules) -> f64 {
        let counts = |at: Timestamp| now.duration_since(at) <= MONTHS_24;
        let (mut given, mut score) = (BTreeMap::new(), 0.0);
        let mut as_of = Timestamp::MIN;
        for (at, kind) in self.deeds.iter().filter(|(at, _)| counts(*at)) {
            let points = points_for(*at, kind, &mut given, rules) as f64;
            if self.restarted.is_none_or(|restarted| *at >= restarted) {
                score *= worth(as_of, *at, rules.half_life);
                let floor = (rules.floor as f64).min(score);
                score = if points < 0.0 { (score + points).max(floor) } else { score + points };
                as_of = *at;
            }
        }
        score * worth(as_of, now, rules.half_life)
    }

    /// The points that a deed of its own gives.
    pub(super) fn points_of(&self, deed: &Deed, rules: &Rules) -> i64 {
        let mut given = BTreeMap::new();
        let mut points = self.deeds.iter().map(|(at, kind)| {
            let points = points_for(*at, kind, &mut given, rules);
            if (*at, kind) == (deed.at, &deed.kind) { points } else { 0 }
        });
        points.find(|points| *points != 0).unwrap_or(0)
    }

    /// It did something.
    pub(super) fn did(&mut self, deed: &Deed) {
        self.deeds.push((deed.at, deed.kind.clone()));
        self.deeds.sort();
    }

    /// Points for who it is. Not for somebody we know nothing about.
    pub(super) fn fit_by(&self, rules: &Rules) -> i64 {
        let said = |word: &Option<(Timestamp, String)>| word.as_ref().map(|(_, word)| word.clone());
        let (country, title) = (said(&self.country), said(&self.title));
        let countries = rules.countries.iter().filter(|(name, _)| Some(name) == country.as_ref());
        let titles = rules.titles.iter().filter(|(word, _)| {
            title.as_ref().is_some_and(|title| title.to_lowercase().contains(word))
        });
        countries.chain(titles).map(|(_, points)| points).sum()
    }
}

/// What a rule gives, after what the day has given already.
fn points_for(
    at: Timestamp,
    kind: &str,
    given: &mut BTreeMap<(Date, String), i64>,
    rules: &Rules,
) -> i64 {
    let Some(rule) = rules.points.iter().find(|rule| rule.kind == kind) else { return 0 };
    let Some(cap) = rule.at_most_per_day else { return rule.points };
    let day = super::rules::day(at, &rules.time_zone);
    let given = given.entry((day, kind.to_owned())).or_default();
    let points = rule.points.min(cap - *given).max(0);
    *given += points;
    points
}

fn worth(earned: Timestamp, now: Timestamp, half_life: SignedDuration) -> f64 {
    let age = now.duration_since(earned).as_secs_f64().max(0.0);
    0.5_f64.powf(age / half_life.as_secs_f64())
}

/// The whole points that people see; two where the exact number lies just between.
pub fn whole(behaviour: f64) -> (i64, i64) {
    const BETWEEN: f64 = 1e-6;
    ((behaviour - BETWEEN).round() as i64, (behaviour + BETWEEN).round() as i64)
}
