//! The timer, each minute: every deadline that has passed takes its step, every message that was
//! not delivered is delivered. Once a day: whether everybody can be told.

pub mod channels;

use std::sync::Arc;

use baton_cloud::{Error, Sample, causes};
use baton_core::correlation::Correlation;
use baton_engine::Services;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tracing::Instrument;

/// The environment's variable that has the ARN of the operators' topic.
pub const OPERATORS_TOPIC: &str = "BATON_OPERATORS_TOPIC";

/// What EventBridge Scheduler sends: a tick, and what it is for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Payload {
    /// What to do.
    #[serde(default)]
    pub task: Task,
    /// For which minute.
    #[serde(flatten)]
    pub tick: Tick,
}

/// What a run is for. Any other word fails the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Whatever is due.
    #[default]
    Sweep,
    /// Everybody's e-mail and SMS.
    CheckChannels,
}

/// What a run answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Of a sweep.
    Swept(Report),
    /// Of a look at the channels.
    Checked(channels::Summary),
}

/// When a run was planned. The time in it is when the run was planned; what is due is
/// asked of the clock, so that a late run catches up.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Tick {
    /// The minute the run was planned for.
    #[serde(default)]
    pub time: Option<String>,
}

/// What a run did, as its answer and in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Deadlines whose step was taken.
    pub lapsed: usize,
    /// Messages that the run found undelivered and that left.
    pub delivered: usize,
    /// Alerts that were no longer true, and not sent.
    pub withdrawn: usize,
    /// Alerts that wait, for their reader has just been sent as many as anybody may be.
    pub deferred: usize,
    /// Promises kept or moved meanwhile.
    pub passed: usize,
    /// Promises that failed and are tried again later.
    pub failed: usize,
    /// Letters with the funnel, before a meeting.
    pub prepared: usize,
    /// How long the oldest promise had been due, in milliseconds.
    pub lag_ms: i64,
    /// How long the oldest message that could still not be delivered has been due, in milliseconds.
    pub undelivered_ms: i64,
}

impl Report {
    /// Whether anything was due that was not somebody else's.
    fn did_anything(&self) -> bool {
        self.lapsed + self.delivered + self.withdrawn + self.deferred + self.failed + self.prepared
            > 0
    }
}

/// The `sla` function.
#[derive(Clone, Debug)]
pub struct Sla {
    services: Arc<Services>,
}

impl Sla {
    /// A function over a hand-off.
    pub fn new(services: Arc<Services>) -> Self {
        Self { services }
    }

    /// Sweeps once. What lapses is found in the logs by the run's id.
    ///
    /// # Errors
    ///
    /// When the list of promises can't be read; the next minute's run reads it again.
    pub async fn handle(&self, tick: Tick, run: &Correlation) -> Result<Report, Error> {
        self.services.refresh().await;
        let span = tracing::info_span!("run", correlation = %run);
        let swept =
            self.services.sweeper.sweep(run).instrument(span).await.inspect_err(|error| {
                tracing::error!(correlation = %run, error = %causes(error),
                "what is due could not be read, for {run}; the next run reads it again");
            })?;
        // No lead waits for it, and it is asked for again in a minute.
        let prepared = self.services.funnel_letter.send_if_due(run).await.unwrap_or_else(|error| {
            tracing::error!(correlation = %run, error = %causes(&error),
                "the funnel could not be sent before a meeting, for {run}; the next run tries again");
            0
        });
        let report = Report {
            prepared,
            lapsed: swept.lapsed,
            delivered: swept.delivered,
            withdrawn: swept.withdrawn,
            deferred: swept.deferred,
            passed: swept.passed,
            failed: swept.failed,
            lag_ms: swept.lag_ms,
            undelivered_ms: swept.undelivered_ms,
        };
        self.measure(&report);
        if report.did_anything() {
            tracing::info!(planned = tick.time, ?report, correlation = %run, "swept, for {run}");
        }
        Ok(report)
    }

    /// What alarms hang on. A run that could not read the list of promises says nothing, and its
    /// silence is what alarms.
    fn measure(&self, report: &Report) {
        let settings = self.services.settings();
        let (lag, oldest) = (report.lag_ms, report.undelivered_ms);
        settings.record(Sample::count("SweepHeartbeat", 1));
        settings.record(Sample::seconds("SweepLagSeconds", SignedDuration::from_millis(lag)));
        let oldest = SignedDuration::from_millis(oldest);
        settings.record(Sample::seconds("OldestUndeliveredSeconds", oldest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_tick_reads() {
        let tick: Tick = serde_json::from_str(include_str!("../events/tick.json")).unwrap();
        assert_eq!(tick.time.as_deref(), Some("2026-03-02T09:00:00Z"));
    }

    #[test]
    fn a_run_sweeps_unless_its_payload_says_what_else() {
        let read = serde_json::from_str::<Payload>;
        let tick = read(include_str!("../events/tick.json")).unwrap();
        assert_eq!(tick.task, Task::Sweep);
        assert!(tick.tick.time.is_some());
        assert_eq!(read(include_str!("../events/tick-rule.json")).unwrap().task, Task::Sweep);
        let check = read(include_str!("../events/check-channels.json")).unwrap();
        assert_eq!(check.task, Task::CheckChannels);
        assert_eq!(check.tick.time.as_deref(), Some("2026-03-02T05:00:00Z"));
        for wrong in [r#"{"task":"chekc_channels"}"#, r#"{"task":null}"#, r#"{"task":1}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
