//! `GET /board`: the leads that sales holds, by stage, most urgent first. A request reads the rows
//! of the leads it is about, and whole leads only for the rows it shows.

mod export;
mod filters;
mod page;
mod query;
mod words;

use std::collections::HashMap;

use baton_cloud::Open;
use baton_core::id::LeadId;
use baton_core::lead::Lead;
use baton_http::{Answer, Problem, Request};
use baton_reports::board::{Board, Row};

use crate::format::Format;
use crate::visitor::Visitor;
use crate::{Desk, problems};
use query::{BoardQuery, PAGE};

pub(crate) async fn board(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let visitor = Visitor::of_reader(desk, request).await?;
    let settings = desk.services.settings();
    let rules = settings.rules();
    let format = Format::of(request)?;
    let query = BoardQuery::read(request, &visitor, &rules.roster)?;
    let scope = query.scope(&visitor, &rules.roster);
    let open = desk.services.table().open(&scope).await.map_err(|e| problems::error(&e))?;
    let Open { rows, is_cut } = open;
    let sources = filters::sources(&rows, &rules.sources);
    let board = Board::new(rows, &query.filter, settings.clock.now());
    let size = match (format, query.size) {
        (_, Some(size)) => size,
        (Format::Csv, None) => usize::MAX,
        (Format::Page | Format::Json, None) => PAGE,
    };
    let found = board.page(query.stage, query.after, size);
    let summary = export::BoardSummary { whose: query.word(), stages: board.tallies(), is_cut };
    match format {
        Format::Json => {
            let leads = read_leads(desk, found.rows).await?;
            Ok(export::json(summary, &found, &leads, settings))
        }
        Format::Csv => {
            let leads = read_leads(desk, found.rows).await?;
            export::csv(&found, &leads, settings)
        }
        Format::Page => {
            let lists = page::lists(&query, &board, found);
            let shown = lists.iter().flat_map(|list| list.page.rows);
            let leads = read_leads(desk, shown).await?;
            let reader = visitor.reader(request, settings);
            page::board(&page::BoardContext {
                visitor: &visitor,
                query: &query,
                stages: summary.stages,
                is_cut,
                lists: &lists,
                leads: &leads,
                sources,
                reader: &reader,
                rules: &rules,
                settings,
            })
        }
    }
}

async fn read_leads<'r>(
    desk: &Desk,
    rows: impl IntoIterator<Item = &'r Row>,
) -> Result<HashMap<LeadId, Lead>, Problem> {
    let ids: Vec<LeadId> = rows.into_iter().map(|row| row.lead).collect();
    let leads = desk.services.table().leads(&ids).await.map_err(|e| problems::error(&e))?;
    Ok(leads.into_iter().map(|lead| (lead.lead, lead)).collect())
}
