//! A line of history says by itself what is counted of it, whatever becomes of the lead later.

use baton_core::commands::{
    Actor, Command, CommandKind, Convert, Disqualify, Qualify, Reason, Reject, Return, WarningSent,
};
use baton_core::decision::History;
use baton_core::id::QueueName;
use baton_core::lead::QualifiedBy;
use baton_fixtures::desk::{Desk, person};

fn lines(desk: &Desk) -> Vec<&History> {
    let lines = desk.decided.iter().filter_map(|decision| decision.history.as_ref());
    lines.filter(|line| !line.silent).collect()
}

#[test]
fn the_line_that_begins_a_cycle_alone_says_how_the_lead_qualified() {
    let desk = Desk::returned();
    let paths: Vec<_> = lines(&desk).iter().map(|line| line.path).collect();
    assert_eq!(paths, [Some(QualifiedBy::FastTrack), None, None, None, None]);
    assert_eq!(desk.lead().marks().mql_source.as_ref().unwrap().as_str(), "website");
}

#[test]
fn a_lead_that_a_person_qualified_is_of_no_source() {
    let mut desk = Desk::new();
    desk.does("form.submitted", &[]);
    desk.order(Qualify { reason: None, to: None }, Actor::Person(person("mia"))).unwrap();
    assert_eq!(lines(&desk)[0].path, Some(QualifiedBy::Manual));
    assert_eq!(desk.lead().marks().mql_source, None);
}

#[test]
fn every_line_says_when_its_cycle_began_and_when_the_holder_got_the_lead() {
    let mut desk = Desk::returned();
    let began = lines(&desk)[0].at;
    assert!(lines(&desk).iter().all(|line| line.mql_at == Some(began)));
    assert!(lines(&desk)[1..].iter().all(|line| line.assigned_at == Some(lines(&desk)[1].at)));
    desk.pass("1d");
    desk.does("event.booth_visited", &[]);
    let again = *lines(&desk).last().unwrap();
    assert_eq!((again.cycle, again.mql_at), (2, Some(again.at)));
    assert_eq!((again.assigned_at, &again.held_by, &again.queue), (None, &None, &None));
}

#[test]
fn a_lead_that_leaves_sales_says_whose_it_was() {
    let reason = Reason::from("met a competitor");
    let leaves: [Command; 3] = [
        Return { reason: reason.clone() }.into(),
        Disqualify { reason }.into(),
        Reject { reason: "not_now".into() }.into(),
    ];
    for command in leaves {
        let mut desk = Desk::assigned();
        let (owner, supervisor) = (desk.owner(), desk.lead().supervisor().cloned());
        desk.order(command, Actor::Crm).unwrap();
        let line = *lines(&desk).last().unwrap();
        assert_eq!((&line.owner, line.held_by.as_ref()), (&None, Some(&owner)));
        assert_eq!(line.supervisor, supervisor);
        assert_eq!(line.queue.as_ref().map(QueueName::as_str), Some("emea"));
    }
}

#[test]
fn somebody_who_still_holds_the_lead_is_named_once() {
    let mut desk = Desk::accepted();
    desk.order(Convert {}, Actor::Crm).unwrap();
    let line = *lines(&desk).last().unwrap();
    assert_eq!((line.owner.as_ref(), &line.held_by), (Some(&desk.owner()), &None));
}

/// What is not recorded now can't be decided again later.
#[test]
fn every_decision_is_on_record_with_its_command_and_version() {
    let mut desk = Desk::accepted();
    desk.does("page.viewed", &[]);
    desk.pass("30d");
    desk.lapse().unwrap();
    desk.pass("24h");
    desk.lapse().unwrap();
    desk.order(WarningSent {}, Actor::Clock).unwrap();
    for (index, decision) in desk.decided.iter().enumerate() {
        let of_history = decision.history.as_ref().map(|line| line.version);
        let of_ledger = decision.entry.as_ref().map(|entry| entry.version);
        assert_eq!(of_history.or(of_ledger), Some(index as u64 + 1));
    }
    let silent = desk.decided.iter().filter_map(|decision| decision.history.as_ref());
    let silent = silent.filter(|line| line.silent).map(|line| line.command);
    assert_eq!(silent.collect::<Vec<_>>(), [CommandKind::Lapse, CommandKind::WarningSent]);
}
