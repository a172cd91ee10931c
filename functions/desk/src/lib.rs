//! HTTP for people and the CRM: the lead as JSON and as a page, every command, status by CRM
//! words. Parse, execute, reply.

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
mod reader;
mod route;
mod session;
mod sign_in;
mod status;
mod visitor;
mod words;

use std::sync::Arc;
use std::time::Duration;

use baton_cloud::{Handoff, Secrets};
use baton_http::{Answer, Payload, Problem, Reply, Request, correlation};
use tracing::Instrument;

/// The `desk` function.
#[derive(Clone, Debug)]
pub struct Desk {
    handoff: Arc<Handoff>,
    secrets: Arc<Secrets>,
    fired_cache: policy::FiredCache,
    /// When asking for a link to sign in is answered.
    answer_after: Duration,
}

/// The OpenAPI document, as it is served.
const OPENAPI: &str = include_str!("../../../infra/aws/openapi.yaml");

impl Desk {
    /// A function over a hand-off.
    pub fn new(handoff: Arc<Handoff>, secrets: Arc<Secrets>) -> Self {
        // Where the time stands still there is nobody to watch the clock.
        let is_manual = handoff.settings().clock.is_manual();
        let answer_after = if is_manual { Duration::ZERO } else { sign_in::ANSWER_AFTER };
        Self { handoff, secrets, fired_cache: policy::FiredCache::default(), answer_after }
    }

    /// The same, answering whoever asks for a link to sign in no sooner than this: for tests.
    #[must_use]
    pub fn answering_after(self, answer_after: Duration) -> Self {
        Self { answer_after, ..self }
    }

    /// Answers one request. Total: whatever comes in, an answer goes out. A GET changes nothing:
    /// mail scanners follow every link.
    pub async fn handle(&self, payload: Payload) -> Reply {
        let id = correlation(&payload).unwrap_or_else(baton_cloud::correlation);
        let span = tracing::info_span!("request", correlation = %id);
        let answer = async {
            self.handoff.refresh().await;
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

    /// Refuses what a browser sends for another site's page: a form, or anything that a cookie
    /// comes with.
    fn refuse_cross_site(&self, request: &Request) -> Result<(), Problem> {
        let may_be_forged = request.is_form() || !request.cookies.is_empty();
        let ours = self.handoff.settings().links.base_url();
        if request.verb() != "GET" && may_be_forged && request.is_cross_site(ours) {
            return Err(problems::cross_site());
        }
        Ok(())
    }
}

/// Somebody at a browser who shows nothing at all and asks for a page: they can sign in. Whoever
/// shows something is told what is wrong with it.
fn is_unsigned_browser(request: &Request) -> bool {
    let shows_nothing = request.bearer().is_none() && request.query("t").is_none();
    let is_link = request.path.first().is_some_and(|first| first == "l");
    request.verb() == "GET" && request.wants_page() && shows_nothing && !is_link
}
