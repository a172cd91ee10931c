//! Where a person's alerts arrive: the subscriptions that the roster wants, those that exist, and
//! the changes from one to the other.
//!
//! Everybody has a topic; their e-mail and their telephone are subscribed to it. A topic is never
//! taken away: alerts on their way may still be addressed to somebody who left.

mod name;
mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::id::PersonId;
use crate::roster::{Person, Roster};

pub use name::{ChannelName, reaching};
pub use plan::{TopicStep, plan};

/// A person's address. Its `Debug` keeps the address to itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// What kind of address.
    pub channel: ChannelName,
    /// The address or number.
    pub text: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.channel.word())
    }
}

impl Address {
    /// Whether both are the same mailbox or telephone.
    pub fn is_same(&self, other: &Self) -> bool {
        self.channel == other.channel && self.text.eq_ignore_ascii_case(&other.text)
    }
}

/// A topic, as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// Its subscriptions by e-mail and SMS; what else is subscribed is not ours.
    pub subscriptions: Vec<Subscription>,
}

/// An address subscribed to a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The address that is subscribed.
    pub address: Address,
    /// Whether it carries alerts.
    pub state: State,
}

/// Whether a subscription carries alerts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Somebody ended it.
    Ended,
    /// The owner of the address was asked and has not confirmed. Only they can, until SNS drops it.
    Waiting,
    /// It carries alerts. Its name (ARN) is needed to end it.
    Confirmed(String),
}

/// The addresses that should be subscribed for a person: none for somebody who has left.
pub fn wanted(person: &Person) -> Vec<Address> {
    if !person.active {
        return Vec::new();
    }
    let address = |&channel: &ChannelName| {
        Some(Address { channel, text: channel.address_of(person)?.to_owned() })
    };
    ChannelName::ON_TOPICS.iter().filter_map(address).collect()
}

/// How a channel stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It carries alerts, under this subscription.
    Confirmed(String),
    /// It was asked for and carries nothing yet.
    Waiting,
    /// It was subscribed, and somebody ended that.
    Ended,
    /// The telephone answered STOP; nothing reaches it, whatever is subscribed.
    Stopped,
    /// It is not subscribed.
    Missing,
    /// It carries alerts to an address that the roster does not have, or has no more.
    Surplus(String),
}

impl Standing {
    /// Whether somebody on the roster is not told what they should be.
    pub fn is_dead(&self) -> bool {
        match self {
            Self::Waiting | Self::Ended | Self::Stopped | Self::Missing => true,
            Self::Confirmed(_) | Self::Surplus(_) => false,
        }
    }

    /// Whether it is as the roster wants it.
    pub fn is_right(&self) -> bool {
        matches!(self, Self::Confirmed(_))
    }

    /// The state in words, for people.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Confirmed(_) => "confirmed",
            Self::Waiting => "waiting: not confirmed yet",
            Self::Ended => "gone: somebody unsubscribed it",
            Self::Stopped => "stopped: the telephone answered STOP",
            Self::Missing => "missing: not subscribed, or never confirmed and dropped",
            Self::Surplus(_) => "not on the roster, and still told everything",
        }
    }
}

/// How one channel of one person stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The person whose channel it is.
    pub person: PersonId,
    /// The kind of channel.
    pub channel: ChannelName,
    /// The state of the channel, compared with what the roster wants.
    pub standing: Standing,
}

/// How all channels of a person stand: those wanted, then those that should not be. `stopped` are
/// the numbers whose owners answered STOP.
pub fn review(
    person: &PersonId,
    wanted: &[Address],
    topic: Option<&Topic>,
    stopped: &BTreeSet<String>,
) -> Vec<Finding> {
    let finding = |channel, standing| Finding { person: person.clone(), channel, standing };
    let right =
        wanted.iter().map(|address| finding(address.channel, standing(address, topic, stopped)));
    let surplus = plan::surplus(wanted, topic);
    right.chain(surplus.map(|(channel, id)| finding(channel, Standing::Surplus(id)))).collect()
}

fn standing(address: &Address, topic: Option<&Topic>, stopped: &BTreeSet<String>) -> Standing {
    if address.channel == ChannelName::Sms && stopped.contains(&address.text) {
        return Standing::Stopped;
    }
    let all = topic.map_or(&[][..], |topic| &topic.subscriptions);
    let states = all.iter().filter(|one| one.address.is_same(address)).map(|one| &one.state);
    match states.max() {
        Some(State::Confirmed(id)) => Standing::Confirmed(id.clone()),
        Some(State::Waiting) => Standing::Waiting,
        Some(State::Ended) => Standing::Ended,
        None => Standing::Missing,
    }
}

/// How many of the people whom alerts reach now are missing from a new roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departures {
    /// People whom alerts reach and whom the roster does not name.
    pub people: usize,
    /// All people whom alerts reach.
    pub of: usize,
}

impl Departures {
    /// Counts them. An inactive person is not counted: the roster says by name that they left.
    pub fn by(roster: &Roster, topics: &BTreeMap<PersonId, Option<Topic>>) -> Self {
        let carries = |topic: &Topic| {
            topic.subscriptions.iter().any(|one| matches!(one.state, State::Confirmed(_)))
        };
        let reached = topics.iter().filter(|(_, topic)| topic.as_ref().is_some_and(carries));
        let reached: Vec<&PersonId> = reached.map(|(person, _)| person).collect();
        let gone = reached.iter().filter(|person| roster.person(person).is_none());
        Self { people: gone.count(), of: reached.len() }
    }

    /// Whether more than half would go. Then it is more likely the wrong roster than so many
    /// people leaving at once.
    pub fn is_most(self) -> bool {
        self.people * 2 > self.of
    }
}
