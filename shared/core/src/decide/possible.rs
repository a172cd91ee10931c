//! What somebody can do to a lead now: found by asking [`decide`], so that a page never offers what
//! would be refused, nor hides what would not.

use super::{Context, decide};
use crate::commands::{
    Accept, Command, CommandKind, CommandRequest, Convert, Disqualify, Extend, Qualify, Reason,
    Reassign, Recipient, Reject, Reopen, Return,
};
use crate::lead::Lead;
use crate::refusal::Refusal;

/// The commands of a person that would be carried out now: a rejection for each of the policy's
/// reasons, a reassignment to each person and queue who could get
/// the lead. `request` is what the asker would
/// send, with all they believe. Reasons that people type are empty here.
pub fn possible(
    lead: &Lead,
    request: impl Fn(Command) -> CommandRequest,
    context: &Context<'_>,
) -> Vec<Command> {
    let mut commands = Vec::new();
    for &kind in CommandKind::ALL {
        for command in choices(kind, context) {
            match decide(lead.clone(), &request(command.clone()), context) {
                Ok(_) => commands.push(command),
                Err(refusal) if is_about_the_taker(&refusal) => {}
                Err(_) => break,
            }
        }
    }
    commands
}

/// The forms in which a person could give that command; none of what only our functions give.
fn choices(kind: CommandKind, context: &Context<'_>) -> Vec<Command> {
    let typed = Reason::default;
    match kind {
        CommandKind::Record
        | CommandKind::Assign
        | CommandKind::Lapse
        | CommandKind::WarningSent
        | CommandKind::Report => Vec::new(),
        CommandKind::Accept => vec![Accept {}.into()],
        CommandKind::Convert => vec![Convert {}.into()],
        CommandKind::Extend => vec![Extend { reason: typed(), id: None }.into()],
        CommandKind::Return => vec![Return { reason: typed() }.into()],
        CommandKind::Disqualify => vec![Disqualify { reason: typed() }.into()],
        CommandKind::Qualify => vec![Qualify { reason: None, to: None }.into()],
        CommandKind::Reopen => vec![Reopen { reason: typed() }.into()],
        CommandKind::Reject => {
            let reasons = context.policy.reject_reasons.keys();
            reasons.map(|name| Reject { reason: name.as_str().into() }.into()).collect()
        }
        CommandKind::Reassign => {
            let people = context.roster.people.keys().cloned().map(Recipient::Person);
            let queues = context.roster.queues.keys().cloned().map(Recipient::Queue);
            people.chain(queues).map(|to| Reassign { to, reason: None }.into()).collect()
        }
    }
}

/// Whether somebody else might get the lead: else nobody more need be asked about.
fn is_about_the_taker(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::AlreadyTheirs(_)
        | Refusal::UnknownPerson
        | Refusal::Unavailable(_)
        | Refusal::UnknownQueue
        | Refusal::NobodyAvailable(_) => true,
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
        | Refusal::Stale
        | Refusal::Ignored
        | Refusal::UnknownCycle(_)
        | Refusal::AlreadyWarned => false,
    }
}
