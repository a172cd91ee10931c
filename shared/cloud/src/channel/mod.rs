//! What every way out to people has in common.
//!
//! A channel lays out what its reader is told, and sends it. Whom it reaches is the roster's to say
//! ([`ChannelName::address_of`]), at the moment of sending. A new one is a file beside this one and a
//! line in the list of them ([`Aws::channels`](crate::Aws::channels)).

mod sns;

use std::fmt;
use std::sync::Arc;

use baton_core::channel::{self, ChannelName};
use baton_core::correlation::Correlation;
use baton_core::delivery::{Delivery, Outcome};
use baton_core::id::{LeadId, PersonId};
use baton_core::roster::Person;
use baton_wording::Content;
use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::error::Error;

pub(crate) use sns::Sns;

/// A way out to people.
pub trait Channel: fmt::Debug + Send + Sync {
    /// The channels it carries: more than one, where one request reaches them all. Such a request
    /// succeeds or fails for all of them.
    fn carries(&self) -> &'static [ChannelName];

    /// Lays out what is told and sends it, by those of its channels that reach the reader.
    fn send<'a>(
        &'a self,
        outbound: &'a Outbound<'a>,
        by: &'a [ChannelName],
    ) -> BoxFuture<'a, Result<(), Error>>;
}

/// What somebody is told.
#[derive(Clone, Copy, Debug)]
pub struct Outbound<'a> {
    /// Its reader.
    pub to: &'a PersonId,
    /// Who that is on the roster in force, if they are still on it.
    pub reader: Option<&'a Person>,
    /// What the alert says, before a channel lays it out.
    pub content: &'a Content,
    /// Why they are told: `assigned`, `digest`, `sign_in` …
    pub kind: &'a str,
    /// About which lead, if it is about one.
    pub lead: Option<LeadId>,
    /// What it follows from, for the log.
    pub correlation: &'a Correlation,
}

/// By which channels something left.
#[derive(Debug, Default)]
pub struct Receipt {
    /// What became of it on each channel that reaches the reader.
    pub deliveries: Vec<Delivery>,
    /// Why some of them did not take it, if some did not.
    pub owed: Option<Error>,
}

/// Sends by every channel that reaches the reader, but for those that took it before. It fails if
/// none has taken it: then nothing has left, and all of it is tried again.
pub async fn send_by(
    channels: &[Arc<dyn Channel>],
    outbound: &Outbound<'_>,
    before: &[Delivery],
    now: Timestamp,
) -> Result<Receipt, Error> {
    let reaching = channel::reaching(outbound.reader);
    let mut receipt = Receipt::of_before(before);
    for channel in channels {
        let by = receipt.left_to_send(channel.carries(), &reaching);
        if !by.is_empty() {
            let sent = channel.send(outbound, &by).await;
            receipt.add(&by, sent, now);
        }
    }
    receipt.unless_nothing_left()
}

impl Receipt {
    fn of_before(before: &[Delivery]) -> Self {
        let sent = before.iter().copied().filter(Delivery::is_sent);
        Self { deliveries: sent.collect(), owed: None }
    }

    /// Those of the channels of one request that reach the reader; none if they took it already.
    fn left_to_send(&self, carried: &[ChannelName], reaching: &[ChannelName]) -> Vec<ChannelName> {
        if self.deliveries.iter().any(|delivery| carried.contains(&delivery.channel)) {
            return Vec::new();
        }
        reaching.iter().copied().filter(|channel| carried.contains(channel)).collect()
    }

    fn add(&mut self, by: &[ChannelName], sent: Result<(), Error>, at: Timestamp) {
        let outcome = if sent.is_ok() { Outcome::Sent } else { Outcome::Failed };
        let delivery = |&channel: &ChannelName| Delivery { channel, at, outcome };
        self.deliveries.extend(by.iter().map(delivery));
        self.owed = self.owed.take().or(sent.err());
    }

    fn unless_nothing_left(self) -> Result<Self, Error> {
        let has_left = self.deliveries.iter().any(Delivery::is_sent);
        match self.owed {
            Some(why) if !has_left => Err(why),
            owed => Ok(Self { owed, ..self }),
        }
    }
}

