//! Every kind of alert against every state a lead may be in when it leaves late.

use baton_core::commands::{
    Accept, Actor, Assign, Command, Convert, Disqualify, Extend, Lapse, Reassign, Return,
    WarningSent,
};
use baton_core::lead::{DeadlineKind, Lead};
use baton_core::message::{Alert, AlertKind, Message};
use baton_fixtures::desk::{Desk, person};

/// A lead's whole trip, a state at a time, and the alerts each step told.
#[derive(Default)]
struct Trip {
    states: Vec<(&'static str, Lead)>,
    alerts: Vec<(&'static str, Alert)>,
}

impl Trip {
    fn note(&mut self, state: &'static str, desk: &Desk) {
        self.states.push((state, desk.lead().clone()));
        let messages = desk.decided.last().unwrap().messages.iter();
        self.alerts.extend(messages.filter_map(|message| match message {
            Message::Alert(alert) => Some((state, (**alert).clone())),
            Message::Event(_) | Message::Erased(_) => None,
        }));
    }

    /// The states in which each alert is still true, from its own on.
    fn told(&self) -> String {
        let late = "2027-01-01T00:00:00Z".parse().unwrap();
        let line = |(made, alert): &(&str, Alert)| {
            let holds = |lead: &Lead| alert.still_true_of(lead, late).is_some();
            let from = self.states.iter().skip_while(|(state, _)| state != made);
            let states = from.filter(|(_, lead)| holds(lead));
            let states: Vec<_> = states.map(|(state, _)| *state).collect();
            format!("{} to {}, {made}: {}", alert.kind.word(), alert.to, states.join(", "))
        };
        self.alerts.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn reassign(desk: &mut Desk, to: &str) {
    let command = Reassign { to: person(to).into(), reason: None };
    desk.order(command, Actor::Crm).unwrap();
}

/// From nobody there to a second cycle, through everybody's hands.
fn whole_trip() -> Trip {
    let (mut desk, mut trip) = (Desk::new(), Trip::default());
    let people = std::mem::take(&mut desk.roster.queues);
    desk.does("event.booth_visited", &[("country", "DE")]);
    trip.note("qualified", &desk);
    desk.order(Assign {}, Actor::Router).unwrap();
    trip.note("unrouted", &desk);
    desk.pass("24h");
    desk.lapse().unwrap();
    trip.note("unrouted again", &desk);
    desk.roster.queues = people;
    desk.pass("15m");
    desk.lapse().unwrap();
    trip.note("dealt", &desk);
    for state in ["escalated", "escalated again"] {
        desk.pass("24h");
        desk.lapse().unwrap();
        trip.note(state, &desk);
    }
    desk.pass("1h");
    reassign(&mut desk, "ben");
    trip.note("ben's", &desk);
    desk.pass("1h");
    reassign(&mut desk, "ana");
    trip.note("ana's again", &desk);
    desk.pass("1h");
    desk.order(Accept {}, Actor::Crm).unwrap();
    trip.note("worked", &desk);
    desk.pass("30d");
    desk.lapse().unwrap();
    trip.note("to be warned", &desk);
    desk.pass("24h");
    desk.lapse().unwrap();
    trip.note("looked at again", &desk);
    desk.order(WarningSent {}, Actor::Clock).unwrap();
    trip.note("warned", &desk);
    end(&desk.lead().clone(), &mut trip, "taken back", Lapse {});
    desk.order(Extend { id: None, reason: "budget".into() }, Actor::Crm).unwrap();
    trip.note("extended", &desk);
    end(&desk.lead().clone(), &mut trip, "converted", Convert {});
    end(&desk.lead().clone(), &mut trip, "ruled out", Disqualify { reason: "x".into() });
    desk.order(Return { reason: "no budget".into() }, Actor::Crm).unwrap();
    trip.note("returned", &desk);
    desk.pass("1h");
    desk.does("event.booth_visited", &[]);
    trip.note("qualified anew", &desk);
    desk.order(Assign {}, Actor::Router).unwrap();
    trip.note("dealt anew", &desk);
    trip
}

/// Another end the trip might have had.
fn end(lead: &Lead, trip: &mut Trip, state: &'static str, command: impl Into<Command>) {
    let mut desk = Desk::new();
    desk.now = lead.deadline().unwrap().at;
    desk.lead = Some(lead.clone());
    desk.order(command, Actor::Clock).unwrap();
    trip.note(state, &desk);
}

#[test]
fn each_alert_is_true_of_some_states_and_no_longer_of_others() {
    insta::assert_snapshot!("truth", whole_trip().told());
}

#[test]
fn a_late_warning_gives_the_date_that_holds() {
    let mut desk = Desk::accepted();
    desk.pass("30d");
    desk.lapse().unwrap();
    let messages = desk.decided.last().unwrap().messages.clone();
    let warnings: Vec<_> = messages.iter().filter_map(warning).collect();
    let [owners, supervisors] = &warnings[..] else { panic!("{warnings:?}") };

    desk.pass("5h");
    let due = |alert: &Alert, desk: &Desk| {
        let alert = alert.still_true_of(desk.lead(), desk.now).unwrap();
        alert.facts.deadline.unwrap().at.duration_since(desk.now).as_hours()
    };
    assert_eq!(due(owners, &desk), 24, "the grace will run from now");
    desk.order(WarningSent {}, Actor::Clock).unwrap();
    desk.pass("2h");
    assert_eq!(desk.clock(), Some((DeadlineKind::TakeBack, 22)));
    assert_eq!(due(supervisors, &desk), 22, "the grace runs");
}

fn warning(message: &Message) -> Option<Alert> {
    match message {
        Message::Alert(alert) if alert.kind == AlertKind::TakeBackWarned => Some((**alert).clone()),
        Message::Alert(_) | Message::Event(_) | Message::Erased(_) => None,
    }
}

#[test]
fn whoever_lost_a_lead_is_told_who_has_it_now() {
    let mut desk = Desk::assigned();
    let first = desk.owner();
    reassign(&mut desk, "ben");
    let messages = desk.decided.last().unwrap().messages.clone();
    reassign(&mut desk, "carla");
    let handed = messages.iter().find_map(|message| match message {
        Message::Alert(alert) if alert.to == first => Some(alert),
        Message::Alert(_) | Message::Event(_) | Message::Erased(_) => None,
    });
    let told = handed.unwrap().still_true_of(desk.lead(), desk.now).unwrap();
    assert_eq!(told.facts.owner, Some(person("carla")));
}

#[test]
fn somebody_elses_lead_is_never_meant() {
    let desk = Desk::assigned();
    let Some(Message::Alert(alert)) = desk.decided.last().unwrap().messages.last() else {
        panic!("an assignment tells the owner");
    };
    let mut other = alert.clone();
    other.facts.lead = baton_core::id::Identity::parse("email:x@acme.example").unwrap().lead_id();
    assert!(alert.still_true_of(desk.lead(), desk.now).is_some());
    assert_eq!(other.still_true_of(desk.lead(), desk.now), None);
}
