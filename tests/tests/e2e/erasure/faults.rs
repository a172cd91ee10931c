//! An erasure that is cut off, overtaken, or about to be contradicted by an alert.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use baton_core::commands::{Actor, Assign, CommandRequest};
use baton_core::id::Identity;
use baton_engine::Rules;
use baton_tests::{Baton, Fate, Request, TestHarness, World, activity, lead_path, request};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{KIM, erase, found, kinds};

const MINUTES: SignedDuration = SignedDuration::from_mins(11);

fn kim() -> Identity {
    Identity::parse(KIM).unwrap()
}

/// A lead with an owner and messages, some of them not delivered, and with so many activities.
async fn rig_with_kim(activities: usize, is_told: bool) -> TestHarness {
    let harness = TestHarness::open(Rules::sample()).await;
    for n in 0..activities {
        let deed = activity(&format!("a-{n}"), "pricing.viewed", "kim@acme.example", "DE");
        harness.record(deed).await.unwrap();
    }
    let visit = activity("visit", "event.booth_visited", "kim@acme.example", "DE");
    harness.record(visit).await.unwrap();
    if !is_told {
        harness.out.when(|_| Fate::Refuse(500));
    }
    let assign = CommandRequest::new(Assign {}, Actor::Router, request());
    harness.services.execute(kim().lead_id(), &assign).await.unwrap();
    harness
}

async fn erase_kim(harness: &TestHarness) -> bool {
    harness
        .services
        .erasure
        .erase(kim().lead_id(), Some(&kim()), &Actor::Crm, &request())
        .await
        .is_ok()
}

/// Enough sweeps for whatever was cut off.
async fn sweep_up(harness: &TestHarness) {
    for _ in 0..4 {
        harness.pass(MINUTES);
        harness.sweep().await;
    }
}

async fn is_clean(harness: &TestHarness, case: &str) {
    let table = harness.dump().await;
    assert_eq!(found(&table, &["kim", "acme"]), [""; 0], "{case}: {table:?}");
    let kinds = kinds(&table);
    for kind in ["lead", "activity", "history", "message", "erasing"] {
        assert_eq!(kinds.get(kind), None, "{case}: {table:?}");
    }
}

#[tokio::test]
async fn a_ledger_longer_than_a_transaction_goes_whole() {
    let harness = rig_with_kim(230, true).await;
    let erased = harness
        .services
        .erasure
        .erase(kim().lead_id(), None, &Actor::Crm, &request())
        .await
        .unwrap();
    assert_eq!(erased.removed.activities, 231);
    let table = harness.dump().await;
    assert_eq!(found(&table, &["kim", "acme"]), [""; 0]);
    sweep_up(&harness).await;
    is_clean(&harness, "after the sweep").await;
}

/// Which calls to the table meet which fate: those from some call on, or that one alone.
fn cut(
    harness: &TestHarness,
    fate: Fate,
    is_cut: impl Fn(usize) -> bool + Send + 'static,
) -> Arc<AtomicUsize> {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    harness.table.when(move |_| match is_cut(counted.fetch_add(1, Ordering::SeqCst)) {
        true => fate,
        false => Fate::Pass,
    });
    calls
}

/// Every call of an erasure fails, and all that would follow it: the asker is told so, and the
/// sweep goes on.
#[tokio::test]
async fn wherever_it_is_cut_off_the_sweep_finishes_it() {
    let mut points = 0;
    loop {
        let harness = rig_with_kim(3, true).await;
        cut(&harness, Fate::Refuse(400), move |call| call >= points);
        let is_done = erase_kim(&harness).await;
        harness.table.heal();
        let (case, table) = (format!("cut off from call {points}"), harness.dump().await);
        if is_done {
            assert_eq!(found(&table, &["kim"]), [""; 0], "{case}: said to be gone");
            break;
        }
        points += 1;
        if !kinds(&table).contains_key("tombstone") {
            assert!(kinds(&table).contains_key("lead"), "{case}: all or nothing");
            assert!(erase_kim(&harness).await, "{case}: asked again");
        }
        sweep_up(&harness).await;
        is_clean(&harness, &case).await;
    }
    assert!(points >= 16, "{points}");
    println!("{points} of {points} points");
}

/// The answer to each call is lost, and the client asks again.
#[tokio::test]
async fn an_answer_that_is_lost_erases_nobody_twice() {
    for point in 0.. {
        let harness = rig_with_kim(3, true).await;
        let calls = cut(&harness, Fate::LoseAnswer, move |call| call == point);
        assert!(erase_kim(&harness).await, "{point}");
        let is_past_the_end = calls.load(Ordering::SeqCst) <= point;
        harness.table.heal();
        assert_eq!(found(&harness.dump().await, &["kim"]), [""; 0], "{point}: said to be gone");
        sweep_up(&harness).await;
        is_clean(&harness, &format!("lost answer {point}")).await;
        let news = harness.post.events();
        let news = news.iter().filter(|event| event["detail-type"] == "lead.erased");
        assert_eq!(news.count(), 1, "{point}");
        if is_past_the_end {
            break;
        }
    }
}

/// An index that was behind showed an activity only after the answer.
#[tokio::test]
async fn what_an_index_shows_late_is_removed_when_the_sweep_looks_again() {
    let harness = rig_with_kim(1, true).await;
    let before = harness.dump().await;
    let straggler = before.values().find(|item| item["item"]["S"] == "activity").unwrap().clone();
    assert!(erase_kim(&harness).await);
    harness.ask("PutItem", &json!({"TableName": "baton", "Item": straggler}));
    assert_ne!(found(&harness.dump().await, &["kim", "ledger_of"]), [""; 0]);
    sweep_up(&harness).await;
    is_clean(&harness, "after the sweep").await;
}

