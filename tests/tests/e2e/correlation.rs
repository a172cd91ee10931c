//! One id from the request through the bus to the alert, in every line of the log.

use baton_core::id::Identity;
use baton_engine::Rules;
use baton_tests::{DESK_KEY, Fate, Log, TRADESHOW_KEY, TestHarness, World, run};
use serde_json::{Value, json};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const GATEWAYS: &str = "JKJaXmPLvHcESHA=";

fn traceparent() -> String {
    format!("00-{TRACE}-00f067aa0ba902b7-01")
}

/// Kim visits the booth, as the gateway tells it.
async fn visit(harness: &TestHarness, headers: Value) -> Value {
    let mut payload: Value =
        serde_json::from_str(include_str!("../../../functions/score/events/activity.json"))
            .unwrap();
    assert_eq!(payload["requestContext"]["requestId"], GATEWAYS);
    for (name, value) in headers.as_object().unwrap() {
        payload["headers"][name] = value.clone();
    }
    let reply = harness.score.handle(serde_json::from_value(payload).unwrap()).await;
    serde_json::to_value(reply).unwrap()
}

async fn connected() -> TestHarness {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    harness
}

/// What each line about a lead says: its words, and the id it is found by.
fn told(log: &Log) -> Vec<(String, String)> {
    let lead = Identity::parse("email:kim@acme.example").unwrap().lead_id().to_string();
    let policy = Rules::sample().policy.version;
    let about = log.lines().into_iter().map(|line| line["fields"].clone());
    let about = about.filter(|fields| fields.get("lead").is_some());
    let told = about.map(|fields| {
        let text = |name: &str| fields[name].as_str().expect("a text");
        for (field, value) in [("lead", &lead), ("policy", &policy)] {
            assert_eq!(text(field), value, "{fields}");
            assert!(text("message").contains(value.as_str()), "{fields}");
        }
        assert!(text("message").contains(text("correlation")), "{fields}");
        let words = text("message").split([':', ',']).nth(1).unwrap().trim();
        (words.to_owned(), text("correlation").to_owned())
    });
    told.collect()
}

fn each_for(words: &[&str], id: &str) -> Vec<(String, String)> {
    words.iter().map(|word| ((*word).to_owned(), id.to_owned())).collect()
}

#[tokio::test]
async fn a_visit_is_one_id_in_the_log_of_score_and_route_and_on_the_alert() {
    for (headers, id) in [
        (json!({}), GATEWAYS),
        (json!({ "traceparent": traceparent() }), TRACE),
        (json!({ "traceparent": "kim@acme.example" }), GATEWAYS),
        (json!({ "x-correlation-id": "kim@acme.example" }), GATEWAYS),
    ] {
        let harness = connected().await;
        let log = Log::listen("info");
        let reply = visit(&harness, headers).await;
        assert_eq!(reply["headers"]["x-correlation-id"], id, "{reply}");
        // The answer of the bus waits for `route`; so what `score` delivered is said last.
        let words = [
            "record",
            "assign",
            "lead.assigned delivered",
            "assigned delivered",
            "lead.qualified delivered",
        ];
        assert_eq!(told(&log), each_for(&words, id));
        let published: Vec<_> = harness
            .post
            .events()
            .iter()
            .map(|event| event["detail"]["correlation"].clone())
            .collect();
        assert_eq!(published, [id, id]);
        let alerts: Vec<_> = harness.post.letters().into_iter().map(|l| l.correlation).collect();
        assert_eq!(alerts, [id]);
    }
}

#[tokio::test]
async fn an_alert_that_leaves_hours_later_is_still_found_by_the_request_it_follows_from() {
    let harness = connected().await;
    let log = Log::listen("info");
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    visit(&harness, json!({ "traceparent": traceparent() })).await;
    harness.pass(jiff::SignedDuration::from_hours(3));
    harness.sweep().await;
    harness.out.heal();
    harness.pass(jiff::SignedDuration::from_mins(1));
    harness.sweep().await;
    let words = [
        "record",
        "assign",
        "lead.assigned delivered",
        "assigned not delivered",
        "lead.qualified delivered",
        "assigned not delivered",
        "assigned delivered",
    ];
    assert_eq!(told(&log), each_for(&words, TRACE));
    let alerts: Vec<_> = harness.post.letters().into_iter().map(|l| l.correlation).collect();
    assert_eq!(alerts, [TRACE]);
}

/// What lapses follows from the timer's run, and so does what the lapse makes known.
#[tokio::test]
async fn an_escalation_is_found_by_the_run_of_the_timer_that_saw_to_it() {
    let harness = connected().await;
    visit(&harness, json!({})).await;
    harness.pass(jiff::SignedDuration::from_hours(24));
    let log = Log::listen("info");
    harness.sweep().await;
    let overdue = "accept_overdue delivered";
    let words = ["lapse", "lead.escalated delivered", overdue, overdue];
    assert_eq!(told(&log), each_for(&words, run().as_str()));
}

#[tokio::test]
async fn a_message_stored_before_there_were_ids_is_delivered_under_the_timers() {
    let harness = connected().await;
    harness.out.when(|_| Fate::Refuse(403));
    visit(&harness, json!({})).await;
    harness.minutes(3).await;
    let rows = harness.dump().await.into_values();
    let messages: Vec<_> = rows.filter(|row| row["item"]["S"] == "message").collect();
    assert_eq!(messages.len(), 3);
    for message in messages {
        let kind = message["message"]["M"].as_object().unwrap().keys().next().unwrap();
        let update = json!({
            "TableName": "baton", "Key": { "pk": message["pk"], "sk": message["sk"] },
            "UpdateExpression": format!("REMOVE message.{kind}.correlation"),
            "ReturnValues": "UPDATED_OLD",
        });
        let removed = harness.ask("UpdateItem", &update);
        assert!(removed["Attributes"].is_object(), "{removed}");
    }
    harness.out.heal();
    harness.minutes(2).await;
    let told: Vec<_> =
        harness.post.letters().into_iter().map(|l| (l.kind, l.correlation)).collect();
    assert_eq!(told, [("assigned".to_owned(), run().to_string())]);
    assert_eq!(harness.sweep().await.delivered, 0);
}

/// `serve` stands in for the gateway; each request has an id of its own, whatever becomes of it.
#[test]
fn every_answer_says_by_what_id_it_is_found() {
    let world = World::open();
    let mut seen = std::collections::BTreeSet::new();
    for (method, path, key) in [
        ("GET", "/health", ""),
        ("POST", "/activities", "not a key"),
        ("POST", "/webhooks/nobodys", ""),
        ("GET", "/leads?email=kim@acme.example", DESK_KEY),
        ("GET", "/nowhere", ""),
        ("BREW", "/health", ""),
    ] {
        let answer = world.call(method, path).key(key).send();
        let id = answer.header("x-correlation-id").to_owned();
        assert_eq!(id.len(), 32, "{path}: {id}");
        assert!(seen.insert(id), "{path}");
    }
    let call = world.call("POST", "/activities").key(TRADESHOW_KEY).body("{");
    let answer = call.header("traceparent", &traceparent()).send().expect(400);
    assert_eq!(answer.header("x-correlation-id"), TRACE);
}
