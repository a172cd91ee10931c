//! The board for programs: the same rows, counts and pages as JSON and as CSV.

use std::collections::HashMap;

use baton_core::id::{LeadId, PersonId, QueueName, SourceName};
use baton_core::lead::{DeadlineKind, Lead, QualifiedBy};
use baton_engine::Settings;
use baton_http::{Answer, Problem};
use baton_reports::board::{Page, Row, Tally, Urgency};
use jiff::Timestamp;
use serde::Serialize;

use crate::csv::{Cell, Csv};
use crate::words::name_of;

#[derive(Serialize)]
pub(crate) struct BoardJson<'a> {
    as_of: Timestamp,
    whose: &'a str,
    stages: [Tally; 4],
    /// How many leads match, on all pages together.
    of: usize,
    /// Whether more leads are open than a board holds. It then holds those that are due first.
    is_cut: bool,
    leads: Vec<BoardLine<'a>>,
    /// The value of `after` for the next page.
    next: Option<String>,
}

#[derive(Serialize)]
struct BoardLine<'a> {
    lead: LeadId,
    name: String,
    title: Option<&'a str>,
    company: Option<&'a str>,
    owner: Option<&'a PersonId>,
    supervisor: Option<&'a PersonId>,
    queue: Option<&'a QueueName>,
    stage: DeadlineKind,
    urgency: Urgency,
    since: Timestamp,
    /// The deadline as it was promised, also once it has passed.
    due: Timestamp,
    /// Once the deadline has passed: the next attempt or alert.
    again_at: Option<Timestamp>,
    escalations: u32,
    extensions: u32,
    cycle: u32,
    path: Option<QualifiedBy>,
    because: Option<&'a str>,
    source: Option<&'a SourceName>,
    score_at_mql: Option<i64>,
}

/// What the page says beside its rows.
#[derive(Clone, Copy)]
pub(crate) struct BoardSummary<'a> {
    pub(crate) whose: &'a str,
    pub(crate) stages: [Tally; 4],
    pub(crate) is_cut: bool,
}

/// A lead that was erased since its row was read is left out.
pub(crate) fn json(
    summary: BoardSummary<'_>,
    page: &Page<'_>,
    leads: &HashMap<LeadId, Lead>,
    settings: &Settings,
) -> Answer {
    let now = settings.clock.now();
    let view = BoardJson {
        as_of: now,
        whose: summary.whose,
        stages: summary.stages,
        of: page.of,
        is_cut: summary.is_cut,
        leads: lines(page, leads, now),
        next: page.next.map(|next| next.to_string()),
    };
    Answer::json(200, &view)
}

const COLUMNS: [&str; 19] = [
    "lead",
    "name",
    "title",
    "company",
    "owner",
    "supervisor",
    "queue",
    "stage",
    "urgency",
    "since",
    "due",
    "again_at",
    "escalations",
    "extensions",
    "cycle",
    "path",
    "because",
    "source",
    "score_at_mql",
];

pub(crate) fn csv(
    page: &Page<'_>,
    leads: &HashMap<LeadId, Lead>,
    settings: &Settings,
) -> Result<Answer, Problem> {
    let now = settings.clock.now();
    let rules = settings.rules();
    let lines = lines(page, leads, now);
    let today = now.to_zoned(rules.policy.time_zone.clone()).date();
    let mut table = Csv::new(&COLUMNS)?;
    lines.iter().try_for_each(|line| table.line(&cells(line)))?;
    table.file(&format!("board-{today}.csv"))
}

fn lines<'a>(
    page: &Page<'a>,
    leads: &'a HashMap<LeadId, Lead>,
    now: Timestamp,
) -> Vec<BoardLine<'a>> {
    let line = |row: &'a Row| leads.get(&row.lead).map(|lead| line(row, lead, now));
    page.rows.iter().filter_map(line).collect()
}

fn line<'a>(row: &'a Row, lead: &'a Lead, now: Timestamp) -> BoardLine<'a> {
    BoardLine {
        lead: row.lead,
        name: name_of(lead),
        title: lead.profile.text("title"),
        company: lead.profile.text("company"),
        owner: row.owner.as_ref(),
        supervisor: row.supervisor.as_ref(),
        queue: row.queue.as_ref(),
        stage: row.stage,
        urgency: row.urgency(now),
        since: row.since,
        due: row.promised_by(),
        again_at: row.slipped.then_some(row.due),
        escalations: lead.escalations(),
        extensions: lead.extensions(),
        cycle: lead.cycle(),
        path: row.path,
        because: lead.marks().mql_because,
        source: row.source.as_ref(),
        score_at_mql: lead.marks().score_at_mql.map(|score| score.total),
    }
}

/// The cells in the order of [`COLUMNS`].
fn cells<'a>(line: &'a BoardLine<'_>) -> [Cell<'a>; 19] {
    [
        optional(Some(line.lead)),
        Cell::text(&line.name),
        optional(line.title),
        optional(line.company),
        optional(line.owner),
        optional(line.supervisor),
        optional(line.queue),
        Cell::text(word(&line.stage)),
        Cell::text(word(&line.urgency)),
        optional(Some(line.since)),
        optional(Some(line.due)),
        optional(line.again_at),
        Cell::count(line.escalations),
        Cell::count(line.extensions),
        Cell::count(line.cycle),
        line.path.map_or(Cell::Empty, |path| Cell::text(word(&path))),
        optional(line.because),
        optional(line.source),
        line.score_at_mql.map_or(Cell::Empty, Cell::count),
    ]
}

fn optional<'a>(value: Option<impl ToString>) -> Cell<'a> {
    value.map_or(Cell::Empty, |value| Cell::text(value.to_string()))
}

/// The word of an enum in JSON.
pub(crate) fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}
