//! What is measured of the whole hand-off, at the far end: the lines CloudWatch would read.

use baton_core::commands::{Accept, Actor, Command, CommandRequest, Qualify, Return};
use baton_core::id::LeadId;
use baton_engine::Rules;
use baton_tests::{Fate, TestHarness, activity, request, run};
use jiff::SignedDuration;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn connected() -> TestHarness {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.post.connect(harness.route.clone());
    harness
}

async fn visit(harness: &TestHarness, id: &str) -> LeadId {
    let visit = activity(id, "event.booth_visited", "kim@acme.example", "DE");
    harness.record(visit).await.unwrap().lead.lead
}

async fn by_crm(harness: &TestHarness, lead: LeadId, command: impl Into<Command>) {
    let order = CommandRequest::new(command, Actor::Crm, request());
    harness.services.execute(lead, &order).await.unwrap();
}

fn swept(lag: &str, undelivered: &str) -> [String; 3] {
    [
        "SweepHeartbeat 1.0".to_owned(),
        format!("SweepLagSeconds {lag}"),
        format!("OldestUndeliveredSeconds {undelivered}"),
    ]
}

#[tokio::test]
async fn the_hand_off_is_measured_step_by_step() {
    let harness = connected().await;
    let kim = visit(&harness, "1").await;
    assert_eq!(
        harness.measured(),
        ["Activities 1.0", "Mqls fast_track 1.0", "ActivityToAlertSeconds 0.0"]
    );
    visit(&harness, "1").await;
    assert_eq!(harness.measured(), ["Duplicates 1.0"]);

    harness.pass(HOUR * 24);
    harness.sweep().await;
    let measured = harness.measured();
    assert_eq!(measured[0], "Escalations 1.0");
    assert_eq!(measured[1..], swept("0.0", "0.0"));
    harness.pass(HOUR);
    by_crm(&harness, kim, Accept {}).await;
    assert_eq!(harness.measured(), ["AssignmentToAcceptanceSeconds 90000.0"]);
    by_crm(&harness, kim, Return { reason: "no budget".into() }).await;
    assert_eq!(harness.measured(), ["Returns 1.0"]);
    by_crm(&harness, kim, Qualify { reason: None, to: None }).await;
    assert_eq!(harness.measured(), ["Mqls manual 1.0"]);
}

#[tokio::test]
async fn an_alert_is_timed_once_it_has_left_and_once_only() {
    let harness = connected().await;
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    visit(&harness, "1").await;
    assert_eq!(harness.measured(), ["Activities 1.0", "Mqls fast_track 1.0"]);
    harness.pass(HOUR * 2);
    harness.sweep().await;
    assert_eq!(harness.measured(), swept("7140.0", "7140.0"));

    // It leaves; that it did is not noted, so it leaves again.
    harness.out.heal();
    harness.table.when(|call| {
        let is_noted = call.operation == "UpdateItem" && call.body.contains("delivered_at");
        if is_noted { Fate::Refuse(400) } else { Fate::Pass }
    });
    harness.minutes(1).await;
    assert_eq!(harness.measured(), swept("0.0", "7200.0"));
    harness.table.heal();
    harness.minutes(1).await;
    let timed = harness.measured();
    assert_eq!(timed[0], "ActivityToAlertSeconds 7320.0");
    assert_eq!(timed[1..], swept("0.0", "0.0"));
    assert_eq!(harness.post.told("assigned").len(), 2);
    harness.minutes(1).await;
    assert_eq!(harness.measured(), swept("0.0", "0.0"));
}

/// What was decided, but never heard by whoever decided it.
#[tokio::test]
async fn a_decision_whose_answer_was_lost_is_counted_once() {
    for operation in ["record", "accept"] {
        let harness = connected().await;
        let mut lead = None;
        if operation == "accept" {
            lead = Some(visit(&harness, "1").await);
            harness.measured();
        }
        let lost = std::sync::atomic::AtomicBool::new(false);
        harness.table.when(move |call| {
            let is_first = call.operation == "TransactWriteItems"
                && !lost.swap(true, std::sync::atomic::Ordering::SeqCst);
            if is_first { Fate::LoseAnswer } else { Fate::Pass }
        });
        match lead {
            None => {
                visit(&harness, "1").await;
                let expected =
                    ["Activities 1.0", "Mqls fast_track 1.0", "ActivityToAlertSeconds 0.0"];
                assert_eq!(harness.measured(), expected);
            }
            Some(lead) => {
                by_crm(&harness, lead, Accept {}).await;
                assert_eq!(harness.measured(), ["AssignmentToAcceptanceSeconds 0.0"]);
                assert_eq!(harness.post.events().last().unwrap()["detail-type"], "lead.accepted");
            }
        }
    }
}

/// Its silence is what alarms.
#[tokio::test]
async fn a_sweep_that_cannot_read_what_is_due_has_no_heartbeat() {
    let harness = connected().await;
    harness.table.when(|_| Fate::Refuse(400));
    assert!(harness.sla.handle(baton_sla::Tick::default(), &run()).await.is_err());
    assert_eq!(harness.measured(), [""; 0]);
}
