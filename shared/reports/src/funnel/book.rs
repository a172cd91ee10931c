//! What happened, opened at a window.

use std::collections::BTreeSet;
use std::ops::Range;

use baton_core::id::{PersonId, SourceName};
use jiff::Timestamp;

use super::behind::{Behind, What, matches};
use super::happening::{Delivered, Happening, Kind, Line, Way, happenings};
use super::{Count, Question};

/// What happened in a window, in the days before it, and since.
#[derive(Clone, Debug)]
pub struct Book {
    all: Vec<Happening>,
    now: Range<Timestamp>,
    before: Range<Timestamp>,
    team: Option<PersonId>,
}

impl Book {
    /// What these lines and alerts tell, as far as the question asks. They may be more than is
    /// within its reach, never less.
    #[must_use]
    pub fn open(question: &Question<'_>, lines: &[Line], alerts: &[Delivered]) -> Self {
        let (zone, reach) = (question.zone(), question.reach());
        let mut all = happenings(lines, alerts, zone);
        let is_theirs =
            |one: &Happening| question.team.is_none_or(|t| one.team.as_ref() == Some(t));
        all.retain(|one| reach.contains(&one.at) && is_theirs(one));
        Self {
            all,
            now: question.window.span(zone),
            before: question.window.before().span(zone),
            team: question.team.cloned(),
        }
    }

    /// The leads behind a number of the window, newest first; one of which that happened twice is
    /// there twice.
    #[must_use]
    pub fn list(&self, behind: &Behind) -> Vec<&Happening> {
        let within = |one: &&Happening| behind.cohort.is_some() || self.now.contains(&one.at);
        let found = self.all.iter().rev().filter(within);
        found.filter(|one| matches(one, behind)).collect()
    }

    pub(super) fn number(&self, behind: Behind) -> Count {
        number(&self.all.iter(), self, behind)
    }

    /// The same, looking at some of it only: for the many rows of a long table.
    pub(super) fn number_among(&self, some: &[&Happening], behind: Behind) -> Count {
        number(&some.iter().copied(), self, behind)
    }

    /// What happened in the window, or before it.
    pub(super) fn both(&self) -> (Vec<&Happening>, Vec<&Happening>) {
        let during = |span: &Range<Timestamp>| {
            self.all.iter().filter(|one| span.contains(&one.at)).collect()
        };
        (during(&self.now), during(&self.before))
    }

    /// By whose activities leads qualified, in either of the two.
    pub(super) fn sources(&self) -> Vec<Option<SourceName>> {
        let (now, before) = self.both();
        let mqls = now.into_iter().chain(before).filter(|one| one.kind == Kind::Qualified);
        mqls.map(|one| one.source.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Why leads were turned down, in either of the two.
    pub(super) fn reasons(&self) -> BTreeSet<String> {
        let (now, before) = self.both();
        let rejected = now.into_iter().chain(before).filter(|one| one.way == Some(Way::Rejected));
        rejected.filter_map(|one| one.reason.clone()).collect()
    }
}

fn number<'a>(
    some: &(impl Iterator<Item = &'a Happening> + Clone),
    book: &Book,
    mut behind: Behind,
) -> Count {
    if behind.team.is_none() {
        behind.team = book.team.clone().map(Some);
    }
    let of = |span: Option<&Range<Timestamp>>| {
        let within = |one: &&Happening| span.is_none_or(|span| span.contains(&one.at));
        some.clone().filter(within).filter(|one| matches(one, &behind)).count()
    };
    if behind.what == What::Cohort {
        return Count { now: of(None), before: None, behind };
    }
    Count { now: of(Some(&book.now)), before: Some(of(Some(&book.before))), behind }
}
