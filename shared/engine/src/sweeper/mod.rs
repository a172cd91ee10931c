//! The sweep: whatever is due takes its step, whatever was not delivered is delivered.

mod digest;
mod redelivery;
mod retry;

use baton_cloud::{Due, DueItem, Error, Lane, Table};
use baton_core::commands::{Actor, CommandRequest, Lapse, Recount};
use baton_core::correlation::Correlation;
use baton_core::id::LeadId;
use baton_core::time::later;
use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};

use self::digest::Late;
use self::retry::Failed;
use crate::engine::Engine;
use crate::erasure::Erasure;
use crate::failure::Failure;
use crate::outbox::Outbox;
use crate::settings::Settings;

/// The most promises of one shard that are read at once.
pub const SWEEP_LIMIT: i32 = 250;

/// How often one sweep reads on where more is due than that; the next sweep goes on.
const ROUNDS: usize = 10;

/// How long one sweep goes on taking up deadlines. Messages come after them and have the rest, so
/// that neither waits for the other: not deadlines for alerts that can't leave, nor alerts for a
/// day's deadlines to be caught up with.
const LEADS_WITHIN: SignedDuration = SignedDuration::from_secs(25);
/// How long one sweep goes on taking up anything: the last steps then end before the function is
/// stopped, and before the next minute's sweep.
const ALL_WITHIN: SignedDuration = SignedDuration::from_secs(42);

/// Promises taken up at once.
const AT_ONCE: usize = 8;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Deadlines whose step was taken, scores that were worked out, and rounds of erasing.
    pub lapsed: usize,
    /// Messages delivered.
    pub delivered: usize,
    /// Alerts that were no longer true, and not sent.
    pub withdrawn: usize,
    /// Alerts that wait, for their reader has just been sent as many as anybody may be.
    pub deferred: usize,
    /// Promises that turned out to be kept, moved or somebody else's meanwhile.
    pub passed: usize,
    /// Promises that failed and are tried again later.
    pub failed: usize,
    /// How long the oldest promise found had been due, in milliseconds.
    pub lag_ms: i64,
    /// How long the oldest message that could still not be delivered has been due, in milliseconds.
    pub undelivered_ms: i64,
}

/// What became of a promise.
enum Step {
    Lapsed,
    Delivered,
    Withdrawn,
    /// An alert of ours to send, once it is known what else there is for its reader.
    Ready(Box<Late>),
    /// It waits for its reader's pace, and has been due for so many milliseconds.
    Deferred(i64),
    Passed,
    /// It failed; a message has been due for so many milliseconds.
    Failed(i64),
    /// The time was up.
    Left,
}

/// Takes up whatever is due: deadlines, erasures that go on, messages that have not left.
#[derive(Clone, Debug)]
pub struct Sweeper {
    engine: Engine,
    outbox: Outbox,
    erasure: Erasure,
}

impl Sweeper {
    pub(crate) fn new(engine: Engine, outbox: Outbox, erasure: Erasure) -> Self {
        Self { engine, outbox, erasure }
    }

    fn table(&self) -> &Table {
        self.engine.table()
    }

    fn settings(&self) -> &Settings {
        self.engine.settings()
    }

    /// Takes up everything due now, oldest first, deadlines before messages, for as long as a
    /// sweep may take. A promise that fails is put off and holds up no other. Two sweeps at once,
    /// or a stale index, do no harm: every step is conditional, and a message is claimed before it
    /// is delivered. What lapses follows from this run; what is delivered, from whatever made it
    /// known.
    ///
    /// # Errors
    ///
    /// When the list of promises can't be read.
    pub async fn sweep(&self, run: &Correlation) -> Result<Swept, Error> {
        let start = self.settings().clock.now();
        let within = |span| later(start, span);
        let swept = Swept::default();
        let swept = self.sweep_lane(Lane::Leads, within(LEADS_WITHIN), run, swept).await?;
        self.sweep_lane(Lane::Messages, within(ALL_WITHIN), run, swept).await
    }

