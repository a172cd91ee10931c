//! The rules in force and what each did, as one value: the page, the CSV and the JSON all show it.

use std::collections::BTreeMap;

use baton_core::Policy;
use baton_core::id::RuleName;
use baton_reports::funnel::Window;
use baton_reports::rule_stats::{RuleCounts, RuleStats};
use jiff::civil::Date;
use serde::Serialize;

/// The rules in force, and how often each fired.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    /// The author's name for the text.
    pub(crate) version: String,
    /// The first day that is counted, in the policy's time zone.
    pub(crate) from: Date,
    /// The last one.
    pub(crate) to: Date,
    /// The policy's time zone.
    pub(crate) time_zone: String,
    /// The score at which a lead qualifies.
    pub(crate) threshold: i64,
    /// The lowest behaviour score.
    pub(crate) floor: i64,
    /// How long until a point is worth half.
    pub(crate) half_life_seconds: i64,
    /// Whether behaviour restarts from zero when marketing takes a lead back.
    pub(crate) restart_on_return: bool,
    /// Every rule that fires, in the policy's order.
    pub(crate) rules: Vec<RuleRow>,
}

/// What a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Points for what a prospect does.
    Activity,
    /// Points for who they are.
    Fit,
    /// Qualifies at once.
    FastTrack,
    /// Keeps from qualifying.
    Exclusion,
}

impl Kind {
    /// The word in JSON and CSV.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Fit => "fit",
            Self::FastTrack => "fast_track",
            Self::Exclusion => "exclusion",
        }
    }
}

/// One rule, in words, and how often it fired.
#[derive(Debug, Serialize)]
pub(crate) struct RuleRow {
    pub(crate) kind: Kind,
    pub(crate) rule: RuleName,
    pub(crate) words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) points: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_most_per_day: Option<i64>,
    #[serde(flatten)]
    pub(crate) times: RuleCounts,
}

impl View {
    /// Puts the policy beside what fired in a window.
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

    /// The rules of one kind.
    pub(crate) fn of_kind(&self, kind: Kind) -> Vec<&RuleRow> {
        self.rules.iter().filter(|row| row.kind == kind).collect()
    }

    /// Rules that nothing matched.
    pub(crate) fn never(&self) -> Vec<&RuleRow> {
        self.rules.iter().filter(|row| row.times.fired == 0).collect()
    }
}

fn rows(policy: &Policy, fired: &RuleStats) -> Vec<RuleRow> {
    let activities = policy.activities.iter().map(|rule| RuleRow {
        points: Some(rule.points),
        at_most_per_day: rule.at_most_per_day,
        ..row(Kind::Activity, &rule.name, &with(&rule.label, &rule.when.in_words()), fired)
    });
    let fits = policy.fit.iter().map(|rule| RuleRow {
        points: Some(rule.points),
        ..row(Kind::Fit, &rule.name, &rule.when.in_words(), fired)
    });
    let fast_tracks = policy.fast_tracks.iter().map(|rule| {
        row(Kind::FastTrack, &rule.name, &with(&rule.label, &rule.when.in_words()), fired)
    });
    let exclusions = policy.exclusions.iter();
    let exclusions =
        exclusions.map(|rule| row(Kind::Exclusion, &rule.name, &rule.when.in_words(), fired));
    activities.chain(fits).chain(fast_tracks).chain(exclusions).collect()
}

/// `filled in a form, if country is DE`.
fn with(label: &str, condition: &str) -> String {
    if condition.is_empty() { label.to_owned() } else { format!("{label}, if {condition}") }
}

fn row(kind: Kind, rule: &RuleName, words: &str, fired: &RuleStats) -> RuleRow {
    let times = of(kind, fired).get(rule).copied().unwrap_or_default();
    let words = if words.is_empty() { "everybody".to_owned() } else { capital(words) };
    RuleRow { kind, rule: rule.clone(), words, points: None, at_most_per_day: None, times }
}

fn of(kind: Kind, fired: &RuleStats) -> &BTreeMap<RuleName, RuleCounts> {
    match kind {
        Kind::Activity => &fired.activities,
        Kind::Fit => &fired.fits,
        Kind::FastTrack => &fired.fast_tracks,
        Kind::Exclusion => &fired.exclusions,
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
