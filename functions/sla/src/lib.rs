//! The timer, each minute: every deadline that has passed takes its step, every message that was
//! not delivered is delivered.

use std::sync::Arc;

use baton_cloud::{Error, Handoff, Sample};
use baton_core::correlation::Correlation;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tracing::Instrument;

/// What EventBridge Scheduler sends. The time in it is when the run was planned; what is due is
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
    /// Messages delivered.
    pub delivered: usize,
    /// Promises kept or moved meanwhile.
    pub passed: usize,
    /// Promises that failed and stay due.
    pub failed: usize,
    /// How long the oldest promise had been due, in milliseconds.
    pub lag_ms: i64,
    /// How long the oldest message that could still not be delivered has been due, in milliseconds.
    pub undelivered_ms: i64,
}

/// The `sla` function.
#[derive(Clone, Debug)]
pub struct Sla {
    handoff: Arc<Handoff>,
}

impl Sla {
    /// A function over a hand-off.
    pub fn new(handoff: Arc<Handoff>) -> Self {
        Self { handoff }
    }

    /// Sweeps once. What lapses is found in the logs by the run's id.
    ///
    /// # Errors
    ///
    /// When the list of promises can't be read; the next minute's run reads it again.
    pub async fn handle(&self, tick: Tick, run: &Correlation) -> Result<Report, Error> {
        self.handoff.refresh().await;
        let span = tracing::info_span!("run", correlation = %run);
        let swept = self.handoff.sweep(run).instrument(span).await?;
        let report = Report {
            lapsed: swept.lapsed,
            delivered: swept.delivered,
            passed: swept.passed,
            failed: swept.failed,
            lag_ms: swept.lag_ms,
            undelivered_ms: swept.undelivered_ms,
        };
        self.measure(&report);
        if swept.lapsed + swept.delivered + swept.failed > 0 {
            tracing::info!(planned = tick.time, ?report, correlation = %run, "swept, for {run}");
        }
        Ok(report)
    }

    /// What alarms hang on. A run that could not read the list of promises says nothing, and its
    /// silence is what alarms.
    fn measure(&self, report: &Report) {
        let settings = self.handoff.settings();
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
}
