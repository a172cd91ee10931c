//! Who was told what when, by which channel: as it was when the alert left, whatever the roster
//! says today.

use std::fs;
use std::path::Path;

use baton_cloud::Document;
use baton_core::commands::{Accept, Actor, CommandRequest};
use baton_core::id::LeadId;
use baton_engine::{Draft, Publisher};
use baton_http::Payload;
use baton_tests::{
    Baton, DESK_KEY, Fate, Process, START, TestHarness, activity, be_baton, request, sample_roster,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const BY_BOTH: [&str; 2] = ["email", "sms"];

/// Not a test of its own: the process that the first of them starts.
#[test]
fn serve() {
    be_baton();
}

fn start(folder: &Path, people: &str) -> Process {
    let roster = folder.join("roster.toml");
    fs::write(&roster, people).unwrap();
    let clock = format!("manual:{START}");
    let args = ["--clock".as_ref(), clock.as_ref(), "--roster".as_ref(), roster.as_os_str()];
    Process::serve_in(folder, "deliveries::serve", &args)
}

/// The sample roster, in which nobody has a telephone.
fn without_numbers() -> String {
    let lines = sample_roster(&[]);
    lines.lines().filter(|line| !line.starts_with("sms = ")).collect::<Vec<_>>().join("\n")
}

/// The channels by which the inbox has a letter of that kind to Ana.
fn in_the_inbox(baton: &Baton, kind: &str) -> Vec<String> {
    let letters = baton.inbox().into_iter();
    let letters = letters.filter(|letter| letter["to"] == "ana" && letter["kind"] == kind);
    letters.map(|letter| letter["channel"].as_str().unwrap().to_owned()).collect()
}

/// Everybody who was told something of that kind, by a history.
fn told(history: &Value, kind: &str) -> Vec<Value> {
    let lines = history.as_array().unwrap().iter();
    let told = lines.flat_map(|line| line["told"].as_array().unwrap());
    told.filter(|told| told["kind"] == kind).cloned().collect()
}

/// The channels by which Ana was told something, by a history.
fn channels(history: &Value, kind: &str) -> Vec<String> {
    let to_ana = told(history, kind).into_iter().find(|told| told["to"] == "ana").unwrap();
    serde_json::from_value(to_ana["channels"].clone()).unwrap()
}

#[test]
fn a_roster_that_changes_does_not_change_what_the_history_says() {
    let with_numbers = sample_roster(&[]);
    for (before, after) in
        [(&with_numbers, &without_numbers()), (&without_numbers(), &with_numbers)]
    {
        let folder = tempfile::tempdir().unwrap();
        let process = start(folder.path(), before);
        process.activity(json!({
            "id": "1", "type": "event.booth_visited", "email": "kim@acme.example",
            "profile": { "country": "DE" },
        }));
        let left_by = in_the_inbox(&process, "assigned");
        process.kill();

        let process = start(folder.path(), after);
        assert_eq!(in_the_inbox(&process, "assigned"), left_by);
        assert_eq!(channels(&process.history(KIM), "assigned"), left_by);
        process.advance("24h");
        let told_now = in_the_inbox(&process, "accept_overdue");
        assert_ne!(told_now, left_by, "the roster of today decides what leaves today");
        assert_eq!(channels(&process.history(KIM), "accept_overdue"), told_now);
    }
}

/// A harness whose rules are published, and whose bus has a listener.
async fn published() -> TestHarness {
    let harness = TestHarness::published().await;
    harness.post.connect(harness.route.clone());
    harness
}

/// A roster comes into force.
async fn publish(harness: &TestHarness, people: &str) {
    let drafts = [Draft { document: Document::Roster, name: "r.toml", text: people }];
    Publisher(harness.services.table()).publish_drafts(&drafts, harness.clock.now()).await.unwrap();
    harness.pass(MINUTE);
    harness.sweep().await;
}

async fn visit(harness: &TestHarness, name: &str) -> LeadId {
    let visit = activity(name, "event.booth_visited", &format!("{name}@acme.example"), "DE");
    harness.record(visit).await.unwrap().lead.lead
}

async fn history(harness: &TestHarness, lead: LeadId) -> Value {
    let request = include_str!("../../../functions/desk/events/lead.json");
    let mut request: Value = serde_json::from_str(request).unwrap();
    request["rawPath"] = json!(format!("/leads/{lead}/history"));
    request["headers"]["authorization"] = json!(format!("Bearer {DESK_KEY}"));
    let payload: Payload = serde_json::from_value(request).unwrap();
    let reply = harness.desk.handle(payload).await;
    assert_eq!(reply.status_code, 200, "{reply:?}");
    serde_json::from_slice(&reply.body.unwrap()).unwrap()
}

fn no_alert_leaves(harness: &TestHarness) {
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
}

/// Changes the item of a lead's only alert behind everybody's back.
async fn meddle(harness: &TestHarness, lead: LeadId, update: &str, values: &Value) {
    let story = harness.services.table().story(lead).await.unwrap();
    let alert = story.messages.iter().find(|sent| sent.message.word() == "assigned").unwrap();
    let sk = format!("message#{:012}#{:04}", alert.id.version, alert.id.index);
    let key = json!({ "pk": { "S": format!("lead#{lead}") }, "sk": { "S": sk } });
    let mut request = json!({ "TableName": "baton", "Key": key, "UpdateExpression": update,
        "ConditionExpression": "attribute_exists(pk)" });
    if !values.is_null() {
        request["ExpressionAttributeValues"] = values.clone();
    }
    harness.ask("UpdateItem", &request);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_of_a_digest_left_by_the_digests_channels() {
    let harness = published().await;
    let mut leads = Vec::new();
    for n in 0..30 {
        leads.push(visit(&harness, &format!("p{n}")).await);
    }
    harness.minutes(3).await;
    assert!(harness.post.told("digest").iter().any(|(_, to)| to == "ana"));
    publish(&harness, &without_numbers()).await;
    for lead in leads {
        for told in told(&history(&harness, lead).await, "assigned") {
            assert_eq!(told["channels"], json!(BY_BOTH), "{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_not_left_is_expected_by_todays_channels_and_what_never_will_left_by_none() {
    let harness = published().await;
    no_alert_leaves(&harness);
    let lead = visit(&harness, "kim").await;
    assert_eq!(channels(&history(&harness, lead).await, "assigned"), BY_BOTH);
    publish(&harness, &without_numbers()).await;
    assert_eq!(channels(&history(&harness, lead).await, "assigned"), ["email"]);

    let order = CommandRequest::new(Accept {}, Actor::Crm, request());
    harness.services.execute(lead, &order).await.unwrap();
    harness.out.heal();
    harness.minutes(3).await;
    let told = told(&history(&harness, lead).await, "assigned");
    assert_eq!((&told[0]["channels"], &told[0]["delivered_at"]), (&json!([]), &Value::Null));
    assert!(told[0]["withdrawn_at"].is_string());
}

/// The release before this one wrote down when an alert left, and not by what.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_older_release_delivered_is_told_by_todays_roster() {
    let harness = published().await;
    let lead = visit(&harness, "kim").await;
    meddle(&harness, lead, "REMOVE deliveries", &Value::Null).await;
    assert_eq!(channels(&history(&harness, lead).await, "assigned"), BY_BOTH);
    publish(&harness, &without_numbers()).await;
    assert_eq!(channels(&history(&harness, lead).await, "assigned"), ["email"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_is_kept_with_its_message_and_names_nobody() {
    let harness = published().await;
    let lead = visit(&harness, "kim").await;
    let items = harness.dump().await;
    let alert = items.values().find(|item| item["message"]["M"]["alert"].is_object()).unwrap();
    let by = |channel: &str| json!({ "M": { "channel": { "S": channel }, "at": { "S": START }, "outcome": { "S": "sent" } } });
    assert_eq!(alert["deliveries"], json!({ "L": [by("email"), by("sms")] }));
    assert_eq!(alert["lead"]["S"], lead.to_string());
}

/// Some channels took it and others did not: it has left, and what is owed still leaves, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_some_channels_took_is_not_sent_by_them_again() {
    let harness = published().await;
    let lead = visit(&harness, "kim").await;
    let shard = 8 + lead.bytes()[0] % 8;
    let due = json!({ ":shard": { "N": shard.to_string() }, ":due": { "N": "1" } });
    meddle(&harness, lead, "SET due_shard = :shard, due_at = :due", &due).await;
    harness.minutes(2).await;
    assert_eq!(harness.post.told("assigned").len(), 1);
    let told = told(&history(&harness, lead).await, "assigned");
    assert_eq!((&told[0]["channels"], &told[0]["delivered_at"]), (&json!(BY_BOTH), &json!(START)));
}
