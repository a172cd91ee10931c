//! What a decision costs, counted where the AWS client meets the table.

use baton::local::delivery;
use baton_core::activity::Activity;
use baton_core::id::{Identity, SourceId};
use baton_engine::{Outcome, Rules};
use baton_tests::{Request, TestHarness, activity, rules_with, sample_roster};

/// What passed, in short: `TransactWriteItems(2)`.
fn calls(harness: &TestHarness) -> Vec<String> {
    let name = |request: Request| match request.transact_items() {
        0 => request.operation,
        items => format!("{}({items})", request.operation),
    };
    harness.table.taken().into_iter().map(name).collect()
}

#[tokio::test]
async fn an_activity_that_does_not_qualify_is_one_read_and_one_write_of_two_items() {
    let harness = TestHarness::open(Rules::sample()).await;
    for id in ["first", "second"] {
        let recorded = harness.record(activity(id, "form.submitted", "kim@acme.example", "DE"));
        assert_eq!(recorded.await.unwrap().outcome, Outcome::Scored);
        assert_eq!(calls(&harness), ["GetItem", "TransactWriteItems(2)"], "{id}");
    }
    assert!(harness.out.taken().is_empty());
}

/// A second name costs one read the first time, and none once the lead is known by both; an alias
/// costs one.
#[tokio::test]
async fn an_activity_that_names_an_address_and_an_id_costs_one_read_more() {
    let harness = TestHarness::open(Rules::sample()).await;
    let both = |id: &str| {
        let activity = activity(id, "page.viewed", "kim@acme.example", "DE");
        let person_id = Some(SourceId::parse("B-17").unwrap());
        Activity { person_id, ..activity }
    };
    let address = |id: &str| activity(id, "pricing.viewed", "kim@acme.example", "DE");
    harness.record(both("1")).await.unwrap();
    assert_eq!(calls(&harness), ["GetItem", "GetItem", "TransactWriteItems(3)"]);
    harness.record(both("2")).await.unwrap();
    assert_eq!(calls(&harness), ["GetItem", "TransactWriteItems(2)"]);
    harness.record(address("3")).await.unwrap();
    assert_eq!(calls(&harness), ["GetItem", "TransactWriteItems(2)"]);
    let who = Identity::parse("tradeshow:B-17").unwrap();
    harness.record(Activity { who, ..address("4") }).await.unwrap();
    assert_eq!(calls(&harness), ["GetItem", "GetItem", "TransactWriteItems(2)"]);
}

#[tokio::test]
async fn a_duplicate_is_one_read_and_one_write_that_fails() {
    let harness = TestHarness::open(Rules::sample()).await;
    let kim = || activity("1", "form.submitted", "kim@acme.example", "DE");
    harness.record(kim()).await.unwrap();
    let before = harness.dump().await;
    harness.table.taken();
    assert_eq!(harness.record(kim()).await.unwrap().outcome, Outcome::Duplicate);
    assert_eq!(calls(&harness), ["GetItem", "TransactWriteItems(2)"]);
    assert_eq!(harness.dump().await, before);
}

#[tokio::test]
async fn an_excluded_persons_activity_costs_no_more_than_anybodys() {
    let harness = TestHarness::open(Rules::sample()).await;
    let spy = activity("1", "event.booth_visited", "spy@competitor.example", "DE");
    assert_eq!(harness.record(spy).await.unwrap().outcome, Outcome::Excluded);
    assert_eq!(calls(&harness), ["GetItem", "TransactWriteItems(2)"]);
}

/// Lead, ledger, history and the event to route it; then the event is off the list.
#[tokio::test]
async fn a_lead_that_qualifies_is_one_read_and_one_write_and_one_delivery() {
    let harness = TestHarness::open(Rules::sample()).await;
    let visit = activity("1", "event.booth_visited", "kim@acme.example", "DE");
    harness.record(visit).await.unwrap();
    assert_eq!(calls(&harness), ["GetItem", "TransactWriteItems(4)", "UpdateItem"]);
    assert_eq!(harness.out.counted(), [("PutEvents".to_owned(), 1)].into());
}

/// Lead, history, event, alert and the queue's turn; then both messages are off the list, and the
/// alert is counted against what its reader may be sent.
#[tokio::test]
async fn an_assignment_reads_the_lead_and_the_turn_and_writes_once() {
    let harness = TestHarness::open(Rules::sample()).await;
    let visit = activity("1", "event.booth_visited", "kim@acme.example", "DE");
    harness.record(visit).await.unwrap();
    harness.table.taken();
    harness.out.taken();
    let event = serde_json::from_value(delivery(&harness.post.events()[0])).unwrap();
    harness.route.handle(event).await.unwrap();
    let updates = ["UpdateItem"; 3];
    let expected = [&["GetItem", "GetItem", "TransactWriteItems(5)"][..], &updates].concat();
    assert_eq!(calls(&harness), expected);
    let out = [("PutEvents".to_owned(), 1), ("Publish".to_owned(), 1)];
    assert_eq!(harness.out.counted(), out.into());

    // The bus delivers it again: two reads at most, and nothing written.
    let event = serde_json::from_value(delivery(&harness.post.events()[0])).unwrap();
    harness.route.handle(event).await.unwrap();
    assert_eq!(calls(&harness), ["GetItem"]);
}

/// Eight shards of deadlines are asked, and eight of messages, whatever is in the table.
#[tokio::test]
async fn a_sweep_with_nothing_due_reads_each_shard_once() {
    let closed = sample_roster(&[("name = \"Hana Sato\"", "name = \"Hana Sato\"\nactive = false")]);
    let harness = TestHarness::open(rules_with(&closed)).await;
    for n in 0..20 {
        let kind = if n % 2 == 0 { "form.submitted" } else { "event.booth_visited" };
        let who = format!("p{n}@acme.example");
        harness.record(activity(&n.to_string(), kind, &who, "XX")).await.unwrap();
    }
    harness.table.taken();
    let report = harness.sweep().await;
    assert_eq!(harness.table.counted(), [("Query".to_owned(), 16)].into());
    assert_eq!(report.lapsed + report.delivered + report.failed, 0);
}

/// An index may be behind; what is decided on may not.
#[tokio::test]
async fn what_is_read_to_decide_is_read_consistently() {
    let harness = TestHarness::open(Rules::sample()).await;
    let visit = activity("1", "event.booth_visited", "kim@acme.example", "DE");
    harness.record(visit).await.unwrap();
    let event = serde_json::from_value(delivery(&harness.post.events()[0])).unwrap();
    harness.route.handle(event).await.unwrap();
    let reads = harness.table.taken().into_iter().filter(|call| call.operation == "GetItem");
    let reads: Vec<_> = reads.map(|call| call.body).collect();
    assert_eq!(reads.len(), 3, "the lead, the lead again, and the turn");
    assert!(reads.iter().all(|read| read.contains(r#""ConsistentRead":true"#)), "{reads:?}");
}

/// What is nothing takes room as well, and a kilobyte more is two write units more.
#[tokio::test]
async fn nothing_is_not_written_down() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.record(activity("1", "form.submitted", "lee@acme.example", "DE")).await.unwrap();
    harness.record(activity("2", "event.booth_visited", "kim@acme.example", "DE")).await.unwrap();
    let event = serde_json::from_value(delivery(&harness.post.events()[0])).unwrap();
    harness.route.handle(event).await.unwrap();
    for (key, item) in harness.dump().await {
        assert!(!item.to_string().contains("NULL"), "{key}: {item}");
    }
}
