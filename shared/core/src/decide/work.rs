//! What a salesperson does with a lead that stays in sales: accept, extend, reassign.

use super::{Turn, assign};
use crate::id::{PersonId, SourceId};
use crate::lead::{Clock, Status};
use crate::lifecycle::{Step, follow};
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;
use crate::route;

/// Rule 5: the owner takes the lead. After a reassignment the new owner accepts it anew.
pub(super) fn accept(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    must_wait_for_acceptance(turn)?;
    turn.must_be_theirs()?;
    let now = turn.now;
    let lead = turn.lead_mut();
    lead.status = follow(lead.status, Step::Accept).unwrap_or(lead.status);
    lead.marks.accepted_at = Some(now);
    turn.run_clock(Clock::Convert, turn.world.policy.clocks.convert_within);
    turn.publish(EventName::Accepted);
    turn.note(None, None);
    Ok(())
}

/// Refuses unless somebody has the lead and has yet to accept it.
pub(super) fn must_wait_for_acceptance(turn: &Turn<'_>) -> Result<(), Refusal> {
    turn.must_be_in_sales()?;
    let lead = turn.lead();
    match lead.deadline.as_ref().map(|deadline| deadline.kind) {
        Some(Clock::Accept) => Ok(()),
        Some(Clock::Route) => Err(Refusal::NotAssigned),
        Some(Clock::Convert | Clock::TakeBack) | None => {
            Err(Refusal::AlreadyAccepted { owner: lead.owner.clone() })
        }
    }
}

/// Rule 7: more time, for a reason. Never shortens a clock. A request that is sent again, because
/// its answer got lost, extends nothing.
pub(super) fn extend(
    turn: &mut Turn<'_>,
    reason: &str,
    id: Option<&SourceId>,
) -> Result<(), Refusal> {
    turn.must_be_accepted()?;
    turn.must_be_theirs()?;
    if id.is_some_and(|id| turn.lead().extended.contains(id)) {
        return Err(Refusal::AlreadyExtended);
    }
    turn.must_be_as_seen()?;
    let clocks = &turn.world.policy.clocks;
    if turn.lead().extensions >= clocks.extensions_at_most {
        return Err(Refusal::NoExtensionsLeft(turn.lead().extensions));
    }
    let running = turn.lead().deadline.as_ref().map(|deadline| (deadline.kind, deadline.at));
    turn.lead_mut().extensions += 1;
    turn.lead_mut().extended.extend(id.cloned());
    turn.run_clock(Clock::Convert, clocks.extend_by);
    if let (Some((Clock::Convert, at)), Some(next)) = (running, &mut turn.lead_mut().deadline) {
        next.at = next.at.max(at);
    }
    turn.publish(EventName::Extended);
    turn.note(Some(reason), None);
    Ok(())
}

/// Rule 4: by hand, to anybody on the roster who is there. Their acceptance clock starts anew,
/// also when the lead was being worked.
pub(super) fn reassign(
    turn: &mut Turn<'_>,
    to: &PersonId,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    turn.must_be_in_sales()?;
    turn.must_be_theirs()?;
    turn.must_be_as_seen()?;
    let person = turn.world.roster.person(to).ok_or(Refusal::UnknownPerson)?;
    if turn.lead().is_owned_by(to) {
        return Err(Refusal::AlreadyTheirs(to.clone()));
    }
    if !person.is_available(turn.now) {
        return Err(Refusal::Unavailable(to.clone()));
    }
    let previous = turn.lead().owner.clone();
    if turn.lead().queue.is_none() {
        let wanted = route::wanted(turn.lead(), turn.world.policy, turn.world.roster);
        turn.lead_mut().queue = Some(wanted);
    }
    assign::hold(turn, to);
    turn.publish(EventName::Reassigned);
    turn.tell(to, AlertKind::Assigned, reason);
    if let Some(previous) = previous {
        turn.tell(&previous, AlertKind::HandedOver, reason);
    }
    turn.note(reason, None);
    Ok(())
}

impl Turn<'_> {
    /// Refuses if the asker saw another promise than the one that runs: a second tap must not extend
    /// twice, nor a page left open take a lead from somebody who just got it.
    pub(super) fn must_be_as_seen(&self) -> Result<(), Refusal> {
        let seen = self.order.seen.as_ref();
        match seen.is_some() && seen != self.lead().deadline.as_ref() {
            true => Err(Refusal::Changed),
            false => Ok(()),
        }
    }

    /// Refuses unless sales holds the lead.
    pub(super) fn must_be_in_sales(&self) -> Result<(), Refusal> {
        match self.lead().status {
            Status::Mql | Status::Working => Ok(()),
            Status::Nurturing => Err(Refusal::NotQualified),
            Status::Converted => Err(Refusal::AlreadyConverted),
            Status::Returned => Err(Refusal::AlreadyReturned),
            Status::Disqualified => Err(Refusal::AlreadyDisqualified),
        }
    }

    /// Refuses unless the present owner has accepted the lead.
    pub(super) fn must_be_accepted(&self) -> Result<(), Refusal> {
        match must_wait_for_acceptance(self) {
            Ok(()) => Err(Refusal::NotAccepted),
            Err(Refusal::AlreadyAccepted { .. }) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }
}
