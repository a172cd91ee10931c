//! Occurrences, the things that the funnel counts: each is a line of history or an alert that was
//! sent, with what is known of the lead's trip into sales.

use std::collections::HashMap;

use baton_core::commands::CommandKind;
use baton_core::decision::History;
use baton_core::id::{LeadId, PersonId, SourceName};
use baton_core::lead::{DeadlineKind, QualifiedBy, Status};
use baton_core::measure::{Measured, of_alert};
use baton_core::message::{Alert, MessageId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::window::monday;

/// A line of a lead's history, with the lead's id.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryLine {
    /// The lead that it is about.
    pub lead: LeadId,
    /// What was decided.
    pub history: History,
}

/// An alert that was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SentAlert {
    /// The decision that made it, and its place among that decision's messages.
    pub id: MessageId,
    /// What it told.
    pub alert: Alert,
    /// When it was sent.
    pub at: Timestamp,
}

/// Kinds of occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OccurrenceKind {
    /// A lead became an MQL.
    Qualified,
    /// The first owner's alert left us.
    Alerted,
    /// Somebody was given it.
    Assigned,
    /// Its owner accepted it: once in a cycle.
    Accepted,
    /// Owner and supervisor were told that it was not accepted.
    Escalated,
    /// Its owner got more time.
    Extended,
    /// It became a contact or opportunity.
    Converted,
    /// It went back to marketing.
    Returned,
    /// It was ruled out.
    Disqualified,
}

/// By which path a lead left sales without being converted or ruled out by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitPath {
    /// Turned down before it was accepted.
    Rejected,
    /// Marketing took it, for nobody converted it in time.
    TakenBack,
    /// Given back by hand.
    GivenBack,
}

/// What has become of a trip into sales by the newest line that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its last status.
    pub status: Status,
    /// Whether it was ever accepted.
    pub is_accepted: bool,
}

/// Something that happened to a lead, to be counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    /// Which kind of thing happened.
    pub kind: OccurrenceKind,
    /// When it was decided; for an alert, when it was sent.
    pub at: Timestamp,
    /// The lead that it happened to.
    pub lead: LeadId,
    /// The lead's version after the decision.
    pub version: u64,
    /// The lead's trip into sales, counted from 1.
    pub cycle: u32,
    /// Who held the lead; for a new MQL, its first owner.
    pub holder: Option<PersonId>,
    /// Whom the holder reported to at that time.
    pub team: Option<PersonId>,
    /// How it qualified, if that is what happened.
    pub path: Option<QualifiedBy>,
    /// Whose activity qualified it; `None` if a person did.
    pub source: Option<SourceName>,
    /// The fast track's name, or the reason that was given.
    pub reason: Option<String>,
    /// How it left sales.
    pub way: Option<ExitPath>,
    /// How long that took: until the alert from the MQL, until accepted from the assignment, until
    /// converted from the MQL.
    pub took: Option<SignedDuration>,
    /// The Monday of the week in which the trip began.
    pub week: Option<Date>,
    /// What became of the trip.
    pub outcome: Option<Outcome>,
}

/// The occurrences among these lines and alerts, oldest first.
pub(super) fn occurrences(
    lines: &[HistoryLine],
    alerts: &[SentAlert],
    zone: &TimeZone,
) -> Vec<Occurrence> {
    let mut lines: Vec<&HistoryLine> = lines.iter().collect();
    lines.sort_by_key(|line| (line.lead, line.history.version));
    let trips = trips(&lines);
    let of_lines = lines.iter().flat_map(|line| of_line(line));
    let mut all: Vec<_> = of_lines.chain(alerts.iter().filter_map(of_delivered)).collect();
    for one in &mut all {
        let trip = trips.get(&(one.lead, one.cycle));
        one.outcome = trip.map(|trip| trip.outcome);
        if one.kind == OccurrenceKind::Qualified {
            one.week = Some(monday(one.at.to_zoned(zone.clone()).date()));
            (one.holder, one.team) = trip.map(|trip| trip.first.clone()).unwrap_or_default();
        }
    }
    all.sort_by_key(|one| (one.at, one.lead, one.version));
    all
}

/// What the lines say of one cycle of a lead.
struct Trip {
    outcome: Outcome,
    /// Who got it first, and to whom they reported.
    first: (Option<PersonId>, Option<PersonId>),
}

fn trips(lines: &[&HistoryLine]) -> HashMap<(LeadId, u32), Trip> {
    let mut trips: HashMap<_, Trip> = HashMap::new();
    for HistoryLine { lead, history } in lines {
        let outcome = Outcome { status: history.to, is_accepted: false };
        let trip =
            trips.entry((*lead, history.cycle)).or_insert(Trip { outcome, first: (None, None) });
        trip.outcome.status = history.to;
        trip.outcome.is_accepted |= matches!(history.to, Status::Working | Status::Converted);
        if trip.first.0.is_none() {
            trip.first = (history.holder().cloned(), history.supervisor.clone());
        }
    }
    trips
}

