//! Mail scanners: what is taken for one, and what its clicks are worth.

use std::collections::BTreeSet;

use baton_core::activity::{Activity, Entry, Note};
use baton_core::commands::{Actor, Assign, Return};
use baton_core::id::{ActivityType, RuleName};
use baton_core::lead::{Lead, Status};
use baton_core::ledger::as_counted;
use baton_core::limits;
use baton_core::policy::FastTrack;
use baton_core::policy::condition::Condition;
use baton_core::score::Points;
use baton_fixtures::desk::{Desk, activity, click};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The entries so far: points, counted and note.
fn ledger(desk: &Desk) -> Vec<(Points, f64, Option<Note>)> {
    let entries = desk.decided.iter().filter_map(|decision| decision.entry.as_ref());
    entries.map(|Entry { points, counted, note, .. }| (*points, *counted, *note)).collect()
}

fn after(desk: &Desk, seconds: i64) -> Timestamp {
    desk.now + SignedDuration::from_secs(seconds)
}

/// Kim clicks, one link after another, in the same second.
fn clicks(desk: &mut Desk, links: &[&str]) {
    for link in links {
        let id = format!("{}-{link}-{}", desk.now, desk.decided.len());
        desk.record(click(&id, desk.now, link));
    }
}

/// A click with a date of sending.
fn sent(id: &str, at: Timestamp, sent_at: &str) -> Activity {
    let data = json!({ "link": "https://acme.example/", "sent_at": sent_at });
    Activity { data, ..activity(id, "email.clicked", at, &[]) }
}

fn fast_track_on_clicks(desk: &mut Desk) {
    desk.policy.fast_tracks.push(FastTrack {
        name: RuleName::parse("clicked").unwrap(),
        kind: ActivityType::parse("email.clicked").unwrap(),
        when: Condition::always(),
        label: "clicked".to_owned(),
    });
}

#[test]
fn several_links_in_one_second_are_a_scanners_and_worth_nothing() {
    let mut desk = Desk::new();
    clicks(&mut desk, &["a", "b", "c", "a"]);
    let scanner = Some(Note::Scanner);
    let expected = [(5, 5.0, None), (0, -5.0, scanner), (0, 0.0, scanner), (0, 0.0, scanner)];
    assert_eq!(ledger(&desk), expected);
    assert_eq!(desk.score().behaviour, 0);
}

#[test]
fn the_ledger_as_it_is_read_notes_the_first_click_too() {
    let mut desk = Desk::new();
    clicks(&mut desk, &["a", "a", "b"]);
    desk.record(activity("mute", "email.clicked", desk.now, &[]));
    let data = json!({ "url": "c" });
    desk.record(Activity { data, ..activity("2", "pricing.viewed", desk.now, &[]) });
    desk.pass("1s");
    desk.record(sent("3", desk.now, "2026-03-01T09:00:00Z"));
    clicks(&mut desk, &[""]);
    let entries = desk.decided.iter().filter_map(|decision| decision.entry.clone());
    let entries = as_counted(desk.lead(), entries.collect(), &desk.policy, desk.now);
    let noted: Vec<bool> = entries.iter().map(|entry| entry.note.is_some()).collect();
    assert_eq!(noted, [true, true, true, false, false, true, false]);
}

#[test]
fn a_second_is_a_second_however_it_is_divided() {
    let mut desk = Desk::new();
    for (n, ms) in [0, 999, 1000].into_iter().enumerate() {
        let at = desk.now + SignedDuration::from_millis(ms);
        desk.record(click(&n.to_string(), at, &n.to_string()));
    }
    assert_eq!(ledger(&desk).iter().map(|entry| entry.0).collect::<Vec<_>>(), [5, 0, 5]);
    assert_eq!(desk.score().behaviour, 5);
}

#[test]
fn a_click_seconds_after_the_mail_was_sent_is_a_scanners() {
    for (sent_at, points) in [
        ("2026-03-01T09:00:00Z", 0),
        ("2026-03-01T09:59:51+01:00", 0),
        ("2026-03-01T09:00:09Z", 0),
        ("2026-03-01T08:59:50Z", 5),
        ("2026-03-01T09:00:10Z", 5),
        ("2026-03-01T19:00:00Z", 5),
        ("this morning", 5),
        ("", 5),
    ] {
        let mut desk = Desk::new();
        desk.record(sent("1", desk.now, sent_at));
        assert_eq!(desk.score().behaviour, points, "{sent_at}");
        let note = (points == 0).then_some(Note::Scanner);
        assert_eq!(ledger(&desk), [(points, points as f64, note)], "{sent_at}");
    }
}

