//! The CRM's reports: which are late, which say nothing new, and what the others come to.

use baton_core::commands::{Actor, Convert, Disqualify, Extend, Qualify, Reassign, Report, Return};
use baton_core::lead::Status;
use baton_core::policy::CrmWord;
use baton_core::refusal::Refusal;
use baton_fixtures::desk::{Desk, person};

/// A report in a word, of no trip and no time.
fn says(word: CrmWord) -> Report {
    let reason = "reported by the CRM".into();
    Report { word, cycle: None, at: None, owner: None, reason }
}

/// The CRM reports; gives the status then, or why it changed nothing.
fn crm(desk: &mut Desk, report: Report) -> Result<Status, Refusal> {
    let before = desk.lead.clone();
    let done = desk.order(report, Actor::Crm);
    if done.is_err() {
        assert_eq!(desk.lead, before, "a refusal changes nothing");
    }
    done.map(|()| desk.lead().status())
}

/// Kim, returned by hand a minute after she was assigned, and qualified again a minute later.
fn second_trip() -> Desk {
    let mut desk = Desk::assigned();
    desk.pass("1m");
    desk.order(Return { reason: "not now".into() }, Actor::Crm).unwrap();
    desk.pass("1m");
    desk.order(Qualify { reason: None, to: None }, Actor::Crm).unwrap();
    assert_eq!((desk.lead().status(), desk.lead().cycle()), (Status::Mql, 2));
    desk
}

#[test]
fn an_echo_of_our_own_hand_off_is_never_a_command() {
    let mut desk = Desk::assigned();
    desk.order(Return { reason: "not now".into() }, Actor::Crm).unwrap();
    let words = [["mql", "nurturing"], ["marketing qualified", "nurture"]].concat();
    for word in words {
        let meaning = desk.policy.crm_words[word];
        for _ in 0..2 {
            assert_eq!(crm(&mut desk, says(meaning)), Err(Refusal::Ignored), "{word}");
        }
    }
    assert_eq!((desk.lead().status(), desk.lead().cycle()), (Status::Returned, 1));
    for mut desk in [Desk::assigned(), Desk::accepted()] {
        let status = desk.lead().status();
        for word in ["mql", "nurturing"] {
            let meaning = desk.policy.crm_words[word];
            assert_eq!(crm(&mut desk, says(meaning)), Err(Refusal::Ignored), "{word}");
        }
        assert_eq!(desk.lead().status(), status);
    }
}

#[test]
fn a_report_about_an_earlier_trip_ends_no_later_one() {
    for word in [CrmWord::Return, CrmWord::Disqualify, CrmWord::Accept, CrmWord::Convert] {
        let mut desk = second_trip();
        let late = Report { cycle: Some(1), ..says(word) };
        assert_eq!(crm(&mut desk, late), Err(Refusal::Stale), "{word:?}");
    }
    let mut desk = second_trip();
    let this = Report { cycle: Some(2), ..says(CrmWord::Return) };
    assert_eq!(crm(&mut desk, this), Ok(Status::Returned));
    let unheard_of = Report { cycle: Some(3), ..says(CrmWord::Qualify) };
    assert_eq!(crm(&mut desk, unheard_of), Err(Refusal::UnknownCycle(2)));
}

#[test]
fn a_report_older_than_what_it_would_undo_changes_nothing() {
    // Of the trip before.
    let mut desk = second_trip();
    let before = desk.now - jiff::SignedDuration::from_secs(60);
    let late = Report { at: Some(before), ..says(CrmWord::Return) };
    assert_eq!(crm(&mut desk, late), Err(Refusal::Stale));
    // Of before the acceptance, and of before more time was asked for.
    let mut desk = Desk::assigned();
    let before = desk.now;
    desk.pass("1h");
    crm(&mut desk, says(CrmWord::Accept)).unwrap();
    let late = Report { at: Some(before), ..says(CrmWord::Disqualify) };
    assert_eq!(crm(&mut desk, late), Err(Refusal::Stale));
    let before = desk.now;
    desk.pass("1h");
    desk.order(Extend { reason: "May".into(), id: None }, Actor::Crm).unwrap();
    let late = Report { at: Some(before), ..says(CrmWord::Return) };
    assert_eq!(crm(&mut desk, late), Err(Refusal::Stale));
    // Of before somebody else got it.
    let before = desk.now;
    desk.pass("1h");
    let to = if desk.owner() == person("ana") { person("ben") } else { person("ana") };
    desk.order(Reassign { to: to.into(), reason: None }, Actor::Crm).unwrap();
    let late = Report { at: Some(before), ..says(CrmWord::Accept) };
    assert_eq!(crm(&mut desk, late), Err(Refusal::Stale));
    // Of before it was returned.
    let before = desk.now;
    desk.pass("1h");
    desk.order(Return { reason: "not now".into() }, Actor::Crm).unwrap();
    for word in [CrmWord::Accept, CrmWord::Convert, CrmWord::Qualify] {
        let late = Report { at: Some(before), ..says(word) };
        assert_eq!(crm(&mut desk, late), Err(Refusal::Stale));
    }
}

