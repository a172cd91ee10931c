//! When the funnel is mailed to those who meet over it.

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

use crate::policy::Policy;

/// How late the letter may be: after that the meeting is over.
const WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// A meeting whose letter is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its day, in the policy's time zone: today, or yesterday if the letter is late.
    pub day: Date,
    /// The first day it looks back on.
    pub from: Date,
    /// The last one: the day before it.
    pub to: Date,
}

/// The meeting whose letter is due at `now`, if there is one.
pub fn due(policy: &Policy, now: Timestamp) -> Option<Due> {
    let meeting = &policy.meeting;
    if meeting.to.is_empty() {
        return None;
    }
    let every = meeting.every_days.max(1);
    let today = now.to_zoned(policy.time_zone.clone()).date();
    let since = i64::from(meeting.first.until(today).ok()?.get_days());
    // Today's, or yesterday's: an hour that has not come yet is not due.
    let days = [since, since - 1].into_iter().filter(|since| *since >= 0 && since % every == 0);
    let sent_at = |day: Date| {
        let at = policy.time_zone.to_ambiguous_zoned(day.at(meeting.hour, 0, 0, 0)).compatible();
        Some(at.ok()?.timestamp())
    };
    let is_due =
        |day: &Date| sent_at(*day).is_some_and(|at| at <= now && now.duration_since(at) < WITHIN);
    let mut days = days.filter_map(|days| meeting.first.checked_add(Span::new().days(days)).ok());
    let day = days.find(is_due)?;
    let back = |days| day.checked_sub(Span::new().days(days)).ok();
    Some(Due { day, from: back(every)?, to: back(1)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy;

    fn policy(meeting: &str) -> Policy {
        let text = policy::SAMPLE.replace("to = []", meeting);
        assert_ne!(text, policy::SAMPLE);
        policy::parse(&text.replace("\"UTC\"", "\"Europe/Berlin\"")).unwrap()
    }

    fn day_at(policy: &Policy, now: &str) -> Option<String> {
        due(policy, now.parse().unwrap()).map(|due| due.day.to_string())
    }

    #[test]
    fn a_letter_is_due_for_a_day_from_its_hour_every_second_monday() {
        let policy = policy("to = [\"mia\"]\nfirst = 2026-03-09\nhour = 7");
        for (now, day) in [
            ("2026-03-08T12:00:00Z", None),
            ("2026-03-09T05:59:59Z", None),
            ("2026-03-09T06:00:00Z", Some("2026-03-09")),
            ("2026-03-09T23:59:00Z", Some("2026-03-09")),
            ("2026-03-10T05:59:59Z", Some("2026-03-09")),
            ("2026-03-10T06:00:00Z", None),
            ("2026-03-16T12:00:00Z", None),
            ("2026-03-23T12:00:00Z", Some("2026-03-23")),
            ("2026-04-06T05:00:00Z", Some("2026-04-06")),
        ] {
            assert_eq!(day_at(&policy, now).as_deref(), day, "{now}");
        }
    }

    #[test]
    fn it_looks_back_on_the_days_since_the_meeting_before() {
        let policy = policy("to = [\"mia\"]\nfirst = 2026-03-09\nevery = \"7d\"");
        let due = due(&policy, "2026-03-16T12:00:00Z".parse().unwrap()).unwrap();
        assert_eq!([due.from, due.to].map(|day| day.to_string()), ["2026-03-09", "2026-03-15"]);
    }

    #[test]
    fn with_nobody_named_and_before_the_first_nothing_is_due() {
        let nobody = policy("to  = []");
        assert_eq!(day_at(&nobody, "2026-03-16T12:00:00Z"), None);
        let later = policy("to = [\"mia\"]\nfirst = 2026-03-23");
        assert_eq!(day_at(&later, "2026-03-09T12:00:00Z"), None);
        assert_eq!(day_at(&later, "2026-03-23T12:00:00Z").as_deref(), Some("2026-03-23"));
    }
}
