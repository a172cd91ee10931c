//! HTTP for people and the CRM: the lead as JSON and as a page, every command, status by CRM
//! words. Parse, execute, reply.

mod access;
mod asset;
mod board;
mod card;
mod chart;
mod command;
mod csv;
mod erase;
mod frame;
mod lead;
mod locale;
mod page;
mod policy;
mod reader;
mod reply;
mod shape;
mod status;
mod story;
mod visitor;

use std::sync::Arc;

use baton_cloud::{Handoff, Secrets};
use baton_core::id::LeadId;
use baton_http::{Answer, Payload, Problem, Reply, Request, correlation};
use tracing::Instrument;

use access::Access;

/// The `desk` function.
#[derive(Clone, Debug)]
pub struct Desk {
    handoff: Arc<Handoff>,
    secrets: Arc<Secrets>,
    known: policy::Known,
}

/// The OpenAPI document, as it is served.
const OPENAPI: &str = include_str!("../../../infra/aws/openapi.yaml");

impl Desk {
    /// A function over a hand-off.
    pub fn new(handoff: Arc<Handoff>, secrets: Arc<Secrets>) -> Self {
        Self { handoff, secrets, known: policy::Known::default() }
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
        match self.route(request).await {
            Ok(answer) => answer,
            Err(problem) if request.wants_page() => page::problem(&problem),
            Err(problem) => problem.into(),
        }
    }

    async fn route(&self, request: &Request) -> Result<Answer, Problem> {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        match (request.verb(), path.as_slice()) {
            ("GET", ["openapi.yaml"]) => Ok(Answer::text(200, "application/yaml", OPENAPI)),
            ("GET", ["static", file]) => asset::serve(file),
            ("GET", ["l", token]) => self.page_of_link(request, token).await,
            ("GET", ["board"]) => self.board(request).await,
            ("GET", ["policy"]) => self.policy(request).await,
            ("GET", ["leads"]) => self.lead(request, lead::by_email(request)?).await,
            ("GET", ["leads", lead]) => self.lead(request, lead::id(lead)?).await,
            ("DELETE", ["leads", lead]) => self.erase(request, lead).await,
            ("GET", ["leads", lead, "history"]) => self.history(request, lead::id(lead)?).await,
            ("GET", ["leads", lead, "ledger"]) => self.ledger(request, lead::id(lead)?).await,
            ("PUT", ["leads", lead, "status"]) => self.put_status(request, lead::id(lead)?).await,
            ("POST", ["leads", lead, word]) if command::is_known(word) => {
                self.command(request, lead::id(lead)?, word).await
            }
            (_, ["board" | "leads" | "openapi.yaml" | "policy"] | ["l" | "static", _]) => {
                Err(Problem::wrong_method("GET"))
            }
            (_, ["leads", _]) => Err(Problem::wrong_method("DELETE, GET")),
            (_, ["leads", _, "history" | "ledger"]) => Err(Problem::wrong_method("GET")),
            (_, ["leads", _, "status"]) => Err(Problem::wrong_method("PUT")),
            (_, ["leads", _, word]) if command::is_known(word) => {
                Err(Problem::wrong_method("POST"))
            }
            _ => Err(Problem::no_route()),
        }
    }

    /// Who asks, for a lead: the desk key, or a link's token for that lead.
    fn access(
        &self,
        request: &Request,
        form_token: Option<&str>,
        lead: LeadId,
    ) -> Result<Access, Problem> {
        let now = self.handoff.settings().clock.now();
        let settings = self.handoff.settings();
        access::of(request, form_token, lead, &self.secrets, settings, now)
    }
}