#[test]
fn a_report_of_now_or_of_the_same_second_is_not_late() {
    let mut desk = Desk::assigned();
    desk.now = "2026-03-01T10:00:00.7Z".parse().unwrap();
    crm(&mut desk, says(CrmWord::Accept)).unwrap();
    let at = Some("2026-03-01T10:00:00Z".parse().unwrap());
    let same_second = Report { at, ..says(CrmWord::Return) };
    assert_eq!(crm(&mut desk, same_second), Ok(Status::Returned));
    // To convert undoes no acceptance, however late that was heard of.
    let mut desk = Desk::assigned();
    let signed = desk.now;
    desk.pass("1h");
    crm(&mut desk, says(CrmWord::Accept)).unwrap();
    let report = Report { at: Some(signed), ..says(CrmWord::Convert) };
    assert_eq!(crm(&mut desk, report), Ok(Status::Converted));
}

#[test]
fn without_trip_and_time_the_word_that_ended_the_trip_before_is_late_for_72_hours() {
    let mut desk = second_trip();
    desk.pass("71h");
    assert_eq!(crm(&mut desk, says(CrmWord::Return)), Err(Refusal::Stale));
    let of_this = Report { at: Some(desk.now), ..says(CrmWord::Return) };
    assert_eq!(crm(&mut desk, of_this), Ok(Status::Returned));

    let mut desk = second_trip();
    desk.pass("72h");
    assert_eq!(crm(&mut desk, says(CrmWord::Return)), Ok(Status::Returned));

    // Another word did not end it.
    let mut desk = second_trip();
    assert_eq!(crm(&mut desk, says(CrmWord::Disqualify)), Ok(Status::Disqualified));
}

#[test]
fn what_is_so_already_is_ignored_and_what_no_arrow_leads_to_is_refused() {
    let mut desk = Desk::accepted();
    assert_eq!(crm(&mut desk, says(CrmWord::Accept)), Err(Refusal::Ignored));
    assert_eq!(crm(&mut desk, says(CrmWord::Qualify)), Err(Refusal::Ignored));
    desk.order(Convert {}, Actor::Crm).unwrap();
    assert_eq!(crm(&mut desk, says(CrmWord::Convert)), Err(Refusal::Ignored));
    assert_eq!(crm(&mut desk, says(CrmWord::Accept)), Err(Refusal::AlreadyConverted));
    let mut desk = Desk::assigned();
    desk.order(Disqualify { reason: "no fit".into() }, Actor::Crm).unwrap();
    assert_eq!(crm(&mut desk, says(CrmWord::Disqualify)), Err(Refusal::Ignored));
    assert_eq!(crm(&mut desk, says(CrmWord::Return)), Err(Refusal::AlreadyDisqualified));
}

#[test]
fn a_report_that_names_another_owner_hands_the_lead_over_first() {
    let mut desk = Desk::assigned();
    let to = if desk.owner() == person("ana") { person("ben") } else { person("ana") };
    let report = Report { owner: Some(to.clone()), ..says(CrmWord::Convert) };
    let mut steps = Vec::new();
    let mut rest = report.clone();
    while !rest.is_settled(desk.lead()) {
        crm(&mut desk, rest.clone()).unwrap();
        steps.push(desk.decided.last().unwrap().history.as_ref().unwrap().command.word());
        rest = rest.rest(desk.lead());
    }
    assert_eq!(steps, ["reassign", "accept", "convert"]);
    assert_eq!((desk.owner(), desk.lead().status()), (to, Status::Converted));
}
