//! HTTP for people and the CRM: leads as JSON and as pages, every command, and status reports in
//! the CRM's words.

mod access;
mod asset;
mod board;
mod card;
mod chart;
mod command;
mod cookie;
mod csv;
mod erase;
mod fields;
mod format;
mod frame;
mod funnel;
mod lead;
mod lead_lookup;
mod locale;
mod page;
mod policy;
mod privacy;
mod problems;
mod query;
mod reader;
mod route;
mod session;
mod sign_in;
mod status;
mod visitor;
mod words;

use std::sync::Arc;
use std::time::Duration;

use baton_engine::{Secrets, Services};
use baton_http::{Answer, Payload, Problem, Reply, Request, correlation};
use tracing::Instrument;

/// The `desk` function.
#[derive(Clone, Debug)]
pub struct Desk {
    services: Arc<Services>,
    secrets: Arc<Secrets>,
    fired_cache: policy::FiredCache,
    /// How long after a request for a link to sign in it is answered.
    answer_after: Duration,
}

const OPENAPI: &str = include_str!("../../../infra/aws/openapi.yaml");

impl Desk {
    /// The function over an engine and its secrets.
    pub fn new(services: Arc<Services>, secrets: Arc<Secrets>) -> Self {
        // With a manual clock, time stands still, and nobody can measure how long an answer takes.
        let is_manual = services.settings().clock.is_manual();
        let answer_after = if is_manual { Duration::ZERO } else { sign_in::ANSWER_AFTER };
        Self { services, secrets, fired_cache: policy::FiredCache::default(), answer_after }
    }

    /// Sets how long after a request for a link to sign in it is answered, for tests.
    #[must_use]
    pub fn answering_after(self, answer_after: Duration) -> Self {
        Self { answer_after, ..self }
    }

    /// Answers every request, whatever it is. A GET changes nothing, because mail scanners follow
    /// every link.
    pub async fn handle(&self, payload: Payload) -> Reply {
        let id = correlation(&payload).unwrap_or_else(baton_cloud::correlation);
        let span = tracing::info_span!("request", correlation = %id);
        let answer = async {
            self.services.refresh().await;
            match Request::read(payload, id.clone()) {
                Ok(request) => self.answer(&request).await,
                Err(problem) => problem.into(),
            }
        };
        answer.instrument(span).await.to(&id).into()
    }

    async fn answer(&self, request: &Request) -> Answer {
        match self.routed(request).await {
            Ok(answer) => answer,
            Err(problem) if problem.status == 401 && is_unsigned_browser(request) => {
                Answer::see_other(&sign_in::next::ask_first(&sign_in::next::of(request)))
            }
            Err(problem) if request.wants_page() => page::problem(&problem, &request.correlation),
            Err(problem) => problem.into(),
        }
    }

    async fn routed(&self, request: &Request) -> Result<Answer, Problem> {
        self.refuse_cross_site(request)?;
        route::route(self, request).await
    }

    /// Refuses a form, or anything that comes with a cookie, that a browser sends from the page of
    /// another site.
    fn refuse_cross_site(&self, request: &Request) -> Result<(), Problem> {
        let may_be_forged = request.is_form() || !request.cookies.is_empty();
        let ours = self.services.settings().links.base_url();
        if request.verb() != "GET" && may_be_forged && request.is_cross_site(ours) {
            return Err(problems::cross_site());
        }
        Ok(())
    }
}

/// Whether a browser without any credentials asks for a page: its reader is asked to sign in. With
/// credentials that are wrong, they are told what is wrong.
fn is_unsigned_browser(request: &Request) -> bool {
    let shows_nothing = request.bearer().is_none() && request.query("t").is_none();
    let is_link = request.path.first().is_some_and(|first| first == "l");
    request.verb() == "GET" && request.wants_page() && shows_nothing && !is_link
}
