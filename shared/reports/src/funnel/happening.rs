//! What happened, as the funnel counts it: a line of history or an alert, and what else is known of
//! that lead's trip into sales.

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

/// A line of a lead's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The lead that it is about.
    pub lead: LeadId,
    /// What was decided.
    pub history: History,
}

/// An alert that has left us.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    /// The decision that made it, and its place among that decision's messages.
    pub id: MessageId,
    /// What it told.
    pub alert: Alert,
    /// When it left.
    pub at: Timestamp,
}

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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

/// How a lead left sales, where there are several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Turned down before it was accepted.
    Rejected,
    /// Marketing took it, for nobody converted it in time.
    TakenBack,
    /// Given back by hand.
    GivenBack,
}

/// Where a trip into sales stands at the end of what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Its last status.
    pub status: Status,
    /// Whether it was ever accepted.
    pub is_accepted: bool,
}

/// Something that happened to a lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// What happened.
    pub kind: Kind,
    /// When it was decided; of an alert, when it left.
    pub at: Timestamp,
    /// To which lead.
    pub lead: LeadId,
    /// By which decision: the lead's version after it.
    pub version: u64,
    /// In which trip into sales.
    pub cycle: u32,
    /// Who held it; of a new MQL, who got it first.
    pub holder: Option<PersonId>,
    /// To whom they reported then.
    pub team: Option<PersonId>,
    /// How it qualified, if that is what happened.
    pub path: Option<QualifiedBy>,
    /// Whose activity qualified it; `None` if a person did.
    pub source: Option<SourceName>,
    /// The fast track's name, or the reason that was given.
    pub reason: Option<String>,
    /// How it left sales.
    pub way: Option<Way>,
    /// How long that took: until the alert from the MQL, until accepted from the assignment, until
    /// converted from the MQL.
    pub took: Option<SignedDuration>,
    /// The Monday of the week in which the trip began.
    pub week: Option<Date>,
    /// What became of the trip.
    pub fate: Option<Fate>,
}

/// Everything that is counted among these lines and alerts, oldest first.
pub(super) fn happenings(lines: &[Line], alerts: &[Delivered], zone: &TimeZone) -> Vec<Happening> {
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by_key(|line| (line.lead, line.history.version));
    let trips = trips(&lines);
    let of_lines = lines.iter().filter_map(|line| of_line(line));
    let mut all: Vec<_> = of_lines.chain(alerts.iter().filter_map(of_delivered)).collect();
    for one in &mut all {
        let trip = trips.get(&(one.lead, one.cycle));
        one.fate = trip.map(|trip| trip.fate);
        if one.kind == Kind::Qualified {
            one.week = Some(monday(one.at.to_zoned(zone.clone()).date()));
            (one.holder, one.team) = trip.map(|trip| trip.first.clone()).unwrap_or_default();
        }
    }
    all.sort_by_key(|one| (one.at, one.lead, one.version));
    all
}

/// What the lines say of one cycle of a lead.
struct Trip {
    fate: Fate,
    /// Who got it first, and to whom they reported.
    first: (Option<PersonId>, Option<PersonId>),
}

fn trips(lines: &[&Line]) -> HashMap<(LeadId, u32), Trip> {
    let mut trips: HashMap<_, Trip> = HashMap::new();
    for Line { lead, history } in lines {
        let fate = Fate { status: history.to, is_accepted: false };
        let trip =
            trips.entry((*lead, history.cycle)).or_insert(Trip { fate, first: (None, None) });
        trip.fate.status = history.to;
        trip.fate.is_accepted |= history.to == Status::Working;
        if trip.first.0.is_none() {
            trip.first = (history.holder().cloned(), history.supervisor.clone());
        }
    }
    trips
}

fn of_line(Line { lead, history: line }: &Line) -> Option<Happening> {
    let kind = kind(line)?;
    let since = |then: Option<Timestamp>| then.map(|then| line.at.duration_since(then));
    let qualifies = kind == Kind::Qualified;
    Some(Happening {
        kind,
        at: line.at,
        lead: *lead,
        version: line.version,
        cycle: line.cycle,
        holder: line.holder().cloned(),
        team: line.supervisor.clone(),
        path: qualifies.then(|| path(line)),
        source: line.by.source().filter(|_| qualifies).cloned(),
        reason: line.reason.clone(),
        way: way(line),
        took: match kind {
            Kind::Accepted => since(line.assigned_at),
            Kind::Converted => since(line.mql_at),
            Kind::Qualified
            | Kind::Alerted
            | Kind::Assigned
            | Kind::Escalated
            | Kind::Extended
            | Kind::Returned
            | Kind::Disqualified => None,
        },
        week: None,
        fate: None,
    })
}

fn kind(line: &History) -> Option<Kind> {
    if line.from != line.to {
        return match line.to {
            Status::Nurturing => None,
            Status::Mql => Some(Kind::Qualified),
            Status::Working => Some(Kind::Accepted),
            Status::Converted => Some(Kind::Converted),
            Status::Returned => Some(Kind::Returned),
            Status::Disqualified => Some(Kind::Disqualified),
        };
    }
    match (line.command, line.clock) {
        (CommandKind::Lapse, Some(DeadlineKind::Accept)) => Some(Kind::Escalated),
        (CommandKind::Assign | CommandKind::Reassign | CommandKind::Lapse, None) => {
            Some(Kind::Assigned)
        }
        (CommandKind::Extend, _) => Some(Kind::Extended),
        (CommandKind::Assign | CommandKind::Reassign | CommandKind::Lapse, Some(_)) => None,
        (
            CommandKind::Record
            | CommandKind::WarningSent
            | CommandKind::Accept
            | CommandKind::Convert
            | CommandKind::Return
            | CommandKind::Disqualify
            | CommandKind::Qualify
            | CommandKind::Reject,
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

fn way(line: &History) -> Option<Way> {
    match line.command {
        CommandKind::Reject => Some(Way::Rejected),
        CommandKind::Return => Some(Way::GivenBack),
        CommandKind::Lapse if line.clock == Some(DeadlineKind::TakeBack) => Some(Way::TakenBack),
        CommandKind::Record
        | CommandKind::Assign
        | CommandKind::Lapse
        | CommandKind::WarningSent
        | CommandKind::Accept
        | CommandKind::Convert
        | CommandKind::Extend
        | CommandKind::Disqualify
        | CommandKind::Qualify
        | CommandKind::Reassign => None,
    }
}

/// The first owner's alert, as the metric `ActivityToAlert` knows it; no other is counted.
fn of_delivered(Delivered { id, alert, at }: &Delivered) -> Option<Happening> {
    let Some(Measured::ActivityToAlert(took)) = of_alert(alert, *at) else { return None };
    Some(Happening {
        kind: Kind::Alerted,
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
        fate: None,
    })
}
