//! What comes next: deliveries, what people mean to do, and moments to look up from work.

use std::collections::BTreeMap;

use baton_core::id::LeadId;
use jiff::Timestamp;
use serde_json::Value;

use super::script::{By, Verb};

/// What comes next, by its moment; of the same moment in the order it was put down.
#[derive(Default)]
pub(super) struct Agenda {
    entries: BTreeMap<(Timestamp, u32), Happening>,
    put_down: u32,
}

/// Something that is going to happen.
pub(super) enum Happening {
    /// The website sends activities.
    Delivery(Value),
    Act(Act),
    /// A deadline of the lead passes: look what becomes of it.
    Deadline(LeadId),
}

/// What somebody means to do about a lead.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub(super) lead: LeadId,
    /// Who it is for to do.
    pub(super) by: By,
    pub(super) verb: Verb,
    /// The reason, or to whom.
    pub(super) with: String,
}

impl Agenda {
    /// Puts something down.
    pub(super) fn put(&mut self, at: Timestamp, happening: Happening) {
        self.put_down += 1;
        self.entries.insert((at, self.put_down), happening);
    }

    /// Takes what comes next, if it comes by `end`.
    pub(super) fn next_by(&mut self, end: Timestamp) -> Option<(Timestamp, Happening)> {
        let first = self.entries.first_entry()?;
        let at = first.key().0;
        if at > end {
            return None;
        }
        Some((at, first.remove()))
    }
}
