//! Refusals: a closed list, each with a stable code and a sentence. None repeats what the asker
//! said; the people it names are on the roster.

use crate::id::{PersonId, QueueName};
use crate::lead::Status;

/// Why a command was refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The lead is an MQL or further already.
    #[error("the lead is already {}", .0.word())]
    AlreadyQualified(Status),
    /// Somebody has accepted it.
    #[error("the lead has already been accepted by {owner}")]
    AlreadyAccepted {
        /// The salesperson who holds it.
        owner: PersonId,
    },
    /// It has an owner.
    #[error("the lead already has an owner")]
    AlreadyAssigned,
    /// It is a contact or opportunity.
    #[error("the lead has already been converted")]
    AlreadyConverted,
    /// It is back with marketing.
    #[error("the lead is back with marketing")]
    AlreadyReturned,
    /// It has been ruled out.
    #[error("the lead has been disqualified")]
    AlreadyDisqualified,
    /// A report is about an earlier time, or older than what was decided since.
    #[error("the report is older than what was decided since")]
    Stale,
    /// A report asks for nothing, or for what is so already.
    #[error("the report asks for nothing that is not so already")]
    Ignored,
    /// A report is about a trip into sales that has not begun.
    #[error("the lead has been passed to sales {0} times so far")]
    UnknownCycle(u32),
    /// It already belongs to the person it should go to.
    #[error("the lead already belongs to {0}")]
    AlreadyTheirs(PersonId),
    /// Marketing has not passed it on.
    #[error("the lead is not qualified yet: marketing is still nurturing it")]
    NotQualified,
    /// No owner has been found yet.
    #[error("the lead has no owner yet")]
    NotAssigned,
    /// The owner has not accepted it.
    #[error("the lead has not been accepted yet: accept it first")]
    NotAccepted,
    /// The asker is neither the owner nor their supervisor.
    #[error(
        "the lead is somebody else's: only its owner, their supervisor or marketing can do that"
    )]
    NotYours,
    /// The link was made for an earlier trip of the lead.
    #[error("the link is from an earlier time this lead was passed to sales")]
    AnotherCycle,
    /// Its deadline is not the one the asker saw.
    #[error("the lead has changed since you looked: look again, then decide")]
    Changed,
    /// The person behind the lead was erased.
    #[error("the person was erased; nothing is known of them any more")]
    Erased,
    /// It happened before the person was erased.
    #[error("it happened before the person was erased, and is not taken any more")]
    BeforeErasure,
    /// The policy has no such reason.
    #[error("the policy has no such reason; it has: {known}")]
    UnknownReason {
        /// The names of the reasons that the policy has.
        known: String,
    },
    /// The roster has no such person.
    #[error("the roster has no person of that id")]
    UnknownPerson,
    /// The person has left or is away.
    #[error("{0} is away or no longer takes leads")]
    Unavailable(PersonId),
    /// The request has extended it.
    #[error("this request has extended the lead already")]
    AlreadyExtended,
    /// All extensions of this cycle are used.
    #[error("the lead has been extended {0} times already, as often as the policy allows")]
    NoExtensionsLeft(u32),
    /// The roster has no such queue.
    #[error("the roster has no queue of that name")]
    UnknownQueue,
    /// Nobody who does not have the lead already is there to take it.
    #[error("nobody is available in {0} to take it")]
    NobodyAvailable(QueueName),
    /// No deadline has passed.
    #[error("no deadline of the lead has passed")]
    NotDue,
    /// The warning is on record already.
    #[error("the warning is on record already")]
    AlreadyWarned,
}

impl Refusal {
    /// The stable code that programs compare.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyQualified(_) => "already_qualified",
            Self::AlreadyAccepted { .. } => "already_accepted",
            Self::AlreadyAssigned => "already_assigned",
            Self::AlreadyConverted => "already_converted",
            Self::AlreadyReturned => "already_returned",
            Self::AlreadyDisqualified => "already_disqualified",
            Self::Stale => "stale",
            Self::Ignored => "ignored",
            Self::UnknownCycle(_) => "unknown_cycle",
            Self::AlreadyTheirs(_) => "already_theirs",
            Self::NotQualified => "not_qualified",
            Self::NotAssigned => "not_assigned",
            Self::NotAccepted => "not_accepted",
            Self::NotYours => "not_yours",
            Self::AnotherCycle => "another_cycle",
            Self::Changed => "changed",
            Self::Erased => "erased",
            Self::BeforeErasure => "before_erasure",
            Self::UnknownReason { .. } => "unknown_reason",
            Self::UnknownPerson => "unknown_person",
            Self::Unavailable(_) => "unavailable",
            Self::UnknownQueue => "unknown_queue",
            Self::NobodyAvailable(_) => "nobody_available",
            Self::AlreadyExtended => "already_extended",
            Self::NoExtensionsLeft(_) => "no_extensions_left",
            Self::NotDue => "not_due",
            Self::AlreadyWarned => "already_warned",
        }
    }
}
