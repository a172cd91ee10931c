//! The one function that decides: a lead and a request in, a refusal or a decision out.

mod possible;

use jiff::Timestamp;

use crate::alias::Joining;
use crate::builder::DecisionBuilder;
use crate::commands::CommandRequest;
use crate::decision::Decision;
use crate::id::QueueName;
use crate::lead::{DeadlineKind, Lead};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::roster::Roster;
use crate::route;

pub use crate::builder::Context;
pub use possible::possible;

/// The queue whose turn must be known before this request can be decided.
pub fn queue_needed(
    lead: &Lead,
    request: &CommandRequest,
    policy: &Policy,
    roster: &Roster,
    now: Timestamp,
) -> Option<QueueName> {
    let waits_for_owner = lead.deadline_kind() == Some(DeadlineKind::Route);
    let deals = waits_for_owner && request.command.kind().deals();
    if deals { route::open(lead, policy, roster, now) } else { None }
}

/// Decides a request about a lead. Pure and total; the caller commits the decision as one
/// transaction, or nothing.
///
/// # Errors
///
/// A [`Refusal`] when the domain says no; nothing has changed then.
pub fn decide(
    lead: Lead,
    request: &CommandRequest,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    decide_joining(lead, Joining::default(), request, context)
}

/// The same, of a lead to which something else of the same person was found.
///
/// # Errors
///
/// As [`decide`].
pub fn decide_joining(
    lead: Lead,
    joining: Joining,
    request: &CommandRequest,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let id = request.told_of.unwrap_or(lead.lead);
    let is_another = request.cycle.is_some_and(|cycle| lead.trip_told(id, cycle) != lead.cycle());
    if is_another || request.erasures.is_some_and(|times| times != lead.erasures_of(id)) {
        return Err(Refusal::AnotherCycle);
    }
    let mut decision = DecisionBuilder::new(lead, request.asked(), context).joining(joining);
    request.command.apply(&mut decision)?;
    Ok(decision.finish())
}
