//! HTTP intake: what prospects did, as tools tell it. Parse, record, reply.

mod activities;
mod parse;

use std::collections::HashMap;
use std::sync::Arc;

use baton_cloud::{Handoff, Secrets};
use baton_http::{Answer, Payload, Problem, Reply, Request};

/// The `score` function.
#[derive(Clone, Debug)]
pub struct Score {
    handoff: Arc<Handoff>,
    secrets: Arc<Secrets>,
}

impl Score {
    /// A function over a hand-off.
    pub fn new(handoff: Arc<Handoff>, secrets: Arc<Secrets>) -> Self {
        Self { handoff, secrets }
    }

    /// Answers one request. Total: whatever comes in, an answer goes out.
    pub async fn handle(&self, payload: Payload) -> Reply {
        match Request::read(payload) {
            Ok(request) => self.answer(request).await.into(),
            Err(problem) => Answer::from(problem).into(),
        }
    }

    async fn answer(&self, request: Request) -> Answer {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        match (request.verb(), path.as_slice()) {
            ("POST", ["activities"]) => self.take(&request).await.unwrap_or_else(Answer::from),
            (_, ["activities"]) => Problem::wrong_method("POST").into(),
            ("GET", ["health"]) => Answer::json(200, &HashMap::from([("status", "ok")])),
            (_, ["health"]) => Problem::wrong_method("GET").into(),
            _ => Problem::no_route().into(),
        }
    }
}
