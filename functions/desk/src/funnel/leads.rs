//! The leads behind a number: a line for each time it happened.

use std::collections::HashMap;

use askama::Template;
use baton_core::id::{LeadId, PersonId, SourceName};
use baton_core::lead::Lead;
use baton_engine::Rules;
use baton_http::{Answer, Problem};
use baton_reports::funnel::{Metric, path_word};
use baton_wording::human_time::tight;
use jiff::Timestamp;
use serde::Serialize;

use super::links::{address, home};
use super::list::{LeadList, LineDetail, ListLine, due, last};
use super::query::LeadsRequest;
use super::words;
use crate::csv::{Cell, Csv};
use crate::frame::Frame;
use crate::page::render;
use crate::reader::{Moment, Reader};
use crate::words::{NO_NAME, name_of, title_and_company};

/// A page of such a list, in any format.
pub(super) struct Drilldown<'a> {
    pub(super) query: &'a LeadsRequest,
    pub(super) list: &'a LeadList,
    pub(super) shown: &'a [ListLine],
    pub(super) named: &'a [Lead],
    pub(super) rules: &'a Rules,
}

#[derive(Template)]
#[template(path = "funnel/leads.html")]
struct LeadsPage {
    frame: Frame,
    title: &'static str,
    funnel: String,
    of: String,
    intro: String,
    rows: Vec<LeadRow>,
    start: usize,
    range: String,
    first: Option<String>,
    next: Option<String>,
    csv: String,
    json: String,
    place: String,
    policy: String,
}

struct LeadRow {
    lead: LeadId,
    name: String,
    of: String,
    why: String,
    held: Option<String>,
    at: Moment,
    then: String,
}

/// What happened to which lead, in JSON and CSV.
#[derive(Serialize)]
struct LineJson<'a> {
    lead: LeadId,
    at: Timestamp,
    what: String,
    name: Option<String>,
    company: Option<&'a str>,
    owner: Option<&'a str>,
    team: Option<&'a str>,
    path: Option<&'a str>,
    source: Option<&'a str>,
    reason: Option<&'a str>,
    cycle: Option<u32>,
    took_seconds: Option<f64>,
    status: Option<&'a str>,
}

