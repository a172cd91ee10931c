//! The hand-off of the contract, from the first booth visit to the second cycle.

use baton_tests::World;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::session::{KIM, in_lines, play};

#[test]
fn the_session_the_readme_shows() {
    let world = World::open();
    let told = play(|_| world.clone());
    assert_json_snapshot!("the_session", in_lines(&told));
    assert_json_snapshot!("the_lead", world.lead(KIM));
    assert_json_snapshot!("history", world.history(KIM));
    assert_json_snapshot!("ledger", world.ledger(KIM));
}

#[test]
fn every_alert_of_the_session_links_to_the_page_of_its_reader() {
    let world = World::open();
    play(|_| world.clone());
    for letter in world.inbox() {
        let body = letter["body"].as_str().unwrap();
        assert_eq!(body.matches("https://").count(), 1, "{body}");
        let channel = letter["channel"].as_str().unwrap();
        assert!(channel == "email" || body.len() <= 160, "{body}");
    }
    let page = world.call("GET", &world.link_of("ben")).from_browser().send().expect(200);
    assert!(page.text.contains("Kim Lee"), "{}", page.text);
}

/// The README's Kim has no points before the return, so this one has: they would be enough.
#[test]
fn points_from_before_the_return_never_qualify_again_and_new_ones_do() {
    let world = World::open();
    let profile = json!({"title": "VP Sales", "country": "DE", "employees": 500});
    let kim = |id: &str, kind: &str| json!({"id": id, "type": kind, "email": "kim@acme.example"});
    let mut first = kim("w-1", "webinar.attended");
    first["profile"] = profile;
    assert_eq!(world.activity(first)["score"], json!({"behaviour": 40, "fit": 40, "total": 80}));
    assert_eq!(world.activity(kim("f-1", "form.submitted"))["status"], "mql");
    let reason = json!({"reason": "not_now"});
    let returned = world.command(KIM, "reject", &reason).expect(200).json();
    assert_eq!(returned["score"], json!({"behaviour": 0, "fit": 40, "total": 40}));

    // 40 + 40 of after the return; 110 with what was before it.
    let webinar = world.activity(kim("w-2", "webinar.attended"));
    assert_eq!(
        (webinar["score"]["total"].as_i64(), &webinar["status"]),
        (Some(80), &"returned".into())
    );
    // Done before the return, heard of after it: on record, and no evidence.
    world.advance("1h");
    let mut late = kim("f-2", "event.booth_visited");
    late["occurred_at"] = "2026-02-28T09:00:00Z".into();
    assert_eq!(world.activity(late)["status"], "returned");
    // By the score, on new points alone.
    assert_eq!(world.activity(kim("f-3", "form.submitted"))["status"], "mql");
    let marks = world.lead(KIM)["marks"].clone();
    assert_eq!((&marks["mql_by"], &marks["score_at_mql"]["total"]), (&"score".into(), &110.into()));
    assert_eq!(marks["first_mql_at"], "2026-03-01T09:00:00Z");
    assert_eq!(marks["mql_at"], "2026-03-01T10:00:00Z");
}

#[test]
fn a_lead_nobody_accepts_is_escalated_every_day_until_someone_acts() {
    let world = World::open();
    world.activity(json!({
        "id": "1", "type": "form.demo_requested", "email": "kim@acme.example",
        "profile": {"country": "US"},
    }));
    world.advance("4d");
    let overdue =
        |letter: &&Value| letter["kind"] == "accept_overdue" && letter["channel"] == "email";
    let told = || {
        let inbox = world.inbox();
        let told = inbox.iter().filter(overdue).map(|l| format!("{} {}", l["at"], l["to"]));
        told.collect::<Vec<_>>().join("\n").replace('"', "")
    };
    let days = ["02", "03", "04", "05"].map(|day| format!("2026-03-{day}T09:00:00Z"));
    let expected: Vec<_> = days.iter().map(|at| format!("{at} carla\n{at} sofia")).collect();
    assert_eq!(told(), expected.join("\n"));
    world.command(KIM, "accept", &Value::Null).expect(200);
    world.advance("2d");
    assert_eq!(told(), expected.join("\n"));
}

#[test]
fn an_extension_buys_its_time_and_a_conversion_stops_every_clock() {
    let world = World::open();
    let visit = |email: &str| json!({"id": email, "type": "event.booth_visited", "email": email});
    for email in ["kim@acme.example", "lee@acme.example"] {
        world.activity(visit(email));
        world.command(&format!("email:{email}"), "accept", &Value::Null).expect(200);
    }
    world.advance("30d");
    let more = json!({"reason": "budget in May"});
    let extended = world.command(KIM, "extend", &more).expect(200).json();
    let deadline = json!({"kind": "convert", "at": "2026-04-14T09:00:00Z"});
    assert_eq!((&extended["deadline"], &extended["status"]), (&deadline, &"working".into()));
    let lee = world.command("email:lee@acme.example", "convert", &Value::Null).expect(200).json();
    assert_eq!((&lee["deadline"], &lee["status"]), (&Value::Null, &"converted".into()));

    let before = world.inbox().len();
    world.advance("14d");
    world.advance("24h");
    assert_eq!(world.lead(KIM)["status"], "returned");
    assert_eq!(world.lead("email:lee@acme.example")["status"], "converted");
    let later = world.inbox();
    assert!(later[before..].iter().all(|letter| letter["lead"] == world.lead(KIM)["lead"]));
}
