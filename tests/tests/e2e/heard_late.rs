//! Rule 2: when we hear of something changes no score; where an index is behind, not for long.

use baton_cloud::Document;
use baton_core::activity::Activity;
use baton_core::commands::Actor;
use baton_core::id::LeadId;
use baton_documents::policy;
use baton_engine::{Draft, Publisher, Rules};
use baton_tests::{Request, TestHarness, World, activity};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

fn deed(id: &str, kind: &str, occurred_at: Timestamp) -> Value {
    json!({"id": id, "type": kind, "email": "kim@acme.example", "occurred_at": occurred_at})
}

/// What the entries add to the score, and the score.
fn worth_and_score(world: &World) -> (f64, f64) {
    let ledger = world.ledger(KIM);
    let entries = ledger["entries"].as_array().unwrap();
    let worth = entries.iter().map(|entry| entry["worth_now"].as_f64().unwrap()).sum();
    (worth, world.lead(KIM)["score"]["behaviour"].as_f64().unwrap())
}

#[test]
fn three_activities_give_one_score_in_every_order_of_arrival_one_by_one_or_in_a_batch() {
    let form = || deed("form", "form.submitted", at("2026-02-20T09:00:00Z"));
    let bye = || deed("bye", "email.unsubscribed", at("2026-02-21T09:00:00Z"));
    let webinar = || deed("webinar", "webinar.attended", at("2026-02-22T09:00:00Z"));
    for order in [
        [form(), bye(), webinar()],
        [form(), webinar(), bye()],
        [bye(), form(), webinar()],
        [bye(), webinar(), form()],
        [webinar(), form(), bye()],
        [webinar(), bye(), form()],
    ] {
        let (one_by_one, batch) = (World::open(), World::open());
        order.iter().for_each(|deed| drop(one_by_one.activity(deed.clone())));
        batch.activity(json!(order));
        for world in [one_by_one, batch] {
            let (worth, score) = worth_and_score(&world);
            assert_eq!(score, 38.0, "{order:?}");
            assert!((worth - score).abs() <= 1.0, "{worth}");
        }
    }
}

#[test]
fn seventy_days_of_price_views_sent_newest_first_count_no_more_than_the_cap_of_a_day() {
    let end = at("2026-03-01T08:00:00Z");
    let view = |n: i64| {
        let moment =
            end - SignedDuration::from_hours(24 * (n / 5)) - SignedDuration::from_mins(n % 5);
        deed(&n.to_string(), "pricing.viewed", moment)
    };
    let (newest_first, in_order) = (World::open(), World::open());
    newest_first.activity(json!((0..350).map(view).collect::<Vec<_>>()));
    in_order.activity(json!((0..350).rev().map(view).collect::<Vec<_>>()));
    let entries = newest_first.ledger(KIM)["entries"].as_array().unwrap().clone();
    for day in entries.chunks(5) {
        let counted: f64 = day.iter().map(|entry| entry["counted"].as_f64().unwrap()).sum();
        assert_eq!(counted, 40.0, "{day:?}");
    }
    assert_eq!(worth_and_score(&newest_first), worth_and_score(&in_order));
}

/// Rules by which a point is worth half after 30 days.
fn a_month() -> String {
    let edited = policy::SAMPLE.replace("half_life = \"90d\"", "half_life = \"30d\"");
    edited.replacen("version = ", "version = \"a-month\" # ", 1)
}

async fn publish(harness: &TestHarness, text: &str) {
    let drafts = [Draft { document: Document::Policy, name: "mine.toml", text }];
    let now = harness.clock.now();
    Publisher(harness.services.table()).publish_drafts(&drafts, now).await.unwrap();
    harness.pass(SignedDuration::from_secs(30));
    harness.sweep().await;
}

async fn behaviour(harness: &TestHarness, lead: LeadId) -> i64 {
    let lead = harness.services.up_to_date(harness.lead(lead).await).await.unwrap();
    harness.services.score(&lead).behaviour
}

