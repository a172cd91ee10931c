//! What AWS really sends, as recorded in each function's `events/`, through each function's own
//! handler, to a real store.

use baton_core::id::{Identity, LeadId};
use baton_core::lead::{DeadlineKind, Status};
use baton_engine::Rules;
use baton_http::Reply;
use baton_tests::{TestHarness, activity, run};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A recorded payload: `score/activity.json`.
macro_rules! recorded {
    ($function:literal, $name:literal) => {
        serde_json::from_str(include_str!(concat!(
            "../../../functions/",
            $function,
            "/events/",
            $name
        )))
        .expect("the handler's own type reads what was recorded")
    };
}

fn kim() -> LeadId {
    Identity::parse("email:kim@acme.example").unwrap().lead_id()
}

/// The answer as Lambda hands it to the gateway, and its body as JSON.
fn answered(reply: &Reply) -> (Value, Value) {
    let reply = serde_json::to_value(reply).unwrap();
    let body = serde_json::from_str(reply["body"].as_str().unwrap_or_default());
    (reply.clone(), body.unwrap_or(Value::Null))
}

async fn qualified() -> TestHarness {
    let harness = TestHarness::open(Rules::sample()).await;
    let visit = activity("scan-1", "event.booth_visited", "kim@acme.example", "DE");
    harness.record(visit).await.unwrap();
    harness
}

async fn assigned() -> TestHarness {
    let harness = qualified().await;
    harness.route.handle(recorded!("route", "lead-qualified.json")).await.unwrap();
    harness
}

#[tokio::test]
async fn score_takes_an_activity_from_the_gateway() {
    let harness = TestHarness::open(Rules::sample()).await;
    let reply = harness.score.handle(recorded!("score", "activity.json")).await;
    let (reply, body) = answered(&reply);
    assert_eq!(reply["statusCode"], 200, "{reply}");
    assert_eq!(reply["headers"]["content-type"], "application/json");
    assert_eq!(reply["isBase64Encoded"], false);
    assert_eq!((&body["outcome"], &body["status"]), (&"scored".into(), &"mql".into()));
    assert_eq!(harness.lead(kim()).await.status(), Status::Mql);
}

#[tokio::test]
async fn score_takes_a_batch_the_gateway_encoded() {
    let harness = TestHarness::open(Rules::sample()).await;
    let reply = harness.score.handle(recorded!("score", "batch-base64.json")).await;
    let (reply, body) = answered(&reply);
    assert_eq!(reply["statusCode"], 200, "{reply}");
    let outcomes = body["results"].as_array().unwrap().iter().map(|r| r["outcome"].clone());
    assert_eq!(outcomes.collect::<Vec<_>>(), ["scored", "scored", "invalid"]);
}

#[tokio::test]
async fn score_answers_the_gateways_health_check() {
    let harness = TestHarness::open(Rules::sample()).await;
    let (reply, _) = answered(&harness.score.handle(recorded!("score", "health.json")).await);
    assert_eq!(reply["statusCode"], 200, "{reply}");
    assert!(harness.table.taken().is_empty(), "it asks nobody");
}

#[tokio::test]
async fn route_takes_what_waits_in_its_inbox() {
    let harness = qualified().await;
    assert_eq!(harness.lead(kim()).await.deadline().unwrap().kind, DeadlineKind::Route);
    harness.route.handle(recorded!("route", "lead-qualified.json")).await.unwrap();
    let lead = harness.lead(kim()).await;
    assert_eq!(lead.owner().map(ToString::to_string).as_deref(), Some("ana"));
    // At least once means more than once; nothing more happens.
    harness.route.handle(recorded!("route", "lead-qualified.json")).await.unwrap();
    assert_eq!(harness.lead(kim()).await.version, lead.version);
}

/// What we publish is what `route` hears, and is what was recorded.
#[tokio::test]
async fn the_recorded_event_is_the_one_that_is_published() {
    let harness = qualified().await;
    let recorded: Value = recorded!("route", "lead-qualified.json");
    let body = recorded["Records"][0]["body"].as_str().unwrap();
    let recorded: Value = serde_json::from_str(body).unwrap();
    let published = harness.post.events()[0].clone();
    for field in ["detail-type", "source", "detail", "resources", "time"] {
        assert_eq!(published[field], recorded[field], "{field}");
    }
}

