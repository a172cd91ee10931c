//! What is worth counting: read off a decision once it is committed, or off an alert once it has
//! left. Whatever is tried again, sent again or heard twice is decided once, and so counted once.

use jiff::{SignedDuration, Timestamp};

use crate::actor::Actor;
use crate::decision::Decision;
use crate::lead::QualifiedBy;
use crate::message::{Alert, AlertKind, Event, EventName, Message};

/// Something that happened, to be counted or timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// An activity is on record.
    Activity,
    /// A lead became an MQL.
    Mql(QualifiedBy),
    /// From the activity that qualified a lead to the first owner's alert leaving us.
    ActivityToAlert(SignedDuration),
    /// From the lead's being given to an owner to the owner's accepting it.
    AssignmentToAcceptance(SignedDuration),
    /// An owner let a lead wait, and the supervisor heard of it.
    Escalation,
    /// A lead went back to marketing.
    Return,
}

/// What a committed decision is worth counting.
pub fn of_decision(decision: &Decision) -> Vec<Measured> {
    let activity = decision.entry.as_ref().map(|_| Measured::Activity);
    let events = decision.messages.iter().filter_map(|message| match message {
        Message::Event(event) => of_event(event, decision),
        Message::Alert(_) | Message::Erased(_) => None,
    });
    let reported = reported_mql(decision);
    activity.into_iter().chain(reported).chain(events).collect()
}

/// A lead that sales took up outside the system became an MQL in the same decision; no event of its
/// own says so.
fn reported_mql(decision: &Decision) -> Option<Measured> {
    let line = decision.history.as_ref().filter(|line| line.reported)?;
    line.path.map(Measured::Mql)
}

fn of_event(event: &Event, decision: &Decision) -> Option<Measured> {
    match event.name {
        EventName::Qualified => event.mql_by.map(Measured::Mql),
        EventName::Accepted => {
            let is_timed = decision.lead.stage.trip().is_some_and(|trip| !trip.reported);
            let assigned_at = decision.lead.marks().assigned_at?;
            let took = event.at.duration_since(assigned_at);
            is_timed.then_some(Measured::AssignmentToAcceptance(took))
        }
        EventName::Escalated => Some(Measured::Escalation),
        EventName::Returned => Some(Measured::Return),
        EventName::Assigned
        | EventName::Unrouted
        | EventName::Reassigned
        | EventName::Warned
        | EventName::Extended
        | EventName::Converted
        | EventName::Disqualified
        | EventName::Erased => None,
    }
}

/// What an alert that has left, and will not leave again, is worth counting: the first owner's, of
/// a lead that an activity qualified. An owner whom somebody chose by hand waited for that person.
pub fn of_alert(alert: &Alert, sent_at: Timestamp) -> Option<Measured> {
    let facts = &alert.facts;
    let is_dealt = match facts.by {
        Actor::Router | Actor::Clock => true,
        Actor::Person(_) | Actor::Crm | Actor::Source(_) => false,
    };
    let is_by_activity = match facts.mql_by? {
        QualifiedBy::Score | QualifiedBy::FastTrack => true,
        QualifiedBy::Manual => false,
    };
    let is_first = alert.kind == AlertKind::Assigned && is_dealt && is_by_activity;
    let waited = sent_at.duration_since(facts.mql_at?);
    is_first.then_some(Measured::ActivityToAlert(waited))
}
