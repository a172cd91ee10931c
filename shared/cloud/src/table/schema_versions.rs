//! The shapes that items were written in, and how those of earlier releases are read: here alone.
//!
//! A lead read in an earlier shape is written in the newest one by its next decision.

use baton_core::erasure::Erasure;
use baton_core::id::{Identity, LeadId, PersonId, QueueName, RuleName, SourceId, SourceName};
use baton_core::lead::{
    CapUse, ClickedSecond, Countdown, Deadline, DeadlineKind, Ended, Evidence, Hold, Lead,
    QualifiedBy, Stage, Status, Trip, Work, WorkDeadline,
};
use baton_core::profile::Profile;
use baton_core::score::{Behaviour, Points, Score};
use baton_core::time::later;
use baton_reports::board::Row;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::item::Item;
use super::keys;

/// Leads as they are written: with their stage.
pub(super) const LEAD: u32 = 2;
/// Leads as they were written until November 2026: a status, a deadline and marks side by side.
pub(super) const LEAD_BEFORE_STAGES: u32 = 1;
/// All other items: their first shape still.
pub(super) const OTHERS: u32 = 1;

/// The schema an item says it was written in.
pub(super) fn of(item: &Item) -> Option<u32> {
    item.get(keys::SCHEMA)?.as_n().ok()?.parse().ok()
}

/// Whether items of that kind are read in the schema that this one says it is of.
pub(super) fn is_known(kind: &str, item: &Item) -> bool {
    match (kind, of(item)) {
        (keys::ITEM_LEAD, schema) => matches!(schema, Some(LEAD | LEAD_BEFORE_STAGES)),
        (_, schema) => schema == Some(OTHERS),
    }
}

/// How long a first owner had by default: leads of before stages did not keep what was promised.
const ACCEPT_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// How long routing was to take by default.
const ROUTE_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// The queue of a lead that had left sales: its name was not kept, and nothing asks for it.
const UNKNOWN_QUEUE: &str = "unknown";

/// A lead in schema [`LEAD_BEFORE_STAGES`].
#[derive(Debug, Deserialize)]
pub(super) struct LeadBeforeStages {
    lead: LeadId,
    who: Identity,
    status: Status,
    cycle: u32,
    behaviour: Behaviour,
    fit: Points,
    excluded: Option<RuleName>,
    profile: Profile,
    recent: Vec<Evidence>,
    caps: Vec<CapUse>,
    #[serde(default)]
    clicked: Vec<ClickedSecond>,
    restarted_at: Option<Timestamp>,
    era: u32,
    erased: Option<Erasure>,
    queue: Option<QueueName>,
    owner: Option<PersonId>,
    supervisor: Option<PersonId>,
    deadline: Option<Deadline>,
    extensions: u32,
    #[serde(default)]
    extended: Vec<SourceId>,
    escalations: u32,
    unrouted_told_at: Option<Timestamp>,
    #[serde(default)]
    marks: MarksBeforeStages,
    created_at: Timestamp,
    changed_at: Timestamp,
    version: u64,
}

/// What was stamped on such a lead.
#[derive(Debug, Default, Deserialize)]
struct MarksBeforeStages {
    first_mql_at: Option<Timestamp>,
    mql_at: Option<Timestamp>,
    mql_by: Option<QualifiedBy>,
    mql_source: Option<SourceName>,
    #[serde(default)]
    evidence: Vec<Evidence>,
    mql_because: Option<String>,
    score_at_mql: Option<Score>,
    assigned_at: Option<Timestamp>,
    accepted_at: Option<Timestamp>,
    warned_at: Option<Timestamp>,
    converted_at: Option<Timestamp>,
    returned_at: Option<Timestamp>,
    returned_reason: Option<String>,
    disqualified_at: Option<Timestamp>,
    disqualified_reason: Option<String>,
    owner: Option<PersonId>,
    supervisor: Option<PersonId>,
}

impl LeadBeforeStages {
    /// The lead in today's shape; `None` if it is none that a decision could have left.
    pub(super) fn upgrade(self) -> Option<Lead> {
        let stage = self.stage()?;
        Some(Lead {
            lead: self.lead,
            who: self.who,
            stage,
            behaviour: self.behaviour,
            fit: self.fit,
            excluded: self.excluded,
            profile: self.profile,
            recent: self.recent,
            caps: self.caps,
            clicked: self.clicked,
            restarted_at: self.restarted_at,
            era: self.era,
            erased: self.erased,
            created_at: self.created_at,
            changed_at: self.changed_at,
            version: self.version,
        })
    }

