//! What to change about a person's topic so that it has the subscriptions the roster wants.

use super::{Address, ChannelName, State, Topic};

/// One change to a person's topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicStep {
    /// Make the person's topic.
    MakeTopic,
    /// Subscribe an address to it.
    Subscribe(Address),
    /// End the subscription of an address that is not, or no more, the person's.
    Unsubscribe {
        /// What kind of address.
        channel: ChannelName,
        /// The subscription's name (ARN).
        id: String,
    },
}

impl TopicStep {
    /// Whether it takes something away. Such steps come after a document that no longer wants it.
    pub fn takes_away(&self) -> bool {
        match self {
            Self::MakeTopic | Self::Subscribe(_) => false,
            Self::Unsubscribe { .. } => true,
        }
    }
}

/// The steps after which the topic is as wanted, as far as that is ours: who was asked has to say
/// yes themselves, and a question to a wrong address can't be taken back.
pub fn plan(wanted: &[Address], topic: Option<&Topic>) -> Vec<TopicStep> {
    let all = topic.map_or(&[][..], |topic| &topic.subscriptions);
    let lives = |address: &Address| {
        all.iter().any(|one| one.address.is_same(address) && one.state != State::Ended)
    };
    let make = topic.is_none().then_some(TopicStep::MakeTopic);
    let subscribe = wanted.iter().filter(|address| !lives(address)).cloned();
    let unsubscribe = surplus(wanted, topic);
    make.into_iter()
        .chain(subscribe.map(TopicStep::Subscribe))
        .chain(unsubscribe.map(|(channel, id)| TopicStep::Unsubscribe { channel, id }))
        .collect()
}

/// Subscriptions that carry alerts and are not wanted.
pub(super) fn surplus(
    wanted: &[Address],
    topic: Option<&Topic>,
) -> impl Iterator<Item = (ChannelName, String)> {
    let all = topic.map_or(&[][..], |topic| &topic.subscriptions);
    all.iter().filter_map(|one| match &one.state {
        State::Confirmed(id) if !wanted.iter().any(|address| address.is_same(&one.address)) => {
            Some((one.address.channel, id.clone()))
        }
        State::Confirmed(_) | State::Waiting | State::Ended => None,
    })
}
