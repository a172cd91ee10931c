//! What somebody can do to a lead now, and what a page that is out of date can't.

use baton_core::commands::{
    Actor, Command, CommandRequest, Convert, Extend, Reason, Reassign, Recipient, Return,
};
use baton_core::decide::{Context, possible};
use baton_core::lead::Deadline;
use baton_core::refusal::Refusal;
use baton_fixtures::desk::{Desk, person, request};

const REASONS: usize = 8;

/// The words of what a person can do, and whom they can give the lead to.
fn can(desk: &Desk, by: &Actor) -> (String, String) {
    can_in(desk, by, None)
}

fn can_in(desk: &Desk, by: &Actor, cycle: Option<u32>) -> (String, String) {
    let world = Context {
        policy: &desk.policy,
        roster: &desk.roster,
        editions: None,
        turn: None,
        now: desk.now,
    };
    let order =
        |command| CommandRequest { cycle, ..CommandRequest::new(command, by.clone(), request()) };
    let commands = possible(desk.lead(), order, &world);
    let mut words: Vec<_> = commands.iter().map(|command| command.kind().word()).collect();
    let rejections = words.iter().filter(|word| **word == "reject").count();
    assert!([0, REASONS].contains(&rejections), "{rejections}");
    words.dedup();
    let mut to = Vec::new();
    for command in &commands {
        if let Command::Reassign(Reassign { to: Recipient::Person(person), .. }) = command {
            to.push(person.as_str());
        }
    }
    (words.join(" "), to.join(" "))
}

fn by_owner(desk: &Desk) -> Actor {
    Actor::Person(desk.owner())
}

#[test]
fn what_an_owner_can_do_follows_from_where_the_lead_stands() {
    for (desk, words) in [
        (Desk::assigned(), "accept return disqualify reject reassign"),
        (Desk::accepted(), "convert extend return disqualify reassign"),
    ] {
        assert_eq!(can(&desk, &by_owner(&desk)).0, words);
    }
    let returned = Desk::returned();
    assert_eq!(can(&returned, &Actor::Person(person("mia"))).0, "convert qualify");
    let owner = returned.lead().marks().owner.cloned().unwrap();
    let (had_it, other) = if owner == person("ana") { ("ana", "ben") } else { ("ben", "ana") };
    assert_eq!(can(&returned, &Actor::Person(person(had_it))).0, "convert");
    assert_eq!(can(&returned, &Actor::Person(person(other))).0, "");
    let mut over = Desk::accepted();
    over.order(Convert {}, Actor::Crm).unwrap();
    assert_eq!(can(&over, &Actor::Person(person("mia"))).0, "reopen");
    assert_eq!(can(&over, &by_owner(&over)).0, "");
}

#[test]
fn an_extension_is_offered_as_often_as_the_policy_allows() {
    let mut desk = Desk::accepted();
    for _ in 0..desk.policy.clocks.extensions_at_most {
        assert!(can(&desk, &by_owner(&desk)).0.contains("extend"));
        desk.order(Extend { reason: "May".into(), id: None }, Actor::Crm).unwrap();
    }
    assert_eq!(can(&desk, &by_owner(&desk)).0, "convert return disqualify reassign");
}

#[test]
fn a_lead_can_be_given_to_whoever_is_there_and_does_not_hold_it() {
    let mut desk = Desk::assigned();
    let (owner, everybody) = (desk.owner(), desk.roster.people.len());
    let (_, to) = can(&desk, &by_owner(&desk));
    assert_eq!(to.split(' ').count(), everybody - 1);
    assert!(!to.split(' ').any(|to| to == owner.as_str()));
    let gone = desk.roster.people.values_mut().find(|person| person.id != owner).unwrap();
    gone.active = false;
    let gone = gone.id.clone();
    let (_, to) = can(&desk, &by_owner(&desk));
    assert!(to.split(' ').count() == everybody - 2 && !to.split(' ').any(|to| to == gone.as_str()));
}

#[test]
fn whose_lead_it_is_not_or_was_in_another_cycle_can_do_nothing() {
    let desk = Desk::assigned();
    let other = if desk.owner() == person("ana") { "ben" } else { "ana" };
    assert_eq!(can(&desk, &Actor::Person(person(other))), (String::new(), String::new()));
    assert_eq!(can_in(&desk, &by_owner(&desk), Some(2)), (String::new(), String::new()));
    assert_eq!(can_in(&desk, &by_owner(&desk), Some(1)), can(&desk, &by_owner(&desk)));
}

/// What somebody orders who saw the lead run against `seen`.
fn having_seen(
    desk: &mut Desk,
    seen: Option<Deadline>,
    command: impl Into<Command>,
) -> Result<(), Refusal> {
    let by = by_owner(desk);
    desk.give(&CommandRequest { seen, ..CommandRequest::new(command, by, request()) })
}

#[test]
fn a_page_from_before_a_change_extends_gives_back_and_gives_away_nothing() {
    let reason = || Reason::from("from an old page");
    for command in [
        Command::from(Extend { reason: reason(), id: None }),
        Return { reason: reason() }.into(),
        Reassign { to: person("mia").into(), reason: None }.into(),
    ] {
        let mut desk = Desk::accepted();
        let seen = desk.lead().deadline();
        desk.pass("20d");
        having_seen(&mut desk, seen.clone(), Extend { reason: reason(), id: None }).unwrap();
        let now = desk.lead().clone();
        assert_eq!(having_seen(&mut desk, seen, command.clone()), Err(Refusal::Changed));
        assert_eq!(desk.lead(), &now);
        having_seen(&mut desk, now.deadline(), command).unwrap();
    }
}

#[test]
fn an_asker_who_does_not_say_what_they_saw_is_not_held_to_it() {
    let mut desk = Desk::accepted();
    desk.pass("20d");
    for _ in 0..2 {
        having_seen(&mut desk, None, Extend { reason: "May".into(), id: None }).unwrap();
    }
}

/// What has become of the lead says more than that something has.
#[test]
fn who_saw_another_promise_is_told_first_what_has_become_of_the_lead() {
    let mut desk = Desk::accepted();
    let seen = desk.lead().deadline();
    let by = desk.owner();
    desk.order(Convert {}, Actor::Crm).unwrap();
    let back = Return { reason: "too late".into() };
    let order = CommandRequest { seen, ..CommandRequest::new(back, Actor::Person(by), request()) };
    assert_eq!(desk.give(&order), Err(Refusal::AlreadyConverted));
}
