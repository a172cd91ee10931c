//! `GET /funnel`: what became of leads in a window of days, in numbers. `GET /funnel/leads`: the
//! leads behind each number. Both read only what happened in that window.

mod csv;
mod leads;
mod links;
mod list;
mod page;
mod query;
mod rows;
mod view;
mod words;

use baton_cloud::Happened;
use baton_http::{Answer, Problem, Request};
use baton_reports::funnel::{Dataset, Funnel, FunnelQuery, Metric};

use crate::format::Format;
use crate::visitor::Visitor;
use crate::{Desk, problems};
use query::{FunnelRequest, LeadsRequest};

pub(crate) async fn funnel(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let visitor = Visitor::of_reader(desk, request).await?;
    let settings = desk.services.settings();
    let (rules, now) = (settings.rules(), settings.clock.now());
    let query = FunnelRequest::read(request, &visitor, &rules.policy, now)?;
    let question = query.question(&rules, now);
    let table = desk.services.table();
    let (happened, near) = tokio::join!(happened(desk, &question), table.near(now));
    let Happened { lines, alerts } = happened?;
    let near = near.map_err(|e| problems::error(&e))?;
    let book = Dataset::new(&question, &lines, &alerts);
    let funnel = Funnel::of(&question, &book, &near);
    match query.format {
        Format::Json => Ok(Answer::json(200, &funnel)),
        Format::Csv => csv::csv(&funnel),
        Format::Page => {
            let reader = visitor.reader(request, settings);
            page::funnel(&funnel, &visitor, &reader, settings)
        }
    }
}

pub(crate) async fn leads(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let visitor = Visitor::of_reader(desk, request).await?;
    let settings = desk.services.settings();
    let (rules, now) = (settings.rules(), settings.clock.now());
    let query = LeadsRequest::read(request, &visitor, &rules.policy, now)?;
    let question = query.funnel.question(&rules, now);
    let list = if query.behind.metric == Metric::NearLimit {
        let near = desk.services.table().near(now).await.map_err(|e| problems::error(&e))?;
        list::near(&question, &query, &near)?
    } else {
        let Happened { lines, alerts } = happened(desk, &question).await?;
        list::happened(&Dataset::new(&question, &lines, &alerts), &query)?
    };
    let shown = list.page();
    let named = desk.services.table().leads(&list::ids(shown)).await;
    let named = named.map_err(|e| problems::error(&e))?;
    let reader = visitor.reader(request, settings);
    let drilldown =
        leads::Drilldown { query: &query, list: &list, shown, named: &named, rules: &rules };
    match query.funnel.format {
        Format::Json => Ok(drilldown.json()),
        Format::Csv => drilldown.csv(),
        Format::Page => {
            drilldown.page(visitor.frame(Some(crate::frame::FUNNEL), &reader, settings), &reader)
        }
    }
}

async fn happened(desk: &Desk, question: &FunnelQuery<'_>) -> Result<Happened, Problem> {
    let reach = question.reach();
    let found = desk.services.table().happened(reach.start, reach.end).await;
    found.map_err(|e| problems::error(&e))
}
