//! A digest as its reader gets it.

use baton_core::id::Identity;
use baton_core::lead::{DeadlineKind, Status};
use baton_core::limits;
use baton_core::message::{Alert, AlertKind, Facts};

use super::testing::{
    LINK, RenderedAlert, at, badge, kim, laid_out, later, mallory, person, roster,
};
use super::{Notice, digest};

/// What SNS takes, in bytes (SNS API reference, Publish, Message).
const SNS_BYTES: usize = 262_144;

fn notice(to: &str, kind: AlertKind, facts: Facts, number: usize) -> Notice {
    let lead = Identity::parse(&format!("email:p{number}@acme.example")).unwrap().lead_id();
    let alert = Alert { to: person(to), kind, facts: Facts { lead, ..facts }, correlation: None };
    Notice { alert, link: format!("{LINK}{number}") }
}

fn written(notices: &[Notice]) -> RenderedAlert {
    laid_out(&digest(notices, &roster()).unwrap())
}

fn shown(notices: &[Notice]) -> String {
    let RenderedAlert { subject, email, sms } = written(notices);
    format!("Subject: {subject}\n\n{email}\n--- SMS ---\n{sms}")
}

fn warned() -> Facts {
    let due = Some((DeadlineKind::TakeBack, "2026-04-01T09:00:00Z"));
    later(kim(), Status::Working, "2026-03-31T09:00:00Z", due)
}

fn of_every_kind(to: &str) -> Vec<Notice> {
    let waiting = Some((DeadlineKind::Accept, "2026-03-03T09:00:00Z"));
    let overdue = later(kim(), Status::Mql, "2026-03-02T09:00:00Z", waiting);
    let returned = Facts {
        reason: Some("not converted in time".to_owned()),
        ..later(kim(), Status::Returned, "2026-04-01T09:00:00Z", None)
    };
    let handed = Facts { owner: Some(person("ben")), ..kim() };
    vec![
        notice(to, AlertKind::TakenBack, returned, 1),
        notice(to, AlertKind::Assigned, kim(), 2),
        notice(to, AlertKind::Unrouted, Facts { owner: None, ..badge() }, 3),
        notice(to, AlertKind::AcceptOverdue, overdue, 4),
        notice(to, AlertKind::HandedOver, handed, 5),
        notice(to, AlertKind::TakeBackWarned, warned(), 6),
        notice(to, AlertKind::Assigned, badge(), 7),
    ]
}

#[test]
fn a_digest_lists_what_is_urgent_first() {
    insta::assert_snapshot!("digest_owner", shown(&of_every_kind("ana")));
    insta::assert_snapshot!("digest_supervisor", shown(&of_every_kind("sven")));
}

#[test]
fn nothing_a_lead_typed_harms_a_digest() {
    let hostile = |n| notice("ana", AlertKind::Assigned, mallory(), n);
    insta::assert_snapshot!("digest_hostile", shown(&[hostile(1), hostile(2)]));
}

#[test]
fn of_one_kind_what_is_due_first_comes_first() {
    let due = |when: &str, n| {
        let facts =
            later(kim(), Status::Mql, "2026-03-01T09:00:00Z", Some((DeadlineKind::Accept, when)));
        notice("ana", AlertKind::Assigned, facts, n)
    };
    let notices = [due("2026-03-04T09:00:00Z", 1), due("2026-03-02T09:00:00Z", 2)];
    let email = written(&notices).email;
    let place = |n: usize| email.find(&notices[n].link).unwrap();
    assert!(place(1) < place(0));
    assert!(notices.iter().all(|n| n.alert.facts.at == at("2026-03-01T09:00:00Z")));
}

#[test]
fn the_longest_digest_fits_into_a_message() {
    let facts = Facts {
        name: Some("𝒦".repeat(200)),
        company: Some("王".repeat(200)),
        reason: Some("𝒦 \"".repeat(200)),
        ..mallory()
    };
    let kinds = [
        AlertKind::TakeBackWarned,
        AlertKind::AcceptOverdue,
        AlertKind::Assigned,
        AlertKind::Unrouted,
        AlertKind::HandedOver,
        AlertKind::TakenBack,
    ];
    for kind in kinds {
        let notices: Vec<_> =
            (0..limits::DIGEST).map(|n| notice("ana", kind, facts.clone(), n)).collect();
        let RenderedAlert { email, sms, .. } = written(&notices);
        let bodies = serde_json::json!({ "default": sms, "email": email, "sms": sms }).to_string();
        assert!(bodies.len() < SNS_BYTES, "{} bytes", bodies.len());
        assert!(notices.iter().all(|notice| email.contains(&notice.link)));
    }
}

#[test]
fn nothing_to_tell_is_no_digest() {
    assert_eq!(digest(&[], &roster()), None);
}
