//! The queries of the funnel, checked against the role of who asks.

use baton_core::Policy;
use baton_core::id::PersonId;
use baton_core::limits::{FUNNEL_DAYS, PAGE_LEADS};
use baton_core::text::InvalidValue;
use baton_engine::Rules;
use baton_http::{Problem, Request};
use baton_reports::funnel::{Drilldown, FunnelQuery, Metric, USUAL_DAYS, Window};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::fields::invalid;
use crate::format::Format;
use crate::problems::not_yours;
use crate::query::{only, parsed, text};
use crate::visitor::Visitor;

/// Leads on a page, if the query does not say how many.
const PAGE: usize = 25;

const WINDOW: [&str; 5] = ["from", "to", "days", "team", "as"];
const LEADS: [&str; 17] = [
    "what", "path", "source", "rule", "reason", "way", "owner", "in_time", "fate", "cohort",
    "after", "size", "from", "to", "days", "team", "as",
];

#[derive(Clone, Debug)]
pub(super) struct FunnelRequest {
    pub(super) format: Format,
    pub(super) window: Window,
    /// Only the team of this supervisor.
    pub(super) team: Option<PersonId>,
}

/// The query for the leads behind a number.
#[derive(Clone, Debug)]
pub(super) struct LeadsRequest {
    pub(super) funnel: FunnelRequest,
    pub(super) behind: Drilldown,
    /// `next` of the page before.
    pub(super) after: Option<String>,
    pub(super) size: usize,
}

impl FunnelRequest {
    pub(super) fn read(
        request: &Request,
        visitor: &Visitor,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        only(request, &WINDOW)?;
        let team = parsed(request, "team", PersonId::parse)?;
        Ok(Self {
            format: Format::of(request)?,
            window: window(request, policy, now)?,
            team: theirs(visitor, team)?,
        })
    }

    pub(super) fn question<'a>(&'a self, rules: &'a Rules, now: Timestamp) -> FunnelQuery<'a> {
        let Rules { policy, roster, .. } = rules;
        FunnelQuery { window: self.window, team: self.team.as_ref(), policy, roster, now }
    }
}

impl LeadsRequest {
    pub(super) fn read(
        request: &Request,
        visitor: &Visitor,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        only(request, &LEADS)?;
        let behind = behind(request, policy)?;
        let asked = behind.team.clone().flatten();
        let team = theirs(visitor, asked)?;
        let format = Format::of(request)?;
        Ok(Self {
            funnel: FunnelRequest { format, window: window(request, policy, now)?, team },
            behind,
            after: text(request, "after").map(str::to_owned),
            size: size(request, format)?,
        })
    }
}

fn behind(request: &Request, policy: &Policy) -> Result<Drilldown, Problem> {
    if text(request, "what").is_none() {
        let flaw = InvalidValue::new("is missing", "what happened to the leads, as what=qualified");
        return Err(invalid("what", flaw));
    }
    let mut behind = Drilldown::all(Metric::Qualified);
    for (key, value) in request.query.iter().filter(|(_, value)| !value.is_empty()) {
        let taken = behind.take(key, value, policy.clocks.accept_within);
        taken.map_err(|flaw| invalid(key, flaw))?;
    }
    Ok(behind)
}

/// The team that is shown. Marketing and programs may see all, a supervisor their own team, and
/// others none.
fn theirs(visitor: &Visitor, asked: Option<PersonId>) -> Result<Option<PersonId>, Problem> {
    let Some(role) = visitor.role() else { return Ok(asked) };
    match asked {
        _ if !role.sees_funnel() => Err(not_yours()),
        Some(team) if !role.sees_team(&team) => Err(not_yours()),
        None if !role.sees_all() => Ok(Some(role.person.clone())),
        asked => Ok(asked),
    }
}

fn window(request: &Request, policy: &Policy, now: Timestamp) -> Result<Window, Problem> {
    let today = now.to_zoned(policy.time_zone.clone()).date();
    let days = text(request, "days").map(days).transpose()?;
    match (date(request, "from")?, date(request, "to")?, days) {
        (None, None, days) => Ok(Window::last(days.unwrap_or(USUAL_DAYS), today)),
        (Some(from), Some(to), None) => Window::new(from, to).map_err(|flaw| invalid("to", flaw)),
        (_, _, Some(_)) => Err(invalid(
            "days",
            InvalidValue::new("is one too many", "either days, or from and to"),
        )),
        (Some(_), None, None) => Err(invalid("to", missing())),
        (None, Some(_), None) => Err(invalid("from", missing())),
    }
}

fn missing() -> InvalidValue {
    InvalidValue::new("is missing", "the first and the last day, both")
}

fn days(text: &str) -> Result<u16, Problem> {
    let days = text.parse().ok().filter(|days| (1..=FUNNEL_DAYS).contains(days));
    days.ok_or_else(|| invalid("days", InvalidValue::new("is no such number", "1 to 366")))
}

fn date(request: &Request, key: &str) -> Result<Option<Date>, Problem> {
    let flaw = |_| invalid(key, InvalidValue::new("is no date", "a day, as 2026-03-31"));
    text(request, key).map(str::parse).transpose().map_err(flaw)
}

/// A download has all leads, unless the query gives a size.
fn size(request: &Request, format: Format) -> Result<usize, Problem> {
    let usual = if format == Format::Csv { usize::MAX } else { PAGE };
    let Some(text) = text(request, "size") else { return Ok(usual) };
    let size = text.parse().ok().filter(|size| (1..=PAGE_LEADS).contains(size));
    let flaw = || InvalidValue::new("is no such number", format!("1 to {PAGE_LEADS}"));
    size.ok_or_else(|| invalid("size", flaw()))
}
