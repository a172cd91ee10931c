//! The board: every lead that sales holds, by stage, most urgent first.
//!
//! Rows are made from leads ([`Row::of`]), kept with them, and sorted, filtered, counted and paged
//! here, from one list: a count and the list it counts can't disagree. Knows nothing of where rows
//! are kept or how they are shown.

mod filter;
mod row;

use std::collections::BTreeSet;

use baton_core::id::PersonId;
use baton_core::lead::DeadlineKind;
use jiff::Timestamp;
use serde::Serialize;

pub use filter::Filter;
pub use row::{Position, Row, STAGES, Urgency, soon_before};

/// Whose leads are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All leads, also those without an owner.
    All,
    /// The leads of some people.
    Of {
        /// Who holds them.
        people: BTreeSet<PersonId>,
        /// Whether those that wait for an owner belong to them.
        unowned: bool,
    },
}

/// Rows that match, in order.
#[derive(Clone, Debug)]
pub struct Board {
    rows: Vec<Row>,
    now: Timestamp,
}

/// How many leads of a stage there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The stage: the promise that its leads wait for.
    pub stage: DeadlineKind,
    /// All that match.
    pub open: usize,
    /// Those of them whose promise was broken.
    pub late: usize,
    /// Those of them that are due soon.
    pub soon: usize,
}

/// A piece of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Page<'a> {
    /// The rows of this piece, in the list's order.
    pub rows: &'a [Row],
    /// Rows of the list before them.
    pub before: usize,
    /// Rows in the whole list.
    pub of: usize,
    /// Where the next page begins, if there is one.
    pub next: Option<Position>,
}

impl Board {
    /// The rows that match, in order, as of a moment.
    pub fn new(mut rows: Vec<Row>, filter: &Filter, now: Timestamp) -> Self {
        // A lead that is handed over while two people's are read may be found with both.
        let mut seen = BTreeSet::new();
        rows.retain(|row| filter.admits(row, now) && seen.insert(row.lead));
        rows.sort_by_key(Row::position);
        Self { rows, now }
    }

    /// How many of each stage there are, most urgent stage first.
    pub fn tallies(&self) -> [Tally; 4] {
        STAGES.map(|stage| {
            let rows = self.of(Some(stage));
            let are = |urgency| rows.iter().filter(|row| row.urgency(self.now) == urgency).count();
            Tally { stage, open: rows.len(), late: are(Urgency::Late), soon: are(Urgency::Soon) }
        })
    }

    /// A stage's rows, most urgent first; all of them, if no stage is named.
    pub fn of(&self, stage: Option<DeadlineKind>) -> &[Row] {
        let Some(rank) = stage.map(row::rank) else { return &self.rows };
        let begins = |rank| self.rows.partition_point(|row| row.position().rank() < rank);
        &self.rows[begins(rank)..begins(rank + 1)]
    }

    /// At most `size` rows of a list, behind a position.
    pub fn page(
        &self,
        stage: Option<DeadlineKind>,
        after: Option<Position>,
        size: usize,
    ) -> Page<'_> {
        let list = self.of(stage);
        let is_before = |row: &Row| after.is_some_and(|after| row.position() <= after);
        let before = list.partition_point(is_before);
        let end = list.len().min(before.saturating_add(size));
        let rows = &list[before..end];
        let next = rows.last().filter(|_| end < list.len()).map(Row::position);
        Page { rows, before, of: list.len(), next }
    }
}
