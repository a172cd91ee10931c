//! A day of downtime: what fell due meanwhile happens once, in order, within bounds.

use std::sync::Arc;

use baton_core::id::LeadId;
use baton_engine::Rules;
use baton_tests::{Fate, Rig, activity, copy, lead_id, run};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Deadlines that passed; the benchmark `catch_up` has 100,000.
const DUE: i32 = 600;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const KIM: &str = "kim@acme.example";

/// Leads that wait for an owner since a second after one another, the last one first in the table.
async fn waiting(rig: &Rig, count: i32) -> Vec<LeadId> {
    rig.is_looked_at();
    let visit = activity("kim", "event.booth_visited", KIM, "DE");
    let kim = rig.record(visit).await.unwrap().lead.lead;
    let item = rig.dump().await.remove(&format!("\"lead#{kim}\" \"lead\"")).unwrap();
    let names: Vec<_> = (0..count).map(|n| format!("p{n}@acme.example")).collect();
    let start = rig.clock.now();
    let put = |(n, name)| {
        let copy = copy(&item, KIM, name, start + SECOND * n);
        json!({ "PutRequest": { "Item": copy } })
    };
    let mut puts: Vec<Value> = (0..count).zip(names.iter().map(String::as_str)).map(put).collect();
    puts.reverse();
    for some in puts.chunks(25) {
        rig.ask("BatchWriteItem", &json!({ "RequestItems": { "baton": some } }));
    }
    let key = json!({ "pk": { "S": format!("lead#{kim}") }, "sk": { "S": "lead" } });
    rig.ask("DeleteItem", &json!({ "TableName": "baton", "Key": key }));
    names.iter().map(|name| lead_id(name)).collect()
}

/// The leads in the order in which they were dealt.
fn dealt(rig: &Rig) -> Vec<String> {
    let events = rig.post.events().into_iter();
    let assigned = events.filter(|event| event["detail-type"] == "lead.assigned");
    assigned.map(|event| event["detail"]["lead"].as_str().unwrap().to_owned()).collect()
}

fn texts(leads: &[LeadId]) -> Vec<String> {
    leads.iter().map(LeadId::to_string).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_step_of_a_day_is_taken_once_and_oldest_first() {
    let rig = Rig::open(Rules::sample()).await;
    let leads = waiting(&rig, DUE).await;
    rig.pass(DAY);
    let mut lapsed = 0;
    for _ in 0..3 {
        let report = rig.sweep().await;
        assert_eq!(report.failed, 0);
        lapsed += report.lapsed;
    }
    assert_eq!(lapsed, leads.len());
    assert_eq!(dealt(&rig), texts(&leads));
}

/// On AWS a run that took longer would be stopped, and the next one would start beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_ends_in_time_and_the_next_one_goes_on() {
    let rig = Rig::open(Rules::sample()).await;
    let leads = waiting(&rig, 60).await;
    rig.pass(DAY);
    let clock = rig.clock.clone();
    rig.table.when(move |call| {
        if call.operation == "TransactWriteItems" {
            clock.advance_to(clock.now() + SECOND);
        }
        Fate::Pass
    });
    let start = rig.clock.now();
    let first = rig.sweep().await;
    assert_eq!((first.lapsed, first.failed), (25, 0), "deadlines leave time for messages");
    assert!(rig.clock.now().duration_since(start) <= SECOND * 45);
    assert_eq!(rig.sweep().await.lapsed, 25);
    assert_eq!(rig.sweep().await.lapsed, 10);
    assert_eq!(dealt(&rig), texts(&leads));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sweeps_at_once_deliver_each_message_once() {
    let rig = Rig::open(Rules::sample()).await;
    rig.out.when(|_| Fate::Refuse(403));
    for n in 0..40 {
        let who = format!("p{n}@acme.example");
        rig.record(activity(&n.to_string(), "event.booth_visited", &who, "DE")).await.unwrap();
    }
    rig.out.heal();
    rig.pass(SECOND * 61);
    let sweeps = (0..4).map(|_| {
        let services = Arc::clone(&rig.services);
        tokio::spawn(async move { services.sweeper.sweep(&run()).await.unwrap() })
    });
    let mut delivered = 0;
    for sweep in sweeps.collect::<Vec<_>>() {
        delivered += sweep.await.unwrap().delivered;
    }
    assert_eq!((delivered, rig.post.events().len()), (40, 40));
}

/// Rule 10, with alerts down: the deadlines don't wait for what can't leave.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlines_do_not_queue_up_behind_messages() {
    let rig = Rig::open(Rules::sample()).await;
    let leads = waiting(&rig, 30).await;
    let clock = rig.clock.clone();
    rig.out.when(move |_| {
        clock.advance_to(clock.now() + SECOND * 2);
        Fate::Refuse(403)
    });
    rig.pass(DAY);
    let mut lapsed = 0;
    for _ in 0..10 {
        lapsed += rig.sweep().await.lapsed;
        rig.pass(SECOND * 60);
    }
    assert_eq!(lapsed, leads.len());
}
