//! The score: its sum, its chart and the ledger behind it.

use std::collections::BTreeMap;

use baton_core::activity::Entry;
use baton_core::decision::History;
use baton_core::lead::Status;
use baton_wording::human_time::span;
use jiff::Timestamp;

use super::ledger::{self, LedgerTable};
use super::view::LeadView;
use crate::chart::score::{Score, ScoreData, Step, draw};
use crate::words::{name_of, spaced};

pub(super) struct ScorePanel {
    pub(super) total: String,
    pub(super) behaviour: String,
    pub(super) fit: String,
    pub(super) half_life: String,
    /// The exclusion that keeps the lead from qualifying by itself.
    pub(super) excluded: Option<String>,
    pub(super) has_restarted: bool,
    pub(super) picture: Score,
    pub(super) ledger: LedgerTable,
}

impl ScorePanel {
    pub(super) fn of(view: &LeadView<'_>) -> Self {
        let (lead, reader, scoring) = (view.lead, view.reader, &view.rules.policy.scoring);
        let score = lead.score(view.now(), scoring.half_life);
        let story = ScoreData {
            name: name_of(lead),
            steps: steps(view),
            fit: lead.fit,
            threshold: scoring.threshold,
            half_life: scoring.half_life,
            marks: view.told.history.iter().filter_map(mark).collect(),
            since: lead.created_at,
        };
        Self {
            total: reader.count(score.total),
            behaviour: reader.count(score.behaviour),
            fit: reader.count(score.fit),
            half_life: span(scoring.half_life),
            excluded: lead.excluded.as_ref().map(|rule| spaced(rule.as_str())),
            has_restarted: lead.restarted_at.is_some(),
            picture: draw(story, reader),
            ledger: LedgerTable::of(view),
        }
    }
}

fn mark(line: &History) -> Option<(Timestamp, &'static str)> {
    if line.from == line.to {
        return None;
    }
    let text = match line.to {
        Status::Mql => "MQL",
        Status::Returned => "returned",
        Status::Converted => "converted",
        Status::Disqualified => "ruled out",
        Status::Working | Status::Nurturing => return None,
    };
    Some((line.at, text))
}

/// The steps of the chart, numbered like the rows of the ledger that are shown.
fn steps(view: &LeadView<'_>) -> Vec<Step> {
    let first = view.entries.len().saturating_sub(ledger::ROWS);
    let restarts = restarts(view);
    let drawn = view.entries.iter().enumerate().filter(|(_, entry)| ledger::is_drawn(entry));
    let step = |(index, entry): (usize, &Entry)| Step {
        at: entry.occurred_at,
        counted: entry.counted,
        until: restarts.get(&entry.era).copied(),
        number: (index >= first).then_some(index + 1),
    };
    drawn.map(step).collect()
}

/// When a restart took the points of each era: at the first return after the last of them arrived.
/// The lead stores only its newest restart.
fn restarts(view: &LeadView<'_>) -> BTreeMap<u32, Timestamp> {
    let mut last: BTreeMap<u32, Timestamp> = BTreeMap::new();
    for entry in view.entries.iter().filter(|entry| entry.era < view.lead.era) {
        let arrived = last.entry(entry.era).or_insert(entry.received_at);
        *arrived = entry.received_at.max(*arrived);
    }
    let is_return = |line: &&History| line.from != line.to && line.to == Status::Returned;
    let returns: Vec<_> = view.told.history.iter().filter(is_return).map(|line| line.at).collect();
    let end = |(era, last): (u32, Timestamp)| {
        let taken = returns.iter().copied().find(|&at| at >= last);
        Some((era, taken.or(view.lead.restarted_at)?))
    };
    last.into_iter().filter_map(end).collect()
}
