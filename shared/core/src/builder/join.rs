//! Joining a name, or another lead of the same person, to the lead that a decision is about.

use super::DecisionBuilder;
use crate::alias::{Alias, AliasWrite, FreeName, Joining};
use crate::decision::History;
use crate::lead::{Identifier, Lead};
use crate::merge;
use crate::message::{AlertKind, Event, EventName, Message};
use crate::tie::TieConflict;

/// Why somebody is told that a lead of theirs went to its other owner.
const MERGED: &str = "it is one person's with another lead";

impl DecisionBuilder<'_> {
    /// Takes in what was found to be the same person's; the first thing a command does that may.
    pub(crate) fn join(&mut self) {
        let Joining { name, lead, ledger, conflict } = std::mem::take(&mut self.joining);
        self.conflict = conflict;
        if let Some(name) = name {
            self.tie(name);
        }
        if let Some(lead) = lead {
            self.merge(*lead, &ledger);
        }
    }

    /// Why a second name was not tied.
    pub(crate) fn conflict(&self) -> Option<TieConflict> {
        self.conflict
    }

    /// Whether the decision merged another lead into this one.
    pub(crate) fn has_merged(&self) -> bool {
        self.merged.is_some()
    }

    fn tie(&mut self, name: FreeName) {
        let FreeName { who, version, era, erased } = name;
        let (id, tied_at) = (who.lead_id(), self.now);
        let known = Identifier { who, tied_at, erased, merged: None };
        self.lead_mut().identifiers.push(known);
        let alias = Alias {
            lead: id,
            survivor: self.lead().lead,
            version: version + 1,
            era,
            at: tied_at,
            erased,
            kept: None,
        };
        let (history, message, repointed) = (None, None, Vec::new());
        self.decision.aliases.push(AliasWrite { alias, was: version, history, message, repointed });
    }

    fn merge(&mut self, loser: Lead, ledger: &[crate::activity::Entry]) {
        let (scoring, now) = (&self.policy().scoring, self.now);
        let rules = (scoring.half_life, scoring.floor);
        let write = self.alias_of(&loser);
        let other_owner = loser.owner().cloned();
        merge::absorb(self.lead_mut(), loser, ledger, rules, now);
        self.merged = Some(write.alias.lead);
        self.decision.aliases.push(write);
        self.publish(EventName::Merged);
        if let Some(owner) = other_owner.filter(|owner| !self.lead().is_owned_by(owner)) {
            self.tell(&owner, AlertKind::HandedOver, Some(MERGED));
        }
    }

    /// What takes the place of a lead that is merged, with the last line of its history.
    fn alias_of(&self, loser: &Lead) -> AliasWrite {
        let (was, survivor) = (loser.version, self.lead().lead);
        let last = Lead { version: was + 1, changed_at: self.now, ..loser.clone() };
        let event =
            Event { deadline: None, ..Event::about(&last, EventName::Merged, self.correlation()) };
        let alias = Alias {
            lead: loser.lead,
            survivor,
            version: last.version,
            era: loser.era,
            at: self.now,
            erased: loser.erased,
            kept: Some(Box::new(loser.clone())),
        };
        let repointed = loser.identifiers.iter().map(|known| known.who.lead_id()).collect();
        let history = Some(self.last_line(&last, survivor));
        AliasWrite { alias, was, history, message: Some(Message::Event(event)), repointed }
    }

    fn last_line(&self, last: &Lead, survivor: crate::id::LeadId) -> History {
        let (status, hold) = (last.status(), last.stage.last_hold());
        let line = self.line(None, None);
        History {
            from: status,
            to: status,
            owner: None,
            held_by: hold.map(|hold| hold.owner.clone()),
            supervisor: hold.and_then(|hold| hold.supervisor.clone()),
            queue: hold.map(|hold| hold.queue.clone()),
            assigned_at: hold.map(|hold| hold.assigned_at),
            mql_at: last.stage.trip().map(|trip| trip.mql_at),
            path: None,
            cycle: last.cycle(),
            version: last.version,
            merged: Some(survivor),
            ..line
        }
    }
}
