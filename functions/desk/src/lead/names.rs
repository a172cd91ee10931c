//! What a page calls people.

use baton_core::commands::Actor;
use baton_core::id::PersonId;
use baton_core::lead::Lead;
use baton_core::policy::Policy;
use baton_core::roster::{Person, Roster};
use baton_core::route;

use crate::words::listed;

/// What a page calls people. Its reader is "you".
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    roster: &'a Roster,
    reader: &'a PersonId,
}

impl<'a> Names<'a> {
    pub(super) fn new(roster: &'a Roster, reader: &'a Person) -> Self {
        Self { roster, reader: &reader.id }
    }

    pub(super) fn is_reader(&self, person: &PersonId) -> bool {
        self.reader == person
    }

    /// Their name, or "you". Somebody who has left the roster goes by their id.
    pub(super) fn of(&self, person: &PersonId) -> String {
        if self.is_reader(person) { "you".to_owned() } else { self.name(person) }
    }

    /// Their name, even if it is the reader's.
    pub(super) fn name(&self, person: &PersonId) -> String {
        self.roster.person(person).map_or_else(|| person.to_string(), |known| known.name.clone())
    }

    pub(super) fn owner(&self, lead: &Lead) -> String {
        lead.owner().map_or_else(|| "nobody".to_owned(), |owner| self.of(owner))
    }

    /// Who is alerted together with the owner.
    pub(super) fn supervisors(&self, lead: &Lead) -> Vec<String> {
        match lead.supervisor() {
            Some(supervisor) => vec![self.of(supervisor)],
            None => route::house_supervisors(self.roster).iter().map(|id| self.of(id)).collect(),
        }
    }

    /// Owner and supervisors: "you and Sven Lindqvist".
    pub(super) fn both(&self, lead: &Lead) -> String {
        let mut people = vec![self.owner(lead)];
        people.extend(self.supervisors(lead));
        people.dedup();
        listed(&people)
    }

    /// Who gave a command, if that was a person or the CRM.
    pub(super) fn asker(&self, by: &Actor) -> Option<String> {
        match by {
            Actor::Person(person) => Some(self.of(person)),
            Actor::Crm => Some("the CRM".to_owned()),
            Actor::Source(_) | Actor::Router | Actor::Clock => None,
        }
    }
}

/// The policy's label for a reason, else the reason as it is.
pub(super) fn reason(text: &str, policy: &Policy) -> String {
    policy.reject_reasons.get(text).map_or_else(|| text.to_owned(), |known| known.label.clone())
}
