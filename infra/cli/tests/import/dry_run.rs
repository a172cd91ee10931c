//! `--dry-run`: who would qualify, without a Baton and without a key.

use std::fs;

use baton::local::Store;
use baton_documents::policy;

use crate::running::{Desk, Running};

const LIST: &str = "Badge;First name;Last name;Work E-mail;Job title;Company;Country;Scan id\r\n\
B-1;Kim;Lee;Kim.Lee@acme.example;VP Sales;Acme;Germany;S-1\r\n\
B-1;Kim;Lee;kim.lee@acme.example;VP Sales;Acme;Germany;S-1\r\n\
B-2;Ana;Ruiz;;Buyer;;Spain;S-2\r\n\
;Bo;Nilsson;bo(at)acme.example;;;;S-3\r\n\
B-4;Cy;Young;cy@competitor.example;;;;S-4\r\n\
B-5;Ed;Stone;ed@stone.example;;;;S-2\r\n\
B-1;Kim;Lee;kim.lee@acme.example;VP Sales;Acme;Germany;S-5\r\n";

/// Nobody is asked: there is nobody on this port.
const NOWHERE: &str = "http://127.0.0.1:1";

fn dry_run(list: &str, more: &[&str]) -> crate::running::Said {
    let desk = Desk::new(list);
    fs::remove_dir_all(desk.path("baton-data")).unwrap();
    let policy =
        policy::SAMPLE.replace("sample-1", "spring-3").replace("threshold = 100", "threshold = 60");
    fs::write(desk.path("policy.toml"), policy).unwrap();
    desk.import_with(NOWHERE, &[more, &["--dry-run"]].concat(), None)
}

#[test]
fn a_dry_run_says_who_would_qualify_and_why() {
    let said = dry_run(LIST, &["--type", "event.booth_visited"]);
    assert!(said.is_success, "{}", said.err);
    insta::assert_snapshot!("by_fast_track", format!("{}---\n{}", said.err, said.out));
}

#[test]
fn a_dry_run_goes_by_the_policy_it_is_given() {
    let said = dry_run(LIST, &["--type", "webinar.attended", "--policy", "policy.toml"]);
    assert!(said.is_success, "{}", said.err);
    insta::assert_snapshot!("by_score", format!("{}---\n{}", said.err, said.out));
}

#[test]
fn those_a_dry_run_names_are_those_who_qualify() {
    // Of two people with one scan id, in one request, either may be first.
    let list = LIST.replace("stone.example;;;;S-2", "stone.example;;;;S-6");
    let dry = dry_run(&list, &["--type", "event.booth_visited"]);
    let baton = Running::new(Store::Memory);
    let real = Desk::new(&list).import(&baton.url);
    assert!(real.is_success, "{}", real.err);
    let named = dry.out.lines().filter(|line| line.contains(" would qualify by ")).count();
    let who = ["tradeshow:B-2", "email:ed@stone.example", "email:cy@competitor.example"];
    let people = who.into_iter().chain(["email:kim.lee@acme.example"]);
    let leads = people.map(|who| baton.lead(who).unwrap());
    assert_eq!(leads.filter(|lead| lead.marks().mql_at.is_some()).count(), named);
}

#[test]
fn a_dry_run_doubts_what_gives_nobody_points_and_fails_like_the_import() {
    let said = dry_run(LIST, &["--type", "event.booth_visitd"]);
    assert!(said.out.contains("does the policy know event.booth_visitd?"), "{}", said.out);
    let said = dry_run("email\nkim\n", &["--type", "event.booth_visited"]);
    assert!(said.err.ends_with("baton: no line of list.csv could be imported\n"), "{}", said.err);
}

#[test]
fn a_policy_with_a_mistake_is_told_before_the_list_is_read() {
    let said = dry_run(LIST, &["--type", "event.booth_visited", "--policy", "list.csv"]);
    assert!(!said.is_success && said.err.contains("nothing is applied until"), "{}", said.err);
}
