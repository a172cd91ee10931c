//! Every kind of alert, for each of its readers, as they get it.

use baton_core::commands::Actor;
use baton_core::lead::{DeadlineKind, QualifiedBy, Status};
use baton_core::message::{AlertKind, Facts};
use baton_core::score::Score;

use super::testing::{badge, kim, later, mallory, person, shown};

fn overdue(facts: Facts, times: u32, now: &str, next: &str) -> Facts {
    let facts = later(facts, Status::Mql, now, Some((DeadlineKind::Accept, next)));
    Facts { escalations: times, ..facts }
}

fn once(facts: Facts) -> Facts {
    overdue(facts, 1, "2026-03-02T09:00:30Z", "2026-03-03T09:00:30Z")
}

fn warned(facts: Facts) -> Facts {
    let facts = Facts { accepted_at: Some("2026-03-01T13:20:00Z".parse().unwrap()), ..facts };
    let due = Some((DeadlineKind::TakeBack, "2026-04-01T13:20:00Z"));
    later(facts, Status::Working, "2026-03-31T13:20:00Z", due)
}

fn returned(facts: Facts) -> Facts {
    let facts = later(warned(facts), Status::Returned, "2026-04-01T13:20:00Z", None);
    Facts { reason: Some("not converted in time".to_owned()), ..facts }
}

fn handed_over(facts: Facts) -> Facts {
    Facts {
        owner: Some(person("ben")),
        by: Actor::Person(person("sven")),
        reason: Some("Ana is on leave from tomorrow".to_owned()),
        ..facts
    }
}

fn unrouted(facts: Facts) -> Facts {
    let due = Some((DeadlineKind::Route, "2026-03-01T09:15:00Z"));
    let facts = later(facts, Status::Mql, "2026-03-01T09:00:00Z", due);
    Facts { owner: None, supervisor: None, assigned_at: None, ..facts }
}

#[test]
fn an_owner_learns_of_a_new_lead() {
    insta::assert_snapshot!("assigned", shown(AlertKind::Assigned, "ana", kim()));
}

#[test]
fn a_lead_handed_on_says_why_it_comes_to_its_new_owner() {
    let score = Some(Score { behaviour: 108, fit: -10, total: 98 });
    let facts = Facts { mql_by: Some(QualifiedBy::Score), score_at_mql: score, ..kim() };
    let facts = Facts { status: Status::Working, cycle: 2, ..handed_over(facts) };
    insta::assert_snapshot!("assigned_by_hand", shown(AlertKind::Assigned, "ben", facts));
}

#[test]
fn an_owner_learns_of_a_lead_that_was_reported_as_worked() {
    let due = Some((DeadlineKind::Convert, "2026-03-31T09:00:00Z"));
    let facts = later(kim(), Status::Working, "2026-03-01T09:00:00Z", due);
    let facts = Facts { accept_by: None, accepted_at: Some(facts.at), ..facts };
    insta::assert_snapshot!("assigned_in_work", shown(AlertKind::Assigned, "ana", facts));
}

#[test]
fn an_owner_is_asked_why_a_lead_waits() {
    insta::assert_snapshot!("overdue_owner", shown(AlertKind::AcceptOverdue, "ana", once(kim())));
}

#[test]
fn a_supervisor_learns_who_lets_a_lead_wait_and_how_long() {
    let text = shown(AlertKind::AcceptOverdue, "sven", once(kim()));
    insta::assert_snapshot!("overdue_supervisor", text);
}

#[test]
fn a_repeated_escalation_says_so_to_both() {
    let late = overdue(kim(), 3, "2026-03-04T12:10:00Z", "2026-03-05T12:10:00Z");
    let owner = shown(AlertKind::AcceptOverdue, "ana", late.clone());
    let supervisor = shown(AlertKind::AcceptOverdue, "sven", late);
    insta::assert_snapshot!("overdue_again", format!("{owner}\n==========\n\n{supervisor}"));
}

#[test]
fn the_house_stands_in_for_a_missing_supervisor() {
    let facts = Facts { supervisor: None, ..once(kim()) };
    let owner = shown(AlertKind::AcceptOverdue, "ana", facts.clone());
    let house = shown(AlertKind::AcceptOverdue, "sofia", facts);
    insta::assert_snapshot!("overdue_house", format!("{owner}\n==========\n\n{house}"));
}

#[test]
fn an_owner_is_warned_before_marketing_takes_a_lead_back() {
    let text = shown(AlertKind::TakeBackWarned, "ana", warned(kim()));
    insta::assert_snapshot!("warned_owner", text);
}

#[test]
fn a_supervisor_is_warned_too_and_learns_when_no_extension_is_left() {
    let facts = Facts { extend_by: None, ..warned(kim()) };
    let text = shown(AlertKind::TakeBackWarned, "sven", facts);
    insta::assert_snapshot!("warned_supervisor_without_extension", text);
}

#[test]
fn an_owner_learns_that_marketing_took_a_lead_back() {
    insta::assert_snapshot!(
        "taken_back_owner",
        shown(AlertKind::TakenBack, "ana", returned(kim()))
    );
}

#[test]
fn marketing_learns_that_a_lead_is_theirs_to_nurture() {
    let text = shown(AlertKind::TakenBack, "mia", returned(kim()));
    insta::assert_snapshot!("taken_back_marketing", text);
}

#[test]
fn an_owner_learns_that_somebody_disqualified_a_lead() {
    let facts = later(kim(), Status::Disqualified, "2026-03-01T15:00:00Z", None);
    let facts = Facts { reason: Some("not_a_fit".to_owned()), by: Actor::Crm, ..facts };
    insta::assert_snapshot!("disqualified_owner", shown(AlertKind::TakenBack, "ana", facts));
}

#[test]
fn a_previous_owner_learns_who_has_the_lead_now() {
    let text = shown(AlertKind::HandedOver, "ana", handed_over(kim()));
    insta::assert_snapshot!("handed_over", text);
}

#[test]
fn the_house_learns_that_nobody_is_available() {
    insta::assert_snapshot!("unrouted", shown(AlertKind::Unrouted, "sofia", unrouted(kim())));
}

/// Every kind and reader, for a lead of the caller's choice.
fn everything(facts: &Facts) -> String {
    let all = [
        (AlertKind::Assigned, "ana", facts.clone()),
        (AlertKind::AcceptOverdue, "ana", once(facts.clone())),
        (AlertKind::AcceptOverdue, "sven", once(facts.clone())),
        (AlertKind::TakeBackWarned, "ana", warned(facts.clone())),
        (AlertKind::TakeBackWarned, "sven", warned(facts.clone())),
        (AlertKind::TakenBack, "ana", returned(facts.clone())),
        (AlertKind::TakenBack, "mia", returned(facts.clone())),
        (AlertKind::HandedOver, "ana", handed_over(facts.clone())),
        (AlertKind::Unrouted, "sofia", unrouted(facts.clone())),
    ];
    all.map(|(kind, to, facts)| shown(kind, to, facts)).join("\n==========\n\n")
}

#[test]
fn hardly_anything_known_is_enough_for_every_alert() {
    insta::assert_snapshot!("badge", everything(&badge()));
}

#[test]
fn a_hostile_lead_is_shown_harmless_in_every_alert() {
    insta::assert_snapshot!("hostile", everything(&mallory()));
}
