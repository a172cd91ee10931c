//! A day of downtime: what fell due meanwhile happens once, in order, within bounds.

use std::sync::Arc;

use baton_core::id::LeadId;
use baton_engine::Rules;
use baton_tests::{Fate, TestHarness, activity, copy, lead_id, run};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Deadlines that passed; the benchmark `catch_up` has 100,000.
const DUE: i32 = 600;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const KIM: &str = "kim@acme.example";

/// Leads that wait for an owner since a second after one another, the last one first in the table.
async fn waiting(harness: &TestHarness, count: i32) -> Vec<LeadId> {
    harness.is_looked_at();
    let visit = activity("kim", "event.booth_visited", KIM, "DE");
    let kim = harness.record(visit).await.unwrap().lead.lead;
    let item = harness.dump().await.remove(&format!("\"lead#{kim}\" \"lead\"")).unwrap();
    let names: Vec<_> = (0..count).map(|n| format!("p{n}@acme.example")).collect();
    let start = harness.clock.now();
    let put = |(n, name)| {
        let copy = copy(&item, KIM, name, start + SECOND * n);
        json!({ "PutRequest": { "Item": copy } })
    };
    let mut puts: Vec<Value> = (0..count).zip(names.iter().map(String::as_str)).map(put).collect();
    puts.reverse();
    for some in puts.chunks(25) {
        harness.ask("BatchWriteItem", &json!({ "RequestItems": { "baton": some } }));
    }
    let key = json!({ "pk": { "S": format!("lead#{kim}") }, "sk": { "S": "lead" } });
    harness.ask("DeleteItem", &json!({ "TableName": "baton", "Key": key }));
    names.iter().map(|name| lead_id(name)).collect()
}

/// The leads in the order in which they were dealt.
fn dealt(harness: &TestHarness) -> Vec<String> {
    let events = harness.post.events().into_iter();
    let assigned = events.filter(|event| event["detail-type"] == "lead.assigned");
    assigned.map(|event| event["detail"]["lead"].as_str().unwrap().to_owned()).collect()
}

fn texts(leads: &[LeadId]) -> Vec<String> {
    leads.iter().map(LeadId::to_string).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_step_of_a_day_is_taken_once_and_oldest_first() {
    let harness = TestHarness::open(Rules::sample()).await;
    let leads = waiting(&harness, DUE).await;
    harness.pass(DAY);
    let mut lapsed = 0;
    for _ in 0..3 {
        let report = harness.sweep().await;
        assert_eq!(report.failed, 0);
        lapsed += report.lapsed;
    }
    assert_eq!(lapsed, leads.len());
    assert_eq!(dealt(&harness), texts(&leads));
}

/// On AWS a run that took longer would be stopped, and the next one would start beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_ends_in_time_and_the_next_one_goes_on() {
    let harness = TestHarness::open(Rules::sample()).await;
    let leads = waiting(&harness, 60).await;
    harness.pass(DAY);
    let clock = harness.clock.clone();
    harness.table.when(move |call| {
        if call.operation == "TransactWriteItems" {
            clock.advance_to(clock.now() + SECOND);
        }
        Fate::Pass
    });
    let start = harness.clock.now();
    let first = harness.sweep().await;
    assert_eq!((first.lapsed, first.failed), (25, 0), "deadlines leave time for messages");
    assert!(harness.clock.now().duration_since(start) <= SECOND * 45);
    assert_eq!(harness.sweep().await.lapsed, 25);
    assert_eq!(harness.sweep().await.lapsed, 10);
    assert_eq!(dealt(&harness), texts(&leads));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sweeps_at_once_deliver_each_message_once() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.out.when(|_| Fate::Refuse(403));
    for n in 0..40 {
        let who = format!("p{n}@acme.example");
        harness.record(activity(&n.to_string(), "event.booth_visited", &who, "DE")).await.unwrap();
    }
    harness.out.heal();
    harness.pass(SECOND * 61);
    let sweeps = (0..4).map(|_| {
        let services = Arc::clone(&harness.services);
        tokio::spawn(async move { services.sweeper.sweep(&run()).await.unwrap() })
    });
    let mut delivered = 0;
    for sweep in sweeps.collect::<Vec<_>>() {
        delivered += sweep.await.unwrap().delivered;
    }
    assert_eq!((delivered, harness.post.events().len()), (40, 40));
}

/// Rule 10, with alerts down: the deadlines don't wait for what can't leave.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlines_do_not_queue_up_behind_messages() {
    let harness = TestHarness::open(Rules::sample()).await;
    let leads = waiting(&harness, 30).await;
    let clock = harness.clock.clone();
    harness.out.when(move |_| {
        clock.advance_to(clock.now() + SECOND * 2);
        Fate::Refuse(403)
    });
    harness.pass(DAY);
    let mut lapsed = 0;
    for _ in 0..10 {
        lapsed += harness.sweep().await.lapsed;
        harness.pass(SECOND * 60);
    }
    assert_eq!(lapsed, leads.len());
}
