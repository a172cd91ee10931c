//! The lead leaves sales: converted, returned or disqualified. Clocks stop (rules 5, 8 and 9).

use super::{Turn, work};
use crate::command::Actor;
use crate::id::PersonId;
use crate::lead::Status;
use crate::lifecycle::{Step, follow};
use crate::message::{AlertKind, EventName};
use crate::points::Behaviour;
use crate::refusal::Refusal;

/// Rule 5: turned down, and the reason says what becomes of it.
pub(super) fn reject(turn: &mut Turn<'_>, reason: &str) -> Result<(), Refusal> {
    work::must_wait_for_acceptance(turn)?;
    turn.must_be_theirs()?;
    let reasons = &turn.world.policy.reject_reasons;
    let Some(rule) = reasons.get(reason) else {
        let known = reasons.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(Refusal::UnknownReason { known });
    };
    match rule.leads_to {
        Status::Disqualified => leave_disqualified(turn, reason),
        Status::Returned
        | Status::Nurturing
        | Status::Mql
        | Status::Working
        | Status::Converted => leave_returned(turn, reason),
    }
    Ok(())
}

/// Rule 9: it became a contact or opportunity. The owner keeps it.
pub(super) fn convert(turn: &mut Turn<'_>) -> Result<(), Refusal> {
    turn.must_be_in_sales()?;
    let Some(status) = follow(turn.lead().status, Step::Convert) else {
        return Err(Refusal::NotAccepted);
    };
    turn.must_be_theirs()?;
    let now = turn.now;
    let lead = turn.lead_mut();
    lead.status = status;
    lead.deadline = None;
    lead.marks.converted_at = Some(now);
    turn.publish(EventName::Converted);
    turn.note(None, None);
    Ok(())
}

/// Given back to marketing by hand.
pub(super) fn give_back(turn: &mut Turn<'_>, reason: &str) -> Result<(), Refusal> {
    turn.must_be_in_sales()?;
    turn.must_be_theirs()?;
    turn.must_be_as_seen()?;
    leave_returned(turn, reason);
    Ok(())
}

/// Ruled out by hand.
pub(super) fn disqualify(turn: &mut Turn<'_>, reason: &str) -> Result<(), Refusal> {
    turn.must_be_in_sales()?;
    turn.must_be_theirs()?;
    leave_disqualified(turn, reason);
    Ok(())
}

fn leave_returned(turn: &mut Turn<'_>, reason: &str) {
    let owner = turn.lead().owner.clone();
    to_marketing(turn, reason);
    turn.publish(EventName::Returned);
    tell_unless_theirs(turn, owner.as_ref(), reason);
    turn.note(Some(reason), None);
}

fn leave_disqualified(turn: &mut Turn<'_>, reason: &str) {
    let (now, owner) = (turn.now, turn.lead().owner.clone());
    let lead = turn.lead_mut();
    lead.status = follow(lead.status, Step::Disqualify).unwrap_or(lead.status);
    lead.marks.disqualified_at = Some(now);
    lead.marks.disqualified_reason = Some(reason.to_owned());
    release(turn);
    turn.publish(EventName::Disqualified);
    tell_unless_theirs(turn, owner.as_ref(), reason);
    turn.note(Some(reason), None);
}

/// Takes the arrow to `returned`. By policy the behaviour score restarts; fit stays.
pub(super) fn to_marketing(turn: &mut Turn<'_>, reason: &str) {
    let restart = turn.world.policy.scoring.restart_on_return;
    let now = turn.now;
    let lead = turn.lead_mut();
    lead.status = follow(lead.status, Step::Return).unwrap_or(lead.status);
    lead.marks.returned_at = Some(now);
    lead.marks.returned_reason = Some(reason.to_owned());
    if restart {
        lead.behaviour = Behaviour::zero(now);
        lead.restarted_at = Some(now);
        lead.era += 1;
        lead.recent.clear();
    }
    release(turn);
}

/// Nobody's any more; who held it stays in the marks.
fn release(turn: &mut Turn<'_>) {
    let lead = turn.lead_mut();
    lead.owner = None;
    lead.supervisor = None;
    lead.queue = None;
    lead.deadline = None;
}

/// An owner who did not do it themselves hears of it.
fn tell_unless_theirs(turn: &mut Turn<'_>, owner: Option<&PersonId>, reason: &str) {
    let by_owner = |owner: &PersonId| turn.order.by == Actor::Person(owner.clone());
    if let Some(owner) = owner.filter(|owner| !by_owner(owner)) {
        turn.tell(owner, AlertKind::TakenBack, Some(reason));
    }
}