    async fn sweep_lane(
        &self,
        lane: Lane,
        until: Timestamp,
        run: &Correlation,
        mut swept: Swept,
    ) -> Result<Swept, Error> {
        let clock = &self.settings().clock;
        for _ in 0..ROUNDS {
            let now = clock.now();
            let batch = self.table().due(lane, now, SWEEP_LIMIT).await?;
            let lag_ms = batch.items.first().map_or(0, |oldest| lag(now, oldest.at));
            swept.lag_ms = swept.lag_ms.max(lag_ms);
            let mut steps = futures::stream::iter(batch.items)
                .map(async |due| {
                    let is_over = clock.now() >= until;
                    if is_over { Step::Left } else { self.take_up(&due, run).await }
                })
                .buffered(self.at_once());
            let mut late = Vec::new();
            while let Some(step) = steps.next().await {
                if let Step::Ready(one) = step {
                    late.push(*one);
                } else {
                    tally(&mut swept, &step);
                }
            }
            for step in self.send_late(late, until, run).await {
                tally(&mut swept, &step);
            }
            if !batch.is_cut || clock.now() >= until {
                break;
            }
        }
        Ok(swept)
    }

    /// Promises taken up at once: one after another where the clock stands still, to be exact.
    fn at_once(&self) -> usize {
        if self.settings().clock.is_manual() { 1 } else { AT_ONCE }
    }

    async fn take_up(&self, due: &Due, run: &Correlation) -> Step {
        match due.item {
            DueItem::Lead(lead) => {
                let lapsed = self.lapse(lead, run).await;
                self.or_put_off(lapsed, due, Some(lead), run).await
            }
            DueItem::Recount(lead) => {
                let recounted = self.recount(lead, due, run).await;
                self.or_put_off(recounted, due, Some(lead), run).await
            }
            DueItem::Erasing(lead) => {
                let gone_on = self.go_on_erasing(lead).await;
                self.or_put_off(gone_on, due, Some(lead), run).await
            }
            DueItem::Message(_) => self.redeliver(due, run).await,
            DueItem::Unknown => {
                let error = Error::Unreadable { subject: due.place.to_string() };
                self.or_put_off(Err(error), due, None, run).await
            }
        }
    }

    async fn or_put_off(
        &self,
        step: Result<Step, Error>,
        due: &Due,
        lead: Option<LeadId>,
        correlation: &Correlation,
    ) -> Step {
        match step {
            Ok(step) => step,
            Err(why) => {
                let place = &due.place;
                self.put_off(Failed { place, lead, word: None, why: &why, correlation }).await;
                Step::Failed(0)
            }
        }
    }

    async fn lapse(&self, lead: LeadId, run: &Correlation) -> Result<Step, Error> {
        let request = CommandRequest::new(Lapse {}, Actor::Clock, run.clone());
        match self.engine.execute(lead, &request).await {
            Ok(committed) => {
                self.outbox.deliver(committed).await;
                Ok(Step::Lapsed)
            }
            Err(Failure::Refused(_) | Failure::NotFound) => Ok(Step::Passed),
            Err(Failure::Error(error)) => Err(error),
        }
    }

    /// Works a score out from the ledger; in a minute, if the index does not have all of that yet.
    async fn recount(&self, lead: LeadId, due: &Due, run: &Correlation) -> Result<Step, Error> {
        let request = CommandRequest::new(Recount {}, Actor::Clock, run.clone());
        match self.engine.execute(lead, &request).await {
            Ok(committed) => {
                self.outbox.deliver(committed).await;
                Ok(Step::Lapsed)
            }
            Err(Failure::Refused(_) | Failure::NotFound) => {
                let is_due = self.table().lead(lead).await?.is_some_and(|l| l.recount_at.is_some());
                match is_due {
                    true => self.table().not_yet(&due.place, self.settings().clock.now()).await?,
                    false => self.table().kept(&due.place).await?,
                }
                Ok(Step::Passed)
            }
            Err(Failure::Error(error)) => Err(error),
        }
    }

    async fn go_on_erasing(&self, lead: LeadId) -> Result<Step, Error> {
        Ok(if self.erasure.go_on(lead).await? { Step::Lapsed } else { Step::Passed })
    }
}

fn lag(now: Timestamp, due: Timestamp) -> i64 {
    i64::try_from(now.duration_since(due).as_millis()).unwrap_or(i64::MAX)
}

fn tally(swept: &mut Swept, step: &Step) {
    match step {
        Step::Lapsed => swept.lapsed += 1,
        Step::Delivered => swept.delivered += 1,
        Step::Withdrawn => swept.withdrawn += 1,
        Step::Deferred(undelivered_ms) => {
            swept.deferred += 1;
            swept.undelivered_ms = swept.undelivered_ms.max(*undelivered_ms);
        }
        Step::Passed => swept.passed += 1,
        Step::Failed(undelivered_ms) => {
            swept.failed += 1;
            swept.undelivered_ms = swept.undelivered_ms.max(*undelivered_ms);
        }
        Step::Ready(_) | Step::Left => {}
    }
}
