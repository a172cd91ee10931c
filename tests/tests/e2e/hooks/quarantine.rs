//! What can't be mapped is kept, shown, and recorded once the mapping is mended.

use baton_tests::{DESK_KEY, World, hook_secret};
use serde_json::{Value, json};

const TOOL: &str = "[[source]]\nname = \"tool\"\npreset = \"zapier\"\n";
const FORM: &str = "[[source]]\nname = \"contact\"\npreset = \"html_form\"\n\
    verify = { scheme = \"form\", origins = [\"https://www.acme.example\"], \
    honeypot = \"website\", started = \"started\" }\nthanks = \"https://www.acme.example/thanks\"\n";

fn send(world: &World, body: &str) -> Value {
    let call = world.call("POST", "/webhooks/tool").header("x-api-key", &hook_secret("tool"));
    call.header("content-type", "application/json").body(body).send().expect(200).json()
}

fn waiting(world: &World) -> Vec<Value> {
    world.get("/quarantine").expect(200).json()["quarantined"].as_array().unwrap().clone()
}

fn retry(world: &World, held: &Value) -> Value {
    let (source, id) = (held["source"].as_str().unwrap(), held["id"].as_str().unwrap());
    let call = world.call("POST", &format!("/quarantine/{source}/{id}/retry")).key(DESK_KEY);
    call.send().expect(200).json()
}

#[test]
fn a_body_nothing_can_be_made_of_is_kept_once_and_shown_whole() {
    let world = World::hooked(TOOL);
    for body in [r#"{"mail":"kim@acme"}"#, r#"{"mail":"kim@acme"}"#, "{\"broken", "\u{0}"] {
        let answer = send(&world, body);
        assert_eq!(answer["results"], json!([]), "{body}");
        assert!(answer["quarantined"]["id"].is_string(), "{body}");
    }
    let held = waiting(&world);
    assert_eq!(held.len(), 3);
    let first = held.iter().find(|h| h["reasons"][0].as_str().unwrap().contains("email")).unwrap();
    let path = format!("/quarantine/tool/{}", first["id"].as_str().unwrap());
    let shown = world.get(&path).expect(200).json();
    assert_eq!(shown["body"], r#"{"mail":"kim@acme"}"#);
    assert_eq!(shown["headers"].get("x-api-key"), None, "a secret is not kept");
    assert_eq!(world.call("GET", "/quarantine").send().problem().0, 401);
    assert_eq!(world.call("GET", &path).key(&hook_secret("tool")).send().problem().0, 401);
}

#[test]
fn what_is_still_unusable_stays() {
    let world = World::hooked(TOOL);
    send(&world, r#"{"mail":"kim@acme"}"#);
    let held = waiting(&world);
    let again = retry(&world, &held[0]);
    assert!(again["quarantined"]["reasons"][0].is_string());
    assert_eq!(waiting(&world), held);
}

fn fill(world: &World, fields: &[(&str, &str)]) -> baton_tests::Answer {
    let call = world.call("POST", "/webhooks/contact").header("origin", "https://www.acme.example");
    call.from_browser().form(fields).send()
}

const SHOWN_AT: &str = "1772355480000";

#[test]
fn a_visitor_is_thanked_and_their_activity_counts() {
    let world = World::hooked(FORM);
    let fields =
        [("email", "kim@acme.example"), ("website", ""), ("started", SHOWN_AT), ("nonce", "n1")];
    for _ in 0..2 {
        let answer = fill(&world, &fields).expect(303);
        assert_eq!(answer.header("location"), "https://www.acme.example/thanks");
        assert_eq!(answer.header("access-control-allow-origin"), "https://www.acme.example");
    }
    let ledger = world.ledger("email:kim@acme.example");
    assert_eq!(ledger["entries"].as_array().unwrap().len(), 1);
}

#[test]
fn a_suspect_is_thanked_alike_alerts_nobody_and_counts_when_a_person_says_so() {
    let demo = FORM.replace(
        "preset = \"html_form\"",
        "preset = \"html_form\"\ntype = \"form.demo_requested\"",
    );
    let world = World::hooked(&demo);
    let just_now = "1772355599000";
    for fields in [
        [("email", "a@acme.example"), ("website", "http://spam.example"), ("started", SHOWN_AT)],
        [("email", "b@acme.example"), ("website", ""), ("started", just_now)],
        [("email", "c@acme.example"), ("website", ""), ("started", "")],
    ] {
        fill(&world, &fields).expect(303);
    }
    assert_eq!((world.inbox().len(), world.events().len()), (0, 0));
    let held = waiting(&world);
    assert_eq!(held.len(), 3);
    assert!(held.iter().all(|held| held["is_suspect"] == true));
    for outcome in [json!("scored"), Value::Null] {
        assert_eq!(retry(&world, &held[0])["results"][0]["outcome"], outcome);
    }
    assert!(!world.inbox().is_empty(), "a demo asked for alerts the owner at once");
    assert_eq!(waiting(&world).len(), 2);
}

#[test]
fn a_form_on_another_site_is_refused_and_nothing_is_kept() {
    let world = World::hooked(FORM);
    let before = world.table();
    for origin in ["https://evil.example", "null", "https://www.acme.example.evil.example"] {
        let call = world.call("POST", "/webhooks/contact").header("origin", origin);
        let answer = call.form(&[("email", "kim@acme.example")]).send();
        assert_eq!(answer.header("access-control-allow-origin"), "");
        assert_eq!(answer.problem(), (401, "unauthorised".to_owned()));
    }
    assert_eq!(world.call("POST", "/webhooks/contact").form(&[]).send().problem().0, 401);
    assert_eq!(world.table(), before);
}
