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
    let since = days_since_first(policy, now)?;
    // Today's, or yesterday's: an hour that has not come yet is not due.
    let mut days = [since, since - 1].into_iter().filter_map(|since| day(policy, since));
    let is_due = |day: &Date| {
        sent_at(policy, *day).is_some_and(|at| at <= now && now.duration_since(at) < WITHIN)
    };
    let day = days.find(is_due)?;
    let back = |days| day.checked_sub(Span::new().days(days)).ok();
    Some(Due { day, from: back(policy.meeting.every_days.max(1))?, to: back(1)? })
}

/// When the next letter after `now` is due, if that is not after `until`.
pub fn next(policy: &Policy, now: Timestamp, until: Timestamp) -> Option<Timestamp> {
    let since = days_since_first(policy, now)?.max(0);
    let every = policy.meeting.every_days.max(1);
    let begun = since - since % every;
    let days = [begun, begun + every].into_iter().filter_map(|since| day(policy, since));
    days.filter_map(|day| sent_at(policy, day)).find(|at| *at > now && *at <= until)
}

/// Days from the first meeting to a moment; none if nobody gets a letter.
fn days_since_first(policy: &Policy, now: Timestamp) -> Option<i64> {
    let today = now.to_zoned(policy.time_zone.clone()).date();
    let since = policy.meeting.first.until(today).ok()?.get_days();
    (!policy.meeting.to.is_empty()).then_some(i64::from(since))
}

/// The day so long after the first meeting, if there is a meeting on it.
fn day(policy: &Policy, since: i64) -> Option<Date> {
    let meeting = &policy.meeting;
    let is_one = since >= 0 && since % meeting.every_days.max(1) == 0;
    is_one.then(|| meeting.first.checked_add(Span::new().days(since)).ok())?
}

fn sent_at(policy: &Policy, day: Date) -> Option<Timestamp> {
    let at = day.at(policy.meeting.hour, 0, 0, 0);
    let zoned = policy.time_zone.to_ambiguous_zoned(at).compatible().ok()?;
    Some(zoned.timestamp())
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

    #[test]
    fn the_next_letter_is_the_first_one_after_now() {
        let policy = policy("to = [\"mia\"]\nfirst = 2026-03-09\nhour = 7");
        let until = "2026-12-31T00:00:00Z".parse().unwrap();
        for (now, at) in [
            ("2026-02-01T00:00:00Z", "2026-03-09T06:00:00Z"),
            ("2026-03-09T05:59:59Z", "2026-03-09T06:00:00Z"),
            ("2026-03-09T06:00:00Z", "2026-03-23T06:00:00Z"),
            ("2026-03-24T00:00:00Z", "2026-04-06T05:00:00Z"),
        ] {
            let found = next(&policy, now.parse().unwrap(), until).unwrap();
            assert_eq!(found, at.parse::<Timestamp>().unwrap(), "{now}");
            assert_eq!(due(&policy, found).map(|due| due.to < due.day), Some(true));
        }
        assert_eq!(next(&policy, until, until), None);
    }
}
