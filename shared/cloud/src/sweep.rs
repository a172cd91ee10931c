//! The sweep: whatever is due takes its step, whatever was not delivered is delivered.

use baton_core::command::{Actor, Command, Order};
use baton_core::correlation::Correlation;
use baton_core::id::LeadId;
use baton_core::truth::Left;
use futures::StreamExt;
use jiff::Timestamp;

use crate::error::{Error, Failure, causes};
use crate::handoff::Handoff;
use crate::metrics::Sample;
use crate::table::{DueItem, Sent};

/// The most promises of one shard that one sweep takes up; the next sweep goes on.
pub const SWEEP_LIMIT: i32 = 250;

/// Promises taken up at once.
const AT_ONCE: usize = 8;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Deadlines whose step was taken, and rounds of erasing.
    pub lapsed: usize,
    /// Messages delivered.
    pub delivered: usize,
    /// Alerts that were no longer true, and not sent.
    pub withdrawn: usize,
    /// Promises that turned out to be kept, moved or somebody else's meanwhile.
    pub passed: usize,
    /// Promises that failed and stay due.
    pub failed: usize,
    /// How long the oldest promise found had been due, in milliseconds.
    pub lag_ms: i64,
    /// How long the oldest message that could still not be delivered has been due, in milliseconds.
    pub undelivered_ms: i64,
}

enum Step {
    Lapsed,
    Delivered,
    Withdrawn,
    Passed,
}

impl Handoff {
    /// Takes up everything due now, oldest first. One promise that fails does not hold up the
    /// others. Two sweeps at once, or a stale index, do no harm: every step is conditional. What
    /// lapses follows from this run; what is delivered, from whatever made it known.
    ///
    /// # Errors
    ///
    /// When the list of promises can't be read.
    pub async fn sweep(&self, run: &Correlation) -> Result<Swept, Error> {
        let now = self.settings.clock.now();
        let due = self.table.due(now, SWEEP_LIMIT).await?;
        let lag_ms = due.first().map_or(0, |oldest| lag(now, oldest.at));
        let at_once = if self.settings.clock.is_manual() { 1 } else { AT_ONCE };
        let swept = Swept { lag_ms, ..Swept::default() };
        let steps = futures::stream::iter(due).map(async |due| {
            let waits_ms = match due.item {
                DueItem::Lead(_) | DueItem::Erasing(_) => 0,
                DueItem::Message { .. } => lag(now, due.at),
            };
            (waits_ms, self.step(due.item, run).await)
        });
        let swept = steps.buffered(at_once).fold(swept, async |swept, (waits_ms, step)| {
            let undelivered_ms = if step.is_err() { waits_ms } else { 0 };
            let undelivered_ms = swept.undelivered_ms.max(undelivered_ms);
            tally(Swept { undelivered_ms, ..swept }, &step)
        });
        Ok(swept.await)
    }

    async fn step(&self, item: DueItem, run: &Correlation) -> Result<Step, Error> {
        match item {
            DueItem::Lead(lead) => {
                self.lapse(lead, run).await.inspect_err(|error| self.stays_due(lead, run, error))
            }
            DueItem::Erasing(lead) => {
                let gone_on = self.go_on_erasing(lead).await;
                gone_on.inspect_err(|error| self.stays_due(lead, run, error))
            }
            DueItem::Message { lead, sk } => self.redeliver(lead, &sk, run).await,
        }
    }

    fn stays_due(&self, lead: LeadId, correlation: &Correlation, error: &Error) {
        let rules = self.settings.rules();
        let policy = &rules.policy.version;
        tracing::error!(%lead, policy, %correlation, error = %causes(error),
            "lead {lead}: a promise could not be kept, by policy {policy}, for {correlation}; \
             it stays due");
    }

    async fn lapse(&self, lead: LeadId, run: &Correlation) -> Result<Step, Error> {
        let order = Order::new(Command::Lapse, Actor::Clock, run.clone());
        match self.execute(lead, &order).await {
            Ok(_) => Ok(Step::Lapsed),
            Err(Failure::Refused(_) | Failure::NotFound) => Ok(Step::Passed),
            Err(Failure::Error(error)) => Err(error),
        }
    }

    async fn go_on_erasing(&self, lead: LeadId) -> Result<Step, Error> {
        Ok(if self.finish_erasing(lead).await? { Step::Lapsed } else { Step::Passed })
    }

    async fn redeliver(&self, lead: LeadId, sk: &str, run: &Correlation) -> Result<Step, Error> {
        let sent = self.table.undelivered(lead, sk).await;
        let sent = sent.inspect_err(|error| self.stays_due(lead, run, error))?;
        let Some(sent) = sent else { return Ok(Step::Passed) };
        let correlation = sent.message.correlation().unwrap_or(run);
        let known = self.table.known(lead).await;
        let known = known.inspect_err(|error| self.stays_due(lead, correlation, error))?;
        match sent.message.left_to_say(sent.id, known.as_ref(), self.settings.clock.now()) {
            Left::ToSay(message) => {
                self.deliver_one(sent.id, &message, correlation).await?;
                Ok(Step::Delivered)
            }
            Left::Untrue => self.withdraw(&sent, correlation).await,
            Left::Erased => Ok(Step::Passed),
        }
    }

    async fn withdraw(&self, sent: &Sent, correlation: &Correlation) -> Result<Step, Error> {
        let (id, lead, word) = (sent.id, sent.id.lead, sent.message.word());
        let withdrawn = self.table.withdrawn(id, self.settings.clock.now()).await;
        if !withdrawn.inspect_err(|error| self.stays_due(lead, correlation, error))? {
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
}

fn lag(now: Timestamp, due: Timestamp) -> i64 {
    i64::try_from(now.duration_since(due).as_millis()).unwrap_or(i64::MAX)
}

fn tally(mut swept: Swept, step: &Result<Step, Error>) -> Swept {
    match step {
        Ok(Step::Lapsed) => swept.lapsed += 1,
        Ok(Step::Delivered) => swept.delivered += 1,
        Ok(Step::Withdrawn) => swept.withdrawn += 1,
        Ok(Step::Passed) => swept.passed += 1,
        Err(_) => swept.failed += 1,
    }
    swept
}
