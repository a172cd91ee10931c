//! What fails again and again is set aside: it holds up nobody, is told of, and is never given up.

use baton_core::id::LeadId;
use baton_engine::Rules;
use baton_tests::{Fate, Log, TestHarness, activity, copy, lead_id};
use jiff::SignedDuration;
use serde_json::{Value, json};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn visit(harness: &TestHarness, name: &str) -> LeadId {
    let who = format!("{name}@acme.example");
    harness.record(activity(name, "event.booth_visited", &who, "DE")).await.unwrap().lead.lead
}

fn key(lead: LeadId) -> Value {
    json!({ "pk": { "S": format!("lead#{lead}") }, "sk": { "S": "lead" } })
}

/// Changes one attribute of the lead's item behind everybody's back; takes it away if it is null.
async fn meddle(harness: &TestHarness, lead: LeadId, attribute: &str, value: &Value) {
    let mut request = json!({
        "TableName": "baton", "Key": key(lead), "UpdateExpression": "REMOVE #it",
        "ExpressionAttributeNames": { "#it": attribute },
    });
    if !value.is_null() {
        request["UpdateExpression"] = "SET #it = :value".into();
        request["ExpressionAttributeValues"] = json!({ ":value": value });
    }
    harness.ask("UpdateItem", &request);
}

async fn item(harness: &TestHarness, lead: LeadId) -> Value {
    harness.dump().await.remove(&format!("\"lead#{lead}\" \"lead\"")).unwrap()
}

/// A sweep every ten minutes.
async fn half_a_day(harness: &TestHarness) {
    for _ in 0..72 {
        harness.pass(MINUTE * 10);
        harness.sweep().await;
    }
}

fn set_aside(harness: &TestHarness) -> usize {
    harness.measured().iter().filter(|one| *one == "SetAside 1.0").count()
}

/// Another than the lead's own: its id follows from it, which is found before anything is written.
fn another_identity() -> Value {
    json!({ "M": { "email": { "S": "lee@acme.example" } } })
}

#[tokio::test(flavor = "current_thread")]
async fn a_spoilt_lead_is_set_aside_and_proceeds_once_it_is_mended() {
    let nonsense = json!({ "S": "nonsense" });
    let ways = [("stage", nonsense), ("who", another_identity()), ("lead", Value::Null)];
    for (what, bad) in ways {
        let log = Log::listen("error");
        let harness = TestHarness::open(Rules::sample()).await;
        let kim = visit(&harness, "kim").await;
        let good = item(&harness, kim).await[what].clone();
        meddle(&harness, kim, what, &bad).await;
        let lee = visit(&harness, "lee").await;
        harness.pass(HOUR);
        harness.measured();
        harness.minutes(9).await;
        assert_eq!(set_aside(&harness), 0, "{what}");
        assert_eq!(harness.lead(lee).await.owner().unwrap().as_str(), "ana", "{what}");
        half_a_day(&harness).await;
        let tries = set_aside(&harness);
        assert!((20..32).contains(&tries), "{what}: {tries} times in half a day");
        let lines = log.lines();
        let told = lines.iter().filter(|line| line.to_string().contains("set aside")).count();
        assert_eq!(told, tries, "{what}");
        assert!(lines[0]["fields"]["promise"].as_str().unwrap().contains(&kim.to_string()));

        meddle(&harness, kim, what, &good).await;
        harness.minutes(31).await;
        assert!(harness.lead(kim).await.owner().is_some(), "{what}: it proceeds by itself");
        assert_eq!(set_aside(&harness), 0, "{what}");
    }
}

/// More of them than one look at a shard shows, and all of them older.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_spoilt_leads_in_a_shard_hold_up_no_other() {
    let harness = TestHarness::open(Rules::sample()).await;
    let kim = "kim@acme.example";
    let first = visit(&harness, "kim").await;
    let mut item = item(&harness, first).await;
    item["stage"] = json!({ "S": "nonsense" });
    let shard = |id: LeadId| id.bytes()[0] % 8;
    let names = (0..).map(|n| format!("p{n}@acme.example"));
    let names: Vec<_> = names.filter(|name| shard(lead_id(name)) == 3).take(300).collect();
    let put = |name: &String| json!({ "PutRequest": { "Item": copy(&item, kim, name, harness.clock.now()) } });
    let puts: Vec<_> = names.iter().map(put).collect();
    for some in puts.chunks(25) {
        harness.ask("BatchWriteItem", &json!({ "RequestItems": { "baton": some } }));
    }
    let mut good = (0..).map(|n| format!("good{n}"));
    let good = good.find(|name| shard(lead_id(&format!("{name}@acme.example"))) == 3);
    let good = visit(&harness, &good.unwrap()).await;
    harness.pass(MINUTE * 3);
    let report = harness.sweep().await;
    assert_eq!((report.lapsed, report.failed), (2, 300));
    assert!(harness.lead(good).await.owner().is_some());
    assert_eq!(harness.codes(), ["unreadable"; 300]);
}

/// A person on the roster whose topic is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_be_delivered_is_never_given_up() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    let gone = |call: &baton_tests::Request| {
        call.operation == "Publish" && call.body.contains("baton-ana")
    };
    harness.out.when(move |call| if gone(call) { Fate::Refuse(404) } else { Fate::Pass });
    visit(&harness, "kim").await;
    half_a_day(&harness).await;
    assert!(set_aside(&harness) >= 20);
    assert!(harness.post.told("assigned").is_empty());
    harness.out.heal();
    harness.minutes(31).await;
    assert_eq!(harness.post.told("assigned").len(), 1);
}

/// A service that is away is nobody's own fault: the backlog leaves a minute after its return.
#[tokio::test(start_paused = true)]
async fn an_outage_sets_nothing_aside() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(503) } else { Fate::Pass });
    visit(&harness, "kim").await;
    for _ in 0..15 {
        harness.pass(HOUR);
        harness.sweep().await;
    }
    assert_eq!(set_aside(&harness), 0);
    harness.out.heal();
    harness.minutes(1).await;
    assert_eq!(harness.post.told("assigned").len(), 1);
}
