//! Under which other names a lead is found: an alias lies where a lead of that name would, and
//! says which lead the person is.
//!
//! An alias is written in the transaction of the decision that ties the name, on the condition of
//! what lay there. So two requests about one person can't make two leads of them, and finding the
//! lead by the name costs one read more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::activity::Entry;
use crate::decision::History;
use crate::erasure::LeadRecord;
use crate::id::{Identity, LeadId};
use crate::lead::{Erasure, Lead};
use crate::message::{Message, MessageId};
use crate::tie::TieConflict;

/// What lies under the id of another name of a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alias {
    /// The id that follows from the name.
    pub lead: LeadId,
    /// The lead that the person is.
    pub survivor: LeadId,
    /// The version that a write must expect, as with a lead.
    pub version: u64,
    /// The last era of what lay there, for an erasure to take.
    pub era: u32,
    /// When it was tied.
    pub at: Timestamp,
    /// The newest erasure of the person under this name, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erasure>,
    /// The lead that lay there until it was merged, as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Box<Lead>>,
}

/// What lies under an id.
#[derive(Clone, Debug, PartialEq)]
pub enum StoredRecord {
    /// A lead, or what an erasure left of one.
    Known(LeadRecord),
    /// Another name of a lead.
    Alias(Box<Alias>),
}

/// An alias that a decision writes.
#[derive(Clone, Debug, PartialEq)]
pub struct AliasWrite {
    /// What is written.
    pub alias: Alias,
    /// The version of what lay there; 0 if nothing did.
    pub was: u64,
    /// The last line of the history of the lead that lay there.
    pub history: Option<History>,
    /// What is made known of that.
    pub message: Option<Message>,
    /// The ids that were aliases of the lead that lay there, and are the survivor's now.
    pub repointed: Vec<LeadId>,
}

impl AliasWrite {
    /// The name of its message.
    pub fn news(&self) -> MessageId {
        MessageId { lead: self.alias.lead, version: self.alias.version, index: 0 }
    }

    pub(crate) fn take_message(&mut self) -> Option<(MessageId, Message)> {
        Some((self.news(), self.message.take()?))
    }
}

/// What a decision joins to its lead: another name, or another lead of the same person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joining {
    /// A name that leads to nobody.
    pub name: Option<FreeName>,
    /// A lead that is merged into it.
    pub lead: Option<Box<Lead>>,
    /// The ledgers of both leads, if [`needs_ledgers`](crate::merge::needs_ledgers) asks for them.
    pub ledger: Vec<Entry>,
    /// Why a second name that was given stays apart.
    pub conflict: Option<TieConflict>,
}

/// A name that an activity ties to a lead, and what lies under its id: no lead.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeName {
    /// The name.
    pub who: Identity,
    /// The version of what lies there; 0 if nothing does.
    pub version: u64,
    /// The last era of what was there.
    pub era: u32,
    /// The newest erasure of the person under this name.
    pub erased: Option<Erasure>,
}
