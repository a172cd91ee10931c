//! The behaviour score over time: the points of each activity decay from its day.

use baton_core::score::decay;
use baton_core::time::later;
use jiff::{SignedDuration, Timestamp};

/// The points of an activity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) at: Timestamp,
    pub(crate) counted: f64,
    /// When a restart of the score took them away.
    pub(crate) until: Option<Timestamp>,
    /// The number of its row in the ledger. Without one it counts, but is not drawn.
    pub(crate) number: Option<usize>,
}

/// The curve has so many points at equal distances, besides those at its steps.
const SAMPLES: i32 = 90;

#[derive(Clone, Debug)]
pub(crate) struct Curve {
    /// Sorted. A step has a point just before it and one at it.
    pub(crate) points: Vec<(Timestamp, f64)>,
}

impl Curve {
    /// The curve from the first of three moments to the last; `now` has a point, too.
    pub(crate) fn new(
        steps: &[Step],
        half_life: SignedDuration,
        (from, now, until): (Timestamp, Timestamp, Timestamp),
    ) -> Self {
        let changes = changes(steps, half_life);
        let within = |at: &Timestamp| *at > from && *at <= until;
        let just = SignedDuration::from_millis(1);
        let sides = |&(at, _): &(Timestamp, f64)| [at.saturating_sub(just).unwrap_or(at), at];
        let every = until.duration_since(from) / SAMPLES;
        let regular = (0..SAMPLES).map(|n| later(from, every * n));
        let mut moments: Vec<_> = changes.iter().flat_map(sides).filter(within).collect();
        moments.extend(regular.chain([now, until]));
        moments.sort();
        moments.dedup();
        Self { points: values(&changes, half_life, &moments) }
    }

    /// The value of the newest point that is not after a moment.
    pub(crate) fn at(&self, at: Timestamp) -> f64 {
        let place = self.points.partition_point(|&(point, _)| point <= at);
        place.checked_sub(1).map_or(0.0, |place| self.points[place].1)
    }
}

/// What is added when, sorted. A restart subtracts what is left at that time.
fn changes(steps: &[Step], half_life: SignedDuration) -> Vec<(Timestamp, f64)> {
    let mut changes = Vec::with_capacity(steps.len());
    for step in steps.iter().filter(|step| step.counted != 0.0) {
        changes.push((step.at, step.counted));
        if let Some(until) = step.until {
            let left = step.counted * decay(until.duration_since(step.at), half_life);
            changes.push((until, -left));
        }
    }
    changes.sort_by_key(|&(at, _)| at);
    changes
}

/// The sum at each moment. All terms decay alike, so that one pass is enough.
fn values(
    changes: &[(Timestamp, f64)],
    half_life: SignedDuration,
    moments: &[Timestamp],
) -> Vec<(Timestamp, f64)> {
    let mut changes = changes.iter().peekable();
    let mut sum = Sum { value: 0.0, as_of: Timestamp::MIN, half_life };
    let value = |&moment: &Timestamp| {
        while let Some(&(at, points)) = changes.next_if(|(at, _)| *at <= moment) {
            sum.pass_to(at);
            sum.value += points;
        }
        sum.pass_to(moment);
        (moment, sum.value)
    };
    moments.iter().map(value).collect()
}

struct Sum {
    value: f64,
    as_of: Timestamp,
    half_life: SignedDuration,
}

impl Sum {
    fn pass_to(&mut self, at: Timestamp) {
        if self.value != 0.0 {
            self.value *= decay(at.duration_since(self.as_of), self.half_life);
        }
        self.as_of = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_LIFE: SignedDuration = SignedDuration::from_hours(24);

    fn hour(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn curve(steps: &[Step]) -> Curve {
        Curve::new(steps, HALF_LIFE, (hour(0), hour(200), hour(240)))
    }

    fn step(hours: i64, counted: f64, until: Option<i64>) -> Step {
        Step { at: hour(hours), counted, until: until.map(hour), number: None }
    }

    fn is_near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_curve_steps_up_when_something_happens_and_halves_between() {
        let curve = curve(&[step(24, 40.0, None), step(72, 30.0, None)]);
        for (hours, value) in [(24, 40.0), (72, 10.0 + 30.0), (240, 40.0 / 128.0)] {
            assert!(is_near(curve.at(hour(hours)), value), "{hours}: {}", curve.at(hour(hours)));
        }
        let before = curve.at(hour(24) - SignedDuration::from_millis(1));
        assert!(is_near(before, 0.0));
    }

    #[test]
    fn what_happened_before_the_picture_still_counts_in_it() {
        let curve = curve(&[step(-24, 40.0, None)]);
        assert!(is_near(curve.points[0].1, 20.0));
    }

    #[test]
    fn a_restart_takes_what_was_there_and_nothing_of_what_comes_after() {
        let curve = curve(&[step(24, 40.0, Some(96)), step(120, 8.0, None)]);
        assert!(is_near(curve.at(hour(96)), 0.0) && is_near(curve.at(hour(120)), 8.0));
        let just_before = curve.at(hour(96) - SignedDuration::from_millis(1));
        assert!(just_before > 4.9 && just_before < 5.1);
    }

    #[test]
    fn the_curve_is_the_sum_of_what_each_activity_is_still_worth() {
        let steps: Vec<_> =
            (0..50).map(|n| step(4 * n, f64::from(n as i32) - 10.0, None)).collect();
        let drawn = curve(&steps);
        for &(at, value) in &drawn.points {
            let worth = |step: &Step| match step.at <= at {
                true => step.counted * decay(at.duration_since(step.at), HALF_LIFE),
                false => 0.0,
            };
            let sum: f64 = steps.iter().map(worth).sum();
            assert!(is_near(value, sum), "{at}: {value} {sum}");
        }
        assert!(drawn.points.is_sorted_by(|a, b| a.0 < b.0));
    }
}
