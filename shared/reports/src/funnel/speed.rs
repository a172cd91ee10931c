//! How long things took.

use jiff::SignedDuration;
use serde::Serialize;

use super::drilldown::{Drilldown, Metric};
use super::occurrence::Occurrence;
use super::{Count, Dataset, seconds, share};

/// How long one kind of thing took, of what ended in the window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Speed {
    /// In the window.
    pub now: Spread,
    /// In the days before.
    pub before: Spread,
    /// The query for the leads of which it is said.
    pub behind: Drilldown,
}

/// Durations, by nearest rank: each figure is a duration that really was.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The number of durations.
    pub leads: usize,
    /// Half took no longer.
    pub median_seconds: Option<f64>,
    /// Nine of ten took no longer.
    pub p90_seconds: Option<f64>,
}

/// How many leads were accepted within the policy's time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InTime {
    /// The policy's `accept_within`.
    pub within_seconds: f64,
    /// Accepted in that time.
    pub in_time: Count,
    /// Accepted at all.
    pub accepted: Count,
    /// The share of the one in the other.
    pub share: Option<f64>,
    /// The same of the days before.
    pub share_before: Option<f64>,
}

/// To alert, accept and convert.
pub(super) fn all(dataset: &Dataset) -> Vec<Speed> {
    let (now, before) = dataset.both();
    let speed = |metric| {
        let behind = dataset.number(Drilldown::all(metric)).behind;
        Speed { now: Spread::of(&now, &behind), before: Spread::of(&before, &behind), behind }
    };
    [Metric::Alerted, Metric::Accepted, Metric::Converted].map(speed).into()
}

impl Spread {
    fn of(happened: &[&Occurrence], behind: &Drilldown) -> Self {
        let those: Vec<_> = happened.iter().filter(|one| super::matches(one, behind)).collect();
        // Lines written before this was recorded don't say how long it took.
        let mut took: Vec<_> = those.iter().filter_map(|one| one.took).collect();
        took.sort();
        Self {
            leads: those.len(),
            median_seconds: nearest_rank(&took, 50).map(seconds),
            p90_seconds: nearest_rank(&took, 90).map(seconds),
        }
    }
}

/// The smallest of the sorted values that at least so many percent do not exceed.
fn nearest_rank(sorted: &[SignedDuration], percent: usize) -> Option<SignedDuration> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

impl InTime {
    pub(super) fn of(accept_within: SignedDuration, dataset: &Dataset) -> Self {
        let accepted = Drilldown::all(Metric::Accepted);
        let in_time = Drilldown { in_time: Some(accept_within), ..accepted.clone() };
        let (in_time, accepted) = (dataset.number(in_time), dataset.number(accepted));
        let before = in_time.before.zip(accepted.before);
        Self {
            within_seconds: seconds(accept_within),
            share: share(in_time.now, accepted.now),
            share_before: before.and_then(|(part, whole)| share(part, whole)),
            in_time,
            accepted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank_is_a_value_that_was() {
        let hours = |list: &[i64]| {
            let took: Vec<_> = list.iter().map(|h| SignedDuration::from_hours(*h)).collect();
            [50, 90].map(|p| nearest_rank(&took, p).map(|d| d.as_hours()))
        };
        assert_eq!(hours(&[]), [None, None]);
        assert_eq!(hours(&[7]), [Some(7), Some(7)]);
        assert_eq!(hours(&[1, 2]), [Some(1), Some(2)]);
        assert_eq!(hours(&[1, 2, 3]), [Some(2), Some(3)]);
        assert_eq!(hours(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), [Some(5), Some(9)]);
        assert_eq!(hours(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), [Some(6), Some(10)]);
    }
}
