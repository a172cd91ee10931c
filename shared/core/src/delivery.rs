//! By which channels a message left: the record that is kept with it. It names channels, and never
//! an address.

use jiff::Timestamp;
use serde::de::{Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::channel::{ChannelName, reaching};
use crate::roster::Person;

/// What became of a message on one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The channel that was tried.
    pub channel: ChannelName,
    /// When it was tried.
    pub at: Timestamp,
    /// Whether the channel accepted the message.
    pub outcome: Outcome,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The channel's provider accepted it.
    Sent,
    /// The provider did not accept it, while another channel did: it will be tried again.
    Failed,
}

impl Delivery {
    /// Whether the channel's provider accepted it.
    pub fn is_sent(&self) -> bool {
        match self.outcome {
            Outcome::Sent => true,
            Outcome::Failed => false,
        }
    }
}

/// When a message first left, by whichever channel.
pub fn first_sent_at(deliveries: &[Delivery]) -> Option<Timestamp> {
    deliveries.iter().filter(|delivery| delivery.is_sent()).map(|delivery| delivery.at).min()
}

/// Whether every channel that was tried took it.
pub fn is_whole(deliveries: &[Delivery]) -> bool {
    deliveries.iter().all(Delivery::is_sent)
}

/// How far an alert has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is still to leave.
    Waiting,
    /// It has left.
    Left,
    /// It never left, and never will: it was no longer true.
    Withdrawn,
}

/// The channels by which an alert to somebody left, or is expected to leave. What is on record says
/// so; where nothing is, the roster of today does. Releases before the record wrote down only that
/// an alert left, and had e-mail and SMS.
pub fn channels(
    deliveries: &[Delivery],
    progress: Progress,
    to: Option<&Person>,
) -> Vec<ChannelName> {
    let sent = deliveries.iter().filter(|delivery| delivery.is_sent());
    let of_old = |channel: &ChannelName| ChannelName::ON_TOPICS.contains(channel);
    match (deliveries.is_empty(), progress) {
        (false, _) => sent.map(|delivery| delivery.channel).collect(),
        (true, Progress::Waiting) => reaching(to),
        (true, Progress::Left) => reaching(to).into_iter().filter(of_old).collect(),
        (true, Progress::Withdrawn) => Vec::new(),
    }
}

/// Reads a record, but for what only a newer release knows: after a roll-back, a channel that there
/// is no more keeps nobody from reading the rest.
///
/// # Errors
///
/// When it is no list.
pub fn read_known<'de, D: Deserializer<'de>>(record: D) -> Result<Vec<Delivery>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Read {
        Known(Delivery),
        Newer(IgnoredAny),
    }
    let known = |read| match read {
        Read::Known(delivery) => Some(delivery),
        Read::Newer(_) => None,
    };
    Ok(Vec::<Read>::deserialize(record)?.into_iter().filter_map(known).collect())
}
