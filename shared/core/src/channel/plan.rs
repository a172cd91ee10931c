//! From the topic there is to the one that is wanted.

use super::{Address, ChannelName, State, Topic};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
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

impl Step {
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
pub fn plan(wanted: &[Address], topic: Option<&Topic>) -> Vec<Step> {
    let all = topic.map_or(&[][..], |topic| &topic.subscriptions);
    let lives = |address: &Address| {
        all.iter().any(|one| one.address.is_same(address) && one.state != State::Ended)
    };
    let make = topic.is_none().then_some(Step::MakeTopic);
    let subscribe = wanted.iter().filter(|address| !lives(address)).cloned();
    let unsubscribe = surplus(wanted, topic);
    make.into_iter()
        .chain(subscribe.map(Step::Subscribe))
        .chain(unsubscribe.map(|(channel, id)| Step::Unsubscribe { channel, id }))
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
