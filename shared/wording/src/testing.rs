//! A roster and three leads for the tests of alerts: a usual one, one of whom hardly anything is
//! known, and one that means harm.

use std::collections::BTreeMap;

use baton_core::commands::Actor;
use baton_core::email::Email;
use baton_core::id::{ActivityType, Identity, PersonId, QueueName};
use baton_core::lead::{Deadline, DeadlineKind, Evidence, QualifiedBy, Status};
use baton_core::message::{Alert, AlertKind, Facts};
use baton_core::roster::{Person, Roster};
use baton_core::score::Score;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::email::{self, Mail};
use super::{Content, render, sms};

/// A link as long as the usual host name makes it.
pub(super) const LINK: &str =
    "https://baton.acme.example/l/Vq3ZkT9uYh2LxW8nRd4sBf6gJm1pCe7aKo5iQtUvXyZ";

pub(super) fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

pub(super) fn roster() -> Roster {
    let people = [
        ("ana", "Ana Ruiz", "Europe/Berlin", Some("sven")),
        ("ben", "Ben Okoro", "Europe/London", Some("sven")),
        ("hana", "Hana Šimková", "Europe/Prague", Some("sofia")),
        ("mia", "Mia Larsen", "Europe/Copenhagen", None),
        ("sofia", "Sofia Costa", "America/Sao_Paulo", None),
        ("sven", "Sven Maier", "Europe/Zurich", None),
    ];
    let on_it = |(id, name, zone, supervisor): (&str, &str, &str, Option<&str>)| Person {
        id: person(id),
        name: name.to_owned(),
        email: Email::parse(&format!("{id}@baton.example")).unwrap(),
        sms: None,
        time_zone: TimeZone::get(zone).unwrap(),
        supervisor: supervisor.map(person),
        active: true,
        away: Vec::new(),
    };
    Roster {
        version: "test".to_owned(),
        people: people.into_iter().map(on_it).map(|p| (p.id.clone(), p)).collect(),
        queues: BTreeMap::new(),
        fallback: QueueName::parse("house").unwrap(),
        marketing: vec![person("mia")],
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn did(kind: &str, label: &str, when: &str, points: i64) -> Evidence {
    let kind = ActivityType::parse(kind).unwrap();
    Evidence { kind, label: label.to_owned(), at: at(when), points }
}

/// Kim visited the booth, and is Ana's since Sunday morning.
pub(super) fn kim() -> Facts {
    Facts {
        lead: Identity::parse("email:kim.lee@acme.example").unwrap().lead_id(),
        cycle: 1,
        erasures: 0,
        at: at("2026-03-01T09:00:00Z"),
        by: Actor::Clock,
        status: Status::Mql,
        name: Some("Kim Lee".to_owned()),
        title: Some("VP Operations".to_owned()),
        company: Some("Acme GmbH".to_owned()),
        country: Some("DE".to_owned()),
        email: Some("kim.lee@acme.example".to_owned()),
        phone: Some("+49 30 1234567".to_owned()),
        mql_by: Some(QualifiedBy::FastTrack),
        mql_at: Some(at("2026-03-01T09:00:00Z")),
        mql_because: Some("booth_visit".to_owned()),
        score_at_mql: Some(Score { behaviour: 68, fit: 25, total: 93 }),
        evidence: vec![
            did("event.booth_visited", "visited our booth", "2026-03-01T08:40:00Z", 0),
            did("webinar.attended", "attended a webinar", "2026-02-24T16:00:00Z", 40),
            did("form.submitted", "filled in a form", "2025-12-18T23:30:00Z", 30),
        ],
        owner: Some(person("ana")),
        supervisor: Some(person("sven")),
        assigned_at: Some(at("2026-03-01T09:00:00Z")),
        accept_by: Some(at("2026-03-02T09:00:00Z")),
        accepted_at: None,
        deadline: Some(Deadline { kind: DeadlineKind::Accept, at: at("2026-03-02T09:00:00Z") }),
        escalations: 0,
        extend_by: Some(SignedDuration::from_hours(14 * 24)),
        reason: None,
    }
}

/// A badge was scanned; nobody knows whose.
pub(super) fn badge() -> Facts {
    Facts {
        lead: Identity::parse("tradeshow:badge-77").unwrap().lead_id(),
        name: None,
        title: None,
        company: None,
        country: None,
        email: None,
        phone: None,
        score_at_mql: None,
        evidence: vec![did("event.booth_visited", "visited our booth", "2026-03-01T08:40:00Z", 0)],
        ..kim()
    }
}

/// Somebody would like our people to tap on something of theirs.
pub(super) fn mallory() -> Facts {
    let text = |text: &str| Some(text.to_owned());
    Facts {
        lead: Identity::parse("email:mallory@evil.example").unwrap().lead_id(),
        cycle: 2,
        name: text(
            "Kim 🚀\r\nSubject: You won\r\n\r\nhttps://evil.example/login?x=1 \u{202e}moc.live",
        ),
        title: text("CEO\u{2028}  Phone         +1 900 555 0100\u{0}"),
        company: text(&"evil.example/claim Ünïcode & Söhne ".repeat(30)),
        country: text("DE\nPlease accept by tomorrow: http://10.0.0.1/"),
        email: text("mallory@evil.example"),
        phone: text("+1 900 555 0100; www.evil.example"),
        mql_by: Some(QualifiedBy::Manual),
        mql_because: text("Trust me:\nlog in at\thttp://evil.example"),
        ..kim()
    }
}

/// The facts as they are some time later, with the clock that runs then.
pub(super) fn later(
    facts: Facts,
    status: Status,
    now: &str,
    due: Option<(DeadlineKind, &str)>,
) -> Facts {
    let deadline = due.map(|(kind, due)| Deadline { kind, at: at(due) });
    Facts { status, at: at(now), deadline, ..facts }
}

/// A text as its reader gets it, by e-mail and by SMS.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RenderedAlert {
    pub(super) subject: String,
    pub(super) email: String,
    pub(super) sms: String,
}

pub(super) fn laid_out(content: &Content) -> RenderedAlert {
    let Mail { subject, body } = email::lay_out(content);
    RenderedAlert { subject, email: body, sms: sms::lay_out(content) }
}

/// The texts for one reader.
pub(super) fn told(kind: AlertKind, to: &str, facts: Facts) -> RenderedAlert {
    let alert = Alert { to: person(to), kind, facts, correlation: None };
    laid_out(&render(&alert, &roster(), LINK))
}

/// The texts in one piece, for a snapshot.
pub(super) fn shown(kind: AlertKind, to: &str, facts: Facts) -> String {
    let RenderedAlert { subject, email, sms } = told(kind, to, facts);
    let septets = super::script::septets(&sms);
    format!("Subject: {subject}\n\n{email}\n[SMS, {septets} septets]\n{sms}\n")
}
