//! Which days are counted: whole days of the policy's time zone, so that everybody in a meeting
//! sees the same numbers.

use std::ops::Range;

use baton_core::limits;
use baton_core::text::InvalidValue;
use baton_core::time::later;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::Serialize;

/// Days, first and last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// Days that are counted unless others are asked for; today is not among them.
pub const USUAL_DAYS: u16 = 14;
/// Weeks of cohorts at most, the newest.
pub const COHORT_WEEKS: usize = 13;
/// Days after a window in which its leads are still followed: accepting, thirty days, an extension
/// and a warning take no longer.
pub const FOLLOWED_DAYS: i32 = 60;

impl Window {
    /// The window of these days, the last included.
    ///
    /// # Errors
    ///
    /// When the last day is before the first, or there are too many.
    pub fn new(from: Date, to: Date) -> Result<Self, InvalidValue> {
        let window = Self { from, to };
        match window.days() {
            ..1 => Err(InvalidValue::new("is before the first day", "a last day that is not")),
            days if days > i32::from(limits::FUNNEL_DAYS) => {
                Err(InvalidValue::new(format!("makes {days} days"), "at most 366 days"))
            }
            _ => Ok(window),
        }
    }

    /// So many days before today.
    #[must_use]
    pub fn last(days: u16, today: Date) -> Self {
        let to = minus(today, 1);
        Self { from: minus(today, i32::from(days.max(1))), to }
    }

    /// As many days, right before these.
    #[must_use]
    pub fn before(self) -> Self {
        Self { from: minus(self.from, self.days()), to: minus(self.from, 1) }
    }

    /// How many days these are.
    #[must_use]
    pub fn days(self) -> i32 {
        self.from.until(self.to).map_or(0, |span| span.get_days()) + 1
    }

    /// From the first moment of the first day to the end of the last one.
    #[must_use]
    pub fn span(self, zone: &TimeZone) -> Range<Timestamp> {
        begin(self.from, zone)..begin(minus(self.to, -1), zone)
    }

    /// The Mondays of the weeks that these days and those before them are in, newest last, at most
    /// [`COHORT_WEEKS`].
    #[must_use]
    pub fn cohorts(self) -> Vec<Date> {
        let (first, last) = (monday(self.before().from), monday(self.to));
        let mut weeks: Vec<_> =
            std::iter::successors(Some(last), |week| Some(minus(*week, 7)).filter(|w| *w >= first))
                .take(COHORT_WEEKS)
                .collect();
        weeks.reverse();
        weeks
    }

    /// From when to before when what happened must be known: from the first day before, or its
    /// cohort's Monday, until now, or until nothing more is to be expected of these leads.
    #[must_use]
    pub fn reach(self, zone: &TimeZone, now: Timestamp) -> Range<Timestamp> {
        let before = self.before().from;
        let first = self.cohorts().first().map_or(before, |monday| before.min(*monday));
        let followed = begin(minus(self.to, -1 - FOLLOWED_DAYS), zone);
        begin(first, zone)..followed.min(later(now, MOMENT))
    }
}

/// Added to now, so that what happens at this very moment is counted.
const MOMENT: jiff::SignedDuration = jiff::SignedDuration::from_millis(1);

/// The Monday of a day's week.
pub(super) fn monday(day: Date) -> Date {
    minus(day, i32::from(day.weekday().since(Weekday::Monday)))
}

fn minus(day: Date, days: i32) -> Date {
    day.saturating_sub(Span::new().days(days))
}

fn begin(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_usual_fortnight_ends_yesterday_and_is_held_against_the_one_before() {
        let window = Window::last(USUAL_DAYS, day("2026-04-08"));
        assert_eq!((window.from, window.to), (day("2026-03-25"), day("2026-04-07")));
        let before = window.before();
        assert_eq!((before.from, before.to), (day("2026-03-11"), day("2026-03-24")));
        assert_eq!((window.days(), before.days()), (14, 14));
    }

    #[test]
    fn a_day_is_as_long_as_the_zone_makes_it() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let window = Window::new(day("2026-03-29"), day("2026-03-29")).unwrap();
        let Range { start, end } = window.span(&berlin);
        assert_eq!(start.to_string(), "2026-03-28T23:00:00Z");
        assert_eq!(end.duration_since(start).as_hours(), 23, "clocks go forward");
    }

    #[test]
    fn weeks_begin_on_monday_and_the_newest_thirteen_are_shown() {
        let weeks = Window::last(14, day("2026-04-08")).cohorts();
        let shown: Vec<_> = weeks.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06"]);
        let long = Window::last(91, day("2026-04-08")).cohorts();
        assert_eq!((long.len(), long.last()), (COHORT_WEEKS, Some(&day("2026-04-06"))));
    }

    #[test]
    fn what_must_be_known_goes_back_to_the_first_week_and_on_until_leads_are_done() {
        let utc = TimeZone::UTC;
        let now = "2026-04-08T12:30:00Z".parse().unwrap();
        let reach = Window::last(14, day("2026-04-08")).reach(&utc, now);
        assert_eq!(reach.start.to_string(), "2026-03-09T00:00:00Z");
        assert_eq!(reach.end.duration_since(now).as_millis(), 1);
        let old = Window::new(day("2025-01-01"), day("2025-01-31")).unwrap().reach(&utc, now);
        assert_eq!(old.end.to_string(), "2025-04-02T00:00:00Z");
    }

    #[test]
    fn days_in_the_wrong_order_and_too_many_are_refused() {
        let refused = |from, to| Window::new(day(from), day(to)).unwrap_err().to_string();
        assert!(refused("2026-03-02", "2026-03-01").contains("before the first day"));
        assert!(refused("2025-03-01", "2026-03-02").contains("367 days"));
        assert!(Window::new(day("2025-03-01"), day("2026-03-01")).is_ok());
    }
}
