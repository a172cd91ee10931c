//! The score: whole points, the behaviour score as a decaying sum with its floor, and their total.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Whole points, as a rule gives them and as people read them.
pub type Points = i64;

/// A score nearer to 0 than this, in points, is rounded to 0. DynamoDB refuses numbers below 1e-130, which a
/// half-life of an hour would reach in three weeks.
const NEGLIGIBLE: f64 = 1e-12;

/// The behaviour score: one number at one moment, from which every later moment follows.
///
/// An activity worth `p` points at time `t` is worth `p · 2^(-(now - t) / half_life)` now
/// (exponential decay with a half-life). The sum of such terms decays like one of them, so the
/// value and its date are all that need be kept, and idle leads cost nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Behaviour {
    /// Points at `as_of`, not rounded.
    pub value: f64,
    /// The moment of the newest activity counted.
    pub as_of: Timestamp,
}

impl Behaviour {
    /// The score of somebody who has done nothing yet.
    pub fn zero(as_of: Timestamp) -> Self {
        Self { value: 0.0, as_of }
    }

    /// The value at `now`; before `as_of` it is the value at `as_of`.
    pub fn at(&self, now: Timestamp, half_life: SignedDuration) -> f64 {
        zero_if_negligible(self.value * decay(now.duration_since(self.as_of), half_life))
    }

    /// Adds `points` dated `occurred_at`, late or not, and never lets the value fall below `floor`.
    ///
    /// Returns the new score and the points that really counted, dated `occurred_at`: fewer were
    /// taken away when the floor stopped the fall. The counted points of all activities, each
    /// decayed from its own day, add up to the score: the ledger and the total agree.
    #[must_use]
    pub fn add(
        &self,
        points: f64,
        occurred_at: Timestamp,
        half_life: SignedDuration,
        floor: Points,
    ) -> (Self, f64) {
        let as_of = self.as_of.max(occurred_at);
        let before = self.at(as_of, half_life);
        let age = decay(as_of.duration_since(occurred_at), half_life);
        let sum = before + points * age;
        // Points given are never swallowed; only a fall is stopped, and never lifted by stopping.
        let value = if points < 0.0 { sum.max((floor as f64).min(before)) } else { sum };
        let counted = if value == sum { points } else { (value - before) / age };
        (Self { value: zero_if_negligible(value), as_of }, counted)
    }
}

fn zero_if_negligible(value: f64) -> f64 {
    if value.abs() < NEGLIGIBLE { 0.0 } else { value }
}

/// What a point is still worth after `age`: `2^(-age / half_life)`, 1 for ages below zero. By
/// `libm`, whose powers are the same on every machine.
pub fn decay(age: SignedDuration, half_life: SignedDuration) -> f64 {
    libm::exp2(-(age.as_secs_f64() / half_life.as_secs_f64()).max(0.0))
}

/// The score as people see it and as the threshold compares it.
///
/// Whole points: a lead whose page says 100 qualifies at 100, also when the exact value is 99.6
/// because the first of three activities is some hours old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Decayed points for what the prospect did, rounded to the nearest whole point.
    pub behaviour: Points,
    /// Points for who the lead is.
    pub fit: Points,
    /// Behaviour and fit together.
    pub total: Points,
}

impl Score {
    /// Adds the two parts up.
    pub fn new(behaviour: f64, fit: Points) -> Self {
        let behaviour = behaviour.round() as Points;
        Self { behaviour, fit, total: behaviour.saturating_add(fit) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);

    fn day(n: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + n * 86_400).unwrap()
    }

    #[test]
    fn points_halve_every_half_life() {
        let (score, _) = Behaviour::zero(day(0)).add(40.0, day(0), HALF_LIFE, 0);
        assert_eq!(Score::new(score.at(day(90), HALF_LIFE), 0).behaviour, 20);
        assert_eq!(Score::new(score.at(day(180), HALF_LIFE), 0).behaviour, 10);
    }

    #[test]
    fn late_points_decay_from_the_day_they_were_earned() {
        let on_time = Behaviour::zero(day(0)).add(30.0, day(0), HALF_LIFE, 0).0;
        let on_time = on_time.add(40.0, day(90), HALF_LIFE, 0).0;
        let late = Behaviour::zero(day(0)).add(40.0, day(90), HALF_LIFE, 0).0;
        let late = late.add(30.0, day(0), HALF_LIFE, 0).0;
        assert!((on_time.at(day(100), HALF_LIFE) - late.at(day(100), HALF_LIFE)).abs() < 1e-9);
    }

    #[test]
    fn a_fall_stops_at_the_floor_and_the_ledger_says_how_much_of_it_counted() {
        let (score, _) = Behaviour::zero(day(0)).add(30.0, day(0), HALF_LIFE, 0);
        let (score, counted) = score.add(-150.0, day(0), HALF_LIFE, 0);
        assert_eq!((score.value, counted), (0.0, -30.0));
        let (score, _) = score.add(40.0, day(0), HALF_LIFE, 0);
        assert_eq!(score.value, 40.0);
    }

    #[test]
    fn a_score_below_the_negligible_is_rounded_to_zero() {
        let hour = SignedDuration::from_hours(1);
        let (score, _) = Behaviour::zero(day(0)).add(30.0, day(0), hour, 0);
        assert_eq!(score.at(day(30), hour), 0.0);
        let (score, _) = score.add(0.0, day(30), hour, 0);
        assert_eq!(score.value, 0.0);
        let (score, counted) = score.add(40.0, day(0), hour, 0);
        assert_eq!((score.value, counted), (0.0, 40.0));
    }

    #[test]
    fn a_score_below_a_raised_floor_is_not_lifted_by_losing_points() {
        let (low, _) = Behaviour::zero(day(0)).add(-50.0, day(0), HALF_LIFE, -100);
        let (score, counted) = low.add(-10.0, day(0), HALF_LIFE, 0);
        assert_eq!((score.value, counted), (-50.0, 0.0));
    }
}
