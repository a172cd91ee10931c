//! Rule 1: the same id from the same source is the same activity, unless it is another deed. Then
//! it is told, and what a webhook brings is kept in quarantine: nothing is lost silently.

use baton_tests::{DESK_KEY, TRADESHOW_KEY, World, hook_secret, lead_path};
use serde_json::{Value, json};

/// A badge app that numbers its scans from 1 at each show.
const BADGES: &str = r#"
[[source]]
name = "badges"
verify = { scheme = "header", header = "x-key" }
id = "scan_no"
email = "email"
person_id = "badge"
type = "event.booth_visited"
"#;

fn scan(world: &World, scan: &Value) -> Value {
    let call = world.call("POST", "/webhooks/badges").header("x-key", &hook_secret("badges"));
    call.json(scan).send().expect(200).json()
}

fn waiting(world: &World) -> Vec<Value> {
    world.get("/quarantine").expect(200).json()["quarantined"].as_array().unwrap().clone()
}

fn outcome(answer: &Value) -> (&str, &str) {
    let code = answer["error"]["code"].as_str().unwrap_or_default();
    (answer["outcome"].as_str().unwrap(), code)
}

#[test]
fn a_scan_number_used_again_for_somebody_else_is_another_deed_and_waits_in_quarantine() {
    let world = World::hooked(BADGES);
    let kim = json!({"scan_no": 1, "email": "kim@acme.example"});
    let lee = json!({"scan_no": 1, "email": "lee@acme.example"});
    assert_eq!(outcome(&scan(&world, &kim)["results"][0]), ("scored", ""));
    let answer = scan(&world, &lee);
    assert_eq!(outcome(&answer["results"][0]), ("invalid", "id_reused"));
    assert_eq!(answer["results"][0]["lead"], Value::Null, "whose it is, is not told");
    let held = waiting(&world);
    assert_eq!(held.len(), 1);
    assert_eq!(held[0]["id"], answer["quarantined"]["id"]);
    let reason = held[0]["reasons"][0].as_str().unwrap();
    assert!(reason.contains("on record for another activity"), "{reason}");
    assert_eq!(outcome(&scan(&world, &kim)["results"][0]), ("duplicate", ""));
    assert_eq!(waiting(&world).len(), 1);
    assert_eq!(world.ledger("email:kim@acme.example")["entries"].as_array().unwrap().len(), 1);
    // The same badge without the address: the number was another person's at the last show.
    let badge = json!({"scan_no": 1, "badge": "B-9"});
    assert_eq!(outcome(&scan(&world, &badge)["results"][0]), ("invalid", "id_reused"));
}

#[test]
fn an_id_used_again_by_the_api_is_invalid_and_sinks_no_other() {
    let world = World::open();
    let sent = |id: &str, email: &str, kind: &str| json!({"id": id, "type": kind, "email": email});
    let kim = sent("1", "kim@acme.example", "form.submitted");
    world.activity(&kim);
    let answers = world.activity(json!([
        sent("1", "lee@acme.example", "form.submitted"),
        sent("2", "lee@acme.example", "form.submitted"),
        kim,
        // The same person, and another deed.
        sent("1", "kim@acme.example", "webinar.attended"),
    ]));
    let outcomes: Vec<_> = answers["results"].as_array().unwrap().iter().map(outcome).collect();
    let reused = ("invalid", "id_reused");
    assert_eq!(outcomes, [reused, ("scored", ""), ("duplicate", ""), reused]);
    let one = sent("1", "sam@acme.example", "form.submitted");
    let answer = world.call("POST", "/activities").key(TRADESHOW_KEY).json(&one).send();
    assert_eq!(answer.problem(), (422, "id_reused".to_owned()));
    assert_eq!(answer.json()["errors"][0]["field"], "/id");
    assert_eq!(world.get(&lead_path("email:sam@acme.example")).problem().0, 404);
}

#[test]
fn a_repeat_that_says_more_of_the_same_person_is_a_duplicate() {
    let world = World::open();
    let badge = json!({"id": "1", "type": "event.booth_visited", "person_id": "B-17"});
    let both = json!({
        "id": "1", "type": "event.booth_visited", "person_id": "B-17",
        "email": "kim@acme.example",
    });
    let first = world.activity(&badge);
    let again = world.activity(&both);
    assert_eq!((&again["outcome"], &again["lead"]), (&"duplicate".into(), &first["lead"]));
}

#[test]
fn what_an_erased_person_sent_is_a_duplicate_whoever_sends_its_id_again() {
    let world = World::open();
    world.activity(json!({"id": "1", "type": "form.submitted", "email": "kim@acme.example"}));
    world.call("DELETE", &lead_path("email:kim@acme.example")).key(DESK_KEY).send().expect(200);
    let lee = json!({"id": "1", "type": "form.submitted", "email": "lee@acme.example"});
    assert_eq!(world.activity(lee)["outcome"], "duplicate");
}
