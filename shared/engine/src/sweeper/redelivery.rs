//! What could not leave at once leaves later: if nobody else has taken it up, and if it is still
//! true. An alert then waits a moment longer, for what else there is for its reader.

use baton_cloud::{Claim, Due, DueItem, DueKey, Error, REDELIVER_AFTER, Sample, Sent};
use baton_core::alert_freshness::Freshness;
use baton_core::correlation::Correlation;
use baton_core::message::Message;
use baton_core::time::later;
use jiff::Timestamp;

use super::digest::Late;
use super::retry::Failed;
use super::{Step, Sweeper, lag};

impl Sweeper {
    pub(super) async fn redeliver(&self, due: &Due, run: &Correlation) -> Step {
        let claim = match self.table().claim(&due.place, self.settings().clock.now()).await {
            Ok(Some(claim)) => claim,
            Ok(None) => return Step::Passed,
            Err(error) => return self.unread(due, &due.place, &error, run).await,
        };
        let Claim { place, sent } = claim;
        match sent {
            Ok(sent) => self.redeliver_claimed(place, sent, run).await,
            Err(error) => self.unread(due, &place, &error, run).await,
        }
    }

    async fn redeliver_claimed(&self, place: DueKey, sent: Sent, run: &Correlation) -> Step {
        let correlation = sent.message.correlation().unwrap_or(run).clone();
        let (id, at, word) = (sent.id, sent.at, sent.message.word());
        let step = match self.freshness(&sent).await {
            Ok(Freshness::Current(message @ Message::Alert(_))) => {
                let deliveries = sent.deliveries;
                let late = Late { id, at, message, deliveries, place, correlation };
                return Step::Ready(Box::new(late));
            }
            Ok(Freshness::Current(message @ (Message::Event(_) | Message::Erased(_)))) => {
                match self.outbox.deliver_one(id, &message, &correlation).await {
                    Ok(follow_ups) => {
                        self.outbox.deliver_all(follow_ups, &correlation).await;
                        Ok(Step::Delivered)
                    }
                    Err(error) => Err(error),
                }
            }
            Ok(Freshness::Outdated) => self.withdraw(&sent, &correlation).await,
            Ok(Freshness::Erased) => Ok(Step::Passed),
            Err(error) => Err(error),
        };
        match step {
            Ok(step) => step,
            Err(why) => {
                let (lead, word, correlation) = (Some(id.lead), Some(word), &correlation);
                self.put_off(Failed { place: &place, lead, word, why: &why, correlation }).await;
                Step::Failed(self.waiting_ms(at))
            }
        }
    }

    async fn freshness(&self, sent: &Sent) -> Result<Freshness, Error> {
        let known = self.table().known(sent.id.lead).await?;
        Ok(sent.message.freshness(sent.id, known.as_ref(), self.settings().clock.now()))
    }

    async fn withdraw(&self, sent: &Sent, correlation: &Correlation) -> Result<Step, Error> {
        let (id, lead, word) = (sent.id, sent.id.lead, sent.message.word());
        if !self.table().withdrawn(id, self.settings().clock.now()).await? {
            return Ok(Step::Passed);
        }
        self.settings().record(Sample::count("AlertsWithdrawn", 1));
        let rules = self.settings().rules();
        let policy = &rules.policy.version;
        tracing::info!(%lead, outbox = %id, word, policy, %correlation,
            "lead {lead}: {word} not sent, for it is no longer true, by policy {policy}, \
             for {correlation}");
        Ok(Step::Withdrawn)
    }

    /// A message that could not be claimed, or not be read.
    async fn unread(&self, due: &Due, place: &DueKey, why: &Error, run: &Correlation) -> Step {
        let lead = match due.item {
            DueItem::Lead(lead)
            | DueItem::Erasing(lead)
            | DueItem::Recount(lead)
            | DueItem::Message(lead) => Some(lead),
            DueItem::Unknown => None,
        };
        self.put_off(Failed { place, lead, word: None, why, correlation: run }).await;
        Step::Failed(lag(self.settings().clock.now(), due.at))
    }

    /// How long a message decided at some time has been due. It has moved since, perhaps often: it
    /// is due since it was left to the sweep.
    pub(super) fn waiting_ms(&self, decided_at: Timestamp) -> i64 {
        let since = later(decided_at, REDELIVER_AFTER);
        lag(self.settings().clock.now(), since)
    }
}
