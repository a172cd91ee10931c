//! What a decision makes known leaves us, and is taken off the list of what is due.

mod sending;

use std::collections::VecDeque;
use std::sync::Arc;

use baton_cloud::{Admission, Aws, Bus, Channel, Error, causes};
use baton_core::commands::{Actor, CommandRequest, WarningSent};
use baton_core::correlation::Correlation;
use baton_core::delivery::{self, Delivery};
use baton_core::id::{LeadId, PersonId};
use baton_core::measure;
use baton_core::message::{AlertKind, Message, MessageId};

use crate::engine::{Committed, Engine};
use crate::failure::Failure;
use crate::settings::Settings;

/// Sends what is committed, and settles it in the table. At least once: the table says what is left.
#[derive(Clone, Debug)]
pub struct Outbox {
    engine: Engine,
    bus: Bus,
    channels: Vec<Arc<dyn Channel>>,
}

/// Messages that a settled message leads to: they are in the table, and not delivered yet.
pub(crate) type FollowUps = Vec<(MessageId, Message)>;

impl Outbox {
    pub(crate) fn new(aws: &Aws, engine: Engine) -> Self {
        Self { engine, bus: aws.bus(), channels: aws.channels() }
    }

    fn settings(&self) -> &Settings {
        self.engine.settings()
    }

    /// Delivers what a commit makes known. What can't leave now stays due, and leaves by the sweep.
    pub async fn deliver<T>(&self, committed: Committed<T>) -> T {
        let Committed { outcome, follow_ups, correlation } = committed;
        self.deliver_all(follow_ups, &correlation).await;
        outcome
    }

    /// Delivers messages just committed, and those that their delivery leads to.
    pub(crate) async fn deliver_all(&self, messages: FollowUps, correlation: &Correlation) {
        let mut waiting = VecDeque::from(messages);
        while let Some((id, message)) = waiting.pop_front() {
            match self.deliver_if_admitted(id, &message, correlation).await {
                Ok(Some(follow_ups)) => waiting.extend(follow_ups),
                Ok(None) => self.say_waits(id, &message, correlation),
                Err(error) => self.say_undelivered(id, &message, correlation, &error),
            }
        }
    }

    /// Sends one message, unless it is an alert to somebody who has been sent enough by now.
    async fn deliver_if_admitted(
        &self,
        id: MessageId,
        message: &Message,
        correlation: &Correlation,
    ) -> Result<Option<FollowUps>, Error> {
        let is_admitted = match message {
            Message::Alert(alert) => self.is_admitted(&alert.to).await?,
            Message::Event(_) | Message::Erased(_) => true,
        };
        if !is_admitted {
            return Ok(None);
        }
        self.deliver_one(id, message, correlation).await.map(Some)
    }

    /// Sends one message for the first time, and settles it. It stays due while a channel that
    /// reaches its reader has not taken it.
    pub(crate) async fn deliver_one(
        &self,
        id: MessageId,
        message: &Message,
        correlation: &Correlation,
    ) -> Result<FollowUps, Error> {
        let receipt = self.send(message, &[], correlation).await?;
        let follow_ups = self.settle(id, message, &receipt.deliveries, correlation).await?;
        receipt.owed.map_or(Ok(follow_ups), Err)
    }

    /// A message has left us by these channels: takes it off the list of what is due, unless some of
    /// them still owe it. It counts as delivered as of the first that took it. Gives what follows.
    pub(crate) async fn settle(
        &self,
        id: MessageId,
        message: &Message,
        deliveries: &[Delivery],
        correlation: &Correlation,
    ) -> Result<FollowUps, Error> {
        let follow_ups = match is_warning(message) {
            true => self.note_warning(id.lead, correlation).await?,
            false => FollowUps::new(),
        };
        let at = delivery::first_sent_at(deliveries).unwrap_or(self.settings().clock.now());
        let is_ours = self.engine.table().delivered(id, message, deliveries, at).await?;
        if !delivery::is_whole(deliveries) {
            return Ok(follow_ups);
        }
        if let (Message::Alert(alert), true) = (message, is_ours) {
            let measured = measure::of_alert(alert, at);
            measured.into_iter().for_each(|one| self.settings().record(one));
        }
        self.say_delivered(id, message, correlation);
        Ok(follow_ups)
    }

    /// Rule 8: grace runs from the moment the warning was sent, so the lead is told that it was.
    async fn note_warning(
        &self,
        lead: LeadId,
        correlation: &Correlation,
    ) -> Result<FollowUps, Error> {
        let request = CommandRequest::new(WarningSent {}, Actor::Clock, correlation.clone());
        match self.engine.execute(lead, &request).await {
            Ok(committed) => Ok(committed.follow_ups),
            Err(Failure::Refused(_) | Failure::NotFound) => Ok(FollowUps::new()),
            Err(Failure::Error(error)) => Err(error),
        }
    }

    /// Whether that person may be sent one more message now.
    pub(crate) async fn is_admitted(&self, person: &PersonId) -> Result<bool, Error> {
        let now = self.settings().clock.now();
        Ok(self.engine.table().admit_message(person, now).await? == Admission::Open)
    }

    fn say_delivered(&self, id: MessageId, message: &Message, correlation: &Correlation) {
        let rules = self.settings().rules();
        let (lead, word, policy) = (id.lead, message.word(), &rules.policy.version);
        tracing::info!(%lead, outbox = %id, word, policy, %correlation,
            "lead {lead}: {word} delivered, by policy {policy}, for {correlation}");
    }

    fn say_waits(&self, id: MessageId, message: &Message, correlation: &Correlation) {
        let rules = self.settings().rules();
        let (lead, word, policy) = (id.lead, message.word(), &rules.policy.version);
        tracing::info!(%lead, outbox = %id, word, policy, %correlation,
            "lead {lead}: {word} waits for its reader's next letter, by policy {policy}, \
             for {correlation}");
    }

    fn say_undelivered(
        &self,
        id: MessageId,
        message: &Message,
        correlation: &Correlation,
        error: &Error,
    ) {
        let rules = self.settings().rules();
        let (lead, word, policy) = (id.lead, message.word(), &rules.policy.version);
        tracing::warn!(%lead, outbox = %id, word, policy, %correlation,
            error = %causes(error),
            "lead {lead}: {word} not delivered, by policy {policy}, for {correlation}; \
             the sweep will");
    }
}

/// The owner's warning: the one whose sending starts the grace period.
fn is_warning(message: &Message) -> bool {
    matches!(message, Message::Alert(alert) if alert.kind == AlertKind::TakeBackWarned
        && alert.facts.owner.as_ref() == Some(&alert.to))
}
