//! What a decision makes known leaves us, and is taken off the list of promises.

use baton_core::command::{Actor, Command, Order};
use baton_core::correlation::Correlation;
use baton_core::decision::Decision;
use baton_core::id::LeadId;
use baton_core::measure;
use baton_core::message::{AlertKind, Message, MessageId};

use crate::error::{Error, Failure, causes};
use crate::handoff::{Handoff, Settings};
use crate::outbox::Parcel;

impl Handoff {
    /// Delivers what a decision makes known.
    pub(crate) async fn deliver(&self, decision: &Decision, correlation: &Correlation) {
        for (id, message) in decision.outbox() {
            self.deliver_at_once(id, message, correlation).await;
        }
    }

    /// Delivers a message just committed. If that fails it stays in the outbox for the sweep.
    pub(crate) async fn deliver_at_once(
        &self,
        id: MessageId,
        message: &Message,
        correlation: &Correlation,
    ) {
        if let Err(error) = self.deliver_one(id, message, correlation).await {
            self.say_undelivered(id, message, correlation, &error);
        }
    }

    /// Sends one message and takes it off the list of promises.
    pub(crate) async fn deliver_one(
        &self,
        id: MessageId,
        message: &Message,
        correlation: &Correlation,
    ) -> Result<(), Error> {
        let Settings { in_force, links, clock, .. } = &self.settings;
        let (rules, now) = (in_force.rules(), clock.now());
        let parcel = Parcel { id, message, correlation, rules: &rules, links, now };
        self.send(&parcel).await?;
        let (lead, word, policy) = (id.lead, message.word(), &rules.policy.version);
        tracing::info!(%lead, outbox = %id, word, policy, %correlation,
            "lead {lead}: {word} delivered, by policy {policy}, for {correlation}");
        Ok(())
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

    async fn send(&self, parcel: &Parcel<'_>) -> Result<(), Error> {
        self.outbox.send(parcel).await?;
        if is_warning(parcel.message) {
            self.note_warning(parcel.id.lead, parcel.correlation).await?;
        }
        let is_ours = self.table.delivered(parcel.id, parcel.now).await?;
        if let (Message::Alert(alert), true) = (parcel.message, is_ours) {
            let measured = measure::of_alert(alert, self.settings.clock.now());
            measured.into_iter().for_each(|one| self.settings.record(one));
        }
        Ok(())
    }

    /// Rule 8: grace runs from the moment the warning was sent, so the lead is told that it was.
    async fn note_warning(&self, lead: LeadId, correlation: &Correlation) -> Result<(), Error> {
        let order = Order::new(Command::WarningSent, Actor::Clock, correlation.clone());
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
