//! `GET /funnel`: what became of leads in a window of days, in numbers; `GET /funnel/leads`: the
//! leads behind each. Both read what happened in that time and nothing else.

mod leads;
mod links;
mod list;
mod page;
mod query;
mod rows;
mod table;
mod view;
mod words;

use baton_cloud::Happened;
use baton_http::{Answer, Problem, Request};
use baton_reports::funnel::{Book, Funnel, Question, What};

use crate::shape::Shape;
use crate::visitor::Visitor;
use crate::{Desk, problems};
use query::{Ask, AskLeads};

pub(crate) async fn funnel(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let visitor = Visitor::of_reader(desk, request).await?;
    let settings = desk.handoff.settings();
    let (rules, now) = (settings.rules(), settings.clock.now());
    let ask = Ask::read(request, &visitor, &rules.policy, now)?;
    let question = ask.question(&rules, now);
    let table = desk.handoff.table();
    let (happened, near) = tokio::join!(happened(desk, &question), table.near(now));
    let Happened { lines, alerts } = happened?;
    let near = near.map_err(|e| problems::error(&e))?;
    let book = Book::open(&question, &lines, &alerts);
    let funnel = Funnel::of(&question, &book, &near);
    match ask.shape {
        Shape::Json => Ok(Answer::json(200, &funnel)),
        Shape::Csv => table::csv(&funnel),
        Shape::Page => {
            let reader = visitor.reader(request, settings);
            page::funnel(&funnel, &visitor, &reader, settings)
        }
    }
}

pub(crate) async fn leads(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let visitor = Visitor::of_reader(desk, request).await?;
    let settings = desk.handoff.settings();
    let (rules, now) = (settings.rules(), settings.clock.now());
    let ask = AskLeads::read(request, &visitor, &rules.policy, now)?;
    let question = ask.ask.question(&rules, now);
    let list = if ask.behind.what == What::Near {
        let near = desk.handoff.table().near(now).await.map_err(|e| problems::error(&e))?;
        list::near(&question, &ask, &near)?
    } else {
        let Happened { lines, alerts } = happened(desk, &question).await?;
        list::happened(&Book::open(&question, &lines, &alerts), &ask)?
    };
    let shown = list.page();
    let named = desk.handoff.table().leads(&list::ids(shown)).await;
    let named = named.map_err(|e| problems::error(&e))?;
    let reader = visitor.reader(request, settings);
    let told = leads::Told { ask: &ask, list: &list, shown, named: &named, rules: &rules };
    match ask.ask.shape {
        Shape::Json => Ok(told.json()),
        Shape::Csv => told.csv(),
        Shape::Page => {
            told.page(visitor.frame(Some(crate::frame::FUNNEL), &reader, settings), &reader)
        }
    }
}

async fn happened(desk: &Desk, question: &Question<'_>) -> Result<Happened, Problem> {
    let reach = question.reach();
    let found = desk.handoff.table().happened(reach.start, reach.end).await;
    found.map_err(|e| problems::error(&e))
}