#[test]
fn a_click_too_soon_after_sending_gives_away_the_others_of_its_second() {
    let mut desk = Desk::new();
    desk.record(sent("1", desk.now, "2026-03-01T08:59:58Z"));
    clicks(&mut desk, &["b"]);
    assert_eq!(desk.score().behaviour, 0);
}

#[test]
fn the_same_link_twice_in_a_second_is_a_double_click_and_scores() {
    let mut desk = Desk::new();
    clicks(&mut desk, &["a", "a"]);
    assert_eq!(desk.score().behaviour, 10);
    clicks(&mut desk, &["b"]);
    assert_eq!(desk.score().behaviour, 0, "until another link gives both away");
    assert_eq!(ledger(&desk)[2], (0, -10.0, Some(Note::Scanner)));
}

#[test]
fn clicks_that_name_no_link_score_as_ever_though_the_clock_stands_still() {
    let mut desk = Desk::new();
    for (n, data) in
        [Value::Null, json!({}), json!({"link": " "}), json!({"url": 7})].into_iter().enumerate()
    {
        let plain = activity(&n.to_string(), "email.clicked", desk.now, &[]);
        desk.record(Activity { data, ..plain });
    }
    assert_eq!(desk.score().behaviour, 15, "the daily cap, and no scanner");
    assert!(desk.lead().clicked.is_empty());
    assert!(ledger(&desk).iter().all(|entry| entry.2.is_none()));
}

#[test]
fn a_link_may_also_be_called_url() {
    let mut desk = Desk::new();
    for url in ["https://acme.example/a", "https://acme.example/b"] {
        let data = json!({ "url": url });
        desk.record(Activity { data, ..activity(url, "email.clicked", desk.now, &[]) });
    }
    assert_eq!(desk.score().behaviour, 0);
}

#[test]
fn a_scanners_clicks_are_no_evidence_and_other_deeds_of_the_second_are() {
    let mut desk = Desk::new();
    desk.does("form.submitted", &[]);
    clicks(&mut desk, &["a", "b", "c"]);
    let labels: Vec<_> = desk.lead().recent.iter().map(|known| known.label.as_str()).collect();
    assert_eq!(labels, ["filled in a form"]);
    assert_eq!(desk.score().behaviour, 30);
}

#[test]
fn a_fast_track_does_not_fire_for_a_scanners_click() {
    let mut desk = Desk::new();
    fast_track_on_clicks(&mut desk);
    desk.record(sent("1", desk.now, "2026-03-01T08:59:59Z"));
    assert_eq!(desk.lead().status(), Status::Nurturing);
    assert_eq!(desk.decided[0].entry.as_ref().unwrap().fast_track, None);
    desk.pass("1m");
    clicks(&mut desk, &["a"]);
    assert_eq!(desk.lead().status(), Status::Mql, "a person's does");
}

#[test]
fn a_scanners_click_qualifies_nobody_whatever_else_it_tells() {
    let mut desk = Desk::new();
    desk.does("webinar.attended", &[]);
    desk.does("webinar.attended", &[]);
    let told = [("title", "VP Sales")];
    let scanned = sent("1", desk.now, "2026-03-01T09:00:00Z");
    desk.record(Activity { profile: activity("1", "x", desk.now, &told).profile, ..scanned });
    assert_eq!((desk.score().total, desk.lead().status()), (100, Status::Nurturing));
    desk.does("unheard.of", &[]);
    assert_eq!(desk.lead().status(), Status::Nurturing, "nor does what raises no score");
    desk.does("form.submitted", &[]);
    assert_eq!(desk.lead().status(), Status::Mql, "the next deed of the person does");
}

#[test]
fn whom_the_first_click_qualified_stays_qualified() {
    let mut desk = Desk::new();
    fast_track_on_clicks(&mut desk);
    clicks(&mut desk, &["a", "b"]);
    assert_eq!((desk.score().total, desk.lead().status()), (0, Status::Mql));
}

