//! Whatever is sent in whatever order: what the contract says of every lead holds of every lead.

use baton_cloud::Error;
use baton_engine::Rules;
use baton_tests::{TestHarness, World, activity};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Something somebody does to one of two leads.
#[derive(Clone, Debug)]
enum Deed {
    Activity { lead: usize, id: u8, kind: &'static str, days_ago: i32 },
    Command { lead: usize, word: &'static str },
    Report { lead: usize, word: &'static str },
    Pass(&'static str),
}

const KINDS: [&str; 6] = [
    "form.submitted",
    "webinar.attended",
    "pricing.viewed",
    "email.unsubscribed",
    "event.booth_visited",
    "something.unheard_of",
];
const WORDS: [&str; 9] = [
    "accept",
    "reject",
    "convert",
    "extend",
    "return",
    "disqualify",
    "reassign",
    "qualify",
    "reopen",
];
const REPORTS: [&str; 6] = ["Nurturing", "MQL", "SAL", "SQL", "Return to Marketing", "Unqualified"];

/// The arrows of the contract, and no other.
const ARROWS: [(&str, &str); 13] = [
    ("nurturing", "mql"),
    ("returned", "mql"),
    ("mql", "working"),
    ("mql", "returned"),
    ("mql", "disqualified"),
    ("working", "converted"),
    ("working", "returned"),
    ("nurturing", "working"),
    ("nurturing", "converted"),
    ("returned", "working"),
    ("returned", "converted"),
    ("converted", "returned"),
    ("disqualified", "returned"),
];

fn deed() -> impl Strategy<Value = Deed> {
    let activity = (0..2usize, 0..5u8, prop::sample::select(&KINDS[..]), 0..100i32);
    let command = (0..2usize, prop::sample::select(&WORDS[..]));
    let report = (0..2usize, prop::sample::select(&REPORTS[..]));
    prop_oneof![
        4 => activity.prop_map(|(lead, id, kind, days_ago)| {
            Deed::Activity { lead, id, kind, days_ago }
        }),
        3 => command.prop_map(|(lead, word)| Deed::Command { lead, word }),
        1 => report.prop_map(|(lead, word)| Deed::Report { lead, word }),
        2 => prop::sample::select(&["1h", "25h", "31d"][..]).prop_map(Deed::Pass),
    ]
}

fn email(lead: usize) -> String {
    format!("p{lead}@acme.example")
}

fn play(world: &World, deed: &Deed) {
    match deed {
        Deed::Activity { lead, id, kind, days_ago } => {
            let at = world.house().now() - jiff::SignedDuration::from_hours(24) * *days_ago;
            let answer = world.activity(json!({
                "id": format!("{lead}-{id}"), "type": kind, "email": email(*lead),
                "occurred_at": at.to_string(), "profile": {"title": "VP Sales", "country": "DE"},
            }));
            let outcome = answer["outcome"].as_str().unwrap();
            assert!(["scored", "duplicate"].contains(&outcome), "{answer}");
        }
        Deed::Command { lead, word } => {
            let body = match *word {
                "reassign" => json!({"to": "ben"}),
                "accept" | "convert" => Value::Null,
                _ => json!({"reason": "not_now"}),
            };
            let answer = world.command(&format!("email:{}", email(*lead)), word, &body);
            assert!([200, 404, 409].contains(&answer.status), "{word}: {}", answer.text);
        }
        Deed::Report { lead, word } => {
            let answer = world.put_status(&format!("email:{}", email(*lead)), word);
            assert!([200, 404, 409].contains(&answer.status), "{word}: {}", answer.text);
        }
        Deed::Pass(by) => drop(world.advance(by)),
    }
}

/// Rule 11, rule 12 and the floor, as a caller sees them; gives the version.
fn holds(world: &World, name: &str) -> u64 {
    let lead = world.lead(name);
    let (status, marks) = (lead["status"].as_str().unwrap(), &lead["marks"]);
    let clock = lead["deadline"]["kind"].as_str();
    let fits = match status {
        "mql" => matches!(clock, Some("route" | "accept")),
        "working" => matches!(clock, Some("accept" | "convert" | "take_back")),
        _ => clock.is_none(),
    };
    assert!(fits, "{status} with the clock {clock:?}");
    // The CRM may report a conversion without an owner.
    let may_be_owned = matches!(status, "mql" | "working" | "converted");
    let must_be_owned = matches!(status, "mql" | "working");
    assert!(lead["owner"].is_null() || may_be_owned, "{lead}");
    assert!(lead["owner"].is_string() || !must_be_owned, "{lead}");
    let now = world.house().now().to_string();
    assert!(lead["deadline"]["at"].as_str().is_none_or(|at| at > now.as_str()), "overdue: {lead}");
    assert_eq!(lead["cycle"] == 0, marks["first_mql_at"].is_null(), "{lead}");
    for (status_of, mark) in [("converted", "converted_at"), ("returned", "returned_at")] {
        assert_eq!(status == status_of, marks[mark].is_string(), "{lead}");
    }
    let score = |part: &str| lead["score"][part].as_i64().unwrap();
    // Nothing is known of somebody whom only the CRM has named.
    let fit = if lead["profile"] == json!({}) { 0 } else { 25 };
    assert!(score("behaviour") >= 0 && score("fit") == fit, "{lead}");
    assert_eq!(score("total"), score("behaviour") + score("fit"));
    adds_up(&world.ledger(name), score("behaviour"));
    follows_arrows(&world.history(name), status);
    lead["version"].as_u64().unwrap()
}

/// The ledger is why the score is what it is.
fn adds_up(ledger: &Value, behaviour: i64) {
    let entries = ledger["entries"].as_array().unwrap();
    let worth: f64 = entries.iter().map(|entry| entry["worth_now"].as_f64().unwrap()).sum();
    // Half a point of rounding, and a hundredth for each entry.
    let room = 0.5 + 0.01 * (entries.len() as f64 + 1.0);
    assert!((worth - behaviour as f64).abs() <= room, "{worth} and {behaviour}: {ledger}");
    let mut ids: Vec<_> = entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), entries.len(), "each activity counts once");
}

fn follows_arrows(history: &Value, status: &str) {
    let mut at = "nurturing".to_owned();
    let mut version = 0;
    for line in history.as_array().unwrap() {
        let (from, to) = (line["from"].as_str().unwrap(), line["to"].as_str().unwrap());
        assert_eq!(from, at, "{history}");
        let drawn = ARROWS.contains(&(from, to)) || (from, to) == ("working", "disqualified");
        assert!(from == to || drawn, "{from} to {to}");
        assert!(line["version"].as_u64().unwrap() > version, "{history}");
        version = line["version"].as_u64().unwrap();
        to.clone_into(&mut at);
    }
    assert_eq!(at, status, "{history}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn every_lead_keeps_its_promises(deeds in prop::collection::vec(deed(), 1..16)) {
        let world = World::open();
        let mut versions = [0, 0];
        for deed in &deeds {
            play(&world, deed);
            for (lead, version) in versions.iter_mut().enumerate() {
                let name = format!("email:{}", email(lead));
                if world.get(&baton_tests::lead_path(&name)).status == 200 {
                    let next = holds(&world, &name);
                    assert!(next >= *version);
                    *version = next;
                }
            }
        }
        prop_assert_eq!(world.findings(), [""; 0]);
    }
}

/// A lead as no decision leaves one: damaged by hand, or by a defect of ours.
#[tokio::test]
async fn a_decision_that_breaks_an_invariant_is_not_committed() {
    let harness = TestHarness::open(Rules::sample()).await;
    let deed = |id, kind| activity(id, kind, "kim@acme.example", "DE");
    let lead = harness.record(deed("1", "event.booth_visited")).await.unwrap().lead.lead;
    let key = json!({"pk": {"S": format!("lead#{lead}")}, "sk": {"S": "lead"}});
    let damage = json!({"TableName": "baton", "Key": key, "UpdateExpression": "SET stage.awaiting_owner.trip.#cycle = :none",
        "ExpressionAttributeNames": {"#cycle": "cycle"},
        "ExpressionAttributeValues": {":none": {"N": "0"}}});
    harness.ask("UpdateItem", &damage);
    let before = harness.dump().await;
    let recorded = harness.record(deed("2", "form.submitted")).await;
    assert!(matches!(recorded, Err(Error::Broken { .. })), "{recorded:?}");
    assert_eq!(harness.dump().await, before);
    assert_eq!(harness.codes(), ["marks_wrong", "history_broken"]);
}
