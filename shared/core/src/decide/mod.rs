//! The one function that decides: a lead and a request in, a refusal or a decision out.

mod possible;

use jiff::Timestamp;

use crate::builder::DecisionBuilder;
use crate::commands::{Command, CommandRequest, Reassign, Recipient};
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
    let deals = match &request.command {
        Command::Reassign(Reassign { to: Recipient::Queue(queue), .. }) => {
            return Some(queue.clone());
        }
        Command::Assign(_) | Command::Lapse(_) => lead.deadline_kind() == Some(DeadlineKind::Route),
        Command::Report(report) => report.deals(lead),
        Command::Record(_)
        | Command::WarningSent(_)
        | Command::Accept(_)
        | Command::Reject(_)
        | Command::Convert(_)
        | Command::Extend(_)
        | Command::Return(_)
        | Command::Disqualify(_)
        | Command::Reassign(_)
        | Command::Qualify(_)
        | Command::Reopen(_) => false,
    };
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
    let is_another = request.cycle.is_some_and(|cycle| cycle != lead.cycle());
    if is_another || request.erasures.is_some_and(|times| times != lead.erasures()) {
        return Err(Refusal::AnotherCycle);
    }
    let mut decision = DecisionBuilder::new(lead, request.asked(), context);
    request.command.apply(&mut decision)?;
    Ok(decision.finish())
}
