//! What is measured of the whole hand-off, at the far end: the lines CloudWatch would read.

use baton_core::commands::{Accept, Actor, Command, CommandRequest, Qualify, Return};
use baton_core::id::LeadId;
use baton_engine::Rules;
use baton_tests::{Fate, Rig, activity, request, run};
use jiff::SignedDuration;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn connected() -> Rig {
    let rig = Rig::open(Rules::sample()).await;
    rig.post.connect(rig.route.clone());
    rig
}

async fn visit(rig: &Rig, id: &str) -> LeadId {
    let visit = activity(id, "event.booth_visited", "kim@acme.example", "DE");
    rig.record(visit).await.unwrap().lead.lead
}

async fn by_crm(rig: &Rig, lead: LeadId, command: impl Into<Command>) {
    let order = CommandRequest::new(command, Actor::Crm, request());
    rig.services.execute(lead, &order).await.unwrap();
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
    let rig = connected().await;
    let kim = visit(&rig, "1").await;
    assert_eq!(
        rig.measured(),
        ["Activities 1.0", "Mqls fast_track 1.0", "ActivityToAlertSeconds 0.0"]
    );
    visit(&rig, "1").await;
    assert_eq!(rig.measured(), ["Duplicates 1.0"]);

    rig.pass(HOUR * 24);
    rig.sweep().await;
    let measured = rig.measured();
    assert_eq!(measured[0], "Escalations 1.0");
    assert_eq!(measured[1..], swept("0.0", "0.0"));
    rig.pass(HOUR);
    by_crm(&rig, kim, Accept {}).await;
    assert_eq!(rig.measured(), ["AssignmentToAcceptanceSeconds 90000.0"]);
    by_crm(&rig, kim, Return { reason: "no budget".into() }).await;
    assert_eq!(rig.measured(), ["Returns 1.0"]);
    by_crm(&rig, kim, Qualify { reason: None }).await;
    assert_eq!(rig.measured(), ["Mqls manual 1.0"]);
}

#[tokio::test]
async fn an_alert_is_timed_once_it_has_left_and_once_only() {
    let rig = connected().await;
    rig.out.when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    visit(&rig, "1").await;
    assert_eq!(rig.measured(), ["Activities 1.0", "Mqls fast_track 1.0"]);
    rig.pass(HOUR * 2);
    rig.sweep().await;
    assert_eq!(rig.measured(), swept("7140.0", "7140.0"));

    // It leaves; that it did is not noted, so it leaves again.
    rig.out.heal();
    rig.table.when(|call| {
        let is_noted = call.operation == "UpdateItem" && call.body.contains("delivered_at");
        if is_noted { Fate::Refuse(400) } else { Fate::Pass }
    });
    rig.minutes(1).await;
    assert_eq!(rig.measured(), swept("0.0", "7200.0"));
    rig.table.heal();
    rig.minutes(1).await;
    let timed = rig.measured();
    assert_eq!(timed[0], "ActivityToAlertSeconds 7320.0");
    assert_eq!(timed[1..], swept("0.0", "0.0"));
    assert_eq!(rig.post.told("assigned").len(), 2);
    rig.minutes(1).await;
    assert_eq!(rig.measured(), swept("0.0", "0.0"));
}

/// What was decided, but never heard by whoever decided it.
#[tokio::test]
async fn a_decision_whose_answer_was_lost_is_counted_once() {
    for operation in ["record", "accept"] {
        let rig = connected().await;
        let mut lead = None;
        if operation == "accept" {
            lead = Some(visit(&rig, "1").await);
            rig.measured();
        }
        let lost = std::sync::atomic::AtomicBool::new(false);
        rig.table.when(move |call| {
            let is_first = call.operation == "TransactWriteItems"
                && !lost.swap(true, std::sync::atomic::Ordering::SeqCst);
            if is_first { Fate::LoseAnswer } else { Fate::Pass }
        });
        match lead {
            None => {
                visit(&rig, "1").await;
                let expected =
                    ["Activities 1.0", "Mqls fast_track 1.0", "ActivityToAlertSeconds 0.0"];
                assert_eq!(rig.measured(), expected);
            }
            Some(lead) => {
                by_crm(&rig, lead, Accept {}).await;
                assert_eq!(rig.measured(), ["AssignmentToAcceptanceSeconds 0.0"]);
                assert_eq!(rig.post.events().last().unwrap()["detail-type"], "lead.accepted");
            }
        }
    }
}

/// Its silence is what alarms.
#[tokio::test]
async fn a_sweep_that_cannot_read_what_is_due_has_no_heartbeat() {
    let rig = connected().await;
    rig.table.when(|_| Fate::Refuse(400));
    assert!(rig.sla.handle(baton_sla::Tick::default(), &run()).await.is_err());
    assert_eq!(rig.measured(), [""; 0]);
}
