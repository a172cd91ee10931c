//! Metrics out, in CloudWatch's embedded metric format: lines on standard output, of which
//! CloudWatch makes metrics
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
//!
//! Each sample is a line of its own, written at once: nothing is kept, so nothing has to be flushed
//! before a function freezes, a gauge says nothing but what was just measured, and there is no
//! hundredth value that the next one pushes out. Alarms and the dashboard hang on these names.

use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use baton_core::lead::QualifiedBy;
use baton_core::measure::Measured;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Where metrics go.
#[derive(Clone, Default)]
pub struct Metrics(Option<Arc<Out>>);

struct Out {
    table: String,
    to: Mutex<Box<dyn Write + Send>>,
}

/// One value of one metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    name: &'static str,
    unit: &'static str,
    value: f64,
    path: Option<&'static str>,
}

/// What all our metrics are kept under.
const NAMESPACE: &str = "Baton";

/// The name of every metric that there is.
pub const METRICS: [&str; 14] = [
    "Activities",
    "ActivityToAlertSeconds",
    "AlertsWithdrawn",
    "AssignmentToAcceptanceSeconds",
    "Duplicates",
    "IdsReused",
    "Escalations",
    "Mqls",
    "OldestUndeliveredSeconds",
    "Returns",
    "SetAside",
    "SweepHeartbeat",
    "SweepLagSeconds",
    "UnconfirmedSubscriptions",
];

impl Metrics {
    /// Nowhere: on one machine nobody reads them.
    pub fn none() -> Self {
        Self::default()
    }

    /// To a stream of lines, each under the name of the deployment's table, so that no deployment's
    /// metrics are taken for another's.
    pub fn to(table: &str, to: impl Write + Send + 'static) -> Self {
        Self(Some(Arc::new(Out { table: table.to_owned(), to: Mutex::new(Box::new(to)) })))
    }

    /// Records one value, as of a moment.
    pub fn record(&self, sample: Sample, at: Timestamp) {
        let Some(out) = &self.0 else { return };
        let line = sample.line(&out.table, at);
        let mut to = out.to.lock().unwrap_or_else(PoisonError::into_inner);
        // One write a line: lines of the log go to the same place. Where it can't be written,
        // neither can a line that says so.
        let _ = to.write_all(format!("{line}\n").as_bytes()).and_then(|()| to.flush());
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Metrics").field(&self.0.as_ref().map(|out| &out.table)).finish()
    }
}

impl Sample {
    /// How many. The name is one of [`METRICS`].
    pub fn count(name: &'static str, how_many: u32) -> Self {
        Self::new(name, "Count", how_many.into())
    }

    /// How long, in seconds and thousandths. The name is one of [`METRICS`].
    pub fn seconds(name: &'static str, how_long: SignedDuration) -> Self {
        let milliseconds = (how_long.as_secs_f64() * 1e3).round();
        Self::new(name, "Seconds", milliseconds / 1e3)
    }

    fn new(name: &'static str, unit: &'static str, value: f64) -> Self {
        debug_assert!(METRICS.contains(&name), "{name} is not in METRICS");
        Self { name, unit, value, path: None }
    }

    fn by_path(self, path: QualifiedBy) -> Self {
        let path = match path {
            QualifiedBy::Score => "score",
            QualifiedBy::FastTrack => "fast_track",
            QualifiedBy::Manual => "manual",
        };
        Self { path: Some(path), ..self }
    }

    /// The specification: a metric is a member of the root under its own name, and so is every
    /// dimension. What has a path is kept under the table alone as well.
    fn line(&self, table: &str, at: Timestamp) -> Value {
        let Self { name, unit, value, path } = *self;
        let mut dimensions = vec![vec!["Table"]];
        dimensions.extend(path.map(|_| vec!["Table", "Path"]));
        let directive = json!({
            "Namespace": NAMESPACE,
            "Dimensions": dimensions,
            "Metrics": [{ "Name": name, "Unit": unit }],
        });
        let mut line = json!({
            "_aws": { "Timestamp": at.as_millisecond(), "CloudWatchMetrics": [directive] },
            "Table": table,
        });
        line[name] = value.into();
        if let Some(path) = path {
            line["Path"] = path.into();
        }
        line
    }
}

impl From<Measured> for Sample {
    fn from(measured: Measured) -> Self {
        match measured {
            Measured::Activity => Self::count("Activities", 1),
            Measured::Mql(path) => Self::count("Mqls", 1).by_path(path),
            Measured::ActivityToAlert(waited) => Self::seconds("ActivityToAlertSeconds", waited),
            Measured::AssignmentToAcceptance(waited) => {
                Self::seconds("AssignmentToAcceptanceSeconds", waited)
            }
            Measured::Escalation => Self::count("Escalations", 1),
            Measured::Return => Self::count("Returns", 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What CloudWatch makes of a line: each metric, under each set of dimensions.
    fn read(sample: Sample) -> Vec<(String, Value, Value)> {
        let at = "2026-03-01T09:00:00Z".parse().unwrap();
        let line = sample.line("baton-Table-1", at);
        assert_eq!(line["_aws"]["Timestamp"], 1_772_355_600_000_i64);
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "Baton");
        let named = |name: &Value| line[name.as_str().unwrap()].clone();
        let metric = &directive["Metrics"][0];
        let sets = directive["Dimensions"].as_array().unwrap().iter();
        let under = sets.map(|set| set.as_array().unwrap().iter().map(named).collect());
        let under: Vec<Value> = under.collect();
        let told =
            |under| (metric["Unit"].as_str().unwrap().to_owned(), named(&metric["Name"]), under);
        under.into_iter().map(told).collect()
    }

    #[test]
    fn every_metric_and_dimension_that_is_announced_is_there() {
        let table = || json!(["baton-Table-1"]);
        let waited = SignedDuration::from_millis(61_500);
        let lag = read(Sample::seconds("SweepLagSeconds", waited));
        assert_eq!(lag, [("Seconds".to_owned(), json!(61.5), table())]);
        let mql = read(Measured::Mql(QualifiedBy::FastTrack).into());
        let by_path = json!(["baton-Table-1", "fast_track"]);
        let count = || ("Count".to_owned(), json!(1.0));
        let under = |under| (count().0, count().1, under);
        assert_eq!(mql, [under(table()), under(by_path)]);
    }

    #[test]
    fn a_line_is_written_whole_and_at_once() {
        #[derive(Clone, Default)]
        struct Writes(Arc<Mutex<Vec<Vec<u8>>>>);
        impl Write for Writes {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.lock().unwrap().push(bytes.to_vec());
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let writes = Writes::default();
        let metrics = Metrics::to("t", writes.clone());
        metrics.record(Measured::Activity.into(), Timestamp::UNIX_EPOCH);
        metrics.record(Measured::Return.into(), Timestamp::UNIX_EPOCH);
        let writes = writes.0.lock().unwrap();
        let newlines = |write: &Vec<u8>| write.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(writes.iter().map(newlines).collect::<Vec<_>>(), [1, 1]);
        assert!(writes.iter().all(|write| write.ends_with(b"}\n")));
    }
}
