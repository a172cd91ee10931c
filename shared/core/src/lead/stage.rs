//! A lead's stage, with what is known at that stage and at no other: a lead in sales has exactly
//! one deadline, a lead in work was accepted, and a lead that was returned has a reason.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Countdown, Deadline, DeadlineKind, Evidence, Status};
use crate::id::{PersonId, QueueName, SourceId, SourceName};
use crate::score::Score;

/// Where a lead is on its way through sales.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Marketing scores it; sales has never had it.
    Nurturing,
    /// An MQL for which an owner is looked for.
    AwaitingOwner {
        /// The trip it is on.
        trip: Trip,
        /// Until an owner is looked for again.
        countdown: Countdown,
        /// When the house was last told that nobody is available.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        house_told_at: Option<Timestamp>,
        /// The queue that somebody named for it; none if the rules name one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<QueueName>,
    },
    /// Its owner has yet to accept it.
    AwaitingAcceptance {
        /// The trip it is on.
        trip: Trip,
        /// Who has to accept it.
        hold: Hold,
        /// Until they must have accepted it, or are told again.
        countdown: Countdown,
        /// The work of an earlier owner on this trip, who had accepted it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier_work: Option<Work>,
    },
    /// Its owner has accepted it.
    Working {
        /// The trip it is on.
        trip: Trip,
        /// Who works it.
        hold: Hold,
        /// When it was accepted, and whether a warning was sent.
        work: Work,
        /// What happens if they don't convert it.
        next: WorkDeadline,
    },
    /// It became a contact or opportunity. Its owner keeps it.
    Converted {
        /// The trip it was on.
        trip: Trip,
        /// Who holds it; none if the CRM reported it without naming anybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<Hold>,
        /// The work that led there.
        work: Work,
        /// When it was converted.
        at: Timestamp,
    },
    /// It went back to marketing.
    Returned(Ended),
    /// It was ruled out.
    Disqualified(Ended),
}

/// One trip into sales: how it began, and what was granted on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// 1 for the first trip.
    pub cycle: u32,
    /// When the first trip began.
    pub first_mql_at: Timestamp,
    /// When this trip began.
    pub mql_at: Timestamp,
    /// How it qualified.
    pub mql_by: QualifiedBy,
    /// The source of the activity that qualified it; none if a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mql_source: Option<SourceName>,
    /// What spoke for it: the activities that counted, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The fast-track rule's name, or the person's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mql_because: Option<String>,
    /// The score when it qualified.
    pub score_at_mql: Score,
    /// How often it was given more time.
    pub extensions: u32,
    /// The ids of the requests that gave it more time, where the askers sent one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extended_by: Vec<SourceId>,
    /// When it was last given more time; none, too, if that was before this was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_at: Option<Timestamp>,
    /// Whether sales took it up outside the system, so that our clocks measured nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reported: bool,
    /// How sales had let go of the lead before it took it up, if it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub let_go: Option<LetGo>,
}

/// How and when sales let go of a lead. A report of just that, when sales has the lead again, is
/// taken for a late echo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetGo {
    /// What the lead was by that.
    pub status: Status,
    /// When sales let go of it; of a lead that was reopened, when that was done.
    pub at: Timestamp,
}

/// How a lead became an MQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualifiedBy {
    /// The score reached the threshold.
    Score,
    /// A rule, whatever the score.
    FastTrack,
    /// A person said so.
    Manual,
}

/// Who holds a lead, or held it last, as of when they got it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The salesperson who holds it.
    pub owner: PersonId,
    /// The person they reported to; the house stands in where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<PersonId>,
    /// The queue it was dealt from; of a lead given by hand, the queue it belongs to.
    pub queue: QueueName,
    /// When they got it.
    pub assigned_at: Timestamp,
    /// How often they let it wait too long.
    pub escalations: u32,
}

/// The work on a lead that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When the newest warning left us that marketing takes it back; none while it is on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned_at: Option<Timestamp>,
}

/// What happens next to a lead in work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkDeadline {
    /// The owner and their supervisor are warned.
    Convert(Countdown),
    /// Marketing takes it back, if the warning has left us by then.
    TakeBack(Countdown),
}

impl WorkDeadline {
    /// When it began, what was promised, and when the next step is due.
    pub fn countdown(&self) -> &Countdown {
        match self {
            Self::Convert(countdown) | Self::TakeBack(countdown) => countdown,
        }
    }
}

/// How a trip ended without an opportunity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// The trip that ended.
    pub trip: Trip,
    /// Who held it last, if anybody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_hold: Option<Hold>,
    /// The work that was done, if it was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
    /// When it left sales.
    pub at: Timestamp,
    /// Why: a name of the policy's, or a person's words.
    pub reason: String,
    /// What the lead was before it was reopened, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_from: Option<Status>,
}

impl Ended {
    /// How sales let go of the lead.
    fn let_go(&self, status: Status) -> LetGo {
        LetGo { status: self.reopened_from.unwrap_or(status), at: self.at }
    }
}

