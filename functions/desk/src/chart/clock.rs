//! A clock as a scale from the start of a deadline to its end, with a thick bar up to now and a
//! mark for each alert. It is hidden from screen readers: the words above it say the same.

use askama::Template;
use baton_core::time::later;
use baton_reports::board::Urgency;
use jiff::{SignedDuration, Timestamp};

use super::{Px, TimeScale, class};

#[derive(Clone, Debug)]
pub(crate) struct ClockData {
    pub(crate) start: Timestamp,
    /// The label at the left edge.
    pub(crate) start_text: String,
    pub(crate) end: Timestamp,
    /// The label at the right edge.
    pub(crate) end_text: String,
    pub(crate) now: Timestamp,
    /// The moments of the alerts.
    pub(crate) told: Vec<Timestamp>,
    pub(crate) urgency: Urgency,
}

#[derive(Clone, Debug, Template)]
#[template(path = "chart/clock.html")]
pub(crate) struct Clock {
    class: &'static str,
    gone: Px,
    over: Option<(Px, Px)>,
    ticks: Vec<Tick>,
    told: Vec<Px>,
    needle: Px,
    start_text: String,
    end_text: String,
}

#[derive(Clone, Copy, Debug)]
struct Tick {
    x: Px,
    is_major: bool,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Seconds between ticks, and after how many of them a long one comes.
const SCALES: [(i64, i64); 8] = [
    (MINUTE, 15),
    (15 * MINUTE, 4),
    (HOUR, 6),
    (6 * HOUR, 4),
    (DAY, 7),
    (7 * DAY, 4),
    (28 * DAY, 13),
    (364 * DAY, 10),
];

/// The most ticks that can be told apart on a phone.
const TICKS: i64 = 48;

/// Alerts that are drawn at most, the newest.
const TOLD: usize = 60;

pub(crate) fn draw(data: ClockData) -> Clock {
    let ClockData { start, end, now, urgency, .. } = data;
    let all = TimeScale { from: start, until: end.max(now) };
    let is_over = now > end;
    let needle = all.x(now).clamp(0.0, 100.0);
    let gone = if is_over { all.x(end) } else { needle };
    let told = data.told.iter().rev().take(TOLD).rev();
    Clock {
        class: class(urgency),
        gone: Px(gone),
        over: is_over.then_some((Px(gone), Px(100.0 - gone))),
        ticks: ticks(all),
        told: told.map(|&at| Px(all.x(at))).collect(),
        needle: Px(needle),
        start_text: data.start_text,
        end_text: data.end_text,
    }
}

fn ticks(all: TimeScale) -> Vec<Tick> {
    let seconds = all.until.duration_since(all.from).as_secs();
    let fits = |(every, _): &&(i64, i64)| seconds / every <= TICKS;
    let &(every, major) = SCALES.iter().find(fits).unwrap_or(&SCALES[SCALES.len() - 1]);
    let count = (seconds / every).clamp(0, TICKS);
    let tick = |n: i64| {
        let at = later(all.from, SignedDuration::from_secs(n * every));
        Tick { x: Px(all.x(at)), is_major: n % major == 0 }
    };
    (0..=count).map(tick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(hours: i64, now: i64) -> ClockData {
        let start: Timestamp = "2026-04-08T07:05:00Z".parse().unwrap();
        let after = |hours| start + SignedDuration::from_hours(hours);
        ClockData {
            start,
            start_text: "given Wed 8 Apr 09:05".to_owned(),
            end: after(hours),
            end_text: "due <Thu>".to_owned(),
            now: after(now),
            told: vec![after(hours)],
            urgency: Urgency::Calm,
        }
    }

    #[test]
    fn a_clock() {
        insta::assert_snapshot!(draw(data(24, 6)));
    }

    #[test]
    fn a_clock_that_ran_over() {
        insta::assert_snapshot!(draw(ClockData { urgency: Urgency::Late, ..data(24, 97) }));
    }

    #[test]
    fn ticks_can_be_told_apart_however_long_the_clock_runs() {
        let start = Timestamp::UNIX_EPOCH;
        for (seconds, count) in [
            (0, 1),
            (30, 1),
            (30 * MINUTE, 31),
            (DAY, 25),
            (4 * DAY, 17),
            (31 * DAY, 32),
            (3_650 * DAY, 11),
        ] {
            let all = TimeScale { from: start, until: start + SignedDuration::from_secs(seconds) };
            assert_eq!(ticks(all).len(), count, "{seconds}");
        }
        let ever = TimeScale { from: Timestamp::MIN, until: Timestamp::MAX };
        assert_eq!(ticks(ever).len(), 49);
    }

    #[test]
    fn a_clock_of_no_length_and_one_before_its_start_stay_on_the_scale() {
        for data in [data(0, 0), data(24, -5)] {
            let clock = draw(data);
            assert!((0.0..=100.0).contains(&clock.needle.0) && clock.over.is_none());
        }
    }
}
