//! What became of a message, by channel.

use baton_core::channel::ChannelName;
use baton_core::delivery::*;
use baton_documents::roster;

fn delivery(channel: ChannelName, at: &str, outcome: Outcome) -> Delivery {
    Delivery { channel, at: at.parse().unwrap(), outcome }
}

#[test]
fn what_is_on_record_outweighs_the_roster() {
    let roster = roster::parse(roster::SAMPLE).unwrap();
    let [ana, mia] = ["ana", "mia"].map(|id| roster.people.values().find(|p| p.id.as_str() == id));
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
