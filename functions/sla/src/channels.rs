//! Once a day: whether everybody on the published roster can be told.
//!
//! A channel dies silently: a mail scanner follows an unsubscribe link, a telephone answers STOP,
//! SNS switches off a mailbox that got too much. The metric raises an alarm, which says nothing of
//! a second dead channel while it is up; so the operators get a letter that names each one.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use baton_cloud::{Channels, Error, Operators, Sample, causes};
use baton_core::channel::{Finding, Standing};
use baton_core::correlation::Correlation;
use baton_engine::{Publisher, Services};
use serde::Serialize;
use tracing::Instrument;

/// What looks at everybody's channels.
#[derive(Clone, Debug)]
pub struct ChannelCheck {
    services: Arc<Services>,
    channels: Channels,
    operators: Operators,
}

/// What a check found, as its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many channels were looked at.
    pub channels: usize,
    /// Those that carry no alert.
    pub unconfirmed: usize,
    /// Those that carry alerts to somebody who is not on the roster.
    pub surplus: usize,
}

impl ChannelCheck {
    /// A check of the people on the roster in force.
    pub fn new(services: Arc<Services>, channels: Channels, operators: Operators) -> Self {
        Self { services, channels, operators }
    }

    /// Looks at every channel, counts and logs those that are not right, and writes to the
    /// operators about them; not at all if everything is right. Its log lines are found by the
    /// run's id.
    ///
    /// # Errors
    ///
    /// When somebody's channels can't be looked at, for a count without theirs would look better
    /// than things are; or when the operators can't be written to.
    pub async fn run(&self, run: &Correlation) -> Result<Summary, Error> {
        let span = tracing::info_span!("run", correlation = %run);
        self.look_and_tell().instrument(span).await.inspect_err(|error| {
            tracing::error!(correlation = %run, error = %causes(error),
                "nobody knows how the channels stand, for {run}");
        })
    }

    async fn look_and_tell(&self) -> Result<Summary, Error> {
        let found = self.look().await?;
        let channels = found.len();
        let wrong: Vec<Finding> =
            found.into_iter().filter(|one| !one.standing.is_right()).collect();
        let summary = summary(channels, &wrong);
        let unconfirmed = u32::try_from(summary.unconfirmed).unwrap_or(u32::MAX);
        self.services.settings().record(Sample::count("UnconfirmedSubscriptions", unconfirmed));
        tracing::info!(?summary, "looked at {channels} channels");
        for Finding { person, channel, standing } in &wrong {
            let (channel, state) = (channel.word(), standing.words());
            tracing::warn!(%person, channel, state, "{person}'s {channel}: {state}");
        }
        if !wrong.is_empty() {
            let Letter { subject, body } = letter(&wrong);
            self.operators.tell(&subject, &body).await?;
        }
        Ok(summary)
    }

    /// Nobody has a channel before a roster is published.
    async fn look(&self) -> Result<Vec<Finding>, Error> {
        let Some(roster) = Publisher(self.services.table()).published_roster().await? else {
            return Ok(Vec::new());
        };
        self.channels.review(&roster, BTreeSet::new()).await
    }
}

fn summary(channels: usize, wrong: &[Finding]) -> Summary {
    let unconfirmed = wrong.iter().filter(|one| one.standing.is_dead()).count();
    Summary { channels, unconfirmed, surplus: wrong.len() - unconfirmed }
}

/// What the operators read.
struct Letter {
    subject: String,
    body: String,
}

fn letter(wrong: &[Finding]) -> Letter {
    let subject = match wrong.len() {
        1 => "Baton: 1 alert channel needs you".to_owned(),
        many => format!("Baton: {many} alert channels need you"),
    };
    let mut body = "Not everybody is told of their leads. Today's look at the e-mail and SMS of \
        everybody on the published roster found:\n"
        .to_owned();
    let mut kinds: Vec<&'static str> = wrong.iter().map(|one| one.standing.words()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for words in kinds {
        let alike = || wrong.iter().filter(|one| one.standing.words() == words);
        let _ = write!(body, "\n{words}\n");
        for Finding { person, channel, .. } in alike() {
            let _ = writeln!(body, "    {person}  {}", channel.word());
        }
        let remedy = alike().next().map(|one| remedy(&one.standing)).unwrap_or_default();
        let _ = writeln!(body, "What to do: {remedy}");
    }
    body.push_str("\n`baton roster channels` shows how everybody stands now.\n");
    Letter { subject, body }
}

fn remedy(standing: &Standing) -> &'static str {
    match standing {
        Standing::Confirmed(_) => "nothing.",
        Standing::Waiting => {
            "have the link in SNS's mail copied, not opened, and sent to you, and run `baton \
             roster confirm 'LINK'`."
        }
        Standing::Ended | Standing::Missing => {
            "publish the roster again, which asks anew; then have the link in SNS's mail copied, \
             not opened, and run `baton roster confirm 'LINK'`."
        }
        Standing::Stopped => {
            "ask them whether they want messages again, and opt the number in: `aws sns \
             opt-in-phone-number`, once in 30 days. Or take it off the roster."
        }
        Standing::Surplus(_) => "publish the roster again, which ends these subscriptions.",
    }
}

#[cfg(test)]
mod tests {
    use baton_core::channel::ChannelName;
    use baton_core::id::PersonId;

    use super::*;

    fn finding(person: &str, channel: ChannelName, standing: Standing) -> Finding {
        Finding { person: PersonId::parse(person).unwrap(), channel, standing }
    }

    #[test]
    fn the_letter_names_every_channel_once_and_says_what_to_do() {
        let wrong = [
            finding("ana", ChannelName::Email, Standing::Waiting),
            finding("ana", ChannelName::Sms, Standing::Stopped),
            finding("ben", ChannelName::Email, Standing::Waiting),
            finding("mia", ChannelName::Email, Standing::Surplus("arn:aws:sns:1".to_owned())),
        ];
        let Letter { subject, body } = letter(&wrong);
        assert_eq!(subject, "Baton: 4 alert channels need you");
        assert_eq!(
            body,
            "Not everybody is told of their leads. Today's look at the e-mail and SMS of everybody \
             on the published roster found:\n\
             \n\
             not on the roster, and still told everything\n    mia  email\n\
             What to do: publish the roster again, which ends these subscriptions.\n\
             \n\
             stopped: the telephone answered STOP\n    ana  sms\n\
             What to do: ask them whether they want messages again, and opt the number in: `aws \
             sns opt-in-phone-number`, once in 30 days. Or take it off the roster.\n\
             \n\
             waiting: not confirmed yet\n    ana  email\n    ben  email\n\
             What to do: have the link in SNS's mail copied, not opened, and sent to you, and run \
             `baton roster confirm 'LINK'`.\n\
             \n\
             `baton roster channels` shows how everybody stands now.\n"
        );
        let counted = Summary { channels: 15, unconfirmed: 3, surplus: 1 };
        assert_eq!(summary(15, &wrong), counted);
    }

    #[test]
    fn the_subject_is_short_and_plain_however_many_there_are() {
        let one = finding("ana", ChannelName::Email, Standing::Missing);
        for count in [1, 2, 2_000] {
            let Letter { subject, body } = letter(&vec![one.clone(); count]);
            assert!(subject.is_ascii() && subject.len() < 100, "{subject}");
            // What SNS takes.
            assert!(body.len() < 256 * 1024);
        }
    }
}
