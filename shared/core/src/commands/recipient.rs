//! To whom a lead is given by hand: a person, or whoever's turn it is in a queue.

use std::fmt;

use serde::Deserialize;

use crate::id::{PersonId, QueueName};
use crate::text::InvalidValue;

/// A person, or `queue:` and a queue's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Recipient {
    /// That person.
    Person(PersonId),
    /// Whoever's turn it is in that queue.
    Queue(QueueName),
}

impl Recipient {
    /// What the field should hold.
    pub(super) const EXPECTED: &'static str =
        "a person's id on the roster, or queue: and a queue's name";
}

impl TryFrom<String> for Recipient {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        match text.strip_prefix("queue:") {
            Some(queue) => QueueName::parse(queue).map(Self::Queue),
            None => PersonId::parse(&text).map(Self::Person),
        }
    }
}

impl From<PersonId> for Recipient {
    fn from(person: PersonId) -> Self {
        Self::Person(person)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "{person}"),
            Self::Queue(queue) => write!(f, "queue:{queue}"),
        }
    }
}
