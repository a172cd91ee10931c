//! What sales did outside the system: on record in one decision, and out of the figures of clocks.

use baton_core::commands::{Actor, Convert, Reject, Report};
use baton_core::lead::{DeadlineKind, QualifiedBy, Status};
use baton_core::measure::{Measured, of_decision};
use baton_core::policy::CrmWord;
use baton_core::refusal::Refusal;
use baton_fixtures::desk::{Desk, person};

fn says(word: CrmWord, owner: Option<&str>) -> Report {
    let reason = "reported by the CRM".into();
    Report { word, cycle: None, at: None, owner: owner.map(person), reason }
}

fn nurtured() -> Desk {
    let mut desk = Desk::new();
    desk.does("form.submitted", &[("country", "DE")]);
    desk
}

#[test]
fn a_nurtured_lead_that_the_crm_has_converted_is_dealt_to_nobody() {
    let mut desk = nurtured();
    desk.order(says(CrmWord::Convert, None), Actor::Crm).unwrap();
    let lead = desk.lead();
    assert_eq!((lead.status(), lead.cycle(), lead.owner()), (Status::Converted, 1, None));
    let marks = lead.marks();
    assert_eq!(marks.mql_by, Some(QualifiedBy::Manual));
    let now = Some(desk.now);
    assert_eq!((marks.mql_at, marks.accepted_at, marks.converted_at), (now, now, now));
    assert_eq!((marks.assigned_at, marks.owner), (None, None));
    assert_eq!(desk.published(), ["lead.converted"]);
    let line = desk.decided.last().unwrap().history.clone().unwrap();
    assert_eq!((line.command.word(), line.path), ("report", Some(QualifiedBy::Manual)));
    assert!(desk.told().is_empty());
    // What they do from now on deals them to nobody either.
    desk.does("event.booth_visited", &[]);
    assert_eq!(desk.lead().status(), Status::Converted);
}

#[test]
fn a_nurtured_lead_that_sales_works_is_its_owners_or_dealt_and_counts_as_accepted() {
    let mut desk = nurtured();
    desk.order(says(CrmWord::Accept, Some("ben")), Actor::Crm).unwrap();
    assert_eq!((desk.lead().status(), desk.owner()), (Status::Working, person("ben")));
    assert_eq!(desk.clock(), Some((DeadlineKind::Convert, 30 * 24)));
    assert!(desk.told().is_empty(), "ben knows");

    let mut desk = nurtured();
    desk.order(says(CrmWord::Accept, None), Actor::Crm).unwrap();
    assert_eq!(desk.lead().status(), Status::Working);
    assert_eq!(desk.told(), [format!("{} assigned", desk.owner())]);
    assert!(desk.decided.last().unwrap().turn.is_some(), "it was their turn");
}

#[test]
fn the_rep_who_forgot_converts_within_30_days_of_the_return_on_the_same_trip() {
    for wait in ["1h", "30d"] {
        let mut desk = Desk::returned();
        let owner = desk.lead().marks().owner.cloned().unwrap();
        desk.pass(wait);
        let other = if owner == person("ana") { "ben" } else { "ana" };
        let no = desk.order(Convert {}, Actor::Person(person(other)));
        assert_eq!(no, Err(Refusal::NotYours));
        desk.order(Convert {}, Actor::Person(owner.clone())).unwrap();
        assert_eq!((desk.lead().cycle(), desk.owner()), (1, owner));
    }
    let mut desk = Desk::returned();
    let owner = desk.lead().marks().owner.cloned().unwrap();
    desk.pass("31d");
    let late = desk.order(Convert {}, Actor::Person(owner));
    assert_eq!(late, Err(Refusal::AlreadyReturned));
}

#[test]
fn the_crm_takes_a_returned_lead_up_on_the_same_trip_and_later_on_a_new_one() {
    for (wait, cycle) in [("1h", 1), ("30d", 1), ("31d", 2)] {
        for (word, status) in
            [(CrmWord::Accept, Status::Working), (CrmWord::Convert, Status::Converted)]
        {
            let mut desk = Desk::returned();
            let owner = desk.lead().marks().owner.cloned();
            desk.pass(wait);
            desk.order(says(word, None), Actor::Crm).unwrap();
            assert_eq!((desk.lead().status(), desk.lead().cycle()), (status, cycle), "{wait}");
            if cycle == 1 {
                assert_eq!(desk.lead().owner(), owner.as_ref(), "{wait}");
            }
        }
    }
}

#[test]
fn whoever_named_has_left_gets_no_work_and_the_last_owner_who_has_left_neither() {
    let mut desk = nurtured();
    desk.roster.people.get_mut(&person("ben")).unwrap().active = false;
    let ben = desk.order(says(CrmWord::Accept, Some("ben")), Actor::Crm);
    assert_eq!(ben, Err(Refusal::Unavailable(person("ben"))));
    let nobody = desk.order(says(CrmWord::Accept, Some("nobody")), Actor::Crm);
    assert_eq!(nobody, Err(Refusal::UnknownPerson));

    let mut desk = Desk::assigned();
    let owner = desk.owner();
    desk.order(Reject { reason: "not_now".into() }, Actor::Crm).unwrap();
    desk.roster.people.get_mut(&owner).unwrap().active = false;
    desk.order(says(CrmWord::Accept, None), Actor::Crm).unwrap();
    assert_ne!(desk.owner(), owner);
}

#[test]
fn only_the_crm_and_marketing_report_what_was_done_outside() {
    for who in ["ana", "sven"] {
        let mut desk = nurtured();
        let report = says(CrmWord::Accept, Some("ana"));
        let no = desk.order(report, Actor::Person(person(who)));
        assert_eq!(no, Err(Refusal::NotYours), "{who}");
    }
    let mut desk = nurtured();
    desk.order(says(CrmWord::Accept, Some("ana")), Actor::Person(person("mia"))).unwrap();
    assert_eq!(desk.owner(), person("ana"));
}

#[test]
fn such_a_trip_stays_out_of_the_figures_of_clocks() {
    let mut desk = nurtured();
    desk.order(says(CrmWord::Accept, None), Actor::Crm).unwrap();
    assert_eq!(of_decision(desk.decided.last().unwrap()), [Measured::Mql(QualifiedBy::Manual)]);
    assert!(desk.decided.last().unwrap().history.as_ref().unwrap().reported);
    desk.pass("3d");
    desk.order(Convert {}, Actor::Crm).unwrap();
    assert!(desk.decided.last().unwrap().history.as_ref().unwrap().reported, "all of that trip");
}
