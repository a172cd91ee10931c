//! The list behind a number, page by page: newest first, or by what is left.

use baton_core::id::LeadId;
use baton_core::lead::Lead;
use baton_core::text::InvalidValue;
use baton_http::Problem;
use baton_reports::funnel::{Dataset, Funnel, FunnelQuery, NearLimit, Occurrence};

use super::query::AskLeads;
use crate::fields::invalid;
use crate::reader::Reader;

/// A place in such a list. It means the same whether or not its line is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    order: i64,
    lead: LeadId,
    version: u64,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub(super) struct Line {
    place: Place,
    pub(super) of: Of,
}

#[derive(Clone, Debug)]
pub(super) enum Of {
    Occurrence(Box<Occurrence>),
    NearLimit(Box<NearLimit>),
}

/// The whole list, and which page of it is asked for.
#[derive(Debug)]
pub(super) struct List {
    pub(super) lines: Vec<Line>,
    after: Option<Place>,
    size: usize,
}

/// What happened as the number counts it.
pub(super) fn happened(dataset: &Dataset, ask: &AskLeads) -> Result<List, Problem> {
    let lines = dataset.list(&ask.behind).into_iter().map(|one| Line {
        place: Place { order: -one.at.as_millisecond(), lead: one.lead, version: one.version },
        of: Of::Occurrence(Box::new(one.clone())),
    });
    List::new(lines.collect(), ask)
}

/// The leads near the limit, the warned first.
pub(super) fn near(
    question: &FunnelQuery<'_>,
    ask: &AskLeads,
    leads: &[Lead],
) -> Result<List, Problem> {
    let behind = &ask.behind;
    let is_theirs = |near: &NearLimit| {
        behind.owner.as_ref().is_none_or(|owner| near.owner == *owner)
            && behind.team.as_ref().is_none_or(|team| near.supervisor == *team)
    };
    let near = Funnel::near(leads, question).into_iter().filter(is_theirs);
    let line = |near: NearLimit| Line {
        place: Place {
            order: near.due.as_millisecond() + if near.is_warned { WARNED_FIRST } else { 0 },
            lead: near.lead,
            version: 0,
        },
        of: Of::NearLimit(Box::new(near)),
    };
    List::new(near.map(line).collect(), ask)
}

/// Before any moment there is.
const WARNED_FIRST: i64 = -(1 << 50);

/// The leads of these lines.
pub(super) fn ids(lines: &[Line]) -> Vec<LeadId> {
    let mut ids: Vec<_> = lines.iter().map(|line| line.place.lead).collect();
    ids.sort();
    ids.dedup();
    ids
}

impl List {
    fn new(mut lines: Vec<Line>, ask: &AskLeads) -> Result<Self, Problem> {
        lines.sort_by_key(|line| line.place);
        let after = ask.after.as_deref().map(Place::parse).transpose();
        let after = after.map_err(|flaw| invalid("after", flaw))?;
        Ok(Self { lines, after, size: ask.size })
    }

    /// The page that is asked for.
    pub(super) fn page(&self) -> &[Line] {
        let start = self.start();
        let rest = self.lines.get(start..).unwrap_or_default();
        &rest[..rest.len().min(self.size)]
    }

    pub(super) fn start(&self) -> usize {
        let is_before = |line: &Line| self.after.is_some_and(|after| line.place <= after);
        self.lines.partition_point(is_before)
    }

    pub(super) fn next(&self, shown: &[Line]) -> Option<String> {
        let last = shown.last()?;
        let is_end = self.start() + shown.len() >= self.lines.len();
        (!is_end).then(|| last.place.written())
    }
}

impl Line {
    /// Whose it is.
    pub(super) fn lead(&self) -> LeadId {
        self.place.lead
    }
}

impl Place {
    fn written(self) -> String {
        format!("{}.{}.{}", self.order, self.lead, self.version)
    }

    fn parse(text: &str) -> Result<Self, InvalidValue> {
        let flaw = || InvalidValue::new("is no place in this list", "`next` of an earlier page");
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or_else(flaw);
        Ok(Self {
            order: part()?.parse().map_err(|_| flaw())?,
            lead: LeadId::parse(part()?).map_err(|_| flaw())?,
            version: part()?.parse().map_err(|_| flaw())?,
        })
    }
}

/// What happens then.
pub(super) fn due(near: &NearLimit) -> &'static str {
    if near.is_warned { "back with marketing" } else { "warned" }
}

/// What they did last, and when.
pub(super) fn last(near: &NearLimit, reader: &Reader) -> String {
    match (&near.last_activity, near.last_activity_at) {
        (Some(label), Some(at)) => format!("last {label}, {}", reader.short(at).words),
        _ => "no activity lately".to_owned(),
    }
}
