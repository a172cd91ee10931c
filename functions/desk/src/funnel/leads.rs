//! The leads behind a number, told: a line for each time it happened.

use std::collections::HashMap;

use askama::Template;
use baton_cloud::Rules;
use baton_core::id::{LeadId, PersonId, SourceName};
use baton_core::lead::Lead;
use baton_http::{Answer, Problem};
use baton_reports::funnel::{Metric, path_word};
use baton_wording::human_time::tight;
use jiff::Timestamp;
use serde::Serialize;

use super::list::{Line, List, Of, due, last};
use super::page::address;
use super::query::AskLeads;
use super::words;
use crate::csv::{Cell, Csv};
use crate::frame::Frame;
use crate::page::render;
use crate::reader::{Moment, Reader};

/// A page of the list, to be told.
pub(super) struct Told<'a> {
    pub(super) ask: &'a AskLeads,
    pub(super) list: &'a List,
    pub(super) shown: &'a [Line],
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
    rows: Vec<Row>,
    start: usize,
    told: String,
    first: Option<String>,
    next: Option<String>,
    csv: String,
    json: String,
    place: String,
    policy: String,
}

struct Row {
    lead: LeadId,
    name: String,
    of: String,
    why: String,
    held: Option<String>,
    at: Moment,
    then: String,
}

/// What happened, to which lead, as JSON and CSV tell it.
#[derive(Serialize)]
struct LineView<'a> {
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

impl Told<'_> {
    fn leads(&self) -> HashMap<LeadId, &Lead> {
        self.named.iter().map(|lead| (lead.lead, lead)).collect()
    }

    fn views(&self) -> Vec<LineView<'_>> {
        let leads = self.leads();
        self.shown.iter().map(|line| self.view(line, leads.get(&line.lead()).copied())).collect()
    }

    fn view<'l>(&'l self, line: &'l Line, lead: Option<&'l Lead>) -> LineView<'l> {
        let (policy, roster) = (&self.rules.policy, &self.rules.roster);
        let name = lead.and_then(|lead| lead.profile.name());
        let company = lead.and_then(|lead| lead.profile.text("company"));
        let status = lead.map(|lead| lead.status().word());
        let lead = line.lead();
        match &line.of {
            Of::Occurrence(one) => LineView {
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
            Of::NearLimit(near) => LineView {
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
        let (behind, window) = (&self.ask.behind, self.ask.ask.window);
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

    /// For a spreadsheet.
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
        let window = self.ask.ask.window;
        let what = self.ask.behind.metric.word();
        table.file(&format!("funnel-{what}-{}-{}.csv", window.from, window.to))
    }

    pub(super) fn page(&self, frame: Frame, reader: &Reader) -> Result<Answer, Problem> {
        let (policy, roster) = (&self.rules.policy, &self.rules.roster);
        let AskLeads { ask, behind, .. } = self.ask;
        let leads = self.leads();
        let row = |line: &Line| self.row(line, leads.get(&line.lead()).copied(), reader);
        let (start, all) = (self.list.start(), self.list.lines.len());
        let here = |extra: &[(&str, &str)]| address("/funnel/leads", ask.window, behind, extra);
        let count = |n: usize| reader.count(i64::try_from(n).unwrap_or(i64::MAX));
        let page = LeadsPage {
            frame,
            title: words::what(behind.metric, behind.outcome),
            funnel: super::page::home(ask.window, ask.team.as_ref()),
            of: count(all),
            intro: self.intro(reader, &words::narrowed(behind, policy, roster)),
            rows: self.shown.iter().map(row).collect(),
            start: start + 1,
            told: match self.shown.len() {
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
        let AskLeads { ask, behind, .. } = self.ask;
        let (from, to) = (reader.date(ask.window.from), reader.date(ask.window.to));
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

    fn row(&self, line: &Line, lead: Option<&Lead>, reader: &Reader) -> Row {
        let (policy, roster) = (&self.rules.policy, &self.rules.roster);
        let text = |key| lead.and_then(|lead| lead.profile.text(key));
        let name = lead.and_then(|lead| {
            lead.profile.name().or_else(|| lead.who.email().map(ToString::to_string))
        });
        let (why, held, at, then) = match &line.of {
            Of::Occurrence(one) => (
                words::happened(one, policy, roster),
                one.holder
                    .as_ref()
                    .map(|who| format!("held by {}", words::person(Some(who), roster))),
                one.at,
                lead.map_or_else(String::new, |lead| words::now(lead.status()).to_owned()),
            ),
            Of::NearLimit(near) => (
                words::person(near.owner.as_ref(), roster),
                Some(last(near, reader)),
                near.due,
                format!("{}, {} left", due(near), tight(near.due.duration_since(reader.now))),
            ),
        };
        Row {
            lead: line.lead(),
            name: name.unwrap_or_else(|| "A lead without a name".to_owned()),
            of: [text("title"), text("company")]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
            why,
            held,
            at: reader.short(at),
            then,
        }
    }
}
