//! What somebody can do to a lead now: found by asking [`decide`], so that a page never offers what
//! would be refused, nor hides what would not.

use super::{World, decide};
use crate::command::{Command, Order};
use crate::lead::Lead;
use crate::refusal::Refusal;

/// The commands of a person that would be carried out now: a rejection for each of the policy's
/// reasons, a reassignment to each person who could get the lead. `order` is what the asker would
/// send, with all they believe. Reasons that people type are empty here.
pub fn possible(lead: &Lead, order: impl Fn(Command) -> Order, world: &World<'_>) -> Vec<Command> {
    let tried = |command| try_out(lead, &order(command), world);
    let typed = String::new;
    let mut commands = vec![
        Command::Accept,
        Command::Convert,
        Command::Extend { reason: typed(), id: None },
        Command::Return { reason: typed() },
        Command::Disqualify { reason: typed() },
        Command::Qualify { reason: None },
    ];
    commands.retain(|command| tried(command.clone()).is_ok());
    let rejections = world.policy.reject_reasons.keys();
    let rejections = rejections.map(|reason| Command::Reject { reason: reason.clone() });
    commands.extend(rejections.filter(|command| tried(command.clone()).is_ok()));
    for to in world.roster.people.keys() {
        let command = Command::Reassign { to: to.clone(), reason: None };
        match tried(command.clone()) {
            Ok(()) => commands.push(command),
            Err(refusal) if is_about_the_taker(&refusal) => {}
            Err(_) => break,
        }
    }
    commands
}

fn try_out(lead: &Lead, order: &Order, world: &World<'_>) -> Result<(), Refusal> {
    decide(lead.clone(), order, world).map(drop)
}

/// Whether somebody else might get the lead: else nobody more need be asked about.
fn is_about_the_taker(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::AlreadyTheirs(_) | Refusal::UnknownPerson | Refusal::Unavailable(_) => true,
        Refusal::AlreadyQualified(_)
        | Refusal::AlreadyAccepted { .. }
        | Refusal::AlreadyAssigned
        | Refusal::AlreadyConverted
        | Refusal::AlreadyReturned
        | Refusal::AlreadyDisqualified
        | Refusal::NotQualified
        | Refusal::NotAssigned
        | Refusal::NotAccepted
        | Refusal::NotYours
        | Refusal::AnotherCycle
        | Refusal::Changed
        | Refusal::Erased
        | Refusal::BeforeErasure
        | Refusal::UnknownReason { .. }
        | Refusal::AlreadyExtended
        | Refusal::NoExtensionsLeft(_)
        | Refusal::NotDue
        | Refusal::AlreadyWarned => false,
    }
}