fn of_line(HistoryLine { lead, history }: &HistoryLine) -> impl Iterator<Item = Occurrence> {
    let kinds = match took_up(history) {
        true => [
            history.path.map(|_| OccurrenceKind::Qualified),
            (history.to == Status::Converted).then_some(OccurrenceKind::Converted),
        ],
        false => [kind(history), None],
    };
    kinds.into_iter().flatten().map(|kind| occurrence(kind, *lead, history))
}

/// Whether the line is of what sales did outside the system. Nobody accepted anything then: it is
/// counted as an MQL, if it begins a trip, and as converted.
fn took_up(line: &History) -> bool {
    line.reported
        && matches!(line.from, Status::Nurturing | Status::Returned)
        && matches!(line.to, Status::Working | Status::Converted)
}

fn occurrence(kind: OccurrenceKind, lead: LeadId, line: &History) -> Occurrence {
    // Our clocks measured nothing of what was done outside the system.
    let since = |then: Option<Timestamp>| {
        then.filter(|_| !line.reported).map(|then| line.at.duration_since(then))
    };
    let qualifies = kind == OccurrenceKind::Qualified;
    Occurrence {
        kind,
        at: line.at,
        lead,
        version: line.version,
        cycle: line.cycle,
        holder: line.holder().cloned(),
        team: line.supervisor.clone(),
        path: qualifies.then(|| path(line)),
        source: line.by.source().filter(|_| qualifies).cloned(),
        reason: line.reason.clone(),
        way: way(line),
        took: match kind {
            OccurrenceKind::Accepted => since(line.assigned_at),
            OccurrenceKind::Converted => since(line.mql_at),
            OccurrenceKind::Qualified
            | OccurrenceKind::Alerted
            | OccurrenceKind::Assigned
            | OccurrenceKind::Escalated
            | OccurrenceKind::Extended
            | OccurrenceKind::Returned
            | OccurrenceKind::Disqualified => None,
        },
        week: None,
        outcome: None,
    }
}

fn kind(line: &History) -> Option<OccurrenceKind> {
    if line.from != line.to {
        return match line.to {
            Status::Nurturing => None,
            Status::Mql => Some(OccurrenceKind::Qualified),
            Status::Working => Some(OccurrenceKind::Accepted),
            Status::Converted => Some(OccurrenceKind::Converted),
            Status::Returned => Some(OccurrenceKind::Returned),
            Status::Disqualified => Some(OccurrenceKind::Disqualified),
        };
    }
    match (line.command, line.clock) {
        (CommandKind::Lapse, Some(DeadlineKind::Accept)) => Some(OccurrenceKind::Escalated),
        (CommandKind::Assign | CommandKind::Reassign | CommandKind::Lapse, None) => {
            Some(OccurrenceKind::Assigned)
        }
        (CommandKind::Extend, _) => Some(OccurrenceKind::Extended),
        (CommandKind::Assign | CommandKind::Reassign | CommandKind::Lapse, Some(_)) => None,
        (
            CommandKind::Record
            | CommandKind::WarningSent
            | CommandKind::Accept
            | CommandKind::Convert
            | CommandKind::Return
            | CommandKind::Disqualify
            | CommandKind::Qualify
            | CommandKind::Reject
            | CommandKind::Reopen
            | CommandKind::Report,
            _,
        ) => None,
    }
}

/// How the lead qualified. Lines written before this was recorded tell it by their command.
fn path(line: &History) -> QualifiedBy {
    line.path.unwrap_or(match &line.reason {
        _ if line.command == CommandKind::Qualify => QualifiedBy::Manual,
        Some(_) => QualifiedBy::FastTrack,
        None => QualifiedBy::Score,
    })
}

fn way(line: &History) -> Option<ExitPath> {
    match line.command {
        CommandKind::Reject => Some(ExitPath::Rejected),
        CommandKind::Return => Some(ExitPath::GivenBack),
        CommandKind::Lapse if line.clock == Some(DeadlineKind::TakeBack) => {
            Some(ExitPath::TakenBack)
        }
        CommandKind::Record
        | CommandKind::Assign
        | CommandKind::Lapse
        | CommandKind::WarningSent
        | CommandKind::Accept
        | CommandKind::Convert
        | CommandKind::Extend
        | CommandKind::Disqualify
        | CommandKind::Qualify
        | CommandKind::Reassign
        | CommandKind::Reopen
        | CommandKind::Report => None,
    }
}

/// The first owner's alert, as the metric `ActivityToAlert` knows it; no other is counted.
fn of_delivered(SentAlert { id, alert, at }: &SentAlert) -> Option<Occurrence> {
    let Some(Measured::ActivityToAlert(took)) = of_alert(alert, *at) else { return None };
    Some(Occurrence {
        kind: OccurrenceKind::Alerted,
        at: *at,
        lead: id.lead,
        version: id.version,
        cycle: alert.facts.cycle,
        holder: Some(alert.to.clone()),
        team: alert.facts.supervisor.clone(),
        path: None,
        source: None,
        reason: None,
        way: None,
        took: Some(took),
        week: None,
        outcome: None,
    })
}
