//! What a lead is worth: sums over everything it did.

use jiff::{SignedDuration, Timestamp};

use super::lead::{Earned, Lead};
use super::{Deed, Rules};

impl Lead {
    /// Rule 2: every point is worth half after each half-life since it was earned.
    pub fn behaviour(&self, now: Timestamp, half_life: SignedDuration) -> f64 {
        self.earned.iter().map(|earned| earned.points * worth(earned.at, now, half_life)).sum()
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

    /// Rule 1 and the caps: what an activity gives, after what the day has given already.
    pub(super) fn points_for(&mut self, deed: &Deed, rules: &Rules) -> i64 {
        let Some(rule) = rules.points.iter().find(|rule| rule.kind == deed.kind) else { return 0 };
        let Some(cap) = rule.at_most_per_day else { return rule.points };
        let day = super::rules::day(deed.at, &rules.time_zone);
        let given = self.caps.entry((day, deed.kind.clone())).or_default();
        let points = rule.points.min(cap - *given).max(0);
        *given += points;
        points
    }

    /// Rule 2: points count from the day they were earned, and a loss stops at the floor.
    pub(super) fn earn(&mut self, points: i64, at: Timestamp, rules: &Rules) {
        if self.restarted.is_some_and(|restarted| at < restarted) {
            return;
        }
        let known = self.earned.iter().map(|earned| earned.at).chain(self.restarted);
        let newest = known.chain([at]).max().unwrap_or(at);
        let share = worth(at, newest, rules.half_life);
        let loss = points as f64 * share;
        let room = (rules.floor as f64 - self.behaviour(newest, rules.half_life)).min(0.0);
        let counts = if points < 0 { loss.max(room) } else { loss };
        self.earned.push(Earned { at, points: counts / share });
    }
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
