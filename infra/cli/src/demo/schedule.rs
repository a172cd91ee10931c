//! What comes next: deliveries, what people mean to do, and moments to look up from work.

use std::collections::BTreeMap;

use baton_core::id::LeadId;
use jiff::Timestamp;
use serde_json::Value;

use super::script::{Role, Verb};

/// What comes next, by its moment; of the same moment in the order it was put down.
#[derive(Default)]
pub(super) struct Schedule {
    entries: BTreeMap<(Timestamp, u32), Scheduled>,
    added: u32,
}

/// Something that is going to happen.
pub(super) enum Scheduled {
    /// The website sends activities.
    Delivery(Value),
    Action(Action),
    /// A deadline of the lead passes: look what becomes of it.
    Deadline(LeadId),
}

/// What somebody means to do about a lead.
#[derive(Clone, Debug)]
pub(super) struct Action {
    pub(super) lead: LeadId,
    /// Who it is for to do.
    pub(super) by: Role,
    pub(super) verb: Verb,
    /// The reason, or to whom.
    pub(super) with: String,
}

impl Schedule {
    /// Puts something down.
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
