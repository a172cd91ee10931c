//! What a run did, in CloudWatch's embedded metric format: a line on standard output from which
//! CloudWatch makes metrics
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
//!
//! The deployment's alarms hang on these names: namespace `Baton`, the one dimension `Table`.

use serde_json::json;

use crate::Report;

/// The metrics of one run, at a moment in milliseconds since 1970.
pub fn line(report: &Report, table: &str, at_ms: i64) -> String {
    let metric = |name: &str, unit: &str| json!({ "Name": name, "Unit": unit });
    let directive = json!({
        "Namespace": "Baton",
        "Dimensions": [["Table"]],
        "Metrics": [
            metric("SweepHeartbeat", "Count"),
            metric("SweepLagSeconds", "Seconds"),
            metric("OldestUndeliveredSeconds", "Seconds"),
        ],
    });
    json!({
        "_aws": { "Timestamp": at_ms, "CloudWatchMetrics": [directive] },
        "Table": table,
        "SweepHeartbeat": 1,
        "SweepLagSeconds": report.lag_ms / 1000,
        "OldestUndeliveredSeconds": report.undelivered_ms / 1000,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The specification: a metric is a member of the root under its own name, and so is every
    /// dimension.
    #[test]
    fn every_metric_and_dimension_that_is_announced_is_there() {
        let report = Report { lag_ms: 61_500, undelivered_ms: 900_000, ..Report::default() };
        let line = line(&report, "baton-Table-1", 1_772_355_600_000);
        assert!(!line.contains('\n'));
        let read: Value = serde_json::from_str(&line).unwrap();
        let directive = &read["_aws"]["CloudWatchMetrics"][0];
        let metrics = directive["Metrics"].as_array().unwrap().iter();
        let values: Vec<_> = metrics.map(|m| &read[m["Name"].as_str().unwrap()]).collect();
        assert_eq!(values, [1, 61, 900]);
        assert_eq!(read[directive["Dimensions"][0][0].as_str().unwrap()], "baton-Table-1");
        assert_eq!(read["_aws"]["Timestamp"], 1_772_355_600_000_i64);
    }
}
