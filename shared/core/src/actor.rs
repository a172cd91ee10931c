//! Who asks for something to be done.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, SourceName};
use crate::text::InvalidValue;

/// Who asks. In words: a person's id, `crm`, `router`, `clock` or `source:NAME`; a roster can't
/// give a person one of [`Actor::RESERVED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// Somebody on the roster, known by a link or a session.
    Person(PersonId),
    /// The CRM or a script, known by the desk key.
    Crm,
    /// A tool, by what a prospect did.
    Source(SourceName),
    /// The router, on hearing that a lead qualified.
    Router,
    /// The timer, when a deadline has passed.
    Clock,
}

impl Actor {
    /// Words that are nobody's id.
    pub const RESERVED: [&'static str; 3] = ["clock", "crm", "router"];

    /// The tool, if it was one.
    pub fn source(&self) -> Option<&SourceName> {
        match self {
            Self::Source(source) => Some(source),
            Self::Person(_) | Self::Crm | Self::Router | Self::Clock => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "{person}"),
            Self::Crm => f.write_str("crm"),
            Self::Source(source) => write!(f, "source:{source}"),
            Self::Router => f.write_str("router"),
            Self::Clock => f.write_str("clock"),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

impl TryFrom<String> for Actor {
    type Error = InvalidValue;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        match (text.as_str(), text.strip_prefix("source:")) {
            ("crm", _) => Ok(Self::Crm),
            ("router", _) => Ok(Self::Router),
            ("clock", _) => Ok(Self::Clock),
            (_, Some(source)) => Ok(Self::Source(SourceName::parse(source)?)),
            (person, None) => Ok(Self::Person(PersonId::parse(person)?)),
        }
    }
}
