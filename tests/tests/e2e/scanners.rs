//! Mail scanners: their clicks are in the ledger, seen for what they are, and worth nothing.

use baton_tests::{START, World};
use insta::assert_snapshot;
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";

fn click(id: &str, data: &Value) -> Value {
    json!({
        "id": id, "type": "email.clicked", "email": "kim@acme.example",
        "occurred_at": START, "data": data,
    })
}

/// Each entry in a line: its id, points, what they counted and are worth now, and the note.
fn ledger(world: &World) -> String {
    let entry = |entry: &Value| {
        let part = |key: &str| entry[key].to_string().replace('"', "");
        ["id", "points", "counted", "worth_now", "note"].map(part).join(" ")
    };
    let ledger = world.ledger(KIM);
    let mut lines: Vec<_> = ledger["entries"].as_array().unwrap().iter().map(entry).collect();
    lines.sort();
    lines.join("\n")
}

#[test]
fn links_clicked_in_one_second_are_a_scanners_and_the_ledger_says_so() {
    let world = World::open();
    let links = ["1-prices", "2-demo", "3-unsubscribe"];
    let clicks =
        links.map(|link| click(link, &json!({"link": format!("https://a.example/{link}")})));
    let answers = world.activity(json!(clicks));
    let told: Vec<_> = answers["results"].as_array().unwrap().iter().collect();
    assert!(told.iter().all(|answer| answer["outcome"] == "scored"));
    assert_eq!(told[1]["points"], 0);
    assert_eq!(told[2]["score"]["behaviour"], 0);
    assert_snapshot!(ledger(&world), @r"
    1-prices 0 0.0 0.0 scanner
    2-demo 0 0.0 0.0 scanner
    3-unsubscribe 0 0.0 0.0 scanner
    ");
    let whole = world.ledger(KIM);
    assert_eq!(whole["score"]["behaviour"], 0);
    let entries = whole["entries"].as_array().unwrap();
    assert!(entries.iter().all(|entry| entry["data"]["link"].is_string()), "kept as it was sent");
}

#[test]
fn a_click_seconds_after_the_mail_was_sent_is_a_scanners() {
    let world = World::open();
    let data = json!({"url": "https://a.example/", "sent_at": "2026-03-01T09:59:57+01:00"});
    let scanned = world.activity(click("soon", &data));
    assert_eq!((&scanned["points"], &scanned["outcome"]), (&0.into(), &"scored".into()));
    let data = json!({"url": "https://a.example/", "sent_at": "2026-03-01T08:00:00Z"});
    assert_eq!(world.activity(click("later", &data))["points"], 5);
    assert_snapshot!(ledger(&world), @r"
    later 5 5.0 5.0 null
    soon 0 0.0 0.0 scanner
    ");
}

#[test]
fn what_a_scanner_used_up_of_the_daily_cap_is_given_back() {
    let world = World::open();
    for (id, second) in [("a", 0), ("b", 0), ("c", 1), ("d", 2), ("e", 3), ("f", 4)] {
        let mut click = click(id, &json!({"link": id}));
        click["occurred_at"] = format!("2026-03-01T08:00:0{second}Z").into();
        world.activity(click);
    }
    assert_eq!(world.lead(KIM)["score"]["behaviour"], 15, "three clicks of a person");
}
