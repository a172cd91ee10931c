//! What someone, or the clock, asks for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::activity::Activity;
use crate::correlation::Correlation;
use crate::id::{PersonId, SourceId, SourceName};
use crate::lead::Deadline;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Score what a prospect did; qualify the lead if that is enough.
    Record(Box<Activity>),
    /// Find an owner for a qualified lead.
    Assign,
    /// Take the step whose deadline has passed.
    Lapse,
    /// Note that the warning has left us: the grace period runs from now.
    WarningSent,
    /// Take the lead to work.
    Accept,
    /// Turn it down, for one of the policy's reasons.
    Reject {
        /// The reason's name in the policy.
        reason: String,
    },
    /// It became a contact or opportunity.
    Convert,
    /// Ask for more time.
    Extend {
        /// What for.
        reason: String,
        /// The asker's own id of this request, if they give one: it extends once.
        id: Option<SourceId>,
    },
    /// Give it back to marketing.
    Return {
        /// Why.
        reason: String,
    },
    /// Rule it out.
    Disqualify {
        /// Why.
        reason: String,
    },
    /// Give it to somebody else by hand.
    Reassign {
        /// To whom.
        to: PersonId,
        /// Why, if they say.
        reason: Option<String>,
    },
    /// Declare it marketing-qualified by hand.
    Qualify {
        /// Why, if they say.
        reason: Option<String>,
    },
}

impl Command {
    /// The word in the history and in the route: `accept`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Record(_) => "record",
            Self::Assign => "assign",
            Self::Lapse => "lapse",
            Self::WarningSent => "warning_sent",
            Self::Accept => "accept",
            Self::Reject { .. } => "reject",
            Self::Convert => "convert",
            Self::Extend { .. } => "extend",
            Self::Return { .. } => "return",
            Self::Disqualify { .. } => "disqualify",
            Self::Reassign { .. } => "reassign",
            Self::Qualify { .. } => "qualify",
        }
    }

    /// What the person said, if the command carries a reason.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Reject { reason }
            | Self::Extend { reason, .. }
            | Self::Return { reason }
            | Self::Disqualify { reason } => Some(reason),
            Self::Reassign { reason, .. } | Self::Qualify { reason } => reason.as_deref(),
            Self::Record(_)
            | Self::Assign
            | Self::Lapse
            | Self::WarningSent
            | Self::Accept
            | Self::Convert => None,
        }
    }
}

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
    /// A deadline.
    Clock,
}

impl Actor {
    /// Words that are nobody's id.
    pub const RESERVED: [&'static str; 3] = ["clock", "crm", "router"];
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
    type Error = crate::text::Flaw;
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

/// A command, who asks, and what they believe.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What is asked for.
    pub command: Command,
    /// Who asks.
    pub by: Actor,
    /// The cycle the asker's link was made for: in another cycle the order is refused.
    pub cycle: Option<u32>,
    /// How often the person had been erased when the asker's link was made.
    pub erasures: Option<u8>,
    /// The promise the asker saw the lead run against: while it runs against another one, the lead
    /// is not extended, given back or given to somebody else.
    pub seen: Option<Deadline>,
    /// What it follows from.
    pub correlation: Correlation,
}

impl Order {
    /// An order that is bound to no cycle and to no promise.
    pub fn new(command: Command, by: Actor, correlation: Correlation) -> Self {
        Self { command, by, cycle: None, erasures: None, seen: None, correlation }
    }
}
