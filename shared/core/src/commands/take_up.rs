//! What sales did with a lead outside the system: it is on record in one decision, qualified by
//! hand, accepted and, if so, converted. No clock measured any of that.

use jiff::SignedDuration;

use super::{assign, qualify};
use crate::builder::DecisionBuilder;
use crate::id::PersonId;
use crate::lead::{Countdown, Ended, Hold, QualifiedBy, Stage, Trip, Work, WorkDeadline};
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;

/// For how long after a return the same trip may go on: "it was an SQL, the rep forgot".
const SAME_TRIP_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How far sales got with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Somebody works it.
    Accepted,
    /// It is a contact or opportunity.
    Converted,
}

/// The trip that a lead goes on, and who had it on that trip.
struct Resumed {
    trip: Trip,
    hold: Option<Hold>,
    work: Option<Work>,
}

/// The end of a trip that would go on if sales took the lead up now.
pub(super) fn recent_end<'d>(decision: &'d DecisionBuilder<'_>) -> Option<&'d Ended> {
    let Stage::Returned(ended) = &decision.lead().stage else { return None };
    let is_recent = decision.now().duration_since(ended.at) <= SAME_TRIP_WITHIN;
    is_recent.then_some(ended)
}

/// Puts on record what sales did. The owner is the one who is named, or who had it on this trip.
/// A lead that is worked by nobody in particular is dealt; a converted one has no owner then.
pub(super) fn take_up(
    decision: &mut DecisionBuilder<'_>,
    progress: Progress,
    owner: Option<&PersonId>,
    because: Option<&str>,
) -> Result<(), Refusal> {
    let Resumed { trip, hold, work } = resumed(decision, because);
    let hold = match owner {
        Some(person) => Some(held_by(decision, progress, person, hold)?),
        None => hold,
    };
    let now = decision.now();
    // Who works it again has accepted it now; what was converted was accepted when it was.
    let accepted_at = work.filter(|_| progress == Progress::Converted).map(|work| work.accepted_at);
    let work = Work { accepted_at: accepted_at.unwrap_or(now), warned_at: None };
    match progress {
        Progress::Converted => {
            decision.move_to(Stage::Converted { trip, hold, work, at: now });
            decision.publish(EventName::Converted);
        }
        Progress::Accepted => work_on(decision, trip, hold, work)?,
    }
    decision.write_history(because, None);
    Ok(())
}

/// The same trip goes on if the lead was returned of late; else a new one begins.
fn resumed(decision: &DecisionBuilder<'_>, because: Option<&str>) -> Resumed {
    let let_go = decision.lead().stage.let_go();
    match recent_end(decision).cloned() {
        Some(Ended { trip, last_hold: hold, work, .. }) => {
            Resumed { trip: Trip { reported: true, let_go, ..trip }, hold, work }
        }
        None => {
            let trip = qualify::new_trip(decision, QualifiedBy::Manual, because);
            Resumed { trip: Trip { reported: true, ..trip }, hold: None, work: None }
        }
    }
}

/// Whoever is named holds it since now, unless they had it on this trip.
fn held_by(
    decision: &DecisionBuilder<'_>,
    progress: Progress,
    person: &PersonId,
    before: Option<Hold>,
) -> Result<Hold, Refusal> {
    let known = decision.roster().person(person).ok_or(Refusal::UnknownPerson)?;
    if progress == Progress::Accepted && !known.active {
        return Err(Refusal::Unavailable(person.clone()));
    }
    match before.filter(|hold| hold.owner == *person) {
        Some(hold) => Ok(hold),
        None => Ok(assign::new_hold(decision, person, decision.queue_wanted())),
    }
}

/// Somebody works it: whoever has it, if they still take leads, else whoever's turn it is.
fn work_on(
    decision: &mut DecisionBuilder<'_>,
    trip: Trip,
    hold: Option<Hold>,
    work: Work,
) -> Result<(), Refusal> {
    let roster = decision.roster();
    let is_there = |hold: &Hold| roster.person(&hold.owner).is_some_and(|person| person.active);
    let held = hold.filter(is_there);
    let is_dealt = held.is_none();
    let hold = match held {
        Some(hold) => hold,
        None => dealt(decision)?,
    };
    let owner = hold.owner.clone();
    let countdown = Countdown::start(decision.now(), decision.clocks().convert_within);
    let next = WorkDeadline::Convert(countdown);
    decision.move_to(Stage::Working { trip, hold, work, next });
    decision.publish(EventName::Accepted);
    if is_dealt {
        decision.tell(&owner, AlertKind::Assigned, None);
    }
    Ok(())
}

fn dealt(decision: &mut DecisionBuilder<'_>) -> Result<Hold, Refusal> {
    let nobody = Refusal::NobodyAvailable(decision.queue_wanted());
    let (queue, person, turn) = assign::deal(decision).ok_or(nobody)?;
    decision.move_turn(turn);
    Ok(assign::new_hold(decision, &person, queue))
}
