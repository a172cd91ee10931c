//! The people: who is in which queue, who reports to whom, who is away.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::email::Email;
use crate::id::{PersonId, QueueName};

/// A whole, valid roster: every name used is somebody's.
#[derive(Clone, Debug)]
pub struct Roster {
    /// The author's name for this text.
    pub version: String,
    /// Everybody who can get an alert, by id.
    pub people: BTreeMap<PersonId, Person>,
    /// The pools leads are dealt to.
    pub queues: BTreeMap<QueueName, Queue>,
    /// The queue for leads that no rule matches or nobody else can take.
    pub fallback: QueueName,
    /// Who is told in marketing when a lead comes back.
    pub marketing: Vec<PersonId>,
}

/// Somebody who gets alerts.
#[derive(Clone, Debug)]
pub struct Person {
    /// The id that Baton knows them by.
    pub id: PersonId,
    /// The name that people know them by.
    pub name: String,
    /// Where mail goes.
    pub email: Email,
    /// Where short messages go, in E.164: `+4915112345678`.
    pub sms: Option<String>,
    /// The time zone in which they read times.
    pub time_zone: TimeZone,
    /// Who hears of it when they let a lead slip.
    pub supervisor: Option<PersonId>,
    /// False for people who have left: they keep their history and get no leads.
    pub active: bool,
    /// When they are not dealt leads.
    pub away: Vec<Away>,
}

/// Days off, first and last included, in the person's own time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// A pool of salespeople.
#[derive(Clone, Debug)]
pub struct Queue {
    /// What the policy's routes call it.
    pub name: QueueName,
    /// Its people in the roster's order, each with a weight of 1 or more.
    pub members: Vec<Member>,
}

/// Somebody's place in a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Somebody on the roster.
    pub person: PersonId,
    /// Their share: a person of weight 2 gets twice the leads of a person of weight 1.
    pub weight: u32,
}

impl Person {
    /// Whether leads may be dealt to this person at `now`.
    pub fn is_available(&self, now: Timestamp) -> bool {
        let today = now.to_zoned(self.time_zone.clone()).date();
        self.active && !self.away.iter().any(|a| a.from <= today && today <= a.until)
    }
}

impl Roster {
    /// The person with this id.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id)
    }

    /// The person with this id or this e-mail address, in upper or lower case.
    pub fn named(&self, text: &str) -> Option<&Person> {
        let is_it = |person: &&Person| {
            person.id.as_str() == text || person.email.as_str().eq_ignore_ascii_case(text)
        };
        self.people.values().find(is_it)
    }

    /// A person's name; the id, if they are not on this roster.
    pub fn name_of<'a>(&'a self, id: &'a PersonId) -> &'a str {
        self.person(id).map_or(id.as_str(), |person| &person.name)
    }

    /// The supervisor of a person, if they have one on this roster.
    pub fn supervisor_of(&self, id: &PersonId) -> Option<&PersonId> {
        self.person(id)?.supervisor.as_ref()
    }

    /// The members of a queue who may be dealt a lead at `now`, in the roster's order.
    pub fn available(&self, queue: &QueueName, now: Timestamp) -> Vec<Member> {
        let present = |m: &&Member| self.person(&m.person).is_some_and(|p| p.is_available(now));
        let members = self.queues.get(queue).map_or(&[][..], |queue| &queue.members);
        members.iter().filter(present).cloned().collect()
    }
}
