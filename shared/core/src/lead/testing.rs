//! Leads for tests, at any stage.

use jiff::Timestamp;

use super::{Countdown, DeadlineKind, Ended, Hold, QualifiedBy, Stage, Trip, Work, WorkDeadline};
use crate::id::{PersonId, QueueName, SourceName};
use crate::points::Score;

/// A first trip, of a lead that qualified by fast track at a trade show.
pub(crate) fn trip(mql_at: Timestamp) -> Trip {
    Trip {
        cycle: 1,
        first_mql_at: mql_at,
        mql_at,
        mql_by: QualifiedBy::FastTrack,
        mql_source: Some(SourceName::parse("tradeshow").unwrap()),
        evidence: Vec::new(),
        mql_because: None,
        score_at_mql: Score::new(100.0, 0),
        extensions: 0,
        extended_by: Vec::new(),
    }
}

/// Held by somebody who reports to somebody.
pub(crate) fn hold(owner: &str, supervisor: &str, assigned_at: Timestamp) -> Hold {
    let person = |id| PersonId::parse(id).unwrap();
    Hold {
        owner: person(owner),
        supervisor: Some(person(supervisor)),
        queue: QueueName::parse("emea").unwrap(),
        assigned_at,
        escalations: 0,
    }
}

/// The stage in which a deadline of that kind runs until `due_at`, since `started_at`.
pub(crate) fn stage(kind: DeadlineKind, hold: Hold, work: Work, countdown: Countdown) -> Stage {
    let trip = trip(hold.assigned_at);
    match kind {
        DeadlineKind::Route => Stage::AwaitingOwner { trip, countdown, house_told_at: None },
        DeadlineKind::Accept => {
            Stage::AwaitingAcceptance { trip, hold, countdown, earlier_work: None }
        }
        DeadlineKind::Convert => {
            Stage::Working { trip, hold, work, next: WorkDeadline::Convert(countdown) }
        }
        DeadlineKind::TakeBack => {
            Stage::Working { trip, hold, work, next: WorkDeadline::TakeBack(countdown) }
        }
    }
}

/// Work that was accepted then.
pub(crate) fn work(accepted_at: Timestamp) -> Work {
    Work { accepted_at, warned_at: None }
}

/// A countdown that runs until then, as it was promised.
pub(crate) fn until(started_at: Timestamp, due_at: Timestamp) -> Countdown {
    Countdown { started_at, promised_at: due_at, due_at }
}

/// Returned without having been worked.
pub(crate) fn returned(last_hold: Hold, at: Timestamp) -> Stage {
    let trip = trip(last_hold.assigned_at);
    let reason = "no budget".to_owned();
    Stage::Returned(Ended { trip, last_hold: Some(last_hold), work: None, at, reason })
}
