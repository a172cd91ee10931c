//! Erasure: what is left of a lead whose person had to be forgotten, and what that still answers.
//!
//! What is left says when somebody was erased and nothing about them. It keeps what they did
//! before, sent late or once more, from bringing any of it back; what they do afterwards begins a
//! lead anew. It is no status: nobody passes, works or converts it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::activity::Entry;
use crate::alias::Alias;
use crate::commands::{Command, CommandRequest};
use crate::correlation::Correlation;
use crate::id::LeadId;
use crate::lead::Lead;
use crate::message::{EVENT_SCHEMA, Erased, EventName, Message, MessageId};
use crate::refusal::Refusal;

pub use crate::lead::{Erasure, TIMES};

impl Erasure {
    /// Whether it took an entry of the lead's ledger.
    pub fn took(&self, entry: &Entry) -> bool {
        entry.era <= self.era
    }
}

/// What is left of a lead whose person was erased. The id is a hash of who they were: a pseudonym,
/// and no more than that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The id of the lead that was erased.
    pub lead: LeadId,
    /// The version that a write must expect, as with a lead.
    pub version: u64,
    /// The newest erasure of that person.
    pub erased: Erasure,
}

/// What is known under a lead's id.
#[derive(Clone, Debug, PartialEq)]
pub enum LeadRecord {
    /// A lead that was not erased, or began anew since.
    Lead(Box<Lead>),
    /// That there was one.
    Erased(Tombstone),
}

impl LeadRecord {
    /// The newest erasure of the person, if there was one.
    pub fn erased(&self) -> Option<&Erasure> {
        match self {
            Self::Lead(lead) => lead.erased.as_ref(),
            Self::Erased(tombstone) => Some(&tombstone.erased),
        }
    }

    /// The newest erasure of what lies under that id, one of the lead's or its own.
    pub fn erasure_of(&self, id: LeadId) -> Option<&Erasure> {
        match self {
            Self::Lead(lead) => lead.erasure_of(id),
            Self::Erased(tombstone) => Some(&tombstone.erased),
        }
    }
}

/// The decision to erase: what replaces the lead, and what is made known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ErasureDecision {
    /// The version of the lead that is replaced; 0 if there was none.
    pub was: u64,
    /// What replaces it.
    pub tombstone: Tombstone,
    /// The news for the bus.
    pub message: Message,
}

impl ErasureDecision {
    /// The name of its message.
    pub fn news(&self) -> MessageId {
        self.tombstone.news()
    }
}

/// Erases the person behind a lead; behind an id that nobody knows yet, so that what they did
/// before now is not taken when it arrives.
pub fn erase(
    id: LeadId,
    lead: Option<&Lead>,
    correlation: &Correlation,
    now: Timestamp,
) -> ErasureDecision {
    let (was, era) = lead.map_or((0, 0), |lead| (lead.version, lead.era));
    let at = lead.map_or(now, |lead| now.max(lead.changed_at));
    let times = (lead.map_or(0, Lead::erasures) + 1) % TIMES;
    let erased = Erasure { at, times, version: was + 1, era };
    let tombstone = Tombstone { lead: id, version: erased.version, erased };
    let message = Message::Erased(tombstone.event(correlation.clone()));
    ErasureDecision { was, tombstone, message }
}

/// Erases a person under another of their names, with the lead that lay there, if one did.
pub fn erase_alias(alias: &Alias, correlation: &Correlation, now: Timestamp) -> ErasureDecision {
    let was = alias.version;
    let times = (alias.erased.map_or(0, |erased| erased.times) + 1) % TIMES;
    let erased = Erasure { at: now.max(alias.at), times, version: was + 1, era: alias.era };
    let tombstone = Tombstone { lead: alias.lead, version: erased.version, erased };
    let message = Message::Erased(tombstone.event(correlation.clone()));
    ErasureDecision { was, tombstone, message }
}

impl Tombstone {
    /// The fact that is published about the erasure.
    pub fn event(&self, correlation: Correlation) -> Erased {
        let &Self { lead, version, erased } = self;
        let (schema, name) = (EVENT_SCHEMA, EventName::Erased);
        Erased { schema, name, lead, at: erased.at, version, correlation }
    }

    /// The name of the message that tells of the erasure.
    pub fn news(&self) -> MessageId {
        MessageId { lead: self.lead, version: self.version, index: 0 }
    }

    /// What a request finds: a lead that begins anew if somebody did something, or nothing.
    ///
    /// # Errors
    ///
    /// Every other request is refused: there is nobody to act on.
    pub fn answer(&self, request: &CommandRequest, now: Timestamp) -> Result<Lead, Refusal> {
        let Command::Record(record) = &request.command else { return Err(Refusal::Erased) };
        Ok(Lead {
            version: self.version,
            era: self.erased.era + 1,
            erased: Some(self.erased),
            ..Lead::new(record.activity.who.clone(), now.max(self.erased.at))
        })
    }
}