/// It was cut off when nothing was left to be seen, so that the sweep finds nothing either.
#[tokio::test]
async fn what_an_index_shows_late_of_an_erasure_cut_off_is_removed_too() {
    let harness = rig_with_kim(1, true).await;
    let before = harness.dump().await;
    let straggler = before.values().find(|item| item["item"]["S"] == "activity").unwrap().clone();
    let looks_again = |call: &Request| call.operation == "PutItem" && call.is_about("erasing");
    harness.table.when(move |call| if looks_again(call) { Fate::Refuse(400) } else { Fate::Pass });
    assert!(!erase_kim(&harness).await);
    harness.table.heal();
    harness.minutes(2).await;
    harness.ask("PutItem", &json!({"TableName": "baton", "Item": straggler}));
    sweep_up(&harness).await;
    is_clean(&harness, "after the sweep").await;
}

#[tokio::test]
async fn what_was_not_delivered_yet_is_told_to_nobody() {
    let harness = rig_with_kim(1, false).await;
    let before = harness.dump().await;
    let waits = before.values().filter(|item| item.get("due_at").is_some());
    assert!(waits.count() >= 3, "a lead, an event and an alert");
    assert!(erase_kim(&harness).await);
    harness.out.heal();
    harness.out.taken();
    sweep_up(&harness).await;
    assert_eq!(harness.out.counted(), [("PutEvents".to_owned(), 1)].into(), "the news");
    assert_eq!(harness.post.events().last().unwrap()["detail-type"], "lead.erased");
    is_clean(&harness, "after the sweep").await;
}

/// The tombstone is there and nothing else was removed yet: the alert in the outbox stays there.
#[tokio::test]
async fn an_alert_that_is_still_in_the_table_is_not_delivered_any_more() {
    let harness = rig_with_kim(1, false).await;
    harness.table.when(|request| match request.operation.as_str() {
        "DeleteItem" | "PutItem" => Fate::Refuse(400),
        _ => Fate::Pass,
    });
    assert!(!erase_kim(&harness).await);
    harness.out.heal();
    harness.out.taken();
    harness.minutes(20).await;
    assert!(kinds(&harness.dump().await)["message"] >= 2, "they could not be deleted");
    assert_eq!(harness.out.counted(), [("PutEvents".to_owned(), 1)].into(), "the news");
    harness.table.heal();
    sweep_up(&harness).await;
    is_clean(&harness, "after the sweep").await;
}

/// The alert has left, and before it is taken off the list an erasure removes it.
#[tokio::test]
async fn an_alert_that_leaves_while_its_person_is_erased_leaves_nothing() {
    let harness = Arc::new(rig_with_kim(1, false).await);
    harness.out.heal();
    let store = Arc::clone(&harness);
    harness.table.when(move |call| {
        if call.operation == "UpdateItem" && call.body.contains("delivered_at") {
            let sent: Value = serde_json::from_str(&call.body).unwrap();
            store.ask("DeleteItem", &json!({"TableName": "baton", "Key": sent["Key"]}));
        }
        Fate::Pass
    });
    harness.minutes(2).await;
    harness.table.heal();
    assert!(!harness.post.told("assigned").is_empty());
    let table = harness.dump().await;
    let left = table.values().filter(|item| item.get("delivered_at").is_some());
    assert_eq!(left.filter(|item| item.get("message").is_none()).count(), 0, "{table:?}");
    assert_eq!(harness.codes(), ["news_missing"], "what was taken away behind Baton's back");
}

#[tokio::test]
async fn the_news_of_it_is_not_lost_with_the_bus() {
    let harness = rig_with_kim(1, true).await;
    harness.out.when(|_| Fate::Refuse(500));
    assert!(erase_kim(&harness).await);
    sweep_up(&harness).await;
    assert!(kinds(&harness.dump().await).contains_key("erasing"), "something is left to do");
    harness.out.heal();
    sweep_up(&harness).await;
    assert_eq!(harness.post.events().last().unwrap()["detail-type"], "lead.erased");
    is_clean(&harness, "after the sweep").await;
}

/// Activities and commands arrive in the middle: whatever wins, nothing from before it stays.
#[test]
fn whoever_comes_in_the_middle_leaves_nothing_from_before() {
    let world = World::open();
    let visit = |id: String, at: &str| {
        json!({
            "id": id, "type": "event.booth_visited", "email": "kim@acme.example",
            "occurred_at": at, "profile": {"country": "DE"},
        })
    };
    world.activity(visit("first".to_owned(), "2026-03-01T08:00:00Z"));
    let come = |n: usize| {
        let baton: Baton = world.clone();
        thread::spawn(move || {
            for round in 0..6 {
                let id = format!("{n}-{round}");
                let answer = baton.activity(visit(id, "2026-03-01T08:00:00Z"));
                assert!(["scored", "excluded"].contains(&answer["outcome"].as_str().unwrap()));
                let status = baton.command(KIM, "accept", &Value::Null).status;
                assert!([200, 404, 409, 410].contains(&status), "{status}");
                if round == 2 && n == 0 {
                    erase(&baton, KIM).expect(200);
                }
            }
        })
    };
    let comers: Vec<_> = (0..4).map(come).collect();
    comers.into_iter().for_each(|comer| comer.join().unwrap());
    world.advance("30m");
    assert_eq!(world.get(&lead_path(KIM)).problem(), (410, "erased".to_owned()));
    let table = world.table();
    assert_eq!(found(&table, &["kim", "acme", "ledger_of"]), [""; 0], "{table:?}");
    assert!(kinds(&table).keys().all(|kind| ["cursor", "forgotten", "tombstone"].contains(kind)));
}
