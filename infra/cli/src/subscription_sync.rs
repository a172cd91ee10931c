//! Brings SNS subscriptions in line with a roster. People on it are subscribed before it is in
//! force, and everybody else is unsubscribed after.
//!
//! Each run looks at everything anew. So a run that was interrupted, or a subscription that
//! somebody ended, is repaired by publishing the same roster again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use baton_cloud::{Channels, Error};
use baton_core::Roster;
use baton_core::channel::{self, Address, Departures, Finding, State, Topic, TopicStep};
use baton_core::id::PersonId;
use indicatif::{ProgressBar, ProgressStyle};

use crate::exit::{BoxError, CliResult};

/// A roster's people, and their topics as they are.
pub(crate) struct SubscriptionSync {
    channels: Channels,
    roster: Roster,
    topics: BTreeMap<PersonId, Option<Topic>>,
    done: Vec<(PersonId, TopicStep)>,
}

/// Something went wrong at somebody's channels.
#[derive(Debug, thiserror::Error)]
#[error(
    "{person}'s channels could not be looked after; what was done stays done, and publishing \
     again does the rest"
)]
pub(crate) struct SyncError {
    person: PersonId,
    source: Error,
}

/// Most of those whom alerts reach now are not on the roster: it may be the wrong file.
#[derive(Debug, thiserror::Error)]
#[error(
    "alerts reach {of} people now, and {people} of them are not on this roster: nothing is \
     published. If they have all left, say --let-go",
    of = .0.of, people = .0.people
)]
struct MassUnsubscription(Departures);

impl SubscriptionSync {
    /// Looks at the topics of everybody on the roster, and of everybody else who has one.
    pub(crate) async fn survey(channels: Channels, roster: Roster) -> Result<Self, BoxError> {
        let mut people: BTreeSet<PersonId> = channels.people().await?;
        people.extend(roster.people.keys().cloned());
        let bar = bar("looked at", people.len());
        let mut topics = BTreeMap::new();
        for person in people {
            let topic = channels.topic(&person).await;
            let topic = topic.map_err(|source| SyncError { person: person.clone(), source })?;
            topics.insert(person, topic);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(Self { channels, roster, topics, done: Vec::new() })
    }

    /// Refuses a roster that lets most people go, unless that is meant.
    pub(crate) fn check(&self, let_go: bool) -> CliResult {
        let let_go_now = Departures::by(&self.roster, &self.topics);
        if let_go_now.is_most() && !let_go {
            return Err(MassUnsubscription(let_go_now).into());
        }
        Ok(())
    }

    /// Makes topics and subscribes, for everybody on the roster.
    pub(crate) async fn subscribe(&mut self) -> Result<(), SyncError> {
        self.apply(|step| !step.takes_away()).await
    }

    /// Ends the subscriptions of addresses that are not on the roster.
    pub(crate) async fn unsubscribe(&mut self) -> Result<(), SyncError> {
        self.apply(TopicStep::takes_away).await
    }

    async fn apply(&mut self, now: impl Fn(&TopicStep) -> bool) -> Result<(), SyncError> {
        let steps: Vec<(PersonId, TopicStep)> = self
            .topics
            .iter()
            .flat_map(|(person, topic)| {
                let plan = channel::plan(&self.wanted(person), topic.as_ref());
                plan.into_iter().map(|step| (person.clone(), step))
            })
            .filter(|(_, step)| now(step))
            .collect();
        let bar = bar("changed", steps.len());
        for (person, step) in steps {
            let made = self.channels.take(&person, &step).await;
            let made = made.map_err(|source| SyncError { person: person.clone(), source })?;
            let topic = self.topics.entry(person.clone()).or_default().get_or_insert_default();
            topic.subscriptions.extend(made);
            if let TopicStep::Unsubscribe { id, .. } = &step {
                let ended = State::Confirmed(id.clone());
                topic.subscriptions.retain(|one| one.state != ended);
            }
            self.done.push((person, step));
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn wanted(&self, person: &PersonId) -> Vec<Address> {
        self.roster.person(person).map(channel::wanted).unwrap_or_default()
    }

    /// What was done, who is not reached, and what is to be done about it.
    pub(crate) fn report(&self, out: &mut impl Write) -> CliResult {
        let count =
            |is: fn(&TopicStep) -> bool| self.done.iter().filter(|(_, step)| is(step)).count();
        writeln!(
            out,
            "Channels of {} people: {} topics made, {} addresses subscribed, {} unsubscribed.",
            self.roster.people.len(),
            count(|step| matches!(step, TopicStep::MakeTopic)),
            count(|step| matches!(step, TopicStep::Subscribe(_))),
            count(TopicStep::takes_away),
        )?;
        for (person, step) in &self.done {
            if let TopicStep::Unsubscribe { channel, .. } = step {
                let why = match self.wanted(person).is_empty() {
                    true => "unsubscribed; the topic stays, for alerts on their way",
                    false => "unsubscribed: an address that is not on the roster",
                };
                writeln!(out, "  {person}  {}  {why}", channel.word())?;
            }
        }
        let unconfirmed = self.unconfirmed();
        for Finding { person, channel, standing } in &unconfirmed {
            writeln!(out, "  {person}  {}  {}", channel.word(), standing.words())?;
        }
        if !unconfirmed.is_empty() {
            writeln!(out, "{HOW_TO_CONFIRM}")?;
        }
        Ok(())
    }

    fn unconfirmed(&self) -> Vec<Finding> {
        let all = self.topics.iter().flat_map(|(person, topic)| {
            channel::review(person, &self.wanted(person), topic.as_ref(), &BTreeSet::new())
        });
        all.filter(|finding| finding.standing.is_dead()).collect()
    }
}

/// What to do with confirmation links, and why they must not just be opened.
pub(crate) const HOW_TO_CONFIRM: &str = "\
Nothing reaches these until they are confirmed. SNS has sent each e-mail address a link: have it
copied, not opened, and sent to you, and confirm it with

    baton roster confirm 'LINK'

Whoever just opens it gets alerts, too, but the next mail scanner that follows the unsubscribe link
under an alert ends them; confirmed like this, only your account can. SNS drops a question that
nobody answers for two days: publish the roster again to ask anew. `baton roster channels` lists
everybody.";

fn bar(done: &str, people: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} {msg}");
    let bar = ProgressBar::new(people as u64).with_message(done.to_owned());
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
