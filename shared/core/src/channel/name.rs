//! Every channel there is, and whom of a roster it reaches.

use serde::{Deserialize, Serialize};

use crate::roster::Person;

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelName {
    /// E-mail.
    Email,
    /// Short message.
    Sms,
}

impl ChannelName {
    /// All of them, in the order in which they are told of.
    pub const ALL: &[Self] = &[Self::Email, Self::Sms];

    /// Those whose addresses are subscribed to a person's SNS topic: one message to it reaches them
    /// all.
    pub const ON_TOPICS: &[Self] = &[Self::Email, Self::Sms];

    /// The word for it: ours, and SNS's for those it carries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Email => "e-mail",
            Self::Sms => "SMS",
        }
    }

    /// The channel of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|channel| channel.word() == word)
    }

    /// Where it reaches somebody, by their roster.
    pub fn address_of(self, person: &Person) -> Option<&str> {
        match self {
            Self::Email => Some(person.email.as_str()),
            Self::Sms => person.sms.as_deref(),
        }
    }
}

/// The channels that reach a person, by the roster in force. `None` stands for somebody who is no
/// longer on it: they still have their topic, and are told by e-mail.
pub fn reaching(person: Option<&Person>) -> Vec<ChannelName> {
    let Some(person) = person else { return vec![ChannelName::Email] };
    let has_address = |channel: &ChannelName| channel.address_of(person).is_some();
    ChannelName::ALL.iter().copied().filter(has_address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_channel_is_the_one_it_is_stored_by() {
        for channel in ChannelName::ALL.iter().copied() {
            assert_eq!(serde_json::to_value(channel).unwrap(), channel.word());
            assert_eq!(ChannelName::named(channel.word()), Some(channel));
        }
    }
}
