//! The words of the funnel: names of its numbers, and sentences for what happened.

use baton_core::Policy;
use baton_core::id::PersonId;
use baton_core::lead::{QualifiedBy, Status};
use baton_core::roster::Roster;
use baton_reports::funnel::{Behind, Ended, Happening, Kind, Way, What};
use baton_wording::human_time::tight;

use crate::words::spaced;

/// The heading of a number.
pub(super) fn what(what: What, fate: Option<Ended>) -> &'static str {
    match (what, fate) {
        (What::Accepted, Some(Ended::Working)) => "Still being worked",
        (What::Qualified, _) => "Became MQLs",
        (What::Alerted, _) => "First owner told",
        (What::Assigned, _) => "Given to somebody",
        (What::Accepted, _) => "Accepted",
        (What::Escalated, _) => "Escalations",
        (What::Extended, _) => "Extensions",
        (What::Converted, _) => "Converted",
        (What::Returned, _) => "Returned to marketing",
        (What::Disqualified, _) => "Disqualified",
        (What::Rejected, _) => "Turned down",
        (What::Cohort, _) => "MQLs of a week",
        (What::Near, _) => "Near the limit",
    }
}

pub(super) fn path(path: QualifiedBy) -> &'static str {
    match path {
        QualifiedBy::FastTrack => "Fast track",
        QualifiedBy::Score => "Score",
        QualifiedBy::Manual => "By hand",
    }
}

pub(super) fn way(way: Way) -> &'static str {
    match way {
        Way::TakenBack => "Taken back, time was up",
        Way::GivenBack => "Given back by hand",
        Way::Rejected => "Turned down",
    }
}

/// A lead without a source was qualified "by hand".
pub(super) fn source(source: Option<&baton_core::id::SourceName>) -> String {
    source.map_or_else(|| "by hand".to_owned(), ToString::to_string)
}

pub(super) fn outcome(outcome: Ended) -> &'static str {
    match outcome {
        Ended::Accepted => "accepted",
        Ended::Waiting => "to be accepted",
        Ended::Working => "being worked",
        Ended::Converted => "converted",
        Ended::Returned => "returned",
        Ended::Disqualified => "ruled out",
    }
}

pub(super) fn person(who: Option<&PersonId>, roster: &Roster) -> String {
    who.map_or("Nobody", |who| roster.name_of(who)).to_owned()
}

pub(super) fn now(status: Status) -> &'static str {
    match status {
        Status::Nurturing | Status::Returned => "now with marketing",
        Status::Mql => "now to be accepted",
        Status::Working => "now being worked",
        Status::Converted => "now converted",
        Status::Disqualified => "now ruled out",
    }
}

/// The sentence for what happened.
pub(super) fn happened(one: &Happening, policy: &Policy, roster: &Roster) -> String {
    let reason = one.reason.as_deref();
    let after = one.took.map(|took| format!(" after {}", tight(took))).unwrap_or_default();
    match one.kind {
        Kind::Qualified => match (one.path, reason) {
            (Some(QualifiedBy::FastTrack), Some(rule)) => format!("Fast track: {}", spaced(rule)),
            (Some(QualifiedBy::Manual), Some(reason)) => format!("By hand: “{reason}”"),
            (by, _) => by.map_or("Qualified", path).to_owned(),
        },
        Kind::Alerted => format!("{} was told{after}", person(one.holder.as_ref(), roster)),
        Kind::Assigned => format!("Given to {}", person(one.holder.as_ref(), roster)),
        Kind::Accepted => format!("Accepted{after}"),
        Kind::Escalated => "Not accepted in time".to_owned(),
        Kind::Extended => quoting("Extended", reason),
        Kind::Converted => format!("Converted{after}"),
        Kind::Returned | Kind::Disqualified => match one.way {
            Some(Way::Rejected) => turned_down(reason, policy),
            Some(Way::TakenBack) => way(Way::TakenBack).to_owned(),
            Some(Way::GivenBack) => quoting("Given back", reason),
            None => quoting("Ruled out", reason),
        },
    }
}

fn turned_down(reason: Option<&str>, policy: &Policy) -> String {
    reason.map_or("Turned down".to_owned(), |name| format!("Turned down: {}", label(name, policy)))
}

/// The policy's label for a reason to reject, if it still has that reason.
fn label(name: &str, policy: &Policy) -> String {
    policy.reject_reasons.get(name).map_or_else(|| spaced(name), |reason| reason.label.clone())
}

fn quoting(what: &str, reason: Option<&str>) -> String {
    reason.map_or_else(|| what.to_owned(), |reason| format!("{what}: “{reason}”"))
}

/// The words for each restriction of a list.
pub(super) fn narrowed(behind: &Behind, policy: &Policy, roster: &Roster) -> Vec<String> {
    let whose = |who: &Option<PersonId>| person(who.as_ref(), roster);
    let parts = [
        behind.path.map(|by| path(by).to_owned()),
        behind.source.as_ref().map(|from| format!("source: {}", source(from.as_ref()))),
        behind.rule.as_ref().map(|rule| format!("fast track: {}", spaced(rule.as_str()))),
        behind.reason.as_ref().map(|name| label(name, policy)),
        behind.way.map(|by| way(by).to_owned()),
        behind.owner.as_ref().map(|who| format!("held by {}", whose(who))),
        behind.team.as_ref().map(|who| format!("team of {}", whose(who))),
        behind.in_time.map(|within| format!("within {}", tight(within))),
        behind.fate.map(|of| outcome(of).to_owned()),
        behind.cohort.map(|week| format!("week of {week}")),
    ];
    parts.into_iter().flatten().collect()
}
