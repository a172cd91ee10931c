//! What the board knows of a lead without reading it: its promise, whose it is, how it came.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{LeadId, PersonId, QueueName, SourceName};
use crate::lead::{Clock, Lead, QualifiedBy};
use crate::policy::Clocks;
use crate::text::Flaw;

/// A lead that sales holds, as a line of the board. Follows from the lead alone, and changes only
/// when its promise, its owner or its cycle does: an activity leaves it as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which lead.
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
    pub stage: Clock,
    /// Before when; of a promise that has slipped, when it is tried or told again.
    pub due: Timestamp,
    /// Since when it waits for that: it qualified, was given to its owner, or was accepted.
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
pub const STAGES: [Clock; 4] = [Clock::Route, Clock::Accept, Clock::TakeBack, Clock::Convert];

/// How long before it is due a promise is due soon.
pub fn soon_before(stage: Clock) -> SignedDuration {
    match stage {
        Clock::Route => SignedDuration::ZERO,
        Clock::Accept => SignedDuration::from_hours(6),
        Clock::TakeBack => SignedDuration::MAX,
        Clock::Convert => SignedDuration::from_hours(7 * 24),
    }
}

impl Row {
    /// The lead's line; none unless a deadline runs.
    pub fn of(lead: &Lead) -> Option<Self> {
        let deadline = lead.deadline.as_ref()?;
        let marks = &lead.marks;
        let (since, slipped) = match deadline.kind {
            Clock::Route => (marks.mql_at, lead.unrouted_told_at.is_some()),
            Clock::Accept => (marks.assigned_at, lead.escalations > 0),
            Clock::Convert | Clock::TakeBack => (marks.accepted_at, false),
        };
        Some(Self {
            lead: lead.lead,
            owner: lead.owner.clone(),
            supervisor: lead.supervisor.clone(),
            queue: lead.queue.clone(),
            stage: deadline.kind,
            due: deadline.at,
            since: since.unwrap_or(lead.created_at),
            slipped,
            path: marks.mql_by,
            source: marks.mql_source.clone(),
        })
    }

    /// When what it waits for was to happen, whatever has been tried or told since.
    pub fn promised_by(&self, clocks: &Clocks) -> Timestamp {
        let within = match self.stage {
            Clock::Route => clocks.route_within,
            Clock::Accept => clocks.accept_within,
            Clock::Convert | Clock::TakeBack => return self.due,
        };
        let first = self.since.saturating_add(within).unwrap_or(Timestamp::MAX);
        if self.slipped { first } else { self.due }
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
pub(super) fn rank(stage: Clock) -> usize {
    match stage {
        Clock::Route => 0,
        Clock::Accept => 1,
        Clock::TakeBack => 2,
        Clock::Convert => 3,
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
    /// When it is none of ours.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let flaw = || Flaw::new("is no place on the board", SHAPE);
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
