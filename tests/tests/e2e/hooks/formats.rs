//! What bodies may look like, whatever tool sends them.

use baton_tests::{World, hook_secret};
use serde_json::{Value, json};

/// A tool that nobody has heard of, mapped by the policy alone.
const SUMMIT: &str = r#"
[[source]]
name = "summit"
preset = "labels"
verify = { scheme = "bearer" }
type = "event.registered"
types = [{ type = "event.booth_visited", when = { "data.guests.ticket" = "VIP" } }]
only = { "data.kind" = "guests" }
people = "guests"
id = { join = ["order", "@index"] }
occurred_at = "created"
time_zone = "Europe/Madrid"
email = "guests.mail"
person_id = "guests.no"
profile = { company = "guests.firm" }
data = { ticket = "guests.ticket", order = "order" }

[[source]]
name = "events"
preset = "cloudevents"
"#;

fn order() -> Value {
    json!({
        "kind": "guests", "order": "o-77", "created": "2026-03-01 09:30:00",
        "guests": [
            {"mail": "kim@acme.example", "no": "g1", "firm": "Acme", "ticket": "VIP"},
            {"mail": "", "no": "g2", "firm": "Globex", "ticket": "Standard"},
            {"mail": "not an address", "ticket": "Standard"},
        ],
    })
}

fn post(world: &World, source: &str, kind: &str, body: impl Into<Vec<u8>>) -> Value {
    let call = world.call("POST", &format!("/webhooks/{source}")).key(&hook_secret(source));
    call.header("content-type", kind).body(body).send().expect(200).json()
}

fn told<'a>(answer: &'a Value, field: &str) -> Vec<&'a str> {
    let results = answer["results"].as_array().unwrap().iter();
    results.map(|result| result[field].as_str().unwrap()).collect()
}

#[test]
fn one_payload_carries_several_people_and_each_becomes_what_they_are() {
    let world = World::hooked(SUMMIT);
    let answer = post(&world, "summit", "application/json", order().to_string());
    assert_eq!(told(&answer, "id"), ["o-77/0", "o-77/1"]);
    assert_eq!(told(&answer, "status"), ["mql", "nurturing"]);
    let reason = answer["quarantined"]["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with("person 3: email") && reason.contains("expected"), "{reason}");
    let entry = &world.ledger("email:kim@acme.example")["entries"][0];
    assert_eq!(entry["occurred_at"], "2026-03-01T08:30:00Z");
    assert_eq!(entry["data"], json!({"ticket": "VIP", "order": "o-77"}));
    assert_eq!(world.lead("summit:g2")["profile"]["company"], "Globex");
}

#[test]
fn an_array_of_payloads_is_read_one_by_one_and_what_is_about_something_else_is_passed_over() {
    let world = World::hooked(SUMMIT);
    let mut second = order();
    second["order"] = "o-78".into();
    let array = json!([order(), {"kind": "ping"}, second]);
    let answer = post(&world, "summit", "application/json", array.to_string());
    assert_eq!(told(&answer, "id"), ["o-77/0", "o-77/1", "o-78/0", "o-78/1"]);
    assert_eq!(answer["passed_over"], 1);
}

#[test]
fn cloud_events_come_structured_batched_and_in_binary_mode_and_are_the_same() {
    let world = World::hooked(SUMMIT);
    let event = |id: &str| {
        json!({
            "specversion": "1.0", "id": id, "source": "/forms", "type": "form.submitted",
            "time": "2026-03-01T08:00:00Z", "data": {"email": "kim@acme.example"},
        })
    };
    let structured = "application/cloudevents+json; charset=utf-8";
    let first = post(&world, "events", structured, event("1").to_string());
    assert_eq!(told(&first, "outcome"), ["scored"]);
    let batched = "application/cloudevents-batch+json";
    let batch = post(&world, "events", batched, json!([event("1"), event("2")]).to_string());
    assert_eq!(told(&batch, "outcome"), ["duplicate", "scored"]);
    let binary = world.call("POST", "/webhooks/events").key(&hook_secret("events"));
    let headers = [
        ("content-type", "application/json"),
        ("ce-specversion", "1.0"),
        ("ce-id", "2"),
        ("ce-source", "/forms"),
        ("ce-type", "form.submitted"),
        ("ce-time", "2026-03-01T08:00:00Z"),
    ];
    let binary = headers.iter().fold(binary, |call, (name, value)| call.header(name, value));
    let again = binary.body(r#"{"email":"kim@acme.example"}"#).send().expect(200).json();
    assert_eq!(told(&again, "outcome"), ["duplicate"]);
}

#[test]
fn the_same_payload_without_an_id_counts_once_however_its_keys_are_ordered() {
    let world = World::hooked("[[source]]\nname = \"any\"\npreset = \"zapier\"\n");
    let send = |body: &str| {
        let call = world.call("POST", "/webhooks/any").header("x-api-key", &hook_secret("any"));
        let answer = call.header("content-type", "application/json").body(body).send();
        told(&answer.expect(200).json(), "outcome")[0].to_owned()
    };
    assert_eq!(send(r#"{"email":"kim@acme.example","note":"call me"}"#), "scored");
    assert_eq!(send(r#"{ "note": "call me", "email": "kim@acme.example" }"#), "duplicate");
    assert_eq!(send(r#"{"email":"kim@acme.example","note":"call me back"}"#), "scored");
}

#[test]
fn json_that_its_sender_calls_a_form_is_json() {
    let world = World::hooked(SUMMIT);
    let kind = "application/x-www-form-urlencoded";
    let answer = post(&world, "summit", kind, order().to_string());
    assert_eq!(told(&answer, "outcome"), ["scored", "scored"]);
}
