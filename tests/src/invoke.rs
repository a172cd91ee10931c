//! How each function is called from outside, and what its caller sees. Every call is a life of its
//! own: where a wire kills it, the caller hears nothing, as on AWS.

use std::sync::Arc;

use baton::local::delivery;
use baton_cloud::Clock;
use baton_engine::{Services, Settings};
use baton_http::Reply;
use baton_sla::{Report, Sla, Tick};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{DESK_KEY, TRADESHOW_KEY, TestHarness, live, run};

/// A request to the gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

/// What the gateway answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The status; the gateway's own 502 if the function died.
    pub status: u16,
    /// The body, if it is JSON.
    pub body: Value,
}

impl Ask {
    /// Posts JSON, to be changed by what follows.
    pub fn post(path: &str, body: &Value) -> Self {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { method: "POST", path: path.to_owned(), headers, body }
    }

    /// What people did, told by the trade show.
    pub fn activities(body: &Value) -> Self {
        Self::post("/activities", body).key(TRADESHOW_KEY)
    }

    /// A command by the CRM, about a lead by its address.
    pub fn command(email: &str, word: &str, body: &Value) -> Self {
        Self::about(email, word, body).key(DESK_KEY)
    }

    /// The same without a key: for the holder of a link.
    pub fn about(email: &str, word: &str, body: &Value) -> Self {
        Self::post(&format!("/leads/email:{email}/{word}"), body)
    }

    /// The status that the CRM shows.
    pub fn status(email: &str, word: &str) -> Self {
        Self::report(email, &json!({ "status": word }))
    }

    /// The same, with what else the CRM says.
    pub fn report(email: &str, body: &Value) -> Self {
        let put = Self::post(&format!("/leads/email:{email}/status"), body);
        Self { method: "PUT", ..put }.key(DESK_KEY)
    }

    /// The erasure of whoever has the address.
    pub fn erase(email: &str) -> Self {
        let delete = Self::post(&format!("/leads/email:{email}"), &Value::Null);
        Self { method: "DELETE", ..delete }.key(DESK_KEY)
    }

    /// The lead as JSON.
    pub fn lead(email: &str) -> Self {
        let get = Self::post(&format!("/leads/email:{email}"), &Value::Null);
        Self { method: "GET", ..get }.key(DESK_KEY)
    }

    /// Why its score is what it is.
    pub fn ledger(email: &str) -> Self {
        let get = Self::post(&format!("/leads/email:{email}/ledger"), &Value::Null);
        Self { method: "GET", ..get }.key(DESK_KEY)
    }

    /// With this key, or a link's token.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn payload(&self) -> Value {
        let header = |(name, value): &(&str, String)| ((*name).to_owned(), json!(value));
        let headers: Value = self.headers.iter().map(header).collect();
        json!({
            "version": "2.0", "rawPath": self.path, "headers": headers, "body": self.body,
            "requestContext": { "http": { "method": self.method, "path": self.path } },
            "isBase64Encoded": false,
        })
    }
}

impl Heard {
    /// Whether the sender may forget about it: it is done, or will never be.
    pub fn is_final(&self) -> bool {
        self.status < 500 && self.status != 429
    }
}

impl TestHarness {
    /// A request, answered by the function that owns the route.
    pub async fn http(&self, ask: &Ask) -> Heard {
        let payload = serde_json::from_value(ask.payload()).expect("a payload");
        let answered = match ask.path.split('/').nth(1) {
            Some("activities" | "webhooks" | "quarantine") => {
                live(self.score.handle(payload)).await
            }
            _ => live(self.desk.handle(payload)).await,
        };
        answered.map_or(Heard { status: 502, body: Value::Null }, |reply| heard(&reply))
    }

    /// The inbox hands over an event; whether it is dealt with.
    pub async fn deliver(&self, event: &Value) -> bool {
        let payload = serde_json::from_value(delivery(event)).expect("route reads what we publish");
        matches!(live(self.route.handle(payload)).await, Some(Ok(())))
    }

    /// The timer runs on a machine whose clock is wrong.
    pub async fn tick_at(&self, clock: Timestamp) -> Option<Report> {
        let settings = self.services.settings().clone();
        let settings = Settings { clock: Clock::manual(clock), ..settings };
        let sla = Sla::new(Arc::new(Services::new(&self.aws, settings)));
        live(sla.handle(Tick::default(), &run())).await?.ok()
    }

    /// The timer runs; `None` if the run failed or died.
    pub async fn tick(&self) -> Option<Report> {
        live(self.sla.handle(Tick::default(), &run())).await?.ok()
    }
}

fn heard(reply: &Reply) -> Heard {
    let reply = serde_json::to_value(reply).expect("JSON");
    let status = reply["statusCode"].as_u64().and_then(|status| status.try_into().ok());
    let body = serde_json::from_str(reply["body"].as_str().unwrap_or_default());
    Heard { status: status.expect("a status"), body: body.unwrap_or_default() }
}
