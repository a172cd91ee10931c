//! To whom a lead is passed or given: somebody by name, or whoever's turn it is in a queue.

use baton_core::commands::{Actor, Assign, Command, Qualify, Reassign, Recipient};
use baton_core::lead::Status;
use baton_core::refusal::Refusal;
use baton_fixtures::desk::{Desk, person};

fn to(text: &str) -> Recipient {
    Recipient::try_from(text.to_owned()).unwrap()
}

fn give(text: &str) -> Command {
    Reassign { to: to(text), reason: None }.into()
}

fn qualify(text: &str) -> Command {
    Qualify { reason: None, to: Some(to(text)) }.into()
}

fn nurtured() -> Desk {
    let mut desk = Desk::new();
    desk.does("form.submitted", &[("country", "DE")]);
    desk
}

#[test]
fn a_lead_is_given_to_a_queue_and_dealt_to_whoever_is_next_there() {
    for mut desk in [Desk::assigned(), Desk::accepted()] {
        let (before, status) = (desk.owner(), desk.lead().status());
        desk.order(give("queue:americas"), Actor::Crm).unwrap();
        assert_eq!(desk.lead().queue().unwrap().as_str(), "americas");
        assert_eq!(desk.lead().status(), status, "it is worked anew, not qualified anew");
        let expected = [format!("{} assigned", desk.owner()), format!("{before} handed_over")];
        assert_eq!(desk.told(), expected);
        let turn = desk.decided.last().unwrap().turn.clone().unwrap();
        assert_eq!((turn.queue.as_str(), turn.dealt), ("americas", 1));
    }
}

#[test]
fn whoever_has_it_is_left_out_when_it_is_given_to_their_own_queue() {
    let mut desk = Desk::assigned();
    for _ in 0..4 {
        let before = desk.owner();
        desk.order(give("queue:emea"), Actor::Crm).unwrap();
        assert_ne!(desk.owner(), before);
    }
}

#[test]
fn a_queue_that_is_not_there_or_has_nobody_there_is_refused() {
    let mut desk = Desk::assigned();
    assert_eq!(desk.order(give("queue:apac"), Actor::Crm), Err(Refusal::UnknownQueue));
    for id in ["carla", "diego"] {
        desk.roster.people.get_mut(&person(id)).unwrap().active = false;
    }
    let Recipient::Queue(americas) = to("queue:americas") else { unreachable!() };
    let nobody = desk.order(give("queue:americas"), Actor::Crm);
    assert_eq!(nobody, Err(Refusal::NobodyAvailable(americas)));
    let mut desk = nurtured();
    assert_eq!(desk.order(qualify("queue:apac"), Actor::Crm), Err(Refusal::UnknownQueue));
    assert_eq!(desk.order(qualify("nobody"), Actor::Crm), Err(Refusal::UnknownPerson));
}

#[test]
fn qualify_names_who_already_has_the_lead() {
    let mut desk = nurtured();
    desk.order(qualify("ben"), Actor::Crm).unwrap();
    assert_eq!((desk.lead().status(), desk.owner()), (Status::Mql, person("ben")));
    assert_eq!(desk.published(), ["lead.qualified", "lead.assigned"]);
    assert_eq!(desk.told(), ["ben assigned"]);
    assert_eq!(desk.order(Assign {}, Actor::Router), Err(Refusal::AlreadyAssigned));
}

#[test]
fn qualify_names_a_queue_whatever_the_rules_say() {
    let mut desk = nurtured();
    desk.order(qualify("queue:americas"), Actor::Crm).unwrap();
    desk.order(Assign {}, Actor::Router).unwrap();
    assert_eq!(desk.lead().queue().unwrap().as_str(), "americas");
}

#[test]
fn a_recipient_is_a_person_or_a_queue_and_reads_as_it_was_written() {
    for text in ["ana", "queue:emea"] {
        assert_eq!(to(text).to_string(), text);
    }
    for odd in ["", "queue:", "queue:Emea", "Ana", "team:emea", "queue:emea:x"] {
        assert!(Recipient::try_from(odd.to_owned()).is_err(), "{odd}");
    }
}
