//! What could not leave at once leaves later: if nobody else has taken it up, and if it is still
//! true.

use baton_core::correlation::Correlation;
use baton_core::truth::Left;

use super::aside::Unkept;
use super::{Step, lag};
use crate::error::Error;
use crate::handoff::Handoff;
use crate::metrics::Sample;
use crate::table::{Claim, Due, DueItem, Place, REDELIVER_AFTER, Sent};

impl Handoff {
    pub(super) async fn redeliver(&self, due: &Due, run: &Correlation) -> Step {
        let claim = match self.table.claim(&due.place, self.settings.clock.now()).await {
            Ok(Some(claim)) => claim,
            Ok(None) => return Step::Passed,
            Err(error) => return self.not_delivered(due, &due.place, None, &error, run).await,
        };
        let Claim { place, sent } = claim;
        match sent {
            Ok(sent) => match self.deliver_late(&sent, run).await {
                Ok(step) => step,
                Err(error) => self.not_delivered(due, &place, Some(&sent), &error, run).await,
            },
            Err(error) => self.not_delivered(due, &place, None, &error, run).await,
        }
    }

    async fn deliver_late(&self, sent: &Sent, run: &Correlation) -> Result<Step, Error> {
        let correlation = sent.message.correlation().unwrap_or(run);
        let known = self.table.known(sent.id.lead).await?;
        match sent.message.left_to_say(sent.id, known.as_ref(), self.settings.clock.now()) {
            Left::ToSay(message) => {
                self.deliver_one(sent.id, &message, correlation).await?;
                Ok(Step::Delivered)
            }
            Left::Untrue => self.withdraw(sent, correlation).await,
            Left::Erased => Ok(Step::Passed),
        }
    }

    async fn withdraw(&self, sent: &Sent, correlation: &Correlation) -> Result<Step, Error> {
        let (id, lead, word) = (sent.id, sent.id.lead, sent.message.word());
        if !self.table.withdrawn(id, self.settings.clock.now()).await? {
            return Ok(Step::Passed);
        }
        self.settings.record(Sample::count("AlertsWithdrawn", 1));
        let rules = self.settings.rules();
        let policy = &rules.policy.version;
        tracing::info!(%lead, outbox = %id, word, policy, %correlation,
            "lead {lead}: {word} not sent, for it is no longer true, by policy {policy}, \
             for {correlation}");
        Ok(Step::Withdrawn)
    }

    async fn not_delivered(
        &self,
        due: &Due,
        place: &Place,
        sent: Option<&Sent>,
        error: &Error,
        run: &Correlation,
    ) -> Step {
        let lead = match due.item {
            DueItem::Lead(lead) | DueItem::Erasing(lead) | DueItem::Message(lead) => Some(lead),
            DueItem::Unknown => None,
        };
        let correlation = sent.and_then(|sent| sent.message.correlation()).unwrap_or(run);
        let word = sent.map(|sent| sent.message.word());
        self.put_off(Unkept { place, lead, word, why: error, correlation }).await;
        // It has moved, perhaps often: it has been due since it was left to the sweep.
        let since = sent.and_then(|sent| sent.at.checked_add(REDELIVER_AFTER).ok());
        Step::Failed(lag(self.settings.clock.now(), since.unwrap_or(due.at)))
    }
}
