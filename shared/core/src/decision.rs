//! What a command leads to: a value, committed whole or not at all.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::activity::Entry;
use crate::actor::Actor;
use crate::command_kind::CommandKind;
use crate::id::{PersonId, QueueName};
use crate::lead::{DeadlineKind, Lead, QualifiedBy, Status};
use crate::message::{Message, MessageId};
use crate::turn::QueueTurn;

pub use crate::editions::Editions;

/// The new lead and everything that changes with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What the lead was before, as far as the invariants care.
    pub before: Before,
    /// The lead as it is now.
    pub lead: Lead,
    /// The activity for the ledger.
    pub entry: Option<Entry>,
    /// The line for the history.
    pub history: Option<History>,
    /// What to make known, in order.
    pub messages: Vec<Message>,
    /// The queue whose turn moved on.
    pub turn: Option<QueueTurn>,
}

impl Decision {
    /// The decision's messages with their ids.
    pub fn outbox(&self) -> impl Iterator<Item = (MessageId, &Message)> {
        let (lead, version) = (self.lead.lead, self.lead.version);
        let id = move |index| MessageId { lead, version, index };
        (0..).map(id).zip(&self.messages)
    }

    /// Takes the messages out, with their ids.
    pub fn take_outbox(&mut self) -> Vec<(MessageId, Message)> {
        let ids: Vec<MessageId> = self.outbox().map(|(id, _)| id).collect();
        ids.into_iter().zip(std::mem::take(&mut self.messages)).collect()
    }
}

/// The lead before the decision, as far as the invariants care.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// Where it stood.
    pub status: Status,
    /// Who held it.
    pub owner: Option<PersonId>,
    /// Its version: the write is refused if the stored lead has another.
    pub version: u64,
    /// Its behaviour score, exact, at the moment of the decision.
    pub behaviour: f64,
    /// When it had last changed.
    pub changed_at: Timestamp,
}

/// One line of a lead's history: who decided what, when, and under which policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The moment of the decision.
    pub at: Timestamp,
    /// Where the lead stood.
    pub from: Status,
    /// Where it stands then.
    pub to: Status,
    /// What was asked for.
    pub command: CommandKind,
    /// Which deadline had passed, if the clock asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<DeadlineKind>,
    /// The person, tool or machinery that asked.
    pub by: Actor,
    /// The reason: in a person's words, or the name of a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who holds the lead then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// Who held it, if it left them for marketing or was ruled out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<PersonId>,
    /// To whom the holder reported when they got it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<PersonId>,
    /// The queue it was dealt from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// When the holder got it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<Timestamp>,
    /// When this cycle began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mql_at: Option<Timestamp>,
    /// How it qualified, on the line that begins a cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<QualifiedBy>,
    /// Which trip into sales.
    pub cycle: u32,
    /// Whether sales took the lead up outside the system, so that our clocks measured nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reported: bool,
    /// The policy's version, as its author calls it.
    pub policy: String,
    /// The published editions it was decided by; none by rules that were never published, nor in
    /// lines of before editions were noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editions: Option<Editions>,
    /// The lead's version after the decision.
    pub version: u64,
    /// Whether it changed nothing that anybody is told: a retry, or that a warning has left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silent: bool,
}

impl History {
    /// Who holds the lead then, or held it until then.
    #[must_use]
    pub fn holder(&self) -> Option<&PersonId> {
        self.owner.as_ref().or(self.held_by.as_ref())
    }
}