    fn stage(&self) -> Option<Stage> {
        let marks = &self.marks;
        let work = self.work();
        match (self.status, self.deadline.as_ref()) {
            (Status::Nurturing, None) => Some(Stage::Nurturing),
            (Status::Mql, Some(Deadline { kind: DeadlineKind::Route, at })) => {
                let house_told_at = self.unrouted_told_at;
                let since = marks.mql_at?;
                let countdown = began(since, ROUTE_WITHIN, *at, house_told_at.is_some());
                let trip = self.trip()?;
                Some(Stage::AwaitingOwner { trip, countdown, house_told_at, queue: None })
            }
            (Status::Mql | Status::Working, Some(Deadline { kind: DeadlineKind::Accept, at })) => {
                let hold = self.hold()?;
                let countdown = began(hold.assigned_at, ACCEPT_WITHIN, *at, self.escalations > 0);
                let trip = self.trip()?;
                Some(Stage::AwaitingAcceptance { trip, hold, countdown, earlier_work: work })
            }
            (Status::Working, Some(Deadline { kind, at })) => {
                let (trip, hold, work) = (self.trip()?, self.hold()?, work?);
                Some(Stage::Working { trip, hold, work, next: self.next(*kind, *at, work)? })
            }
            (Status::Converted, None) => {
                let (trip, hold, work) = (self.trip()?, Some(self.hold()?), work?);
                Some(Stage::Converted { trip, hold, work, at: marks.converted_at? })
            }
            (Status::Returned, None) => {
                let ended = self.ended(marks.returned_at?, marks.returned_reason.clone()?)?;
                Some(Stage::Returned(ended))
            }
            (Status::Disqualified, None) => {
                let (at, reason) = (marks.disqualified_at?, marks.disqualified_reason.clone()?);
                Some(Stage::Disqualified(self.ended(at, reason)?))
            }
            _ => None,
        }
    }

    fn trip(&self) -> Option<Trip> {
        let marks = &self.marks;
        Some(Trip {
            cycle: self.cycle,
            first_mql_at: marks.first_mql_at?,
            mql_at: marks.mql_at?,
            mql_by: marks.mql_by?,
            mql_source: marks.mql_source.clone(),
            evidence: marks.evidence.clone(),
            mql_because: marks.mql_because.clone(),
            score_at_mql: marks.score_at_mql?,
            extensions: self.extensions,
            extended_by: self.extended.clone(),
            extended_at: None,
            reported: false,
            let_go: None,
        })
    }

    /// Who holds it.
    fn hold(&self) -> Option<Hold> {
        Some(Hold {
            owner: self.owner.clone()?,
            supervisor: self.supervisor.clone(),
            queue: self.queue.clone()?,
            assigned_at: self.marks.assigned_at?,
            escalations: self.escalations,
        })
    }

    fn work(&self) -> Option<Work> {
        let accepted_at = self.marks.accepted_at?;
        Some(Work { accepted_at, warned_at: self.marks.warned_at })
    }

    fn next(&self, kind: DeadlineKind, at: Timestamp, work: Work) -> Option<WorkDeadline> {
        let since = |started_at| Countdown { started_at, promised_at: at, due_at: at };
        match kind {
            DeadlineKind::Convert => Some(WorkDeadline::Convert(since(work.accepted_at))),
            DeadlineKind::TakeBack => {
                let started_at = work.warned_at.unwrap_or(self.changed_at);
                Some(WorkDeadline::TakeBack(since(started_at)))
            }
            DeadlineKind::Route | DeadlineKind::Accept => None,
        }
    }

    fn ended(&self, at: Timestamp, reason: String) -> Option<Ended> {
        let marks = &self.marks;
        let queue = match &self.queue {
            Some(queue) => queue.clone(),
            None => QueueName::parse(UNKNOWN_QUEUE).ok()?,
        };
        let last_hold =
            marks.owner.clone().zip(marks.assigned_at).map(|(owner, assigned_at)| Hold {
                owner,
                supervisor: marks.supervisor.clone(),
                queue: queue.clone(),
                assigned_at,
                escalations: self.escalations,
            });
        let (trip, work) = (self.trip()?, self.work());
        Some(Ended { trip, last_hold, work, at, reason, reopened_from: None })
    }
}

/// A countdown whose promise was not kept with it, unless it has slipped by now.
fn began(since: Timestamp, within: SignedDuration, due_at: Timestamp, slipped: bool) -> Countdown {
    let by_default = later(since, within).min(due_at);
    let promised_at = if slipped { by_default } else { due_at };
    Countdown { started_at: since, promised_at, due_at }
}

/// A row of the board, of whatever release.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum AnyRow {
    /// With what was promised.
    Now(Row),
    /// From before stages: without.
    BeforeStages(RowBeforeStages),
}

/// A row of a lead in schema [`LEAD_BEFORE_STAGES`].
#[derive(Debug, Deserialize)]
pub(super) struct RowBeforeStages {
    lead: LeadId,
    owner: Option<PersonId>,
    supervisor: Option<PersonId>,
    queue: Option<QueueName>,
    stage: DeadlineKind,
    due: Timestamp,
    since: Timestamp,
    #[serde(default)]
    slipped: bool,
    path: Option<QualifiedBy>,
    source: Option<SourceName>,
}

impl From<AnyRow> for Row {
    fn from(row: AnyRow) -> Self {
        let row = match row {
            AnyRow::Now(row) => return row,
            AnyRow::BeforeStages(row) => row,
        };
        let within = match row.stage {
            DeadlineKind::Route => ROUTE_WITHIN,
            DeadlineKind::Accept | DeadlineKind::Convert | DeadlineKind::TakeBack => ACCEPT_WITHIN,
        };
        let countdown = began(row.since, within, row.due, row.slipped);
        Self {
            lead: row.lead,
            owner: row.owner,
            supervisor: row.supervisor,
            queue: row.queue,
            stage: row.stage,
            due: row.due,
            promised: countdown.promised_at,
            since: row.since,
            slipped: row.slipped,
            path: row.path,
            source: row.source,
        }
    }
}
