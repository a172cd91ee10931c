//! What comes next: deliveries, people's actions, and deadlines to check.

use std::collections::BTreeMap;

use baton_core::id::LeadId;
use jiff::Timestamp;
use serde_json::Value;

use super::script::{Role, Verb};

/// What comes next, by its moment; of one moment, in the order it was scheduled.
#[derive(Default)]
pub(super) struct Schedule {
    entries: BTreeMap<(Timestamp, u32), Scheduled>,
    added: u32,
}

pub(super) enum Scheduled {
    /// The website sends activities.
    Delivery(Value),
    Action(Action),
    /// A deadline of the lead passes, and what became of the lead is checked.
    Deadline(LeadId),
}

/// What somebody will do about a lead.
#[derive(Clone, Debug)]
pub(super) struct Action {
    pub(super) lead: LeadId,
    pub(super) by: Role,
    pub(super) verb: Verb,
    /// The reason, or the person who gets the lead.
    pub(super) with: String,
}

impl Schedule {
    pub(super) fn put(&mut self, at: Timestamp, scheduled: Scheduled) {
        self.added += 1;
        self.entries.insert((at, self.added), scheduled);
    }

    /// Takes what comes next, if it comes by `end`.
    pub(super) fn next_by(&mut self, end: Timestamp) -> Option<(Timestamp, Scheduled)> {
        let first = self.entries.first_entry()?;
        let at = first.key().0;
        if at > end {
            return None;
        }
        Some((at, first.remove()))
    }
}
