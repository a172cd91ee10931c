//! What is counted of the whole hand-off.

use baton_core::commands::{Accept, Actor, Assign, Qualify, Reassign, Return};
use baton_core::lead::QualifiedBy;
use baton_core::measure::{Measured, of_alert, of_decision};
use baton_core::message::{Alert, Message};
use baton_fixtures::desk::{Desk, activity, person};
use jiff::{SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn measured(desk: &Desk) -> Vec<Measured> {
    of_decision(desk.decided.last().unwrap())
}

fn alerts(desk: &Desk) -> Vec<&Alert> {
    let messages = desk.decided.last().unwrap().messages.iter();
    let alerts = messages.filter_map(|message| match message {
        Message::Alert(alert) => Some(&**alert),
        Message::Event(_) | Message::Erased(_) => None,
    });
    alerts.collect()
}

/// What is counted when the newest decision's alerts leave.
fn measured_of_alerts(desk: &Desk, sent_at: Timestamp) -> Vec<Measured> {
    alerts(desk).into_iter().filter_map(|alert| of_alert(alert, sent_at)).collect()
}

#[test]
fn an_activity_is_counted_and_how_it_qualified_the_lead() {
    let mut desk = Desk::new();
    desk.does("form.submitted", &[]);
    assert_eq!(measured(&desk), [Measured::Activity]);
    desk.does("event.booth_visited", &[]);
    assert_eq!(measured(&desk), [Measured::Activity, Measured::Mql(QualifiedBy::FastTrack)]);

    let mut desk = Desk::new();
    for _ in 0..3 {
        desk.does("form.submitted", &[]);
        desk.does("webinar.attended", &[]);
    }
    let mqls = desk.decided.iter().flat_map(of_decision).filter(|m| *m != Measured::Activity);
    assert_eq!(mqls.collect::<Vec<_>>(), [Measured::Mql(QualifiedBy::Score)]);

    let mut desk = Desk::new();
    desk.does("form.submitted", &[]);
    desk.order(Qualify { reason: None, to: None }, Actor::Crm).unwrap();
    assert_eq!(measured(&desk), [Measured::Mql(QualifiedBy::Manual)]);
}

#[test]
fn an_activity_that_happened_long_ago_is_timed_from_when_it_arrived() {
    let mut desk = Desk::new();
    let days_ago = desk.now - HOUR * 100;
    desk.record(activity("late", "event.booth_visited", days_ago, &[("country", "DE")]));
    desk.now += HOUR;
    desk.order(Assign {}, Actor::Router).unwrap();
    let sent_at = desk.now + HOUR;
    assert_eq!(measured_of_alerts(&desk, sent_at), [Measured::ActivityToAlert(HOUR * 2)]);
}

#[test]
fn only_the_alert_to_the_first_owner_of_a_lead_that_an_activity_qualified_is_timed() {
    let mut desk = Desk::assigned();
    assert_eq!(measured(&desk), []);
    assert_eq!(measured_of_alerts(&desk, desk.now).len(), 1);
    let to = if desk.owner() == person("ana") { person("ben") } else { person("ana") };
    desk.order(Reassign { to: to.into(), reason: None }, Actor::Crm).unwrap();
    assert_eq!(alerts(&desk).len(), 2);
    assert_eq!(measured_of_alerts(&desk, desk.now), []);

    let mut desk = Desk::new();
    desk.does("form.submitted", &[("country", "DE")]);
    desk.order(Qualify { reason: None, to: None }, Actor::Crm).unwrap();
    desk.order(Assign {}, Actor::Router).unwrap();
    assert_eq!((alerts(&desk).len(), measured_of_alerts(&desk, desk.now)), (1, vec![]));
}

#[test]
fn acceptance_is_timed_from_when_the_present_owner_got_the_lead() {
    let mut desk = Desk::assigned();
    desk.pass("5h");
    let to = if desk.owner() == person("ana") { person("ben") } else { person("ana") };
    desk.order(Reassign { to: to.into(), reason: None }, Actor::Crm).unwrap();
    desk.pass("2h");
    desk.order(Accept {}, Actor::Crm).unwrap();
    assert_eq!(measured(&desk), [Measured::AssignmentToAcceptance(HOUR * 2)]);
}

#[test]
fn escalations_and_returns_are_counted_whoever_makes_them() {
    let mut desk = Desk::assigned();
    desk.pass("24h");
    desk.lapse().unwrap();
    assert_eq!(
        (measured(&desk), measured_of_alerts(&desk, desk.now)),
        (vec![Measured::Escalation], vec![])
    );
    assert_eq!(measured(&Desk::returned()), [Measured::Return]);
    let mut desk = Desk::assigned();
    desk.order(Return { reason: "no".into() }, Actor::Crm).unwrap();
    assert_eq!(
        (measured(&desk), measured_of_alerts(&desk, desk.now)),
        (vec![Measured::Return], vec![])
    );
}
