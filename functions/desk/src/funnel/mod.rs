//! `GET /funnel`: what became of leads in a window of days, in numbers; `GET /funnel/leads`: the
//! leads behind each. Both read what happened in that time and nothing else.

mod leads;
mod list;
mod page;
mod query;
mod rows;
mod table;
mod words;

use baton_cloud::Happened;
use baton_http::{Answer, Problem, Request};
use baton_reports::funnel::{Dataset, Funnel, FunnelQuery, Metric};

use crate::shape::Shape;
use crate::{Desk, reply};
use query::{Ask, AskLeads};

impl Desk {
    pub(crate) async fn funnel(&self, request: &Request) -> Result<Answer, Problem> {
        let visitor = self.visitor(request).await?;
        let settings = self.handoff.settings();
        let (rules, now) = (settings.rules(), settings.clock.now());
        let ask = Ask::read(request, &visitor, &rules.policy, now)?;
        let question = ask.question(&rules, now);
        let table = self.handoff.table();
        let (happened, near) = tokio::join!(self.happened(&question), table.near(now));
        let Happened { lines, alerts } = happened?;
        let near = near.map_err(|e| reply::error(&e))?;
        let dataset = Dataset::new(&question, &lines, &alerts);
        let funnel = Funnel::of(&question, &dataset, &near);
        match ask.shape {
            Shape::Json => Ok(Answer::json(200, &funnel)),
            Shape::Csv => table::csv(&funnel),
            Shape::Page => {
                let reader = visitor.reader(request, settings);
                page::funnel(&funnel, &visitor, &reader, settings)
            }
        }
    }

    pub(crate) async fn funnel_leads(&self, request: &Request) -> Result<Answer, Problem> {
        let visitor = self.visitor(request).await?;
        let settings = self.handoff.settings();
        let (rules, now) = (settings.rules(), settings.clock.now());
        let ask = AskLeads::read(request, &visitor, &rules.policy, now)?;
        let question = ask.ask.question(&rules, now);
        let list = if ask.behind.metric == Metric::NearLimit {
            let near = self.handoff.table().near(now).await.map_err(|e| reply::error(&e))?;
            list::near(&question, &ask, &near)?
        } else {
            let Happened { lines, alerts } = self.happened(&question).await?;
            list::happened(&Dataset::new(&question, &lines, &alerts), &ask)?
        };
        let shown = list.page();
        let named = self.handoff.table().leads(&list::ids(shown)).await;
        let named = named.map_err(|e| reply::error(&e))?;
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

    async fn happened(&self, question: &FunnelQuery<'_>) -> Result<Happened, Problem> {
        let reach = question.reach();
        let found = self.handoff.table().happened(reach.start, reach.end).await;
        found.map_err(|e| reply::error(&e))
    }
}
