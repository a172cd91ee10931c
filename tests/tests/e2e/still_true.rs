//! Alerts are down for hours, and leads go on: what leaves late is still true, or does not leave.

use baton_core::commands::{Accept, Actor, Command, CommandRequest, Convert, Reassign, Return};
use baton_core::id::{LeadId, PersonId};
use baton_core::lead::Status;
use baton_engine::Rules;
use baton_tests::{Fate, TestHarness, activity, request};
use jiff::SignedDuration;
use serde_json::json;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A lead that visited the booth and has an owner, who has not heard of it.
async fn untold(harness: &TestHarness, name: &str) -> LeadId {
    let who = format!("{name}@acme.example");
    let visit = activity(name, "event.booth_visited", &who, "DE");
    harness.record(visit).await.unwrap().lead.lead
}

async fn by_crm(harness: &TestHarness, lead: LeadId, command: impl Into<Command>) {
    let order = CommandRequest::new(command, Actor::Crm, request());
    harness.services.execute(lead, &order).await.unwrap();
}

async fn with_alerts_down() -> TestHarness {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    harness
}

/// Who was told what of a lead, once alerts leave again: `assigned ana`.
async fn told_after_all(harness: &TestHarness, lead: LeadId) -> Vec<String> {
    harness.out.heal();
    harness.minutes(3).await;
    let letters =
        harness.post.letters().into_iter().filter(|letter| letter.lead == lead.to_string());
    letters.map(|letter| format!("{} {}", letter.kind, letter.to)).collect()
}

/// Alerts of a lead that were never sent: `assigned ana`.
async fn withdrawn(harness: &TestHarness, lead: LeadId) -> Vec<String> {
    let told = harness.services.table().story(lead).await.unwrap();
    let unsent = told.messages.into_iter().filter(|sent| sent.withdrawn_at.is_some());
    unsent
        .map(|sent| {
            assert_eq!(sent.delivered_at, None);
            let message = serde_json::to_value(&sent.message).unwrap();
            format!("{} {}", sent.message.word(), message["alert"]["to"].as_str().unwrap())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_accepted_meanwhile_is_neither_announced_nor_escalated() {
    let harness = with_alerts_down().await;
    let lead = untold(&harness, "kim").await;
    harness.pass(HOUR * 24);
    harness.sweep().await;
    assert_eq!(harness.lead(lead).await.escalations(), 1);
    by_crm(&harness, lead, Accept {}).await;
    assert_eq!(told_after_all(&harness, lead).await, [""; 0]);
    let expected = ["assigned ana", "accept_overdue ana", "accept_overdue sven"];
    assert_eq!(withdrawn(&harness, lead).await, expected);
    let counted = harness.measured().iter().filter(|one| *one == "AlertsWithdrawn 1.0").count();
    assert_eq!(counted, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_former_owner_is_not_told_of_somebody_elses_lead() {
    let harness = with_alerts_down().await;
    let lead = untold(&harness, "kim").await;
    let to = PersonId::parse("ben").unwrap();
    by_crm(&harness, lead, Reassign { to: to.into(), reason: None }).await;
    assert_eq!(told_after_all(&harness, lead).await, ["assigned ben", "handed_over ana"]);
    assert_eq!(withdrawn(&harness, lead).await, ["assigned ana"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_that_went_back_to_marketing_is_nobodys_to_accept() {
    let harness = with_alerts_down().await;
    let lead = untold(&harness, "kim").await;
    by_crm(&harness, lead, Return { reason: "no budget".into() }).await;
    assert_eq!(told_after_all(&harness, lead).await, ["taken_back ana"]);
    assert_eq!(withdrawn(&harness, lead).await, ["assigned ana"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_that_is_gone_is_nothing_to_tell() {
    let harness = with_alerts_down().await;
    let lead = untold(&harness, "kim").await;
    let key = json!({ "pk": { "S": format!("lead#{lead}") }, "sk": { "S": "lead" } });
    harness.ask("DeleteItem", &json!({ "TableName": "baton", "Key": key }));
    assert_eq!(told_after_all(&harness, lead).await, [""; 0]);
    assert_eq!(withdrawn(&harness, lead).await, ["assigned ana"]);
    assert_eq!(harness.codes(), ["orphan"; 6]);
}

/// Rule 8: a warning is not dropped while the lead waits for it, nor sent once it no longer does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_warning_waits_as_long_as_its_lead_does() {
    let harness = with_alerts_down().await;
    let [warned, converted] = [untold(&harness, "kim").await, untold(&harness, "lee").await];
    for lead in [warned, converted] {
        by_crm(&harness, lead, Accept {}).await;
    }
    harness.pass(HOUR * 24 * 30);
    for _ in 0..30 {
        harness.sweep().await;
        harness.pass(HOUR);
    }
    by_crm(&harness, converted, Convert {}).await;
    assert_eq!(harness.lead(warned).await.status(), Status::Working);
    let told = ["take_back_warned ana", "take_back_warned sven"];
    assert_eq!(told_after_all(&harness, warned).await, told);
    let now = harness.lead(warned).await;
    let grace = now.deadline().unwrap().at.duration_since(now.marks().warned_at.unwrap());
    assert_eq!((now.status(), grace), (Status::Working, HOUR * 24));
    assert_eq!(told_after_all(&harness, converted).await, [""; 0]);
}
