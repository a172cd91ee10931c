//! HTTP intake: what prospects did, as tools tell it. Parse, record, reply.

mod activities;
pub mod parse;
pub mod webhook;

use std::collections::HashMap;
use std::sync::Arc;

use baton_cloud::Notifications;
use baton_engine::{Secrets, Services};
use baton_http::{Answer, Payload, Problem, Reply, Request, correlation};
use tracing::Instrument;

/// The `score` function.
#[derive(Clone, Debug)]
pub struct Score {
    services: Arc<Services>,
    secrets: Arc<Secrets>,
    notifications: Arc<Notifications>,
}

impl Score {
    /// A function over a hand-off.
    pub fn new(services: Arc<Services>, secrets: Arc<Secrets>) -> Self {
        Self { services, secrets, notifications: Arc::default() }
    }

    /// The same function, with something else to check SNS messages by.
    #[must_use]
    pub fn checking_by(self, notifications: Notifications) -> Self {
        Self { notifications: Arc::new(notifications), ..self }
    }

    /// Answers one request. Total: whatever comes in, an answer goes out.
    pub async fn handle(&self, payload: Payload) -> Reply {
        let id = correlation(&payload).unwrap_or_else(baton_cloud::correlation);
        let span = tracing::info_span!("request", correlation = %id);
        let answer = async {
            self.services.refresh().await;
            match Request::read(payload, id.clone()) {
                Ok(request) => self.answer(request).await,
                Err(problem) => problem.into(),
            }
        };
        answer.instrument(span).await.to(&id).into()
    }

    async fn answer(&self, request: Request) -> Answer {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        match (request.verb(), path.as_slice()) {
            ("POST", ["activities"]) => self.take(&request).await.unwrap_or_else(Answer::from),
            (_, ["activities"]) => Problem::wrong_method("POST").into(),
            (_, ["webhooks", source]) => {
                self.webhook(source, &request).await.unwrap_or_else(Answer::from)
            }
            (_, ["quarantine", rest @ ..]) => {
                self.quarantine(rest, &request).await.unwrap_or_else(Answer::from)
            }
            ("GET", ["health"]) => Answer::json(200, &HashMap::from([("status", "ok")])),
            (_, ["health"]) => Problem::wrong_method("GET").into(),
            _ => Problem::no_route().into(),
        }
    }
}
