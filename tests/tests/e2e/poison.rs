//! What fails again and again is set aside: it holds up nobody, is told of, and is never given up.

use baton_core::id::LeadId;
use baton_engine::Rules;
use baton_tests::{Fate, Log, Rig, activity, copy, lead_id};
use jiff::SignedDuration;
use serde_json::{Value, json};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn visit(rig: &Rig, name: &str) -> LeadId {
    let who = format!("{name}@acme.example");
    rig.record(activity(name, "event.booth_visited", &who, "DE")).await.unwrap().lead.lead
}

fn key(lead: LeadId) -> Value {
    json!({ "pk": { "S": format!("lead#{lead}") }, "sk": { "S": "lead" } })
}

/// Changes one attribute of the lead's item behind everybody's back; takes it away if it is null.
async fn meddle(rig: &Rig, lead: LeadId, attribute: &str, value: &Value) {
    let mut request = json!({
        "TableName": "baton", "Key": key(lead), "UpdateExpression": "REMOVE #it",
        "ExpressionAttributeNames": { "#it": attribute },
    });
    if !value.is_null() {
        request["UpdateExpression"] = "SET #it = :value".into();
        request["ExpressionAttributeValues"] = json!({ ":value": value });
    }
    rig.ask("UpdateItem", &request);
}

async fn item(rig: &Rig, lead: LeadId) -> Value {
    rig.dump().await.remove(&format!("\"lead#{lead}\" \"lead\"")).unwrap()
}

/// A sweep every ten minutes.
async fn half_a_day(rig: &Rig) {
    for _ in 0..72 {
        rig.pass(MINUTE * 10);
        rig.sweep().await;
    }
}

fn set_aside(rig: &Rig) -> usize {
    rig.measured().iter().filter(|one| *one == "SetAside 1.0").count()
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
        let rig = Rig::open(Rules::sample()).await;
        let kim = visit(&rig, "kim").await;
        let good = item(&rig, kim).await[what].clone();
        meddle(&rig, kim, what, &bad).await;
        let lee = visit(&rig, "lee").await;
        rig.pass(HOUR);
        rig.measured();
        rig.minutes(9).await;
        assert_eq!(set_aside(&rig), 0, "{what}");
        assert_eq!(rig.lead(lee).await.owner().unwrap().as_str(), "ana", "{what}");
        half_a_day(&rig).await;
        let tries = set_aside(&rig);
        assert!((20..32).contains(&tries), "{what}: {tries} times in half a day");
        let lines = log.lines();
        let told = lines.iter().filter(|line| line.to_string().contains("set aside")).count();
        assert_eq!(told, tries, "{what}");
        assert!(lines[0]["fields"]["promise"].as_str().unwrap().contains(&kim.to_string()));

        meddle(&rig, kim, what, &good).await;
        rig.minutes(31).await;
        assert!(rig.lead(kim).await.owner().is_some(), "{what}: it proceeds by itself");
        assert_eq!(set_aside(&rig), 0, "{what}");
    }
}

/// More of them than one look at a shard shows, and all of them older.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_spoilt_leads_in_a_shard_hold_up_no_other() {
    let rig = Rig::open(Rules::sample()).await;
    let kim = "kim@acme.example";
    let first = visit(&rig, "kim").await;
    let mut item = item(&rig, first).await;
    item["stage"] = json!({ "S": "nonsense" });
    let shard = |id: LeadId| id.bytes()[0] % 8;
    let names = (0..).map(|n| format!("p{n}@acme.example"));
    let names: Vec<_> = names.filter(|name| shard(lead_id(name)) == 3).take(300).collect();
    let put = |name: &String| json!({ "PutRequest": { "Item": copy(&item, kim, name, rig.clock.now()) } });
    let puts: Vec<_> = names.iter().map(put).collect();
    for some in puts.chunks(25) {
        rig.ask("BatchWriteItem", &json!({ "RequestItems": { "baton": some } }));
    }
    let mut good = (0..).map(|n| format!("good{n}"));
    let good = good.find(|name| shard(lead_id(&format!("{name}@acme.example"))) == 3);
    let good = visit(&rig, &good.unwrap()).await;
    rig.pass(MINUTE * 3);
    let report = rig.sweep().await;
    assert_eq!((report.lapsed, report.failed), (2, 300));
    assert!(rig.lead(good).await.owner().is_some());
    assert_eq!(rig.codes(), ["unreadable"; 300]);
}

/// A person on the roster whose topic is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_be_delivered_is_never_given_up() {
    let rig = Rig::open(Rules::sample()).await;
    rig.post.connect(rig.route.clone());
    let gone = |call: &baton_tests::Request| {
        call.operation == "Publish" && call.body.contains("baton-ana")
    };
    rig.out.when(move |call| if gone(call) { Fate::Refuse(404) } else { Fate::Pass });
    visit(&rig, "kim").await;
    half_a_day(&rig).await;
    assert!(set_aside(&rig) >= 20);
    assert!(rig.post.told("assigned").is_empty());
    rig.out.heal();
    rig.minutes(31).await;
    assert_eq!(rig.post.told("assigned").len(), 1);
}

/// A service that is away is nobody's own fault: the backlog leaves a minute after its return.
#[tokio::test(start_paused = true)]
async fn an_outage_sets_nothing_aside() {
    let rig = Rig::open(Rules::sample()).await;
    rig.post.connect(rig.route.clone());
    rig.out.when(|call| if call.operation == "Publish" { Fate::Refuse(503) } else { Fate::Pass });
    visit(&rig, "kim").await;
    for _ in 0..15 {
        rig.pass(HOUR);
        rig.sweep().await;
    }
    assert_eq!(set_aside(&rig), 0);
    rig.out.heal();
    rig.minutes(1).await;
    assert_eq!(rig.post.told("assigned").len(), 1);
}
