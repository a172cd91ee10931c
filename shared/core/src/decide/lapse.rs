//! A deadline has passed: rules 6, 7, 8 and 10.
//!
//! Each lapse takes one step and starts the next clock from now, so that after a downtime every
//! missed step happens once, late, and every period of grace has its full length.

use jiff::SignedDuration;

use super::{Turn, assign, finish};
use crate::id::PersonId;
use crate::lead::Clock;
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;
use crate::route;

/// How long to wait for an undelivered warning before looking again.
const WARNING_RECHECK: SignedDuration = SignedDuration::from_hours(1);

/// Takes the step whose deadline has passed.
pub(super) fn lapse(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    let due = turn.lead().deadline.as_ref().filter(|deadline| deadline.at <= turn.now);
    match due.map(|deadline| deadline.kind) {
        None => return Err(Refusal::NotDue),
        Some(Clock::Route) => assign::assign(turn)?,
        Some(Clock::Accept) => escalate(turn),
        Some(Clock::Convert) => warn(turn),
        Some(Clock::TakeBack) => take_back(turn),
    }
    Ok(())
}

/// Rule 6: owner and supervisor hear of it, again and again until someone acts.
fn escalate(turn: &mut Turn<'_>) {
    turn.lead_mut().escalations += 1;
    turn.run_clock(Clock::Accept, turn.world.policy.clocks.escalate_every);
    turn.publish(EventName::Escalated);
    for person in owner_and_supervisor(turn) {
        turn.tell(&person, AlertKind::AcceptOverdue, None);
    }
    turn.note(Some("not accepted in time"), Some(Clock::Accept));
}

/// Rule 7: owner and supervisor hear that marketing takes the lead back soon.
fn warn(turn: &mut Turn<'_>) {
    turn.lead_mut().marks.warned_at = None;
    turn.run_clock(Clock::TakeBack, turn.world.policy.clocks.take_back_after);
    turn.publish(EventName::Warned);
    for person in owner_and_supervisor(turn) {
        turn.tell(&person, AlertKind::TakeBackWarned, None);
    }
    turn.note(Some("not converted in time"), Some(Clock::Convert));
}

/// Rule 8: the grace period runs from the moment the warning left us, not from its due date.
pub(super) fn warning_sent(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    let running = turn.lead().deadline.as_ref().is_some_and(|d| d.kind == Clock::TakeBack);
    if !running || turn.lead().marks.warned_at.is_some() {
        return Err(Refusal::AlreadyWarned);
    }
    turn.lead_mut().marks.warned_at = Some(turn.now);
    turn.run_clock(Clock::TakeBack, turn.world.policy.clocks.take_back_after);
    Ok(())
}

/// Rule 8: back to marketing; but nobody loses a lead on a warning that was never sent.
fn take_back(turn: &mut Turn<'_>) {
    if turn.lead().marks.warned_at.is_none() {
        turn.run_clock(Clock::TakeBack, WARNING_RECHECK);
        return;
    }
    let owner = turn.lead().owner.clone();
    let reason = "not converted in time";
    finish::to_marketing(turn, reason);
    turn.publish(EventName::Returned);
    let marketing = &turn.world.roster.marketing;
    for person in owner.iter().chain(marketing) {
        turn.tell(person, AlertKind::TakenBack, Some(reason));
    }
    turn.note(Some(reason), Some(Clock::TakeBack));
}

/// The two who must hear of a slip; the house stands in for a missing supervisor.
fn owner_and_supervisor(turn: &Turn<'_>) -> Vec<PersonId> {
    let lead = turn.lead();
    let mut people: Vec<_> = lead.owner.iter().chain(&lead.supervisor).cloned().collect();
    if lead.supervisor.is_none() {
        people.extend(route::house_supervisors(turn.world.roster));
    }
    people.dedup();
    people
}
