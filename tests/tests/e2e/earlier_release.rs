//! A table that an earlier release left, one lead of every stage: what that release answered is
//! answered still, nothing is wrong with it, and its leads go on from where they stood.

use std::collections::BTreeMap;

use baton_core::id::{Identity, LeadId};
use baton_engine::Rules;
use baton_http::Payload;
use baton_tests::{DESK_KEY, TestHarness};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const ITEMS: &str = include_str!("../../data/schema-1/items.jsonl");
const ANSWERS: &str = include_str!("../../data/schema-1/answers.json");

/// What the earlier release answered about its table.
fn answers() -> Value {
    serde_json::from_str(ANSWERS).unwrap()
}

/// Today's release over the table of the earlier one, at the time it was left.
async fn upgraded() -> TestHarness {
    let harness = TestHarness::open(Rules::sample()).await;
    for item in ITEMS.lines() {
        let item: Value = serde_json::from_str(item).unwrap();
        harness.ask("PutItem", &json!({ "TableName": "baton", "Item": item }));
    }
    let left: Timestamp = answers()["now"].as_str().unwrap().parse().unwrap();
    harness.pass(left.duration_since(harness.clock.now()));
    harness.post.connect(harness.route.clone());
    harness
}

/// The id of a lead of that table.
fn id(name: &str) -> String {
    let who = Identity::parse(&format!("email:{name}@older.example")).unwrap();
    who.lead_id().to_string()
}

/// What the desk answers to the CRM: a status and a body.
async fn asked(harness: &TestHarness, method: &str, path: &str, body: &Value) -> (i64, Value) {
    let request = include_str!("../../../functions/desk/events/lead.json");
    let mut request: Value = serde_json::from_str(request).unwrap();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    request["rawPath"] = json!(path);
    request["rawQueryString"] = json!(query);
    request["headers"]["authorization"] = json!(format!("Bearer {DESK_KEY}"));
    request["headers"]["accept"] = json!("application/json");
    request["headers"]["content-type"] = json!("application/json");
    request["requestContext"]["http"]["method"] = json!(method);
    if !body.is_null() {
        request["body"] = json!(body.to_string());
    }
    let payload: Payload = serde_json::from_value(request).unwrap();
    let reply = harness.desk.handle(payload).await;
    (reply.status_code, serde_json::from_slice(&reply.body.unwrap()).unwrap())
}

async fn read(harness: &TestHarness, path: &str) -> Value {
    let (status, body) = asked(harness, "GET", path, &Value::Null).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

async fn command(harness: &TestHarness, name: &str, word: &str, body: &Value) -> (i64, Value) {
    asked(harness, "POST", &format!("/leads/{}/{word}", id(name)), body).await
}

/// The schema of each lead's item.
async fn schemas(harness: &TestHarness) -> BTreeMap<String, String> {
    let items = harness.dump().await.into_values().filter(|item| item["item"]["S"] == "lead");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items.map(|item| (text(&item["lead"]["S"]), text(&item["schema"]["N"]))).collect()
}

#[tokio::test]
async fn what_it_answered_is_answered_still() {
    let (harness, answers) = (upgraded().await, answers());
    let before = harness.dump().await;
    for (name, answered) in answers["leads"].as_object().unwrap() {
        let path = format!("/leads/{}", id(name));
        if name == "erased" {
            assert_eq!(asked(&harness, "GET", &path, &Value::Null).await.0, 410);
            continue;
        }
        let mut lead = read(&harness, &path).await;
        let identifiers = lead.as_object_mut().unwrap().remove("identifiers");
        assert_eq!(identifiers, Some(json!([format!("email:{name}@older.example")])), "{name}");
        assert_eq!(lead, answered["lead"], "{name}");
        for part in ["history", "ledger"] {
            let now = read(&harness, &format!("{path}/{part}")).await;
            assert_eq!(now, answered[part], "the {part} of {name}");
        }
    }
    assert_eq!(read(&harness, "/board?size=100").await, answers["board"]);
    assert_eq!(harness.findings(), [] as [String; 0]);
    assert_eq!(harness.dump().await, before, "looking changes nothing");
}

#[tokio::test]
async fn its_leads_are_of_every_stage_and_in_the_earlier_schema() {
    let harness = upgraded().await;
    let schemas = schemas(&harness).await;
    assert!(schemas.len() == 12 && schemas.values().all(|schema| schema == "1"), "{schemas:?}");
    let mut stages = Vec::new();
    for lead in schemas.keys() {
        let stage =
            serde_json::to_value(harness.lead(LeadId::parse(lead).unwrap()).await.stage).unwrap();
        let named = stage.as_object().and_then(|stage| stage.keys().next().cloned());
        stages.push(named.unwrap_or_else(|| stage.as_str().unwrap().to_owned()));
    }
    stages.sort_unstable();
    stages.dedup();
    let every = [
        "awaiting_acceptance",
        "awaiting_owner",
        "converted",
        "disqualified",
        "nurturing",
        "returned",
        "working",
    ];
    assert_eq!(stages, every);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_leads_go_on_from_where_they_stood() {
    let harness = upgraded().await;
    let again = json!({ "reason": "the budget is decided in May", "id": "task-4711" });
    let (status, refused) = command(&harness, "extended", "extend", &again).await;
    assert_eq!((status, &refused["code"]), (409, &json!("already_extended")));
    let (status, accepted) = command(&harness, "escalated", "accept", &Value::Null).await;
    assert_eq!((status, &accepted["status"]), (200, &json!("working")));

    harness.pass(SignedDuration::from_hours(24));
    for _ in 0..3 {
        harness.sweep().await;
    }
    for (name, status, last, owner) in [
        ("again", "mql", "not accepted in time", "carla"),
        ("back", "mql", "not accepted in time", "ana"),
        ("handed_on", "working", "not accepted in time", "hana"),
        ("warned", "returned", "not converted in time", ""),
        ("waiting", "mql", "", "ben"),
    ] {
        let lead = read(&harness, &format!("/leads/{}", id(name))).await;
        let story = read(&harness, &format!("/leads/{}/history", id(name))).await;
        let line = story.as_array().unwrap().last().unwrap();
        let seen = (lead["status"].as_str(), line["reason"].as_str().unwrap_or_default());
        assert_eq!(seen, (Some(status), last), "{name}: {lead:#}");
        assert_eq!(lead["owner"].as_str().unwrap_or_default(), owner, "{name}");
    }
    assert_eq!(harness.findings(), [] as [String; 0]);
    let old = schemas(&harness).await.into_iter().filter(|(_, schema)| schema == "1");
    let mut untouched = ["converted", "disqualified", "extended", "nurturing", "returned"].map(id);
    untouched.sort_unstable();
    let left: Vec<_> = old.map(|(lead, _)| lead).filter(|lead| *lead != id("taken_back")).collect();
    assert_eq!(left, untouched, "what is decided is written in today's schema");
}

#[tokio::test]
async fn a_row_of_the_board_that_its_lead_does_not_bear_out_is_found() {
    let harness = upgraded().await;
    let key = json!({ "pk": { "S": format!("lead#{}", id("escalated")) }, "sk": { "S": "lead" } });
    harness.ask(
        "UpdateItem",
        &json!({
            "TableName": "baton", "Key": key, "UpdateExpression": "SET #row.#owner = :other",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": { "#row": "row", "#owner": "owner" },
            "ExpressionAttributeValues": { ":other": { "S": "diego" } },
        }),
    );
    assert_eq!(harness.codes(), ["index_wrong"]);
}
