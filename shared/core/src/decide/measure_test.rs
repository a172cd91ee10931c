//! What is counted of the whole hand-off.

use jiff::{SignedDuration, Timestamp};

use super::testing::{Desk, activity, person};
use crate::commands::{Accept, Actor, Assign, Qualify, Reassign, Return};
use crate::lead::QualifiedBy;
use crate::measure::{Measured, of_alert, of_decision};
use crate::message::{Alert, Message};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

impl Desk {
    fn measured(&self) -> Vec<Measured> {
        of_decision(self.decided.last().unwrap())
    }

    fn alerts(&self) -> Vec<&Alert> {
        let messages = self.decided.last().unwrap().messages.iter();
        let alerts = messages.filter_map(|message| match message {
            Message::Alert(alert) => Some(&**alert),
            Message::Event(_) | Message::Erased(_) => None,
        });
        alerts.collect()
    }

    /// What is counted when the newest decision's alerts leave.
    fn measured_of_alerts(&self, sent_at: Timestamp) -> Vec<Measured> {
        self.alerts().into_iter().filter_map(|alert| of_alert(alert, sent_at)).collect()
    }
}

#[test]
fn an_activity_is_counted_and_how_it_qualified_the_lead() {
    let mut desk = Desk::new();
    desk.does("form.submitted", &[]);
    assert_eq!(desk.measured(), [Measured::Activity]);
    desk.does("event.booth_visited", &[]);
    assert_eq!(desk.measured(), [Measured::Activity, Measured::Mql(QualifiedBy::FastTrack)]);

    let mut desk = Desk::new();
    for _ in 0..3 {
        desk.does("form.submitted", &[]);
        desk.does("webinar.attended", &[]);
    }
    let mqls = desk.decided.iter().flat_map(of_decision).filter(|m| *m != Measured::Activity);
    assert_eq!(mqls.collect::<Vec<_>>(), [Measured::Mql(QualifiedBy::Score)]);

    let mut desk = Desk::new();
    desk.does("form.submitted", &[]);
    desk.order(Qualify { reason: None }, Actor::Crm).unwrap();
    assert_eq!(desk.measured(), [Measured::Mql(QualifiedBy::Manual)]);
}

#[test]
fn an_activity_that_happened_long_ago_is_timed_from_when_it_arrived() {
    let mut desk = Desk::new();
    let days_ago = desk.now - HOUR * 100;
    desk.record(activity("late", "event.booth_visited", days_ago, &[("country", "DE")]));
    desk.now += HOUR;
    desk.order(Assign {}, Actor::Router).unwrap();
    let sent_at = desk.now + HOUR;
    assert_eq!(desk.measured_of_alerts(sent_at), [Measured::ActivityToAlert(HOUR * 2)]);
}

#[test]
fn only_the_alert_to_the_first_owner_of_a_lead_that_an_activity_qualified_is_timed() {
    let mut desk = Desk::assigned();
    assert_eq!(desk.measured(), []);
    assert_eq!(desk.measured_of_alerts(desk.now).len(), 1);
    let to = if desk.owner() == person("ana") { person("ben") } else { person("ana") };
    desk.order(Reassign { to, reason: None }, Actor::Crm).unwrap();
    assert_eq!(desk.alerts().len(), 2);
    assert_eq!(desk.measured_of_alerts(desk.now), []);

    let mut desk = Desk::new();
    desk.does("form.submitted", &[("country", "DE")]);
    desk.order(Qualify { reason: None }, Actor::Crm).unwrap();
    desk.order(Assign {}, Actor::Router).unwrap();
    assert_eq!((desk.alerts().len(), desk.measured_of_alerts(desk.now)), (1, vec![]));
}

#[test]
fn acceptance_is_timed_from_when_the_present_owner_got_the_lead() {
    let mut desk = Desk::assigned();
    desk.pass("5h");
    let to = if desk.owner() == person("ana") { person("ben") } else { person("ana") };
    desk.order(Reassign { to, reason: None }, Actor::Crm).unwrap();
    desk.pass("2h");
    desk.order(Accept {}, Actor::Crm).unwrap();
    assert_eq!(desk.measured(), [Measured::AssignmentToAcceptance(HOUR * 2)]);
}

#[test]
fn escalations_and_returns_are_counted_whoever_makes_them() {
    let mut desk = Desk::assigned();
    desk.pass("24h");
    desk.lapse().unwrap();
    assert_eq!(
        (desk.measured(), desk.measured_of_alerts(desk.now)),
        (vec![Measured::Escalation], vec![])
    );
    assert_eq!(Desk::returned().measured(), [Measured::Return]);
    let mut desk = Desk::assigned();
    desk.order(Return { reason: "no".into() }, Actor::Crm).unwrap();
    assert_eq!(
        (desk.measured(), desk.measured_of_alerts(desk.now)),
        (vec![Measured::Return], vec![])
    );
}
