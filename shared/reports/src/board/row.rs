//! What the board knows of a lead without reading it: its promise, whose it is, how it came.

use std::fmt;

use baton_core::id::{LeadId, PersonId, QueueName, SourceName};
use baton_core::lead::{DeadlineKind, Lead, QualifiedBy, Stage};
use baton_core::text::InvalidValue;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A lead that sales holds, as a line of the board. Follows from the lead alone, and changes only
/// when its promise, its owner or its cycle does: an activity leaves it as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The lead's id.
    pub lead: LeadId,
    /// Who holds it; nobody yet, while it waits to be routed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// Who they reported to when they got it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<PersonId>,
    /// The queue it was dealt from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// What must happen next.
    pub stage: DeadlineKind,
    /// When that is due; after the promise was broken, when it is tried or told again.
    pub due: Timestamp,
    /// When that was promised to have happened, at first.
    pub promised: Timestamp,
    /// When it began to wait for that: it qualified, was given to its owner, or was accepted.
    pub since: Timestamp,
    /// Whether the promise has been broken already: nobody was available, or nobody accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub slipped: bool,
    /// How it became an MQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<QualifiedBy>,
    /// The source whose activity made it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceName>,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It was not kept.
    Late,
    /// It is due soon; a lead that is about to be taken back always is.
    Soon,
    /// There is time.
    Calm,
}

/// A place in the order of the board, most urgent first. It means the same whether or not its row
/// is still there, and whatever the time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    rank: usize,
    is_kept: bool,
    at_ms: i64,
    lead: LeadId,
}

/// The stages of the board, most urgent first.
pub const STAGES: [DeadlineKind; 4] =
    [DeadlineKind::Route, DeadlineKind::Accept, DeadlineKind::TakeBack, DeadlineKind::Convert];

/// How long before it is due a promise is due soon.
pub fn soon_before(stage: DeadlineKind) -> SignedDuration {
    match stage {
        DeadlineKind::Route => SignedDuration::ZERO,
        DeadlineKind::Accept => SignedDuration::from_hours(6),
        DeadlineKind::TakeBack => SignedDuration::MAX,
        DeadlineKind::Convert => SignedDuration::from_hours(7 * 24),
    }
}

impl Row {
    /// The lead's line; none unless a deadline runs.
    pub fn of(lead: &Lead) -> Option<Self> {
        let (stage, countdown) = lead.stage.countdown()?;
        let trip = lead.stage.trip()?;
        let (since, slipped) = match &lead.stage {
            Stage::AwaitingAcceptance { hold, .. } => (hold.assigned_at, hold.escalations > 0),
            Stage::AwaitingOwner { house_told_at, .. } => (trip.mql_at, house_told_at.is_some()),
            Stage::Working { work, .. } => (work.accepted_at, false),
            Stage::Nurturing
            | Stage::Converted { .. }
            | Stage::Returned(_)
            | Stage::Disqualified(_) => return None,
        };
        Some(Self {
            lead: lead.lead,
            owner: lead.owner().cloned(),
            supervisor: lead.supervisor().cloned(),
            queue: lead.queue().cloned(),
            stage,
            due: countdown.due_at,
            promised: countdown.promised_at,
            since,
            slipped,
            path: Some(trip.mql_by),
            source: trip.mql_source.clone(),
        })
    }

    /// When what it waits for was to happen, whatever has been tried or told since.
    pub fn promised_by(&self) -> Timestamp {
        if self.slipped { self.promised } else { self.due }
    }

    /// How its promise stands at a moment.
    pub fn urgency(&self, now: Timestamp) -> Urgency {
        let left = self.due.duration_since(now);
        match self.slipped || left <= SignedDuration::ZERO {
            true => Urgency::Late,
            false if left < soon_before(self.stage) => Urgency::Soon,
            false => Urgency::Calm,
        }
    }

    /// Its place in the order: by stage; what has slipped before what has not, longest ago first;
    /// then by when it is due, so that what is late comes before what is not.
    pub fn position(&self) -> Position {
        let at = if self.slipped { self.since } else { self.due };
        Position {
            rank: rank(self.stage),
            is_kept: !self.slipped,
            at_ms: at.as_millisecond(),
            lead: self.lead,
        }
    }
}

/// How early a stage comes.
pub(super) fn rank(stage: DeadlineKind) -> usize {
    match stage {
        DeadlineKind::Route => 0,
        DeadlineKind::Accept => 1,
        DeadlineKind::TakeBack => 2,
        DeadlineKind::Convert => 3,
    }
}

const SHAPE: &str = "the 'next' of a page of the board, as it was given";

impl Position {
    /// How early its stage comes.
    pub(super) fn rank(&self) -> usize {
        self.rank
    }

    /// Reads a position as it is written.
    ///
    /// # Errors
    ///
    /// When the text is not a position.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let flaw = || InvalidValue::new("is no place on the board", SHAPE);
        let parts: Vec<&str> = text.split('.').collect();
        let &[rank, is_kept, at_ms, lead] = parts.as_slice() else { return Err(flaw()) };
        let rank: usize = rank.parse().map_err(|_| flaw())?;
        let read = Self {
            rank,
            is_kept: is_kept == "1",
            at_ms: at_ms.parse().map_err(|_| flaw())?,
            lead: LeadId::parse(lead).map_err(|_| flaw())?,
        };
        if read.rank < STAGES.len() && read.to_string() == text { Ok(read) } else { Err(flaw()) }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rank, is_kept, at_ms, lead } = self;
        write!(f, "{rank}.{}.{at_ms}.{lead}", u8::from(*is_kept))
    }
}
