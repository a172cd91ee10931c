//! From the topic there is to the one that is wanted.

use super::{Channel, Medium, State, Topic};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Make the person's topic.
    MakeTopic,
    /// Subscribe an address to it.
    Subscribe(Channel),
    /// End the subscription of an address that is not, or no more, the person's.
    Unsubscribe {
        /// What kind of address.
        medium: Medium,
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
pub fn plan(wanted: &[Channel], topic: Option<&Topic>) -> Vec<Step> {
    let all = topic.map_or(&[][..], |topic| &topic.subscriptions);
    let lives = |channel: &Channel| {
        all.iter().any(|one| one.channel.is_same(channel) && one.state != State::Ended)
    };
    let make = topic.is_none().then_some(Step::MakeTopic);
    let subscribe = wanted.iter().filter(|channel| !lives(channel)).cloned();
    let unsubscribe = surplus(wanted, topic);
    make.into_iter()
        .chain(subscribe.map(Step::Subscribe))
        .chain(unsubscribe.map(|(medium, id)| Step::Unsubscribe { medium, id }))
        .collect()
}

/// Subscriptions that carry alerts and are not wanted.
pub(super) fn surplus(
    wanted: &[Channel],
    topic: Option<&Topic>,
) -> impl Iterator<Item = (Medium, String)> {
    let all = topic.map_or(&[][..], |topic| &topic.subscriptions);
    all.iter().filter_map(|one| match &one.state {
        State::Confirmed(id) if !wanted.iter().any(|channel| channel.is_same(&one.channel)) => {
            Some((one.channel.medium, id.clone()))
        }
        State::Confirmed(_) | State::Waiting | State::Ended => None,
    })
}
