//! When the store is down, and what the gateway does to a body on its way.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_documents::{policy, roster};
use baton_engine::Rules;
use baton_tests::{Fate, TestHarness, hook_secret};
use serde_json::{Value, json};

const SIGNED: &str = "[[source]]\nname = \"signed\"\npreset = \"zapier\"\n";

async fn harness() -> TestHarness {
    let policy = format!("{}\n{SIGNED}", policy::SAMPLE);
    let rules = Rules::read(("the policy", &policy), ("the sample roster", roster::SAMPLE));
    TestHarness::open(rules.unwrap()).await
}

/// What the gateway hands over; it encodes what it takes for binary, forms too.
fn payload(kind: &str, body: &str) -> Value {
    json!({
        "version": "2.0", "rawPath": "/webhooks/signed", "isBase64Encoded": true,
        "headers": {"content-type": kind, "x-api-key": hook_secret("signed")},
        "requestContext": {"http": {"method": "POST"}},
        "body": STANDARD.encode(body),
    })
}

async fn post(harness: &TestHarness, kind: &str, body: &str) -> Value {
    let payload = serde_json::from_value(payload(kind, body)).unwrap();
    serde_json::to_value(harness.score.handle(payload).await).unwrap()
}

#[tokio::test]
async fn a_store_that_is_down_is_503_and_nothing_is_lost_when_the_sender_tries_again() {
    let harness = harness().await;
    for body in [r#"{"id":"1","email":"kim@acme.example"}"#, r#"{"nobody":"can tell"}"#] {
        harness.table.when(|_| Fate::Refuse(500));
        let down = post(&harness, "application/json", body).await;
        assert_eq!(
            (&down["statusCode"], &down["headers"]["retry-after"]),
            (&json!(503), &json!("5"))
        );
        harness.table.heal();
        assert_eq!(post(&harness, "application/json", body).await["statusCode"], 200);
    }
    let kept: Vec<_> = harness.dump().await.into_keys().collect();
    let of = |kind: &str| kept.iter().filter(|key| key.contains(kind)).count();
    assert_eq!((of("activity#signed#"), of("quarantine#signed")), (1, 1));
}

#[tokio::test]
async fn a_form_that_the_gateway_encoded_reads_as_it_was_sent() {
    let harness = harness().await;
    let form = "application/x-www-form-urlencoded";
    let answer = post(&harness, form, "id=7&email=kim%40acme.example&Company=Acme+%26+Sons").await;
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["results"][0]["outcome"], "scored", "{body}");
}

#[tokio::test]
async fn a_webhook_costs_the_store_what_an_activity_costs() {
    let harness = harness().await;
    post(&harness, "application/json", r#"{"id":"1","email":"kim@acme.example"}"#).await;
    let requests = harness.table.counted();
    let counted: Vec<_> = requests.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(counted, [("GetItem", 1), ("TransactWriteItems", 1)]);
}
