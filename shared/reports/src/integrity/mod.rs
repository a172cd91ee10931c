//! What must be true of everything the table has, looked at from outside: not whether a decision
//! may be made, but whether what is there can be what decisions made.
//!
//! Promises to find nothing wrong with what Baton itself leaves, at whatever moment it is looked
//! at as long as nothing changes meanwhile. Reads nothing and repairs nothing: what lies under a
//! lead's id is an argument, and what is to be done is said in words.

mod erased;
mod history;
mod lead;
mod ledger;
mod rules;
mod turn;
mod violation;

use std::fmt;

use baton_core::activity::Entry;
use baton_core::decision::History;
use baton_core::erasure::{LeadRecord, Tombstone};
use baton_core::message::MessageId;
use baton_core::roster::Roster;
use jiff::{SignedDuration, Timestamp};

pub use ledger::{Policies, is_judged};
pub use rules::check_documents;
pub use turn::check_turn;
pub use violation::Violation;

/// How long a promise that is due may wait before somebody should look: the sweep takes it up
/// within a minute or two, and the alarm `MessagesWait` rises after as long.
pub const LATE: SignedDuration = SignedDuration::from_mins(15);

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which item: its key, which holds no personal data.
    pub place: Place,
    /// What is wrong with it.
    pub violation: Violation,
}

/// Where an item is: its key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

/// An item as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredItem<T> {
    /// The item's key.
    pub place: Place,
    /// The index and expiry attributes whose value does not follow from the rest of the item.
    pub astray: Vec<&'static str>,
    /// The item itself.
    pub item: T,
}

/// Everything under one lead's id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeadItems {
    /// The lead, or what an erasure left of it.
    pub known: Option<StoredItem<LeadRecord>>,
    /// The promise to finish an erasure.
    pub erasing: Option<StoredItem<Erasing>>,
    /// The lines of its history, a decision each.
    pub history: Vec<StoredItem<History>>,
    /// The messages that its decisions made.
    pub messages: Vec<StoredItem<MessageFacts>>,
    /// Its activities, in no order.
    pub ledger: Vec<StoredItem<Entry>>,
    /// Whether something of it can't be read: sums and sequences say nothing then.
    pub is_partial: bool,
}

/// The promise to finish an erasure.
#[derive(Clone, Debug, PartialEq)]
pub struct Erasing {
    /// The erasure that is to be finished.
    pub tombstone: Tombstone,
    /// When it is taken up next; `None` if never.
    pub due: Option<Timestamp>,
}

/// What the check of a lead's history needs of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageFacts {
    /// The decision that made it, and its place among that decision's messages.
    pub id: MessageId,
    /// When it was decided.
    pub at: Timestamp,
    /// Whether it was delivered, or need not be any more.
    pub is_settled: bool,
    /// Whether the sweep will find it.
    pub is_due: bool,
    /// Whether it tells that the person was erased.
    pub is_of_erasure: bool,
}

/// What the items are checked against.
#[derive(Clone, Copy, Debug)]
pub struct CheckContext<'a> {
    /// The people; none if the roster can't be read.
    pub roster: Option<&'a Roster>,
    /// Every policy that scores may have been counted by.
    pub policies: &'a Policies,
    /// The moment at which the table is looked at.
    pub now: Timestamp,
}

/// Everything that is wrong with a lead and with whatever lies under its id.
pub fn check(held: &LeadItems, context: &CheckContext<'_>) -> Vec<Finding> {
    let mut found = Found::default();
    found.misplaced(held);
    let known = held.known.as_ref();
    erased::check(held, known.and_then(|kept| kept.item.erased()), context, &mut found);
    match known {
        Some(StoredItem { item: LeadRecord::Lead(lead), place, .. }) => {
            lead::check(place, lead, context, &mut found);
            if !held.is_partial {
                history::check(place, lead, held, context, &mut found);
                ledger::check(place, lead, held, context, &mut found);
            }
        }
        Some(StoredItem { item: LeadRecord::Erased(tombstone), .. }) => {
            erased::only_a_tombstone(held, &tombstone.erased, &mut found);
        }
        None if held.is_partial => {}
        None => erased::orphans(held, &mut found),
    }
    found.0
}

/// What was found so far.
#[derive(Debug, Default)]
struct Found(Vec<Finding>);

impl Found {
    fn say(&mut self, place: &Place, violation: Violation) {
        self.0.push(Finding { place: place.clone(), violation });
    }

    fn misplaced(&mut self, held: &LeadItems) {
        held.known.iter().for_each(|kept| self.astray(kept));
        held.erasing.iter().for_each(|kept| self.astray(kept));
        held.history.iter().for_each(|kept| self.astray(kept));
        held.messages.iter().for_each(|kept| self.astray(kept));
        held.ledger.iter().for_each(|kept| self.astray(kept));
    }

    fn astray<T>(&mut self, kept: &StoredItem<T>) {
        if !kept.astray.is_empty() {
            self.say(&kept.place, Violation::IndexWrong(kept.astray.clone()));
        }
    }
}

impl<T> StoredItem<T> {
    /// What is wrong with where it is.
    pub fn finding(&self) -> Option<Finding> {
        let mut found = Found::default();
        found.astray(self);
        found.0.pop()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.pk.escape_debug(), self.sk.escape_debug())
    }
}
