//! The person an alert is for, and what every kind of alert needs to address them.

use baton_core::commands::Actor;
use baton_core::id::PersonId;
use baton_core::message::{Alert, Facts};
use baton_core::roster::Roster;
use jiff::tz::TimeZone;

use super::body::MessageBody;
use super::plain::{self, plain};
use super::prospect::{self, Prospect};
use super::script;
use crate::human_time::Wall;

/// A colleague's name where room is short, in characters.
const COLLEAGUE_SHORT_CHARS: usize = 20;

/// What the reader is to the lead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Holds it, or held it.
    Owner,
    /// The owner reports to them.
    Supervisor,
    /// Marketing, or the house.
    House,
}

/// An alert's reader, with the facts and the link meant for them.
pub(super) struct Reader<'a> {
    /// What is told.
    pub(super) facts: &'a Facts,
    /// What they are to the lead.
    pub(super) role: Role,
    /// Their time zone, for times in words.
    pub(super) wall: Wall,
    /// The lead, harmless.
    pub(super) prospect: Prospect,
    /// The link that is theirs alone.
    pub(super) link: &'a str,
    to: &'a PersonId,
    roster: &'a Roster,
}

impl<'a> Reader<'a> {
    /// The reader of an alert. Somebody who is no longer on the roster reads it in UTC.
    pub(super) fn new(alert: &'a Alert, roster: &'a Roster, link: &'a str) -> Self {
        let (facts, to) = (&alert.facts, Some(&alert.to));
        let role = if facts.owner.as_ref() == to {
            Role::Owner
        } else if facts.supervisor.as_ref() == to {
            Role::Supervisor
        } else {
            Role::House
        };
        let zone = roster.person(&alert.to).map_or(TimeZone::UTC, |p| p.time_zone.clone());
        let prospect = Prospect::new(facts);
        Self { facts, role, wall: Wall(zone), prospect, link, to: &alert.to, roster }
    }

    /// The reader's own name.
    pub(super) fn name(&self) -> String {
        self.name_of(self.to)
    }

    /// The owner's name.
    pub(super) fn owner(&self) -> String {
        let nobody = || "its owner".to_owned();
        self.facts.owner.as_ref().map_or_else(nobody, |id| self.name_of(id))
    }

    /// The supervisor's name; those of the house stand in where there is none.
    pub(super) fn supervisor(&self) -> String {
        let house = || "the house supervisor".to_owned();
        self.facts.supervisor.as_ref().map_or_else(house, |id| self.name_of(id))
    }

    /// The two a slip is told to.
    pub(super) fn both(&self) -> String {
        let role = if self.facts.supervisor.is_some() { " (supervisor)" } else { "" };
        format!("{} (owner) and {}{role}", self.owner(), self.supervisor())
    }

    /// The owner's name for a subject.
    pub(super) fn owner_in_ascii(&self) -> String {
        self.spelled(self.facts.owner.as_ref(), script::ascii).unwrap_or_else(|| self.owner())
    }

    /// The owner's name for a short message.
    pub(super) fn owner_in_gsm(&self) -> String {
        self.spelled(self.facts.owner.as_ref(), script::gsm).unwrap_or_else(|| self.owner())
    }

    /// The supervisor's name for a short message.
    pub(super) fn supervisor_in_gsm(&self) -> String {
        let supervisor = self.facts.supervisor.as_ref();
        self.spelled(supervisor, script::gsm).unwrap_or_else(|| self.supervisor())
    }

    /// The reason given, if one was.
    pub(super) fn reason(&self) -> Option<String> {
        self.facts.reason.as_deref().and_then(prospect::reason)
    }

    /// The colleague or tool whose decision it was; `None` for our own machinery and the reader.
    pub(super) fn by(&self) -> Option<String> {
        match &self.facts.by {
            Actor::Person(id) if id == self.to => None,
            Actor::Person(id) => Some(self.name_of(id)),
            Actor::Crm => Some("the CRM".to_owned()),
            Actor::Source(_) | Actor::Router | Actor::Clock => None,
        }
    }

    /// Writes why a lead was taken from the reader, and by whom.
    pub(super) fn explain_loss(&self, body: &mut MessageBody) {
        let reason = self.reason().unwrap_or_else(|| "no reason was given".to_owned());
        body.say(&format!("Why: {reason}"));
        if let Some(by) = self.by() {
            body.say(&format!("Decided by: {by}"));
        }
    }

    /// Writes who the lead is, why they qualified and how to refer to them.
    pub(super) fn background(&self, body: &mut MessageBody, why: &str) {
        self.prospect.describe(body);
        prospect::explain(body, why, self.facts, &self.wall);
        body.gap().say(&format!("Baton's number for this lead: {}", self.facts.lead));
    }

    fn name_of(&self, id: &PersonId) -> String {
        let name = self.roster.person(id).and_then(|p| plain(&p.name, plain::NAME_CHARS));
        name.unwrap_or_else(|| id.to_string())
    }

    /// A colleague's name in another alphabet; their id if it can't be read in it.
    fn spelled(&self, id: Option<&PersonId>, script: fn(&str) -> String) -> Option<String> {
        let name = Some(script(&self.name_of(id?))).filter(|name| script::is_readable(name));
        let name = name.unwrap_or_else(|| id.map(PersonId::to_string).unwrap_or_default());
        Some(plain::cut(&name, COLLEAGUE_SHORT_CHARS))
    }
}
