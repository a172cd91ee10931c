//! What arrives after an erasure: what happened before it is gone, what happens after it is new.

use baton_tests::{Answer, lead_path};
use serde_json::{Value, json};

use super::{KIM, KIM_ID, deliver, erase, found, world_with_kim};

fn visit(id: &str, at: Option<&str>) -> Value {
    let mut visit = json!({
        "id": id, "type": "event.booth_visited", "email": "kim@acme.example",
        "profile": {"name": "Kim Lee", "country": "DE"},
    });
    if let Some(at) = at {
        visit["occurred_at"] = at.into();
    }
    visit
}

fn outcome(answer: &Value) -> (&str, &str) {
    let text = |value: &'_ Value| -> &'static str {
        match value.as_str() {
            Some("scored") => "scored",
            Some("duplicate") => "duplicate",
            Some("excluded") => "excluded",
            Some("erased") => "erased",
            _ => "",
        }
    };
    (text(&answer["outcome"]), text(&answer["excluded_by"]))
}

#[test]
fn what_was_sent_before_or_happened_before_brings_nothing_back() {
    let world = world_with_kim();
    erase(&world, KIM).expect(200);
    world.advance("1h");
    let before = world.table();
    for (id, at, expected) in [
        // Sent again, with and without a date.
        ("kim@acme.example", None, ("duplicate", "")),
        ("2", Some("2026-03-01T09:00:00Z"), ("duplicate", "")),
        // Sent for the first time, too late.
        ("3", Some("2026-03-01T09:00:00Z"), ("excluded", "erased")),
        ("4", Some("2026-03-02T09:59:59.999999999Z"), ("excluded", "erased")),
    ] {
        let answer = world.activity(visit(id, at));
        assert_eq!(outcome(&answer), expected, "{id}");
        let nothing = json!({"behaviour": 0, "fit": 0, "total": 0});
        assert_eq!((&answer["points"], &answer["score"]), (&0.into(), &nothing), "{answer}");
        assert_eq!((&answer["lead"], &answer["status"]), (&KIM_ID.into(), &"nurturing".into()));
        let batch = world.activity(json!([visit(id, at)]));
        assert_eq!(batch["results"][0], answer);
    }
    assert_eq!(world.table(), before);
    assert_eq!(world.get(&lead_path(KIM)).problem(), (410, "erased".to_owned()));
}

