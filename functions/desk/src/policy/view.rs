//! The rules in force and how often each one fired: what the page, the CSV and the JSON show.

use std::collections::BTreeMap;

use baton_core::Policy;
use baton_core::id::RuleName;
use baton_reports::funnel::Window;
use baton_reports::rule_stats::{RuleCounts, RuleStats};
use jiff::civil::Date;
use serde::Serialize;

use crate::words::capital;

#[derive(Debug, Serialize)]
pub(crate) struct PolicyView {
    /// The version that the author gave the policy.
    pub(crate) version: String,
    /// The first day that is counted, in the policy's time zone.
    pub(crate) from: Date,
    /// The last day that is counted.
    pub(crate) to: Date,
    pub(crate) time_zone: String,
    pub(crate) threshold: i64,
    pub(crate) floor: i64,
    pub(crate) half_life_seconds: i64,
    pub(crate) restart_on_return: bool,
    /// In the order of the policy.
    pub(crate) rules: Vec<RuleRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RuleKind {
    Activity,
    Fit,
    FastTrack,
    Exclusion,
}

impl RuleKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Fit => "fit",
            Self::FastTrack => "fast_track",
            Self::Exclusion => "exclusion",
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct RuleRow {
    pub(crate) kind: RuleKind,
    pub(crate) rule: RuleName,
    pub(crate) words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) points: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_most_per_day: Option<i64>,
    #[serde(flatten)]
    pub(crate) times: RuleCounts,
}

impl PolicyView {
    pub(crate) fn of(policy: &Policy, window: Window, fired: &RuleStats) -> Self {
        Self {
            version: policy.version.clone(),
            from: window.from,
            to: window.to,
            time_zone: policy.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            threshold: policy.scoring.threshold,
            floor: policy.scoring.floor,
            half_life_seconds: policy.scoring.half_life.as_secs(),
            restart_on_return: policy.scoring.restart_on_return,
            rules: rows(policy, fired),
        }
    }

    pub(crate) fn of_kind(&self, kind: RuleKind) -> Vec<&RuleRow> {
        self.rules.iter().filter(|row| row.kind == kind).collect()
    }

    /// The rules that never fired.
    pub(crate) fn never(&self) -> Vec<&RuleRow> {
        self.rules.iter().filter(|row| row.times.fired == 0).collect()
    }
}

fn rows(policy: &Policy, fired: &RuleStats) -> Vec<RuleRow> {
    let activities = policy.activities.iter().map(|rule| RuleRow {
        points: Some(rule.points),
        at_most_per_day: rule.at_most_per_day,
        ..row(RuleKind::Activity, &rule.name, &with(&rule.label, &rule.when.in_words()), fired)
    });
    let fits = policy.fit.iter().map(|rule| RuleRow {
        points: Some(rule.points),
        ..row(RuleKind::Fit, &rule.name, &rule.when.in_words(), fired)
    });
    let fast_tracks = policy.fast_tracks.iter().map(|rule| {
        row(RuleKind::FastTrack, &rule.name, &with(&rule.label, &rule.when.in_words()), fired)
    });
    let exclusions = policy.exclusions.iter();
    let exclusions =
        exclusions.map(|rule| row(RuleKind::Exclusion, &rule.name, &rule.when.in_words(), fired));
    activities.chain(fits).chain(fast_tracks).chain(exclusions).collect()
}

/// `filled in a form, if country is DE`.
fn with(label: &str, condition: &str) -> String {
    if condition.is_empty() { label.to_owned() } else { format!("{label}, if {condition}") }
}

fn row(kind: RuleKind, rule: &RuleName, words: &str, fired: &RuleStats) -> RuleRow {
    let times = of(kind, fired).get(rule).copied().unwrap_or_default();
    let words = if words.is_empty() { "everybody".to_owned() } else { capital(words) };
    RuleRow { kind, rule: rule.clone(), words, points: None, at_most_per_day: None, times }
}

fn of(kind: RuleKind, fired: &RuleStats) -> &BTreeMap<RuleName, RuleCounts> {
    match kind {
        RuleKind::Activity => &fired.activities,
        RuleKind::Fit => &fired.fits,
        RuleKind::FastTrack => &fired.fast_tracks,
        RuleKind::Exclusion => &fired.exclusions,
    }
}