fn calls(harness: &TestHarness) -> Vec<String> {
    harness.table.taken().into_iter().map(|call: Request| call.operation).collect()
}

#[tokio::test]
async fn a_half_life_that_was_published_holds_for_score_and_ledger_alike_and_is_read_once() {
    let harness = TestHarness::published().await;
    let now = |id, kind| Activity {
        occurred_at: harness.clock.now(),
        ..activity(id, kind, "kim@acme.example", "DE")
    };
    let lead = harness.record(now("1", "webinar.attended")).await.unwrap().lead.lead;
    harness.pass(SignedDuration::from_hours(24 * 30));
    harness.record(now("2", "form.submitted")).await.unwrap();
    publish(&harness, &a_month()).await;
    assert_eq!(behaviour(&harness, lead).await, 50, "before anything happens");
    for (id, reads) in [("3", true), ("4", false)] {
        harness.table.taken();
        harness.record(now(id, "page.viewed")).await.unwrap();
        let expected: &[&str] = match reads {
            true => &["GetItem", "Query", "TransactWriteItems"],
            false => &["GetItem", "TransactWriteItems"],
        };
        assert_eq!(calls(&harness), expected, "{id}");
        assert_eq!(harness.services.score(&harness.lead(lead).await).behaviour, 50);
    }
}

fn done(id: &str, kind: &str, occurred_at: &str) -> Activity {
    Activity { occurred_at: at(occurred_at), ..activity(id, kind, "kim@acme.example", "DE") }
}

#[tokio::test]
async fn an_estimate_is_made_right_within_two_minutes_or_once_the_index_has_caught_up() {
    for (lag, minutes) in [(0, 0), (20, 2), (90, 3)] {
        let harness = TestHarness::open(Rules::sample()).await;
        harness.lag(SignedDuration::from_secs(lag));
        harness.record(done("1", "form.submitted", "2026-02-20T09:00:00Z")).await.unwrap();
        harness.record(done("2", "webinar.attended", "2026-02-22T09:00:00Z")).await.unwrap();
        let bye = done("3", "email.unsubscribed", "2026-02-21T09:00:00Z");
        let lead = harness.record(bye).await.unwrap().lead.lead;
        assert_eq!(harness.lead(lead).await.recount_at.is_some(), lag > 0);
        harness.minutes(minutes).await;
        let lead = harness.lead(lead).await;
        let score = harness.services.score(&lead).behaviour;
        assert_eq!((score, lead.recount_at), (38, None), "{lag} seconds behind");
        let left: Vec<_> =
            harness.dump().await.into_keys().filter(|k| k.contains("recount")).collect();
        assert_eq!(left, [""; 0], "nothing is due any more");
    }
}

#[tokio::test]
async fn an_activity_on_time_makes_an_estimate_right_if_the_index_has_caught_up() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.lag(SignedDuration::from_secs(5));
    harness.record(done("2", "webinar.attended", "2026-02-22T09:00:00Z")).await.unwrap();
    harness.record(done("3", "email.unsubscribed", "2026-02-21T09:00:00Z")).await.unwrap();
    harness.pass(SignedDuration::from_secs(6));
    let now = activity("4", "form.submitted", "kim@acme.example", "DE");
    let recorded = harness.record(now).await.unwrap();
    assert_eq!((recorded.score.behaviour, recorded.lead.recount_at), (68, None));
}

#[tokio::test]
async fn an_erasure_takes_the_recount_along() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.lag(SignedDuration::from_secs(5));
    harness.record(done("2", "webinar.attended", "2026-02-22T09:00:00Z")).await.unwrap();
    let bye = done("3", "email.unsubscribed", "2026-02-21T09:00:00Z");
    let lead = harness.record(bye).await.unwrap().lead.lead;
    let erasure = &harness.services.erasure;
    erasure.erase(lead, None, &Actor::Crm, &baton_tests::request()).await.unwrap();
    harness.minutes(15).await;
    assert!(harness.dump().await.into_keys().all(|key| !key.contains("recount")));
}
