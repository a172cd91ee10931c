//! What a deadline that passes does.

use baton_core::Refusal;
use baton_core::commands::{Accept, Actor, Assign, Reassign};
use baton_core::lead::{DeadlineKind, Status};
use baton_fixtures::desk::{Desk, person};

#[test]
fn rule_6_after_24_hours_owner_and_supervisor_hear_of_it_every_24_hours() {
    let mut desk = Desk::assigned();
    desk.pass("23h 59m");
    assert_eq!(desk.lapse(), Err(Refusal::NotDue));
    desk.pass("1m");
    for day in 1..=3 {
        desk.lapse().unwrap();
        assert_eq!(desk.told(), ["ana accept_overdue", "sven accept_overdue"]);
        assert_eq!(desk.lead().escalations(), day);
        assert_eq!(desk.clock(), Some((DeadlineKind::Accept, 24)));
        desk.pass("24h");
    }
    desk.order(Accept {}, Actor::Crm).unwrap();
    assert_eq!(desk.lead().status(), Status::Working);
}

#[test]
fn rule_6_escalations_are_counted_for_each_owner() {
    let mut desk = Desk::assigned();
    desk.pass("24h");
    desk.lapse().unwrap();
    desk.order(Reassign { to: person("ben").into(), reason: None }, Actor::Crm).unwrap();
    desk.pass("24h");
    desk.lapse().unwrap();
    assert_eq!(desk.told(), ["ben accept_overdue", "sven accept_overdue"]);
    assert_eq!(desk.lead().escalations(), 1);
}

#[test]
fn rule_6_where_nobody_supervises_the_owner_the_house_hears_of_it() {
    let mut desk = Desk::new();
    desk.roster.people.get_mut(&person("ana")).unwrap().supervisor = None;
    desk.does("event.booth_visited", &[("country", "DE")]);
    desk.order(Assign {}, Actor::Router).unwrap();
    desk.pass("24h");
    desk.lapse().unwrap();
    assert_eq!(desk.told(), ["ana accept_overdue", "sofia accept_overdue"]);
}

#[test]
fn an_escalation_leaves_the_promise_where_it_was() {
    let mut desk = Desk::assigned();
    let promised = |desk: &Desk| desk.lead().stage.countdown().unwrap().1.promised_at;
    let first = promised(&desk);
    desk.pass("30h");
    desk.lapse().unwrap();
    assert_eq!(promised(&desk), first);
}
