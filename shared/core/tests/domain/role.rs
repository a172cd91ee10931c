//! Who may see and do what.

use std::collections::BTreeSet;

use baton_core::Lead;
use baton_core::id::{Identity, PersonId};
use baton_core::lead::{DeadlineKind, Stage};
use baton_core::role::*;
use baton_documents::roster;
use baton_fixtures::leads;
use jiff::Timestamp;

fn id(person: &str) -> PersonId {
    PersonId::parse(person).unwrap()
}

fn role_in(text: &str, person: &str) -> Option<Role> {
    Role::of(&id(person), &roster::parse(text).unwrap())
}

fn role(person: &str) -> Role {
    role_in(roster::SAMPLE, person).unwrap()
}

fn lead(stage: Stage) -> Lead {
    let who = Identity::parse("email:kim@acme.example").unwrap();
    Lead { stage, ..Lead::new(who, Timestamp::UNIX_EPOCH) }
}

/// A lead in sales, held by somebody who reported to somebody when they got it.
fn held(owner: &str, supervisor: &str) -> Lead {
    lead(at_stage(DeadlineKind::Accept, owner, supervisor))
}

fn at_stage(kind: DeadlineKind, owner: &str, supervisor: &str) -> Stage {
    let at = Timestamp::UNIX_EPOCH;
    let hold = leads::hold(owner, supervisor, at);
    leads::stage(kind, hold, leads::work(at), leads::until(at, at))
}

#[test]
fn what_somebody_is_follows_from_the_roster() {
    for (person, salesperson, supervisor, house, marketing) in [
        ("ana", true, false, false, false),
        ("sven", false, true, false, false),
        ("sofia", false, true, true, false),
        ("mia", false, false, false, true),
    ] {
        let role = role(person);
        assert_eq!(
            (role.is_salesperson, role.is_supervisor()),
            (salesperson, supervisor),
            "{person}"
        );
        assert_eq!((role.is_house_supervisor, role.is_marketing), (house, marketing), "{person}");
    }
    assert_eq!(role("sven").reports, BTreeSet::from([id("ana"), id("ben")]));
}

#[test]
fn somebody_who_has_left_is_nothing_and_neither_is_a_stranger() {
    let left = roster::SAMPLE.replace("id = \"ana\"\n", "id = \"ana\"\nactive = false\n");
    // Nobody who has left may still be in a queue.
    let left = left.replace("{ person = \"ana\", weight = 2 }, ", "");
    assert_eq!(role_in(&left, "ana"), None);
    assert_eq!(role_in(&left, "zoe"), None);
    assert!(role_in(&left, "sven").unwrap().reports.contains(&id("ana")), "her leads are his");
}

#[test]
fn a_lead_is_seen_by_its_owner_their_supervisor_and_marketing() {
    let lead = held("ana", "sven");
    let seen = |person: &str| role(person).may_see(&lead);
    assert!(seen("ana") && seen("sven") && seen("mia"));
    assert!(!seen("ben") && !seen("sofia") && !seen("hana"));
}

#[test]
fn who_a_person_reported_to_when_they_got_the_lead_still_sees_it() {
    let lead = held("ana", "sofia");
    assert!(role("sofia").may_see(&lead), "as of then");
    assert!(role("sven").may_see(&lead), "as of now");
}

#[test]
fn a_lead_without_an_owner_is_seen_by_the_house_and_by_marketing() {
    let lead = lead(at_stage(DeadlineKind::Route, "ana", "sven"));
    let seen = |person: &str| role(person).may_see(&lead);
    assert!(seen("sofia") && seen("mia"));
    assert!(!seen("sven") && !seen("ana"));
}

#[test]
fn a_lead_that_went_back_is_seen_by_whoever_had_it_last() {
    let hold = leads::hold("ana", "sven", Timestamp::UNIX_EPOCH);
    let lead = lead(leads::returned(hold, Timestamp::UNIX_EPOCH));
    let seen = |person: &str| role(person).may_see(&lead);
    assert!(seen("ana") && seen("sven") && seen("mia"));
    assert!(!seen("ben") && !seen("sofia"), "it waits for no owner");
}

#[test]
fn a_lead_that_was_never_in_sales_is_marketings_alone() {
    let lead = lead(Stage::Nurturing);
    assert!(role("mia").may_see(&lead));
    assert!(["ana", "sven", "sofia"].iter().all(|person| !role(person).may_see(&lead)));
}

#[test]
fn a_team_and_its_people_are_seen_by_its_supervisor_and_marketing() {
    let (sven, ana) = (role("sven"), role("ana"));
    assert!(sven.sees_team(&id("sven")) && !sven.sees_team(&id("sofia")));
    assert!(sven.sees_leads_of(&id("ben")) && !sven.sees_leads_of(&id("carla")));
    assert!(!ana.sees_team(&id("ana")), "nobody reports to her");
    assert!(ana.sees_leads_of(&id("ana")) && !ana.sees_leads_of(&id("ben")));
    assert!(role("mia").sees_team(&id("sofia")) && role("mia").sees_leads_of(&id("ben")));
}

#[test]
fn numbers_rules_and_people_are_for_those_who_answer_for_them() {
    let may = |person: &str| {
        let role = role(person);
        (role.sees_funnel(), role.sees_policy(), role.keeps_privacy())
    };
    assert_eq!(may("ana"), (false, false, false));
    assert_eq!(may("sven"), (true, false, false));
    assert_eq!(may("mia"), (true, true, true));
}

#[test]
fn somebody_who_is_two_things_sees_what_both_see() {
    let both = roster::SAMPLE.replace("marketing = [\"mia\"]", "marketing = [\"mia\", \"ben\"]");
    let ben = role_in(&both, "ben").unwrap();
    assert!(ben.is_salesperson && ben.is_marketing && ben.sees_all());
    assert!(ben.may_see(&held("carla", "sofia")));
}