#[cfg(test)]
mod tests {
    use baton_documents::roster;
    use futures::FutureExt;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    /// A way out that works or does not, and counts how often it sent.
    #[derive(Debug)]
    struct Fake {
        carries: &'static [ChannelName],
        works: AtomicBool,
        sent: AtomicUsize,
    }

    impl Fake {
        fn of(carries: &'static [ChannelName], works: bool) -> Arc<Self> {
            Arc::new(Self { carries, works: works.into(), sent: 0.into() })
        }

        fn has_sent(&self) -> usize {
            self.sent.load(Ordering::Relaxed)
        }
    }

    impl Channel for Fake {
        fn carries(&self) -> &'static [ChannelName] {
            self.carries
        }

        fn send<'a>(
            &'a self,
            _: &'a Outbound<'a>,
            _: &'a [ChannelName],
        ) -> BoxFuture<'a, Result<(), Error>> {
            let works = self.works.load(Ordering::Relaxed);
            self.sent.fetch_add(usize::from(works), Ordering::Relaxed);
            let failed = || Error::Unreadable { subject: "this channel".to_owned() };
            async move { if works { Ok(()) } else { Err(failed()) } }.boxed()
        }
    }

    /// Tells somebody of the sample roster something.
    async fn tell(
        who: &str,
        channels: &[Arc<Fake>],
        before: &[Delivery],
    ) -> Result<Receipt, Error> {
        let roster = roster::parse(roster::SAMPLE).unwrap();
        let (to, now) = (PersonId::parse(who).unwrap(), Timestamp::UNIX_EPOCH);
        let reader = roster.person(&to);
        let content =
            baton_wording::sign_in(roster.people.values().next().unwrap(), "https://b", now, now);
        let correlation = crate::chance::correlation();
        let outbound = Outbound {
            to: &to,
            reader,
            content: &content,
            kind: "test",
            lead: None,
            correlation: &correlation,
        };
        let channels: Vec<Arc<dyn Channel>> = channels.iter().map(|c| Arc::clone(c) as _).collect();
        send_by(&channels, &outbound, before, now).await
    }

    fn words(deliveries: &[Delivery]) -> Vec<(&'static str, Outcome)> {
        deliveries.iter().map(|one| (one.channel.word(), one.outcome)).collect()
    }

    #[tokio::test]
    async fn somebody_is_told_by_the_channels_that_reach_them() {
        let one = [Fake::of(ChannelName::ON_TOPICS, true)];
        let [ana, mia] = [tell("ana", &one, &[]).await, tell("mia", &one, &[]).await];
        let sent = [("email", Outcome::Sent), ("sms", Outcome::Sent)];
        assert_eq!(words(&ana.unwrap().deliveries), sent);
        assert_eq!(words(&mia.unwrap().deliveries), sent[..1], "she has no number");
        assert_eq!(words(&tell("gone", &one, &[]).await.unwrap().deliveries), sent[..1]);
    }

    #[tokio::test]
    async fn what_one_channel_took_is_owed_by_the_other_alone() {
        let mail = Fake::of(&[ChannelName::Email], true);
        let text = Fake::of(&[ChannelName::Sms], false);
        let both = [Arc::clone(&mail), Arc::clone(&text)];
        let first = tell("ana", &both, &[]).await.unwrap();
        let partly = [("email", Outcome::Sent), ("sms", Outcome::Failed)];
        assert_eq!(words(&first.deliveries), partly);
        assert!(first.owed.is_some());

        let still = tell("ana", &both, &first.deliveries).await.unwrap();
        assert_eq!(words(&still.deliveries), partly);
        text.works.store(true, Ordering::Relaxed);
        let second = tell("ana", &both, &still.deliveries).await.unwrap();
        assert_eq!(words(&second.deliveries), [("email", Outcome::Sent), ("sms", Outcome::Sent)]);
        assert!(second.owed.is_none());
        assert_eq!((mail.has_sent(), text.has_sent()), (1, 1));
    }

    #[tokio::test]
    async fn what_no_channel_took_has_not_left() {
        let none = [Fake::of(&[ChannelName::Email], false), Fake::of(&[ChannelName::Sms], false)];
        assert!(tell("ana", &none, &[]).await.is_err());
    }
}
