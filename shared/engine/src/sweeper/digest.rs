//! Alerts that leave late, by reader: a few leave singly, more of them in one letter, and none
//! faster than a reader's channels bear.

use std::collections::BTreeMap;

use baton_cloud::{DueKey, Error, Receipt};
use baton_core::correlation::Correlation;
use baton_core::delivery::Delivery;
use baton_core::id::PersonId;
use baton_core::limits;
use baton_core::message::{Alert, Message, MessageId};
use futures::StreamExt;
use jiff::Timestamp;

use super::retry::Failed;
use super::{Step, Sweeper};

/// An alert that is ours to send, still true, and late.
pub(super) struct Late {
    pub(super) id: MessageId,
    /// When it was decided.
    pub(super) at: Timestamp,
    /// An alert.
    pub(super) message: Message,
    /// By which channels it left before, if only some took it.
    pub(super) deliveries: Vec<Delivery>,
    pub(super) place: DueKey,
    pub(super) correlation: Correlation,
}

impl Late {
    fn alert(&self) -> Option<&Alert> {
        match &self.message {
            Message::Alert(alert) => Some(alert),
            Message::Event(_) | Message::Erased(_) => None,
        }
    }
}

impl Sweeper {
    /// Sends alerts that are late, to whoever has waited longest first. What is not sent by then,
    /// or may not be sent yet, is due again in a minute: it was claimed until then.
    pub(super) async fn send_late(
        &self,
        late: Vec<Late>,
        until: Timestamp,
        run: &Correlation,
    ) -> Vec<Step> {
        let steps = futures::stream::iter(letters(late)).map(async |(to, letter)| {
            let is_over = self.settings().clock.now() >= until;
            if is_over { Vec::new() } else { self.send_letter(&to, letter, run).await }
        });
        steps.buffered(self.at_once()).concat().await
    }

    /// One letter to one reader, if they may be sent one more.
    async fn send_letter(&self, to: &PersonId, letter: Vec<Late>, run: &Correlation) -> Vec<Step> {
        match self.outbox.is_admitted(to).await {
            Ok(false) => letter.iter().map(|one| Step::Deferred(self.waiting_ms(one.at))).collect(),
            Err(error) => self.put_off_all(letter, &error).await,
            Ok(true) => match self.send_one_letter(to, &letter, run).await {
                Ok(receipt) => self.settle_all(letter, &receipt).await,
                Err(error) => self.put_off_all(letter, &error).await,
            },
        }
    }

    async fn send_one_letter(
        &self,
        to: &PersonId,
        letter: &[Late],
        run: &Correlation,
    ) -> Result<Receipt, Error> {
        if let [one] = letter {
            return self.outbox.send(&one.message, &one.deliveries, &one.correlation).await;
        }
        let alerts = letter.iter().filter_map(Late::alert);
        let receipt = self.outbox.send_digest(to, alerts, run).await?;
        let (rules, count) = (self.settings().rules(), letter.len());
        let policy = &rules.policy.version;
        tracing::info!(%to, count, policy, correlation = %run,
            "{count} alerts to {to} in one letter, by policy {policy}, for {run}");
        Ok(receipt)
    }

    async fn settle_all(&self, letter: Vec<Late>, receipt: &Receipt) -> Vec<Step> {
        let Receipt { deliveries, owed } = receipt;
        let steps = futures::stream::iter(letter).map(async |one| {
            let settled =
                self.outbox.settle(one.id, &one.message, deliveries, &one.correlation).await;
            match settled {
                Ok(follow_ups) => self.outbox.deliver_all(follow_ups, &one.correlation).await,
                Err(why) => return self.put_off_late(&one, &why).await,
            }
            match owed {
                None => Step::Delivered,
                Some(why) => self.put_off_late(&one, why).await,
            }
        });
        steps.buffered(self.at_once()).collect().await
    }

    async fn put_off_all(&self, letter: Vec<Late>, why: &Error) -> Vec<Step> {
        let steps = futures::stream::iter(letter);
        let steps = steps.map(async |one| self.put_off_late(&one, why).await);
        steps.buffered(self.at_once()).collect().await
    }

    async fn put_off_late(&self, late: &Late, why: &Error) -> Step {
        let Late { id, at, message, place, correlation, .. } = late;
        let (lead, word) = (Some(id.lead), Some(message.word()));
        self.put_off(Failed { place, lead, word, why, correlation }).await;
        Step::Failed(self.waiting_ms(*at))
    }
}

/// Who is sent what in how many letters: a few alerts in one each, more of them in digests. What some
/// channels have taken already is in none, but leaves by the others alone. The oldest alert is in
/// the first letter.
fn letters(mut late: Vec<Late>) -> Vec<(PersonId, Vec<Late>)> {
    late.sort_by_key(|one| (one.at, one.id));
    let mut by_reader: BTreeMap<PersonId, Vec<Late>> = BTreeMap::new();
    let mut letters = Vec::new();
    for one in late {
        let Some(to) = one.alert().map(|alert| alert.to.clone()) else { continue };
        match one.deliveries.is_empty() {
            true => by_reader.entry(to).or_default().push(one),
            false => letters.push((to, vec![one])),
        }
    }
    for (to, mut alerts) in by_reader {
        let most = if alerts.len() <= limits::SINGLES { 1 } else { limits::DIGEST };
        while !alerts.is_empty() {
            let rest = alerts.split_off(alerts.len().min(most));
            letters.push((to.clone(), std::mem::replace(&mut alerts, rest)));
        }
    }
    letters.sort_by_key(|(_, letter)| letter.first().map(|one| (one.at, one.id)));
    letters
}