impl Drilldown<'_> {
    fn leads(&self) -> HashMap<LeadId, &Lead> {
        self.named.iter().map(|lead| (lead.lead, lead)).collect()
    }

    fn views(&self) -> Vec<LineJson<'_>> {
        let leads = self.leads();
        self.shown.iter().map(|line| self.view(line, leads.get(&line.lead()).copied())).collect()
    }

    fn view<'l>(&'l self, line: &'l ListLine, lead: Option<&'l Lead>) -> LineJson<'l> {
        let (policy, roster) = (&self.rules.policy, &self.rules.roster);
        let name = lead.and_then(|lead| lead.profile.name());
        let company = lead.and_then(|lead| lead.profile.text("company"));
        let status = lead.map(|lead| lead.status().word());
        let lead = line.lead();
        match &line.of {
            LineDetail::Occurrence(one) => LineJson {
                lead,
                at: one.at,
                what: words::happened(one, policy, roster),
                name,
                company,
                owner: one.holder.as_ref().map(PersonId::as_str),
                team: one.team.as_ref().map(PersonId::as_str),
                path: one.path.map(path_word),
                source: one.source.as_ref().map(SourceName::as_str),
                reason: one.reason.as_deref(),
                cycle: Some(one.cycle),
                took_seconds: one.took.map(|took| took.as_millis() as f64 / 1000.0),
                status,
            },
            LineDetail::NearLimit(near) => LineJson {
                lead,
                at: near.due,
                what: due(near).to_owned(),
                name,
                company,
                owner: near.owner.as_ref().map(PersonId::as_str),
                team: near.supervisor.as_ref().map(PersonId::as_str),
                path: None,
                source: None,
                reason: None,
                cycle: None,
                took_seconds: None,
                status,
            },
        }
    }

    pub(super) fn json(&self) -> Answer {
        let (behind, window) = (&self.query.behind, self.query.funnel.window);
        Answer::json(
            200,
            &serde_json::json!({
                "behind": behind,
                "window": window,
                "of": self.list.lines.len(),
                "next": self.list.next(self.shown),
                "leads": self.views(),
            }),
        )
    }

    pub(super) fn csv(&self) -> Result<Answer, Problem> {
        let text =
            |text: Option<&str>| text.map_or(Cell::Empty, |text| Cell::text(text.to_owned()));
        let mut table = Csv::new(&[
            "lead",
            "at",
            "what",
            "name",
            "company",
            "owner",
            "team",
            "path",
            "source",
            "reason",
            "cycle",
            "took_seconds",
            "status",
        ])?;
        for view in self.views() {
            table.line(&[
                Cell::text(view.lead.to_string()),
                Cell::text(view.at.to_string()),
                Cell::text(view.what),
                text(view.name.as_deref()),
                text(view.company),
                text(view.owner),
                text(view.team),
                text(view.path),
                text(view.source),
                text(view.reason),
                view.cycle.map_or(Cell::Empty, |cycle| Cell::Number(cycle.into())),
                view.took_seconds.map_or(Cell::Empty, Cell::Number),
                text(view.status),
            ])?;
        }
        let window = self.query.funnel.window;
        let what = self.query.behind.metric.word();
        table.file(&format!("funnel-{what}-{}-{}.csv", window.from, window.to))
    }

    pub(super) fn page(&self, frame: Frame, reader: &Reader) -> Result<Answer, Problem> {
        let (policy, roster) = (&self.rules.policy, &self.rules.roster);
        let LeadsRequest { funnel, behind, .. } = self.query;
        let leads = self.leads();
        let row = |line: &ListLine| self.row(line, leads.get(&line.lead()).copied(), reader);
        let (start, all) = (self.list.start(), self.list.lines.len());
        let here = |extra: &[(&str, &str)]| address("/funnel/leads", funnel.window, behind, extra);
        let count = |n: usize| reader.count(i64::try_from(n).unwrap_or(i64::MAX));
        let page = LeadsPage {
            frame,
            title: words::what(behind.metric, behind.outcome),
            funnel: home(funnel.window, funnel.team.as_ref()),
            of: count(all),
            intro: self.intro(reader, &words::narrowed(behind, policy, roster)),
            rows: self.shown.iter().map(row).collect(),
            start: start + 1,
            range: match self.shown.len() {
                0 => "Nothing is behind this number.".to_owned(),
                n => format!("{} to {} of {}", count(start + 1), count(start + n), count(all)),
            },
            first: (start > 0).then(|| here(&[])),
            next: self.list.next(self.shown).map(|next| here(&[("after", &next)])),
            csv: here(&[("as", "csv")]),
            json: here(&[("as", "json")]),
            place: reader.place(),
            policy: policy.version.clone(),
        };
        render(200, &page)
    }

    fn intro(&self, reader: &Reader, narrowed: &[String]) -> String {
        let LeadsRequest { funnel, behind, .. } = self.query;
        let (from, to) = (reader.date(funnel.window.from), reader.date(funnel.window.to));
        let when = if behind.metric == Metric::NearLimit {
            "As of now, the warned first.".to_owned()
        } else if behind.metric == Metric::Cohort {
            "Newest first.".to_owned()
        } else {
            format!("{from} – {to}, newest first.")
        };
        match narrowed {
            [] => when,
            some => format!("{when} Only: {}.", some.join("; ")),
        }
    }

    fn row(&self, line: &ListLine, lead: Option<&Lead>, reader: &Reader) -> LeadRow {
        let (policy, roster) = (&self.rules.policy, &self.rules.roster);
        let (why, held, at, then) = match &line.of {
            LineDetail::Occurrence(one) => (
                words::happened(one, policy, roster),
                one.holder
                    .as_ref()
                    .map(|who| format!("held by {}", words::person(Some(who), roster))),
                one.at,
                lead.map_or_else(String::new, |lead| words::now(lead.status()).to_owned()),
            ),
            LineDetail::NearLimit(near) => (
                words::person(near.owner.as_ref(), roster),
                Some(last(near, reader)),
                near.due,
                format!("{}, {} left", due(near), tight(near.due.duration_since(reader.now))),
            ),
        };
        LeadRow {
            lead: line.lead(),
            name: lead.map_or_else(|| NO_NAME.to_owned(), name_of),
            of: lead.map(title_and_company).unwrap_or_default(),
            why,
            held,
            at: reader.short(at),
            then,
        }
    }
}