#[test]
fn what_a_scan_used_up_of_a_cap_goes_to_the_clicks_it_kept_out() {
    let mut desk = Desk::new();
    for (n, link) in [(0, "a"), (1, "b"), (2, "c"), (3, "d"), (0, "e"), (1, "f"), (5, "g")] {
        desk.record(click(link, after(&desk, n), link));
    }
    let counted: Vec<f64> = ledger(&desk).iter().map(|entry| entry.1).collect();
    assert_eq!(counted, [5.0, 5.0, 5.0, 0.0, 0.0, -5.0, 5.0]);
    assert_eq!(desk.score().behaviour, 15, "of c, d and g, and a cap of 15");
    assert_eq!((desk.lead().caps[0].points, desk.lead().caps[0].refused), (15, 0));
}

#[test]
fn a_scan_that_another_scan_kept_out_of_the_cap_gains_nothing_by_it() {
    let mut desk = Desk::new();
    for (n, link) in [(0, "a"), (1, "b"), (2, "c"), (3, "d"), (0, "e"), (3, "f")] {
        desk.record(click(link, after(&desk, n), link));
    }
    let counted: Vec<f64> = ledger(&desk).iter().map(|entry| entry.1).collect();
    assert_eq!(counted, [5.0, 5.0, 5.0, 0.0, 0.0, -5.0], "d had a's place for a while");
    assert_eq!(desk.score().behaviour, 10);
}

#[test]
fn a_scan_from_before_the_restart_takes_nothing_from_the_new_era() {
    let mut desk = Desk::new();
    let before = desk.now;
    desk.record(click("1", before, "a"));
    desk.does("event.booth_visited", &[("country", "DE")]);
    desk.order(Assign {}, Actor::Router).unwrap();
    desk.order(Return { reason: "no_budget".into() }, Actor::Crm).unwrap();
    desk.pass("1m");
    desk.does("form.submitted", &[]);
    desk.record(click("2", before, "b"));
    assert_eq!(ledger(&desk).last(), Some(&(0, 0.0, Some(Note::Scanner))));
    assert_eq!(desk.score().behaviour, 30);
}

#[test]
fn taking_back_keeps_to_the_floor() {
    let mut desk = Desk::new();
    clicks(&mut desk, &["a"]);
    desk.does("email.unsubscribed", &[]);
    clicks(&mut desk, &["b"]);
    assert_eq!(ledger(&desk).last(), Some(&(0, 0.0, Some(Note::Scanner))));
    assert_eq!(desk.lead().behaviour.value, 0.0);
}

#[test]
fn a_lead_remembers_so_many_seconds_and_reads_the_ledger_for_older_ones() {
    let mut desk = Desk::new();
    let seconds = i64::try_from(limits::CLICKED_SECONDS).unwrap();
    for n in 0..=seconds {
        desk.record(click(&n.to_string(), after(&desk, n), "a"));
    }
    assert_eq!(desk.lead().clicked.len(), limits::CLICKED_SECONDS);
    desk.record(click("late", after(&desk, 1), "b"));
    assert_eq!(ledger(&desk).last().unwrap().2, Some(Note::Scanner));
    let reads = desk.reads;
    desk.record(click("later", after(&desk, 0), "b"));
    assert_eq!((ledger(&desk).last().unwrap().2, desk.reads), (Some(Note::Scanner), reads + 1));
    assert_eq!(desk.score().behaviour, 5 * (seconds - 1));
}

#[test]
fn a_policy_may_look_for_scanners_elsewhere_or_nowhere() {
    let mut desk = Desk::new();
    desk.policy.scanners.types = BTreeSet::new();
    clicks(&mut desk, &["a", "b"]);
    desk.record(sent("1", desk.now, "2026-03-01T09:00:00Z"));
    assert_eq!(desk.score().behaviour, 15);

    let mut desk = Desk::new();
    desk.policy.scanners.types = BTreeSet::from([ActivityType::parse("pricing.viewed").unwrap()]);
    for link in ["a", "b"] {
        let data = json!({ "link": link });
        desk.record(Activity { data, ..activity(link, "pricing.viewed", desk.now, &[]) });
    }
    assert_eq!(desk.score().behaviour, 0);
}

#[test]
fn a_lead_stored_before_clicks_were_remembered_still_reads() {
    let mut desk = Desk::new();
    desk.does("pricing.viewed", &[]);
    let stored = serde_json::to_value(desk.lead()).unwrap();
    assert_eq!((stored.get("clicked"), stored["caps"][0].get("refused")), (None, None));
    clicks(&mut desk, &["a"]);
    for lead in [stored, serde_json::to_value(desk.lead()).unwrap()] {
        let read: Lead = serde_json::from_value(lead.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), lead);
    }
}
