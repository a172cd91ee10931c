//! The list behind a number, page by page: newest first, or by the time that is left.

use baton_core::id::LeadId;
use baton_core::lead::Lead;
use baton_core::text::InvalidValue;
use baton_http::Problem;
use baton_reports::funnel::{Dataset, Funnel, FunnelQuery, NearLimit, Occurrence};

use super::query::LeadsRequest;
use crate::fields::invalid;
use crate::reader::Reader;

/// A position in such a list. It stays good when its line is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ListPosition {
    order: i64,
    lead: LeadId,
    version: u64,
}

#[derive(Clone, Debug)]
pub(super) struct ListLine {
    place: ListPosition,
    pub(super) of: LineDetail,
}

#[derive(Clone, Debug)]
pub(super) enum LineDetail {
    Occurrence(Box<Occurrence>),
    NearLimit(Box<NearLimit>),
}

#[derive(Debug)]
pub(super) struct LeadList {
    pub(super) lines: Vec<ListLine>,
    after: Option<ListPosition>,
    size: usize,
}

/// The list of what happened, by the predicate that the number counts with.
pub(super) fn happened(book: &Dataset, query: &LeadsRequest) -> Result<LeadList, Problem> {
    let lines = book.list(&query.behind).into_iter().map(|one| ListLine {
        place: ListPosition {
            order: -one.at.as_millisecond(),
            lead: one.lead,
            version: one.version,
        },
        of: LineDetail::Occurrence(Box::new(one.clone())),
    });
    LeadList::new(lines.collect(), query)
}

/// The list of leads near the limit, those that were warned first.
pub(super) fn near(
    question: &FunnelQuery<'_>,
    query: &LeadsRequest,
    leads: &[Lead],
) -> Result<LeadList, Problem> {
    let behind = &query.behind;
    let is_theirs = |near: &NearLimit| {
        behind.owner.as_ref().is_none_or(|owner| near.owner == *owner)
            && behind.team.as_ref().is_none_or(|team| near.supervisor == *team)
    };
    let near = Funnel::near(leads, question).into_iter().filter(is_theirs);
    let line = |near: NearLimit| ListLine {
        place: ListPosition {
            order: near.due.as_millisecond() + if near.is_warned { WARNED_FIRST } else { 0 },
            lead: near.lead,
            version: 0,
        },
        of: LineDetail::NearLimit(Box::new(near)),
    };
    LeadList::new(near.map(line).collect(), query)
}

/// Added to a moment in milliseconds, it puts a warned lead before all that are not.
const WARNED_FIRST: i64 = -(1 << 50);

pub(super) fn ids(lines: &[ListLine]) -> Vec<LeadId> {
    let mut ids: Vec<_> = lines.iter().map(|line| line.place.lead).collect();
    ids.sort();
    ids.dedup();
    ids
}

impl LeadList {
    fn new(mut lines: Vec<ListLine>, query: &LeadsRequest) -> Result<Self, Problem> {
        lines.sort_by_key(|line| line.place);
        let after = query.after.as_deref().map(ListPosition::parse).transpose();
        let after = after.map_err(|flaw| invalid("after", flaw))?;
        Ok(Self { lines, after, size: query.size })
    }

    pub(super) fn page(&self) -> &[ListLine] {
        let start = self.start();
        let rest = self.lines.get(start..).unwrap_or_default();
        &rest[..rest.len().min(self.size)]
    }

    pub(super) fn start(&self) -> usize {
        let is_before = |line: &ListLine| self.after.is_some_and(|after| line.place <= after);
        self.lines.partition_point(is_before)
    }

    pub(super) fn next(&self, shown: &[ListLine]) -> Option<String> {
        let last = shown.last()?;
        let is_end = self.start() + shown.len() >= self.lines.len();
        (!is_end).then(|| last.place.written())
    }
}

impl ListLine {
    pub(super) fn lead(&self) -> LeadId {
        self.place.lead
    }
}

impl ListPosition {
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

/// What happens when the time is up.
pub(super) fn due(near: &NearLimit) -> &'static str {
    if near.is_warned { "back with marketing" } else { "warned" }
}

/// The newest activity, and when it was.
pub(super) fn last(near: &NearLimit, reader: &Reader) -> String {
    match (&near.last_activity, near.last_activity_at) {
        (Some(label), Some(at)) => format!("last {label}, {}", reader.short(at).words),
        _ => "no activity lately".to_owned(),
    }
}
