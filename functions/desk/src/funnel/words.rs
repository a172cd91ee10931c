//! The words of the funnel: names of its numbers, and sentences for what happened.

use baton_core::Policy;
use baton_core::id::PersonId;
use baton_core::lead::{QualifiedBy, Status};
use baton_core::roster::Roster;
use baton_reports::funnel::{
    Drilldown, ExitPath, Metric, Occurrence, OccurrenceKind, OutcomeFilter,
};
use baton_wording::human_time::tight;

use crate::words::spaced;

/// The heading of a number.
pub(super) fn what(what: Metric, fate: Option<OutcomeFilter>) -> &'static str {
    match (what, fate) {
        (Metric::Accepted, Some(OutcomeFilter::Working)) => "Still being worked",
        (Metric::Qualified, _) => "Became MQLs",
        (Metric::Alerted, _) => "First owner told",
        (Metric::Assigned, _) => "Given to somebody",
        (Metric::Accepted, _) => "Accepted",
        (Metric::Escalated, _) => "Escalations",
        (Metric::Extended, _) => "Extensions",
        (Metric::Converted, _) => "Converted",
        (Metric::Returned, _) => "Returned to marketing",
        (Metric::Disqualified, _) => "Disqualified",
        (Metric::Rejected, _) => "Turned down",
        (Metric::Cohort, _) => "MQLs of a week",
        (Metric::NearLimit, _) => "Near the limit",
    }
}

pub(super) fn path(path: QualifiedBy) -> &'static str {
    match path {
        QualifiedBy::FastTrack => "Fast track",
        QualifiedBy::Score => "Score",
        QualifiedBy::Manual => "By hand",
    }
}

pub(super) fn way(way: ExitPath) -> &'static str {
    match way {
        ExitPath::TakenBack => "Taken back, time was up",
        ExitPath::GivenBack => "Given back by hand",
        ExitPath::Rejected => "Turned down",
    }
}

/// A lead without a source was qualified "by hand".
pub(super) fn source(source: Option<&baton_core::id::SourceName>) -> String {
    source.map_or_else(|| "by hand".to_owned(), ToString::to_string)
}

pub(super) fn outcome(outcome: OutcomeFilter) -> &'static str {
    match outcome {
        OutcomeFilter::Accepted => "accepted",
        OutcomeFilter::Waiting => "to be accepted",
        OutcomeFilter::Working => "being worked",
        OutcomeFilter::Converted => "converted",
        OutcomeFilter::Returned => "returned",
        OutcomeFilter::Disqualified => "ruled out",
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
pub(super) fn happened(one: &Occurrence, policy: &Policy, roster: &Roster) -> String {
    let reason = one.reason.as_deref();
    let after = one.took.map(|took| format!(" after {}", tight(took))).unwrap_or_default();
    match one.kind {
        OccurrenceKind::Qualified => match (one.path, reason) {
            (Some(QualifiedBy::FastTrack), Some(rule)) => format!("Fast track: {}", spaced(rule)),
            (Some(QualifiedBy::Manual), Some(reason)) => format!("By hand: “{reason}”"),
            (by, _) => by.map_or("Qualified", path).to_owned(),
        },
        OccurrenceKind::Alerted => {
            format!("{} was told{after}", person(one.holder.as_ref(), roster))
        }
        OccurrenceKind::Assigned => format!("Given to {}", person(one.holder.as_ref(), roster)),
        OccurrenceKind::Accepted => format!("Accepted{after}"),
        OccurrenceKind::Escalated => "Not accepted in time".to_owned(),
        OccurrenceKind::Extended => quoting("Extended", reason),
        OccurrenceKind::Converted => format!("Converted{after}"),
        OccurrenceKind::Returned | OccurrenceKind::Disqualified => match one.way {
            Some(ExitPath::Rejected) => turned_down(reason, policy),
            Some(ExitPath::TakenBack) => way(ExitPath::TakenBack).to_owned(),
            Some(ExitPath::GivenBack) => quoting("Given back", reason),
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
pub(super) fn narrowed(behind: &Drilldown, policy: &Policy, roster: &Roster) -> Vec<String> {
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
        behind.outcome.map(|of| outcome(of).to_owned()),
        behind.cohort.map(|week| format!("week of {week}")),
    ];
    parts.into_iter().flatten().collect()
}
