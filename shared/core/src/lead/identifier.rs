//! What else a person is called by: the other names under which a lead is found.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Erasure, Lead};
use crate::activity::Entry;
use crate::email::Email;
use crate::id::{Identity, LeadId};

/// An address, or a source's own id, that was tied to a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identifier {
    /// The name itself.
    pub who: Identity,
    /// When it was tied to the lead.
    pub tied_at: Timestamp,
    /// When the person was erased under this name, if they were before it was tied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erasure>,
    /// What was known under it, if that was a lead of its own until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Merged>,
}

/// A lead that was merged into another: its history and its ledger stay under its own id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// The trip into sales it was on.
    pub cycle: u32,
    /// The trip the surviving lead was on, as it was counted before.
    pub survivor_cycle: u32,
    /// The same trip, as it is counted since.
    pub becomes_cycle: u32,
    /// The era of its behaviour score.
    pub era: u32,
    /// The era of the surviving lead in which its ledger counts; none if it no longer did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_in: Option<u32>,
}

impl Lead {
    /// The person's address, where one is known: the first of several.
    pub fn email(&self) -> Option<&Email> {
        email_of(&self.who, &self.identifiers)
    }

    /// Everything the person is called by; first what the lead's id follows from.
    pub fn names(&self) -> impl Iterator<Item = &Identity> {
        std::iter::once(&self.who).chain(self.identifiers.iter().map(|known| &known.who))
    }

    /// Whether the person is called that.
    pub fn is_called(&self, who: &Identity) -> bool {
        self.names().any(|known| known == who)
    }

    /// Whether the lead is found by that id.
    pub fn answers_to(&self, id: LeadId) -> bool {
        self.names().any(|known| known.lead_id() == id)
    }

    /// The ids under which its history and its ledger lie: its own, and those of the leads that
    /// were merged into it.
    pub fn members(&self) -> impl Iterator<Item = LeadId> {
        let merged = self.identifiers.iter().filter(|known| known.merged.is_some());
        std::iter::once(self.lead).chain(merged.map(|known| known.who.lead_id()))
    }

    /// The erasure of what lies under one of its ids.
    pub fn erasure_of(&self, id: LeadId) -> Option<&Erasure> {
        match self.identifier(id) {
            Some(known) => known.erased.as_ref(),
            None => self.erased.as_ref(),
        }
    }

    /// How often the person was erased under one of its ids, modulo [`TIMES`](super::TIMES).
    pub fn erasures_of(&self, id: LeadId) -> u8 {
        self.erasure_of(id).map_or(0, |erased| erased.times)
    }

    /// Whether an erasure took an entry of its ledger.
    pub fn has_erased(&self, entry: &Entry) -> bool {
        self.erasure_of(entry.lead).is_some_and(|erased| erased.took(entry))
    }

    /// Whether an entry's points are part of the behaviour score as it is now.
    pub fn counts(&self, entry: &Entry) -> bool {
        let is_since_restart = self.restarted_at.is_none_or(|restart| entry.occurred_at >= restart);
        let is_of_this_era = match self.identifier(entry.lead) {
            None => entry.era == self.era,
            Some(known) => known.merged.is_some_and(|merged| {
                merged.counts_in == Some(self.era) && merged.era == entry.era
            }),
        };
        is_of_this_era && is_since_restart
    }

    /// The trip that somebody means who was told of this one under that id, before it was merged:
    /// links and alerts of before go on being good for the trip that goes on.
    pub fn trip_told(&self, id: LeadId, cycle: u32) -> u32 {
        let merges = self.identifiers.iter().filter_map(|known| Some((known, known.merged?)));
        let mut cycle = (id, cycle);
        for (known, merged) in merges {
            let told = [(known.who.lead_id(), merged.cycle), (self.lead, merged.survivor_cycle)];
            if told.contains(&cycle) {
                cycle = (self.lead, merged.becomes_cycle);
            }
        }
        cycle.1
    }

    /// How the lead of that id was merged into this one, if it was.
    pub fn merged_as(&self, id: LeadId) -> Option<Merged> {
        self.identifier(id)?.merged
    }

    fn identifier(&self, id: LeadId) -> Option<&Identifier> {
        self.identifiers.iter().find(|known| known.who.lead_id() == id)
    }
}

/// The address of whoever is called that: the first of several.
pub(crate) fn email_of<'l>(who: &'l Identity, others: &'l [Identifier]) -> Option<&'l Email> {
    who.email().or_else(|| others.iter().find_map(|known| known.who.email()))
}