#[test]
fn a_hook_that_delivers_late_is_answered_with_200() {
    let world = world_with_kim();
    let form = |id: &str| {
        format!(
            r#"{{"id":"{id}","email":"kim@acme.example","occurred_at":"2026-03-01T10:00:00Z"}}"#
        )
    };
    assert_eq!(deliver(&world, &form("h-1"))["results"][0]["outcome"], "scored");
    erase(&world, KIM).expect(200);
    let before = world.table();
    assert_eq!(outcome(&deliver(&world, &form("h-1"))["results"][0]).0, "duplicate");
    assert_eq!(outcome(&deliver(&world, &form("h-2"))["results"][0]), ("excluded", "erased"));
    // What nothing can be made of is not kept once more, either.
    deliver(&world, r#"{"note":"to KIM@acme.example"}"#);
    assert_eq!(world.table(), before);
    assert_eq!(world.get("/quarantine").json()["quarantined"], json!([]));
}

#[test]
fn an_erased_delivery_is_not_recorded_when_somebody_retries_it() {
    let world = world_with_kim();
    let held = world.get("/quarantine").json()["quarantined"][0].clone();
    erase(&world, KIM).expect(200);
    let before = world.table();
    let path = format!("/quarantine/tool/{}", held["id"].as_str().unwrap());
    assert_eq!(world.get(&path).json()["body"], "");
    let retried = world.call("POST", &format!("{path}/retry")).key(baton_tests::DESK_KEY).send();
    assert_eq!(retried.expect(200).json()["results"], json!([]));
    assert_eq!(world.table(), before);
}

#[test]
fn what_a_person_does_afterwards_is_a_new_acquaintance() {
    let world = world_with_kim();
    let old = world.link_of("ana");
    erase(&world, KIM).expect(200);
    world.advance("1h");
    let hello = json!({"id": "5", "type": "form.submitted", "email": "kim@acme.example"});
    assert_eq!(world.activity(hello)["outcome"], "scored");
    let lead = world.lead(KIM);
    assert_eq!((&lead["status"], &lead["cycle"]), (&"nurturing".into(), &0.into()));
    assert_eq!((&lead["profile"], &lead["score"]["total"]), (&json!({}), &30.into()));
    assert_eq!(lead["marks"]["first_mql_at"], Value::Null);
    assert_eq!(world.history(KIM), json!([]));
    assert_eq!(world.ledger(KIM)["entries"].as_array().unwrap().len(), 1);
    // The past stays gone beside it.
    let before = world.table();
    let late = world.activity(visit("6", Some("2026-03-01T09:00:00Z")));
    assert_eq!(outcome(&late), ("excluded", "erased"));
    assert_eq!(late["score"]["total"], 30);
    assert_eq!(world.activity(visit("2", None))["outcome"], "duplicate");
    assert_eq!(world.table(), before);

    // Its first trip into sales is the first one, and no old link is good for it.
    world.activity(visit("7", None));
    assert_eq!(world.lead(KIM)["cycle"], 1);
    world.command(KIM, "reassign", &json!({"to": "ana"}));
    let refused =
        |answer: Answer, status: u16| assert_eq!(answer.status, status, "{}", answer.text);
    refused(world.call("GET", &old).send(), 401);
    let token = old.trim_start_matches("/l/");
    for path in ["", "/history", "/ledger"] {
        refused(world.call("GET", &format!("{}{path}?t={token}", lead_path(KIM))).send(), 401);
    }
    let accept = format!("{}/accept", lead_path(KIM));
    let answer = world.call("POST", &accept).key(token).json(&json!({})).send();
    assert_eq!(answer.problem(), (409, "another_cycle".to_owned()));
    let new = world.link_of("ana");
    world.call("GET", &new).send().expect(200);
    let accepted = world.call("POST", &accept).key(new.trim_start_matches("/l/")).send();
    assert_eq!(accepted.expect(200).json()["status"], "working");
}

#[test]
fn what_a_person_does_before_the_erasure_looks_again_stays() {
    let world = world_with_kim();
    erase(&world, KIM).expect(200);
    world.advance("5m");
    assert_eq!(world.activity(visit("8", None))["outcome"], "scored");
    let (ledger, history) = (world.ledger(KIM)["entries"].clone(), world.history(KIM));
    assert_eq!(ledger.as_array().unwrap().len(), 1);
    world.advance("1h");
    assert_eq!(found(&world.table(), &["erasing"]), [""; 0], "it has looked again");
    let later = world.ledger(KIM)["entries"].clone();
    assert_eq!((&later[0]["id"], &later[0]["data"]), (&ledger[0]["id"], &ledger[0]["data"]));
    assert_eq!(world.history(KIM), history);
}

#[test]
fn erased_twice_is_gone_twice() {
    let world = world_with_kim();
    erase(&world, KIM).expect(200);
    // Before the first erasure has looked again.
    world.advance("5m");
    world.activity(visit("8", None));
    let again = erase(&world, KIM).expect(200).json();
    assert_eq!(again["erased_at"], "2026-03-02T10:05:00Z");
    assert_eq!(again["removed"]["activities"], 1);
    world.advance("1h");
    assert_eq!(found(&world.table(), &["kim", "lee", "erasing"]), [""; 0]);
    for id in ["2", "8"] {
        assert_eq!(outcome(&world.activity(visit(id, None))), ("duplicate", ""));
    }
}

#[test]
fn an_id_that_was_an_erased_persons_says_nothing_of_them_when_somebody_else_sends_it() {
    let world = world_with_kim();
    erase(&world, KIM).expect(200);
    let lee = json!({"id": "2", "type": "form.submitted", "email": "lee@acme.example"});
    let answer = world.activity(lee);
    assert_eq!((&answer["outcome"], &answer["points"]), (&"duplicate".into(), &0.into()));
    assert_eq!(found(&world.table(), &["lee"]), [""; 0]);
}
