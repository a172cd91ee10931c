//! What the numbers of a funnel are counted from.

use std::collections::BTreeSet;
use std::ops::Range;

use baton_core::id::{PersonId, SourceName};
use jiff::Timestamp;

use super::drilldown::{Drilldown, Metric, matches};
use super::occurrence::{
    ExitPath, HistoryLine, Occurrence, OccurrenceKind, SentAlert, occurrences,
};
use super::{Count, FunnelQuery};

/// The occurrences in a window, in the days before it, and since it.
#[derive(Clone, Debug)]
pub struct Dataset {
    all: Vec<Occurrence>,
    now: Range<Timestamp>,
    before: Range<Timestamp>,
    team: Option<PersonId>,
}

impl Dataset {
    /// The occurrences among these lines and alerts that the query asks about. There may be more
    /// lines and alerts than [`FunnelQuery::reach`] says, never fewer.
    #[must_use]
    pub fn new(question: &FunnelQuery<'_>, lines: &[HistoryLine], alerts: &[SentAlert]) -> Self {
        let (zone, reach) = (question.zone(), question.reach());
        let mut all = occurrences(lines, alerts, zone);
        let is_theirs =
            |one: &Occurrence| question.team.is_none_or(|t| one.team.as_ref() == Some(t));
        all.retain(|one| reach.contains(&one.at) && is_theirs(one));
        Self {
            all,
            now: question.window.span(zone),
            before: question.window.before().span(zone),
            team: question.team.cloned(),
        }
    }

    /// The list behind a number of the window, newest first. A lead that it happened to twice is
    /// listed twice.
    #[must_use]
    pub fn list(&self, behind: &Drilldown) -> Vec<&Occurrence> {
        let within = |one: &&Occurrence| behind.cohort.is_some() || self.now.contains(&one.at);
        let found = self.all.iter().rev().filter(within);
        found.filter(|one| matches(one, behind)).collect()
    }

    pub(super) fn number(&self, behind: Drilldown) -> Count {
        number(&self.all.iter(), self, behind)
    }

    /// As [`Self::number`], counting among some occurrences only: for tables with many rows.
    pub(super) fn number_among(&self, some: &[&Occurrence], behind: Drilldown) -> Count {
        number(&some.iter().copied(), self, behind)
    }

    /// The occurrences in the window, and those in the days before it.
    pub(super) fn both(&self) -> (Vec<&Occurrence>, Vec<&Occurrence>) {
        let during = |span: &Range<Timestamp>| {
            self.all.iter().filter(|one| span.contains(&one.at)).collect()
        };
        (during(&self.now), during(&self.before))
    }

    /// The sources whose activities qualified leads, in the window or before it.
    pub(super) fn sources(&self) -> Vec<Option<SourceName>> {
        let (now, before) = self.both();
        let mqls =
            now.into_iter().chain(before).filter(|one| one.kind == OccurrenceKind::Qualified);
        mqls.map(|one| one.source.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Why leads were turned down, in the window or before it.
    pub(super) fn reasons(&self) -> BTreeSet<String> {
        let (now, before) = self.both();
        let rejected =
            now.into_iter().chain(before).filter(|one| one.way == Some(ExitPath::Rejected));
        rejected.filter_map(|one| one.reason.clone()).collect()
    }
}

fn number<'a>(
    some: &(impl Iterator<Item = &'a Occurrence> + Clone),
    dataset: &Dataset,
    mut behind: Drilldown,
) -> Count {
    if behind.team.is_none() {
        behind.team = dataset.team.clone().map(Some);
    }
    let of = |span: Option<&Range<Timestamp>>| {
        let within = |one: &&Occurrence| span.is_none_or(|span| span.contains(&one.at));
        some.clone().filter(within).filter(|one| matches(one, &behind)).count()
    };
    if behind.metric == Metric::Cohort {
        return Count { now: of(None), before: None, behind };
    }
    Count { now: of(Some(&dataset.now)), before: Some(of(Some(&dataset.before))), behind }
}
