//! Alerts are down for hours, and leads go on: what leaves late is still true, or does not leave.

use baton_core::commands::{Accept, Actor, Command, CommandRequest, Convert, Reassign, Return};
use baton_core::id::{LeadId, PersonId};
use baton_core::lead::Status;
use baton_engine::Rules;
use baton_tests::{Fate, Rig, activity, request};
use jiff::SignedDuration;
use serde_json::json;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A lead that visited the booth and has an owner, who has not heard of it.
async fn untold(rig: &Rig, name: &str) -> LeadId {
    let who = format!("{name}@acme.example");
    let visit = activity(name, "event.booth_visited", &who, "DE");
    rig.record(visit).await.unwrap().lead.lead
}

async fn by_crm(rig: &Rig, lead: LeadId, command: impl Into<Command>) {
    let order = CommandRequest::new(command, Actor::Crm, request());
    rig.services.execute(lead, &order).await.unwrap();
}

async fn with_alerts_down() -> Rig {
    let rig = Rig::open(Rules::sample()).await;
    rig.post.connect(rig.route.clone());
    rig.out.when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    rig
}

/// Who was told what of a lead, once alerts leave again: `assigned ana`.
async fn told_after_all(rig: &Rig, lead: LeadId) -> Vec<String> {
    rig.out.heal();
    rig.minutes(3).await;
    let letters = rig.post.letters().into_iter().filter(|letter| letter.lead == lead.to_string());
    letters.map(|letter| format!("{} {}", letter.kind, letter.to)).collect()
}

/// Alerts of a lead that were never sent: `assigned ana`.
async fn withdrawn(rig: &Rig, lead: LeadId) -> Vec<String> {
    let told = rig.services.table().story(lead).await.unwrap();
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
    let rig = with_alerts_down().await;
    let lead = untold(&rig, "kim").await;
    rig.pass(HOUR * 24);
    rig.sweep().await;
    assert_eq!(rig.lead(lead).await.escalations(), 1);
    by_crm(&rig, lead, Accept {}).await;
    assert_eq!(told_after_all(&rig, lead).await, [""; 0]);
    let expected = ["assigned ana", "accept_overdue ana", "accept_overdue sven"];
    assert_eq!(withdrawn(&rig, lead).await, expected);
    let counted = rig.measured().iter().filter(|one| *one == "AlertsWithdrawn 1.0").count();
    assert_eq!(counted, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_former_owner_is_not_told_of_somebody_elses_lead() {
    let rig = with_alerts_down().await;
    let lead = untold(&rig, "kim").await;
    let to = PersonId::parse("ben").unwrap();
    by_crm(&rig, lead, Reassign { to, reason: None }).await;
    assert_eq!(told_after_all(&rig, lead).await, ["assigned ben", "handed_over ana"]);
    assert_eq!(withdrawn(&rig, lead).await, ["assigned ana"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_that_went_back_to_marketing_is_nobodys_to_accept() {
    let rig = with_alerts_down().await;
    let lead = untold(&rig, "kim").await;
    by_crm(&rig, lead, Return { reason: "no budget".into() }).await;
    assert_eq!(told_after_all(&rig, lead).await, ["taken_back ana"]);
    assert_eq!(withdrawn(&rig, lead).await, ["assigned ana"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_that_is_gone_is_nothing_to_tell() {
    let rig = with_alerts_down().await;
    let lead = untold(&rig, "kim").await;
    let key = json!({ "pk": { "S": format!("lead#{lead}") }, "sk": { "S": "lead" } });
    rig.ask("DeleteItem", &json!({ "TableName": "baton", "Key": key }));
    assert_eq!(told_after_all(&rig, lead).await, [""; 0]);
    assert_eq!(withdrawn(&rig, lead).await, ["assigned ana"]);
    assert_eq!(rig.codes(), ["orphan"; 6]);
}

/// Rule 8: a warning is not dropped while the lead waits for it, nor sent once it no longer does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_warning_waits_as_long_as_its_lead_does() {
    let rig = with_alerts_down().await;
    let [warned, converted] = [untold(&rig, "kim").await, untold(&rig, "lee").await];
    for lead in [warned, converted] {
        by_crm(&rig, lead, Accept {}).await;
    }
    rig.pass(HOUR * 24 * 30);
    for _ in 0..30 {
        rig.sweep().await;
        rig.pass(HOUR);
    }
    by_crm(&rig, converted, Convert {}).await;
    assert_eq!(rig.lead(warned).await.status(), Status::Working);
    let told = ["take_back_warned ana", "take_back_warned sven"];
    assert_eq!(told_after_all(&rig, warned).await, told);
    let now = rig.lead(warned).await;
    let grace = now.deadline().unwrap().at.duration_since(now.marks().warned_at.unwrap());
    assert_eq!((now.status(), grace), (Status::Working, HOUR * 24));
    assert_eq!(told_after_all(&rig, converted).await, [""; 0]);
}
