//! What a decision makes known leaves us, and is taken off the list of promises.

use baton_core::commands::{Actor, CommandRequest, WarningSent};
use baton_core::correlation::Correlation;
use baton_core::decision::Decision;
use baton_core::delivery::{self, Delivery};
use baton_core::id::{LeadId, PersonId};
use baton_core::measure;
use baton_core::message::{AlertKind, Message, MessageId};

use crate::error::{Error, Failure, causes};
use crate::handoff::{Handoff, Settings};
use crate::outbox::{Parcel, Receipt};
use crate::table::Admission;

impl Handoff {
    /// Delivers what a decision makes known.
    pub(crate) async fn deliver(&self, decision: &Decision, correlation: &Correlation) {
        for (id, message) in decision.outbox() {
            self.deliver_at_once(id, message, correlation).await;
        }
    }

    /// Delivers a message just committed. If that fails it stays in the outbox for the sweep, and
    /// so does an alert to somebody who has just been sent as many as anybody may be.
    pub(crate) async fn deliver_at_once(
        &self,
        id: MessageId,
        message: &Message,
        correlation: &Correlation,
    ) {
        match self.deliver_if_admitted(id, message, correlation).await {
            Ok(true) => {}
            Ok(false) => self.say_waits(id, message, correlation),
            Err(error) => self.say_undelivered(id, message, correlation, &error),
        }
    }

    /// Sends one message, unless it is an alert to somebody who has been sent enough by now.
    async fn deliver_if_admitted(
        &self,
        id: MessageId,
        message: &Message,
        correlation: &Correlation,
    ) -> Result<bool, Error> {
        let is_admitted = match message {
            Message::Alert(alert) => self.is_admitted(&alert.to).await?,
            Message::Event(_) | Message::Erased(_) => true,
        };
        if is_admitted {
            self.deliver_one(id, message, correlation).await?;
        }
        Ok(is_admitted)
    }

    /// Sends one message for the first time, and takes it off the list of promises. It stays there
    /// while a channel that reaches its reader has not taken it.
    pub(crate) async fn deliver_one(
        &self,
        id: MessageId,
        message: &Message,
        correlation: &Correlation,
    ) -> Result<(), Error> {
        let receipt = self.send(message, &[], correlation).await?;
        self.settle(id, message, &receipt.deliveries, correlation).await?;
        receipt.owed.map_or(Ok(()), Err)
    }

    /// Sends one message, by the channels that have not taken it before.
    pub(crate) async fn send(
        &self,
        message: &Message,
        before: &[Delivery],
        correlation: &Correlation,
    ) -> Result<Receipt, Error> {
        let Settings { in_force, links, clock, .. } = &self.settings;
        let (rules, now) = (in_force.rules(), clock.now());
        let parcel = Parcel { message, before, correlation, rules: &rules, links, now };
        self.outbox.send(&parcel).await
    }

    /// A message has left us by these channels: what follows from that, and off the list of promises
    /// unless some of them still owe it. It counts as delivered as of the first that took it.
    pub(crate) async fn settle(
        &self,
        id: MessageId,
        message: &Message,
        deliveries: &[Delivery],
        correlation: &Correlation,
    ) -> Result<(), Error> {
        if is_warning(message) {
            self.note_warning(id.lead, correlation).await?;
        }
        let at = delivery::first_sent_at(deliveries).unwrap_or(self.settings.clock.now());
        let is_ours = self.table.delivered(id, message, deliveries, at).await?;
        if !delivery::is_whole(deliveries) {
            return Ok(());
        }
        if let (Message::Alert(alert), true) = (message, is_ours) {
            let measured = measure::of_alert(alert, at);
            measured.into_iter().for_each(|one| self.settings.record(one));
        }
        self.say_delivered(id, message, correlation);
        Ok(())
    }

    fn say_delivered(&self, id: MessageId, message: &Message, correlation: &Correlation) {
        let rules = self.settings.rules();
        let (lead, word, policy) = (id.lead, message.word(), &rules.policy.version);
        tracing::info!(%lead, outbox = %id, word, policy, %correlation,
            "lead {lead}: {word} delivered, by policy {policy}, for {correlation}");
    }

    /// Whether that person may be sent one more message now.
    pub(crate) async fn is_admitted(&self, person: &PersonId) -> Result<bool, Error> {
        let admitted = self.table.admit_message(person, self.settings.clock.now()).await?;
        Ok(admitted == Admission::Open)
    }

    fn say_waits(&self, id: MessageId, message: &Message, correlation: &Correlation) {
        let rules = self.settings.rules();
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
        let rules = self.settings.rules();
        let (lead, word, policy) = (id.lead, message.word(), &rules.policy.version);
        tracing::warn!(%lead, outbox = %id, word, policy, %correlation,
            error = %causes(error),
            "lead {lead}: {word} not delivered, by policy {policy}, for {correlation}; \
             the sweep will");
    }

    /// Rule 8: grace runs from the moment the warning was sent, so the lead is told that it was.
    async fn note_warning(&self, lead: LeadId, correlation: &Correlation) -> Result<(), Error> {
        let order = CommandRequest::new(WarningSent {}, Actor::Clock, correlation.clone());
        match Box::pin(self.execute(lead, &order)).await {
            Ok(_) | Err(Failure::Refused(_) | Failure::NotFound) => Ok(()),
            Err(Failure::Error(error)) => Err(error),
        }
    }
}

/// The owner's warning: the one whose sending starts the grace period.
fn is_warning(message: &Message) -> bool {
    matches!(message, Message::Alert(alert) if alert.kind == AlertKind::TakeBackWarned
        && alert.facts.owner.as_ref() == Some(&alert.to))
}
