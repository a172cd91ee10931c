//! An end that was a mistake is taken back: by whom, and what goes on.

use baton_core::commands::{Actor, Convert, Qualify, Reject, Reopen, Report};
use baton_core::lead::Status;
use baton_core::policy::CrmWord;
use baton_core::refusal::Refusal;
use baton_fixtures::desk::{Desk, person};

fn reopen() -> Reopen {
    Reopen { reason: "a slip of the finger".into() }
}

fn slipped() -> Desk {
    let mut desk = Desk::assigned();
    desk.order(Reject { reason: "bad_data".into() }, Actor::Person(desk.owner())).unwrap();
    assert_eq!(desk.lead().status(), Status::Disqualified);
    desk
}

#[test]
fn a_mistapped_bad_data_is_not_for_ever() {
    let mut desk = slipped();
    let (score, era) = (desk.score(), desk.lead().era);
    desk.order(reopen(), Actor::Person(person("mia"))).unwrap();
    assert_eq!(desk.lead().status(), Status::Returned);
    assert_eq!((desk.score(), desk.lead().era), (score, era), "the score goes on");
    assert_eq!(desk.published(), ["lead.returned"]);
    desk.order(Qualify { reason: None, to: None }, Actor::Crm).unwrap();
    assert_eq!((desk.lead().status(), desk.lead().cycle()), (Status::Mql, 2));
}

#[test]
fn what_they_do_next_qualifies_a_reopened_lead_at_once() {
    let mut desk = slipped();
    desk.order(reopen(), Actor::Crm).unwrap();
    desk.does("event.booth_visited", &[]);
    assert_eq!((desk.lead().status(), desk.lead().cycle()), (Status::Mql, 2));
}

#[test]
fn a_conversion_by_mistake_is_taken_back_and_its_owner_hears_of_it() {
    let mut desk = Desk::accepted();
    let owner = desk.owner();
    desk.order(Convert {}, Actor::Crm).unwrap();
    desk.order(reopen(), Actor::Crm).unwrap();
    assert_eq!((desk.lead().status(), desk.lead().owner()), (Status::Returned, None));
    assert_eq!(desk.told(), [format!("{owner} taken_back")]);
    desk.order(Convert {}, Actor::Person(owner.clone())).unwrap();
    assert_eq!((desk.lead().cycle(), desk.owner()), (1, owner), "it was no mistake after all");
}

#[test]
fn marketing_and_supervisors_reopen_and_nobody_else() {
    for (who, may) in [("mia", true), ("sven", true), ("sofia", true), ("carla", false)] {
        let mut desk = slipped();
        let supervisor = desk.lead().marks().supervisor.cloned().unwrap();
        assert_eq!(supervisor, person("sven"));
        let done = desk.order(reopen(), Actor::Person(person(who)));
        let expected = if may { Ok(()) } else { Err(Refusal::NotYours) };
        assert_eq!(done, expected, "{who}");
    }
    let mut desk = slipped();
    let owner = desk.lead().marks().owner.cloned().unwrap();
    assert_eq!(desk.order(reopen(), Actor::Person(owner)), Err(Refusal::NotYours));
}

#[test]
fn what_has_not_ended_is_not_reopened() {
    let refused = |mut desk: Desk| desk.order(reopen(), Actor::Crm).unwrap_err();
    assert_eq!(refused(Desk::accepted()), Refusal::AlreadyQualified(Status::Working));
    assert_eq!(refused(Desk::returned()), Refusal::AlreadyReturned);
    let mut nurtured = Desk::new();
    nurtured.does("form.submitted", &[]);
    assert_eq!(refused(nurtured), Refusal::NotQualified);
}

#[test]
fn the_word_that_was_taken_back_is_an_echo_for_72_hours() {
    for (mut desk, word) in [(slipped(), CrmWord::Disqualify), (Desk::accepted(), CrmWord::Convert)]
    {
        if word == CrmWord::Convert {
            desk.order(Convert {}, Actor::Crm).unwrap();
        }
        desk.order(reopen(), Actor::Crm).unwrap();
        let reason = "reported by the CRM".into();
        let echo = Report { word, cycle: None, at: None, owner: None, reason };
        assert_eq!(desk.order(echo, Actor::Crm), Err(Refusal::Stale));
    }
}