impl Stage {
    /// The status, in the words the CRM shows. A lead that was reassigned in work is still in
    /// work, although its new owner has yet to accept it.
    pub fn status(&self) -> Status {
        match self {
            Self::Nurturing => Status::Nurturing,
            Self::AwaitingOwner { .. } => Status::Mql,
            Self::AwaitingAcceptance { earlier_work: None, .. } => Status::Mql,
            Self::AwaitingAcceptance { earlier_work: Some(_), .. } => Status::Working,
            Self::Working { .. } => Status::Working,
            Self::Converted { .. } => Status::Converted,
            Self::Returned(_) => Status::Returned,
            Self::Disqualified(_) => Status::Disqualified,
        }
    }

    /// The newest trip into sales; none of a lead that has never been an MQL.
    pub fn trip(&self) -> Option<&Trip> {
        match self {
            Self::Nurturing => None,
            Self::AwaitingOwner { trip, .. }
            | Self::AwaitingAcceptance { trip, .. }
            | Self::Working { trip, .. }
            | Self::Converted { trip, .. } => Some(trip),
            Self::Returned(ended) | Self::Disqualified(ended) => Some(&ended.trip),
        }
    }

    /// Who holds it now.
    pub fn hold(&self) -> Option<&Hold> {
        match self {
            Self::AwaitingAcceptance { hold, .. } | Self::Working { hold, .. } => Some(hold),
            Self::Converted { hold, .. } => hold.as_ref(),
            Self::Nurturing
            | Self::AwaitingOwner { .. }
            | Self::Returned(_)
            | Self::Disqualified(_) => None,
        }
    }

    /// Who holds it now or, once it has left sales, held it last.
    pub fn last_hold(&self) -> Option<&Hold> {
        match self {
            Self::Returned(ended) | Self::Disqualified(ended) => ended.last_hold.as_ref(),
            Self::Nurturing
            | Self::AwaitingOwner { .. }
            | Self::AwaitingAcceptance { .. }
            | Self::Working { .. }
            | Self::Converted { .. } => self.hold(),
        }
    }

    /// The work on this trip, if somebody has accepted it.
    pub fn work(&self) -> Option<&Work> {
        match self {
            Self::Nurturing | Self::AwaitingOwner { .. } => None,
            Self::AwaitingAcceptance { earlier_work, .. } => earlier_work.as_ref(),
            Self::Working { work, .. } | Self::Converted { work, .. } => Some(work),
            Self::Returned(ended) | Self::Disqualified(ended) => ended.work.as_ref(),
        }
    }

    /// How sales last let go of the lead, if it ever did.
    pub fn let_go(&self) -> Option<LetGo> {
        match self {
            Self::Nurturing => None,
            Self::Returned(ended) => Some(ended.let_go(Status::Returned)),
            Self::Disqualified(ended) => Some(ended.let_go(Status::Disqualified)),
            Self::AwaitingOwner { trip, .. }
            | Self::AwaitingAcceptance { trip, .. }
            | Self::Working { trip, .. }
            | Self::Converted { trip, .. } => trip.let_go,
        }
    }

    /// What must happen next, and the moments of that; none of a lead that sales does not hold.
    pub fn countdown(&self) -> Option<(DeadlineKind, &Countdown)> {
        match self {
            Self::AwaitingOwner { countdown, .. } => Some((DeadlineKind::Route, countdown)),
            Self::AwaitingAcceptance { countdown, .. } => Some((DeadlineKind::Accept, countdown)),
            Self::Working { next: WorkDeadline::Convert(countdown), .. } => {
                Some((DeadlineKind::Convert, countdown))
            }
            Self::Working { next: WorkDeadline::TakeBack(countdown), .. } => {
                Some((DeadlineKind::TakeBack, countdown))
            }
            Self::Nurturing
            | Self::Converted { .. }
            | Self::Returned(_)
            | Self::Disqualified(_) => None,
        }
    }

    /// The deadline as events and pages show it.
    pub fn deadline(&self) -> Option<Deadline> {
        self.countdown().map(|(kind, countdown)| Deadline { kind, at: countdown.due_at })
    }

    /// How the trip ends now: with the last owner and the work they did. `None` for a lead that
    /// sales does not hold.
    pub(crate) fn end(self, at: Timestamp, reason: &str) -> Option<Ended> {
        let (trip, last_hold, work) = match self {
            Self::AwaitingOwner { trip, .. } => (trip, None, None),
            Self::AwaitingAcceptance { trip, hold, earlier_work, .. } => {
                (trip, Some(hold), earlier_work)
            }
            Self::Working { trip, hold, work, .. } => (trip, Some(hold), Some(work)),
            Self::Nurturing
            | Self::Converted { .. }
            | Self::Returned(_)
            | Self::Disqualified(_) => return None,
        };
        let reason = reason.to_owned();
        Some(Ended { trip, last_hold, work, at, reason, reopened_from: None })
    }

    /// The same end, taken back: marketing has the lead. `None` for a lead that is neither
    /// converted nor ruled out.
    pub(crate) fn reopen(self, at: Timestamp, reason: &str) -> Option<Ended> {
        let reopened_from = Some(self.status());
        let reason = reason.to_owned();
        match self {
            Self::Converted { trip, hold, work, at: _ } => {
                let work = Some(work);
                Some(Ended { trip, last_hold: hold, work, at, reason, reopened_from })
            }
            Self::Disqualified(ended) => Some(Ended { at, reason, reopened_from, ..ended }),
            Self::Nurturing
            | Self::AwaitingOwner { .. }
            | Self::AwaitingAcceptance { .. }
            | Self::Working { .. }
            | Self::Returned(_) => None,
        }
    }
}