#[tokio::test]
async fn sla_takes_every_form_of_the_schedulers_payload() {
    for (name, tick) in [
        ("a text for detail", recorded!("sla", "tick.json")),
        ("an object for detail", recorded!("sla", "tick-rule.json")),
        ("nothing", serde_json::from_str("{}").unwrap()),
    ] {
        let harness = assigned().await;
        harness.pass(SignedDuration::from_hours(24));
        let report = harness.sla.handle(tick, &run()).await.unwrap();
        assert_eq!((report.lapsed, report.failed), (1, 0), "{name}");
        assert_eq!(harness.post.told("accept_overdue").len(), 2, "{name}");
    }
}

#[tokio::test]
async fn desk_shows_a_lead_by_its_address() {
    let harness = assigned().await;
    let (reply, body) = answered(&harness.desk.handle(recorded!("desk", "lead.json")).await);
    assert_eq!(reply["statusCode"], 200, "{reply}");
    assert_eq!((&body["owner"], &body["status"]), (&"ana".into(), &"mql".into()));
}

#[tokio::test]
async fn desk_takes_the_crms_word_for_a_status() {
    let harness = assigned().await;
    let (reply, body) = answered(&harness.desk.handle(recorded!("desk", "status.json")).await);
    assert_eq!(reply["statusCode"], 200, "{reply}");
    assert_eq!(body["status"], "working");
}

#[tokio::test]
async fn desk_opens_the_page_of_a_link_and_changes_nothing() {
    let harness = assigned().await;
    let before = harness.dump().await;
    let (reply, _) = answered(&harness.desk.handle(recorded!("desk", "page.json")).await);
    assert_eq!(reply["statusCode"], 200, "{reply}");
    assert_eq!(reply["headers"]["content-type"], "text/html; charset=utf-8");
    assert!(reply["body"].as_str().unwrap().contains("<form"));
    assert_eq!(harness.dump().await, before);
}

/// The gateway hands a form over in base64. Its token is the one of the alert: links that are on
/// their way must not stop working with the next release.
#[tokio::test]
async fn desk_takes_the_form_of_the_page() {
    let harness = assigned().await;
    let sent = harness.post.letters()[0].body.clone();
    let recorded: Value = recorded!("desk", "page.json");
    let link = recorded["rawPath"].as_str().unwrap();
    assert!(sent.contains(link), "{link} is not the link of: {sent}");

    let (reply, _) = answered(&harness.desk.handle(recorded!("desk", "accept-form.json")).await);
    assert_eq!(reply["statusCode"], 303, "{reply}");
    assert!(reply["headers"]["location"].as_str().unwrap().starts_with("/l/"));
    let lead = harness.lead(kim()).await;
    assert_eq!(lead.status(), Status::Working);
    assert_eq!(harness.story(kim()).await.last().map(String::as_str), Some("accept by ana"));
}

#[tokio::test]
async fn what_the_gateway_would_never_send_is_still_answered() {
    let harness = TestHarness::open(Rules::sample()).await;
    let gateway = |method: &str| json!({"http": {"method": method}});
    let broken = json!({
        "version": "2.0", "rawPath": "/activities", "requestContext": gateway("POST"),
        "body": "***", "isBase64Encoded": true,
    });
    let nowhere = json!({"rawPath": "", "headers": {}, "requestContext": gateway("GET")});
    let nothing = json!({"requestContext": gateway("BREW")});
    let no_route = json!([404, "no_such_route"]);
    let broken_body = json!([400, "invalid_body"]);
    for (odd, by_score, by_desk) in [
        (broken, &broken_body, &broken_body),
        // The desk has a front page.
        (nowhere, &no_route, &json!([303, null])),
        (nothing, &no_route, &json!([405, "method_not_allowed"])),
    ] {
        let payload = || serde_json::from_value(odd.clone()).unwrap();
        for (reply, expected) in [
            (harness.score.handle(payload()).await, by_score),
            (harness.desk.handle(payload()).await, by_desk),
        ] {
            let (reply, body) = answered(&reply);
            assert_eq!(json!([reply["statusCode"], body["code"]]), *expected);
        }
    }
}
