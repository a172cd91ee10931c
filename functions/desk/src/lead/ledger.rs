//! The table of all activities that add up to the score.

use baton_core::activity::{Entry, Note};
use baton_core::lead::Lead;
use baton_core::policy::Policy;
use baton_core::policy::condition::RuleInput;
use baton_core::score::decay;
use baton_core::scoring;
use jiff::{SignedDuration, Timestamp};

use super::view::LeadView;
use crate::reader::Moment;
use crate::words::{capital, spaced};

/// Activities that are shown at most, the newest. JSON has them all.
pub(super) const ROWS: usize = 150;

pub(super) struct LedgerTable {
    /// How many older activities there are, and what is left of their points.
    pub(super) older: Option<(String, String)>,
    pub(super) rows: Vec<LedgerRow>,
    /// Name, points, and points with decimals of each fit rule.
    pub(super) fit: Vec<(String, String, String)>,
    pub(super) sum: String,
}

pub(super) struct LedgerRow {
    pub(super) number: usize,
    pub(super) what: String,
    pub(super) day: Moment,
    pub(super) source: String,
    pub(super) note: Option<String>,
    pub(super) points: String,
    /// The points that the rules gave, if not all of them counted.
    pub(super) of: Option<String>,
    pub(super) worth: String,
}

impl LedgerTable {
    pub(super) fn of(view: &LeadView<'_>) -> Self {
        let worth = |entry: &Entry| worth_now(entry, view.lead, view.now(), half_life(view));
        let older = view.entries.len().saturating_sub(ROWS);
        let (hidden, shown) = view.entries.split_at(older);
        let exact = |x: f64| view.reader.decimal(x, 2);
        let sum: f64 = view.entries.iter().map(worth).sum();
        let rest: f64 = hidden.iter().map(worth).sum();
        let row = |(index, entry)| row(older + index + 1, entry, view);
        Self {
            older: (older > 0).then(|| (view.reader.count(older as i64), exact(rest))),
            rows: shown.iter().enumerate().map(row).collect(),
            fit: fit(view),
            sum: exact(sum + view.lead.fit as f64),
        }
    }
}

/// The points that an activity still adds to the behaviour score.
pub(super) fn worth_now(
    entry: &Entry,
    lead: &Lead,
    now: Timestamp,
    half_life: SignedDuration,
) -> f64 {
    match lead.counts(entry) {
        true => entry.counted * decay(now.duration_since(entry.occurred_at), half_life),
        false => 0.0,
    }
}

/// Whether an entry is drawn in the chart. The others are in the table only.
pub(super) fn is_drawn(entry: &Entry) -> bool {
    entry.counted != 0.0 || entry.fast_track.is_some() || entry.note.is_some()
}

fn half_life(view: &LeadView<'_>) -> SignedDuration {
    view.rules.policy.scoring.half_life
}

fn row(number: usize, entry: &Entry, view: &LeadView<'_>) -> LedgerRow {
    let count = |points| view.reader.count(points);
    let counted = entry.counted.round() as i64;
    let is_whole = counted == entry.points || entry.points == 0;
    let worth = worth_now(entry, view.lead, view.now(), half_life(view));
    LedgerRow {
        number,
        what: capital(label(entry, &view.rules.policy)),
        day: view.reader.day(entry.occurred_at),
        source: entry.source.to_string(),
        note: note(entry, view.lead),
        points: count(counted),
        of: (!is_whole).then(|| count(entry.points)),
        worth: view.reader.decimal(worth, 2),
    }
}

/// The policy's label for such an activity, else its type.
fn label<'a>(entry: &'a Entry, policy: &'a Policy) -> &'a str {
    let rule = policy.activities.about(&entry.kind).next().map(|rule| rule.label.as_str());
    let fast = policy.fast_tracks.iter().find(|rule| rule.kind == entry.kind);
    rule.or(fast.map(|rule| rule.label.as_str())).unwrap_or(entry.kind.as_str())
}

fn note(entry: &Entry, lead: &Lead) -> Option<String> {
    if let Some(conflict) = entry.conflict {
        return Some(conflict.words().to_owned());
    }
    if let Some(rule) = &entry.excluded {
        return Some(format!("does not qualify: {}", spaced(rule.as_str())));
    }
    let note = match (entry.note, &entry.fast_track) {
        (Some(Note::Floor), _) => "stopped at the floor, below which the score never falls",
        (Some(Note::BeforeRestart), _) => "from before the score restarted",
        (Some(Note::Scanner), _) if entry.counted < 0.0 => "a mail scanner’s clicks, taken back",
        (Some(Note::Scanner), _) => "a mail scanner’s click",
        (None, Some(rule)) => return Some(format!("fast track: {}", spaced(rule.as_str()))),
        (None, None) if entry.by_rule.iter().any(|earned| earned.capped) => "over the daily limit",
        (None, None) if entry.era < lead.era => "before the score restarted",
        (None, None) => return None,
    };
    Some(note.to_owned())
}

/// The fit rules that match now, if they add up to the lead's fit. The lead stores only the sum, by
/// the policy of its newest activity.
fn fit(view: &LeadView<'_>) -> Vec<(String, String, String)> {
    let (lead, policy) = (view.lead, &view.rules.policy);
    let facts = RuleInput::new(lead.email(), &lead.profile, None);
    let rules = scoring::fits(policy, &facts);
    let row = |what: String, points: i64| {
        let exact = view.reader.decimal(points as f64, 2);
        (what, view.reader.count(points), exact)
    };
    if rules.iter().map(|rule| rule.points).sum::<i64>() == lead.fit {
        let named = |name: &str| capital(&spaced(name));
        return rules.iter().map(|rule| row(named(rule.name.as_str()), rule.points)).collect();
    }
    vec![row("By the policy of the newest activity".to_owned(), lead.fit)]
}
