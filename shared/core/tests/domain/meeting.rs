//! When the funnel is mailed.

use baton_core::Policy;
use baton_core::meeting::*;
use baton_documents::policy;
use jiff::Timestamp;

fn policy(meeting: &str) -> Policy {
    let text = policy::SAMPLE.replace("to = []", meeting);
    assert_ne!(text, policy::SAMPLE);
    policy::parse(&text.replace("\"UTC\"", "\"Europe/Berlin\"")).unwrap().policy
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
