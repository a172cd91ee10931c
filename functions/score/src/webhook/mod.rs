//! `/webhooks/{source}`: a tool's own payloads. Verify, decode, map, record, reply.
//!
//! Promises that nothing of an unverified body is kept, that a verified one is answered with 200
//! once it is stored, as activities or in quarantine, and that our own faults are 503: tools give
//! up a hook over anything else.

mod body;
#[cfg(test)]
mod body_test;
mod cloud_events;
mod form;
mod hmac;
mod json;
mod multipart;
mod options;
mod preview;
mod proof;
mod quarantine;
mod unproven;
#[cfg(test)]
mod verify_test;

use baton_cloud::{Held, Notification, Notifications, Quarantined, causes};
use baton_core::id::SourceName;
use baton_core::limits;
use baton_engine::Keys;
use baton_http::{Answer, Problem, Request};
use baton_intake::map::{Delivery, Mapped, map};
use baton_intake::{Scheme, Source};
use serde::Serialize;

use crate::Score;
use crate::activities::{Taken, unavailable};
use unproven::Unproven;

pub use preview::{Preview, preview};

/// What became of a delivery.
#[derive(Serialize)]
struct Delivered {
    results: Vec<Taken>,
    #[serde(skip_serializing_if = "is_zero")]
    passed_over: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    quarantined: Option<InQuarantine>,
}

/// What of a delivery nothing could be made of.
#[derive(Serialize)]
struct InQuarantine {
    id: String,
    reasons: Vec<String>,
}

impl Score {
    /// Answers a request to a hook. A hook that nobody knows answers as one that doubts you: what
    /// hooks there are is nobody's business, and a tool never hears "not found".
    pub(crate) async fn webhook(&self, name: &str, request: &Request) -> Result<Answer, Problem> {
        let rules = self.services.settings().rules();
        let name = SourceName::parse(name).ok();
        let source = name.and_then(|name| rules.sources.get(&name));
        match request.verb() {
            "GET" => Ok(Answer::json(200, &serde_json::json!({ "status": "ok" }))),
            "OPTIONS" => Ok(options::handshake(source, request)),
            "POST" => match source {
                Some(source) => {
                    let answer = self.deliver(source, request).await;
                    let answer = answer.unwrap_or_else(Answer::from);
                    Ok(options::shared(answer, source, request))
                }
                None => Err(Unproven::NoSecret.into()),
            },
            _ => Err(Problem::wrong_method("GET, OPTIONS, POST")),
        }
    }

    async fn deliver(&self, source: &Source, request: &Request) -> Result<Answer, Problem> {
        if request.body.len() > limits::WEBHOOK_BODY_BYTES {
            return Err(too_large(request.body.len()));
        }
        let keys = self.secrets.sources.get(&source.name);
        match prove(source, keys, &self.notifications, request, self.now()).await {
            Ok(Notification::Message) => {}
            Ok(Notification::Confirm(address)) => return self.confirm(source, &address).await,
            Ok(Notification::Goodbye) => return Ok(Answer::json(200, &nothing())),
            Err(unproven) => {
                let name = &source.name;
                tracing::warn!(source = %name, error = %causes(&unproven),
                    "delivery of {name} not believed");
                return Err(unproven.into());
            }
        }
        self.admit(&source.name).await?;
        self.take_delivery(source, request).await
    }

    /// Takes what was proved to be the source's.
    async fn take_delivery(&self, source: &Source, request: &Request) -> Result<Answer, Problem> {
        let delivery = match body::read(request, source).await {
            Ok(delivery) => delivery,
            Err(flaw) => {
                let held = self.held(source, request, vec![format!("the body {flaw}")], false);
                return self.quarantined(source, request, held).await;
            }
        };
        if let Scheme::Form(form) = &source.verify {
            let reasons = form::suspicions(form, &delivery.body, self.now());
            if !reasons.is_empty() {
                let held = self.held(source, request, reasons, true);
                return self.quarantined(source, request, held).await;
            }
        }
        let delivered = self.record(source, delivery, request).await?;
        Ok(reply(source, request, &delivered))
    }

    /// Records what can be made of a delivery and keeps the rest.
    async fn record(
        &self,
        source: &Source,
        delivery: Delivery,
        request: &Request,
    ) -> Result<Delivered, Problem> {
        let rules = self.services.settings().rules();
        let zone = &rules.policy.time_zone;
        let Mapped { activities, passed_over, unusable } = map(source, delivery, zone, self.now());
        let parsed = activities.into_iter().map(Ok).collect();
        let results = self.take_all(parsed, &request.correlation).await;
        let results = results.map_err(|e| unavailable(&e))?;
        let reasons = proof::reasons(&unusable, &results);
        let quarantined = match reasons.is_empty() {
            true => None,
            false => Some(self.keep(self.held(source, request, reasons, false)).await?),
        };
        Ok(Delivered { results, passed_over, quarantined })
    }

    async fn quarantined(
        &self,
        source: &Source,
        request: &Request,
        held: Quarantined,
    ) -> Result<Answer, Problem> {
        let quarantined = Some(self.keep(held).await?);
        Ok(reply(source, request, &Delivered { quarantined, ..nothing() }))
    }

    /// Stores what nothing can be made of.
    async fn keep(&self, delivery: Quarantined) -> Result<InQuarantine, Problem> {
        self.services.table().quarantine(&delivery).await.map_err(|e| unavailable(&e))?;
        let Held { source, id, reasons, .. } = delivery.held;
        tracing::warn!(%source, quarantined = id, reason = reasons.join("; "),
            "delivery of {source} kept in quarantine");
        Ok(InQuarantine { id, reasons })
    }

    async fn confirm(&self, source: &Source, address: &str) -> Result<Answer, Problem> {
        self.notifications.confirm(address).await.map_err(|error| {
            tracing::error!(source = %source.name, error = %causes(&error),
                "subscription of {} not confirmed", source.name);
            Problem::unavailable()
        })?;
        tracing::info!(source = %source.name, "subscription of {} confirmed", source.name);
        Ok(Answer::json(200, &nothing()))
    }

    fn now(&self) -> jiff::Timestamp {
        self.services.settings().clock.now()
    }
}

/// Whether a request is the source's own, by the source's scheme.
async fn prove(
    source: &Source,
    keys: Option<&Keys>,
    notifications: &Notifications,
    request: &Request,
    now: jiff::Timestamp,
) -> Result<Notification, Unproven> {
    if let Scheme::Sns { topics } = &source.verify {
        let envelope = serde_json::from_slice(&request.body).map_err(|_| Unproven::NotSns)?;
        return Ok(notifications.check(&envelope, topics).await?);
    }
    proof::check(&source.verify, keys, request, now)?;
    Ok(Notification::Message)
}

/// A stranger's browser learns that its form was taken, and not what the lead is worth.
fn reply(source: &Source, request: &Request, delivered: &Delivered) -> Answer {
    let is_public = matches!(source.verify, Scheme::Form(_));
    match (&source.thanks, is_public) {
        (Some(thanks), _) if request.wants_page() => Answer::see_other(thanks),
        (_, true) => Answer::json(200, &serde_json::json!({ "status": "received" })),
        (_, false) => Answer::json(200, delivered),
    }
}

fn nothing() -> Delivered {
    Delivered { results: Vec::new(), passed_over: 0, quarantined: None }
}

fn too_large(bytes: usize) -> Problem {
    let most = limits::WEBHOOK_BODY_BYTES;
    let detail = format!("the body is {bytes} bytes long; a webhook's has at most {most}");
    Problem::new(413, "body_too_large", detail)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
