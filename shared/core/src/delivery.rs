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
    /// Which.
    pub channel: ChannelName,
    /// When it was tried.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Whoever carries the channel took it.
    Sent,
    /// They did not, while another channel took it: it is still owed.
    Failed,
}

impl Delivery {
    /// Whether whoever carries the channel took it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster;

    fn delivery(channel: ChannelName, at: &str, outcome: Outcome) -> Delivery {
        Delivery { channel, at: at.parse().unwrap(), outcome }
    }

    #[test]
    fn what_is_on_record_outweighs_the_roster() {
        let roster = roster::parse(roster::SAMPLE).unwrap();
        let [ana, mia] =
            ["ana", "mia"].map(|id| roster.people.values().find(|p| p.id.as_str() == id));
        let by = |deliveries: &[Delivery], progress, to| channels(deliveries, progress, to);
        let both = [ChannelName::Email, ChannelName::Sms];
        for progress in [Progress::Waiting, Progress::Left] {
            assert_eq!(by(&[], progress, ana), both);
            assert_eq!(by(&[], progress, mia), [ChannelName::Email], "she has no number");
            assert_eq!(by(&[], progress, None), [ChannelName::Email], "the topic stays");
        }
        assert_eq!(by(&[], Progress::Withdrawn, ana), []);
        let at = "2026-03-01T09:00:00Z";
        let sent = both.map(|channel| delivery(channel, at, Outcome::Sent));
        assert_eq!(by(&sent, Progress::Left, mia), both);
        let partly = [sent[0], delivery(ChannelName::Sms, at, Outcome::Failed)];
        assert_eq!(by(&partly, Progress::Left, ana), [ChannelName::Email]);
        assert!(is_whole(&sent) && !is_whole(&partly));
    }

    #[test]
    fn a_message_left_when_the_first_channel_took_it() {
        let failed = delivery(ChannelName::Email, "2026-03-01T09:00:00Z", Outcome::Failed);
        let sent = delivery(ChannelName::Sms, "2026-03-01T09:01:00Z", Outcome::Sent);
        let later = delivery(ChannelName::Email, "2026-03-01T09:02:00Z", Outcome::Sent);
        assert_eq!(first_sent_at(&[failed]), None);
        assert_eq!(first_sent_at(&[later, sent, failed]), Some(sent.at));
    }

    #[test]
    fn a_channel_of_a_newer_release_is_passed_over() {
        let record = serde_json::json!([
            { "channel": "pigeon", "at": "2026-03-01T09:00:00Z", "outcome": "sent" },
            { "channel": "sms", "at": "2026-03-01T09:00:00Z", "outcome": "sent" },
            { "channel": "email", "at": "2026-03-01T09:00:00Z", "outcome": "eaten" },
        ]);
        let known = read_known(record).unwrap();
        assert_eq!(known, [delivery(ChannelName::Sms, "2026-03-01T09:00:00Z", Outcome::Sent)]);
    }
}
