//! What an erased lead is, and what every order finds of it.

use baton_core::Refusal;
use baton_core::alert_freshness::Freshness;
use baton_core::commands::{
    Accept, Actor, Assign, Command, CommandRequest, Convert, Disqualify, Extend, Lapse, Qualify,
    Reason, Reassign, Record, Reject, Return, WarningSent,
};
use baton_core::erasure::{ErasureDecision, LeadRecord, TIMES, Tombstone, erase};
use baton_core::id::Identity;
use baton_core::lead::{Lead, Status};
use baton_core::message::Message;
use baton_fixtures::desk::{Desk, activity, person, request};
use jiff::SignedDuration;

fn bury(desk: &Desk) -> ErasureDecision {
    erase(desk.lead().lead, desk.lead.as_ref(), &request(), desk.now)
}

/// Somebody does something; the lead is there again.
fn comes_back(desk: &mut Desk, tombstone: &Tombstone) {
    let visit = activity("back", "event.booth_visited", desk.now, &[("country", "DE")]);
    let order = CommandRequest::new(Record::new(visit), Actor::Crm, request());
    desk.lead = Some(tombstone.answer(&order, desk.now).unwrap());
    desk.give(&order).unwrap();
}

#[test]
fn what_is_left_says_nothing_of_the_person() {
    let mut desk = Desk::new();
    desk.does("event.booth_visited", &[("name", "Kim Lee"), ("title", "VP Sales")]);
    let ErasureDecision { was, tombstone, message } = bury(&desk);
    assert_eq!((was, tombstone.version), (desk.lead().version, desk.lead().version + 1));
    assert_eq!(
        serde_json::to_value(&tombstone).unwrap(),
        serde_json::json!({
            "lead": "526dab18af648d3461ae0061", "version": 2,
            "erased": {"at": "2026-03-01T09:00:00Z", "times": 1, "version": 2, "era": 0},
        })
    );
    let Message::Erased(news) = message else { unreachable!("news for the bus") };
    assert_eq!(
        serde_json::to_value(&news).unwrap(),
        serde_json::json!({
            "schema": 1, "name": "lead.erased", "lead": "526dab18af648d3461ae0061",
            "at": "2026-03-01T09:00:00Z", "version": 2,
            "correlation": request(),
        })
    );
}

#[test]
fn an_erased_lead_refuses_every_order_but_something_new() {
    let desk = Desk::assigned();
    let tombstone = bury(&desk).tombstone;
    let reason = || Reason::from("because");
    for command in [
        Command::from(Assign {}),
        Lapse {}.into(),
        WarningSent {}.into(),
        Accept {}.into(),
        Reject { reason: reason() }.into(),
        Convert {}.into(),
        Extend { reason: reason(), id: None }.into(),
        Return { reason: reason() }.into(),
        Disqualify { reason: reason() }.into(),
        Reassign { to: person("ben").into(), reason: None }.into(),
        Qualify { reason: None, to: None }.into(),
    ] {
        let order = CommandRequest::new(command, Actor::Crm, request());
        assert_eq!(tombstone.answer(&order, desk.now), Err(Refusal::Erased), "{order:?}");
    }
}

#[test]
fn what_a_person_does_afterwards_begins_a_lead_anew() {
    let mut desk = Desk::accepted();
    desk.order(Return { reason: "not now".into() }, Actor::Crm).unwrap();
    desk.does("form.submitted", &[("name", "Kim Lee")]);
    let (before, tombstone) = (desk.lead().clone(), bury(&desk).tombstone);
    desk.pass("1h");
    comes_back(&mut desk, &tombstone);
    let lead = desk.lead();
    assert_eq!((lead.status(), lead.cycle()), (Status::Mql, 1), "its first trip");
    assert_eq!(lead.marks().first_mql_at, Some(desk.now));
    assert_eq!((lead.version, lead.era), (tombstone.version + 1, before.era + 1));
    assert_eq!((lead.profile.text("name"), lead.behaviour.as_of), (None, desk.now));
    let entry = desk.decided.last().unwrap().entry.clone().unwrap();
    let old = desk.decided[0].entry.clone().unwrap();
    assert!(tombstone.erased.took(&old) && !tombstone.erased.took(&entry));
    assert!(tombstone.erased.took_version(before.version));
    assert!(!tombstone.erased.took_version(tombstone.version));
}

#[test]
fn what_happened_before_is_not_taken_however_late_it_comes() {
    let mut desk = Desk::assigned();
    let tombstone = bury(&desk).tombstone;
    let late = activity("late", "form.submitted", desk.now - SignedDuration::from_secs(1), &[]);
    let order = CommandRequest::new(Record::new(late), Actor::Crm, request());
    desk.pass("1h");
    desk.lead = Some(tombstone.answer(&order, desk.now).unwrap());
    assert_eq!(desk.give(&order), Err(Refusal::BeforeErasure));
    comes_back(&mut desk, &tombstone);
    let lead = desk.lead().clone();
    assert_eq!(desk.give(&order), Err(Refusal::BeforeErasure));
    assert_eq!(desk.lead(), &lead);
}

#[test]
fn a_link_from_before_does_nothing_to_the_lead_that_began_anew() {
    let mut desk = Desk::assigned();
    let tombstone = bury(&desk).tombstone;
    comes_back(&mut desk, &tombstone);
    desk.order(Assign {}, Actor::Router).unwrap();
    let by = Actor::Person(desk.owner());
    let order = |erasures| CommandRequest {
        cycle: Some(1),
        erasures: Some(erasures),
        ..CommandRequest::new(Accept {}, by.clone(), request())
    };
    assert_eq!(desk.give(&order(0)), Err(Refusal::AnotherCycle));
    assert_eq!(desk.give(&order(1)), Ok(()));
}

#[test]
fn a_clock_that_stepped_back_erases_what_was_decided_before_it_did() {
    let mut desk = Desk::assigned();
    desk.now -= SignedDuration::from_hours(1);
    let lead = desk.lead();
    assert_eq!(bury(&desk).tombstone.erased.at, lead.changed_at);
}

#[test]
fn erasures_are_counted_and_somebody_nobody_knows_can_be_erased() {
    let who = Identity::parse("email:kim@acme.example").unwrap();
    let now = Desk::new().now;
    let mut lead = None;
    for times in 1..=u64::from(TIMES) + 1 {
        let ErasureDecision { was, tombstone, .. } =
            erase(who.lead_id(), lead.as_ref(), &request(), now);
        assert_eq!((was, u64::from(tombstone.erased.times)), (times - 1, times % u64::from(TIMES)));
        let Tombstone { version, erased, .. } = tombstone;
        lead = Some(Lead { version, erased: Some(erased), ..Lead::new(who.clone(), now) });
    }
}

#[test]
fn what_an_erasure_took_is_never_said_late() {
    let desk = Desk::assigned();
    let left = |known: &LeadRecord| {
        let told = desk.decided.last().unwrap().outbox();
        let left = told.map(|(id, message)| message.freshness(id, Some(known), desk.now));
        left.collect::<Vec<_>>()
    };
    let ErasureDecision { tombstone, message, .. } = bury(&desk);
    let to_say = |left: &Freshness| matches!(left, Freshness::Current(_));
    assert!(left(&LeadRecord::Lead(Box::new(desk.lead().clone()))).iter().all(to_say));
    let known = LeadRecord::Erased(tombstone.clone());
    assert!(left(&known).iter().all(|left| *left == Freshness::Erased));
    let news = message.freshness(tombstone.news(), Some(&known), desk.now);
    assert_eq!(news, Freshness::Current(message), "but the news of it is");
}
