//! Requests as the gateway hands them over, with a canary wherever somebody may put something.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_http::{Payload, Reply};
use serde_json::{Map, Value, json};

use super::canary::Aviary;

/// One request in the making: who sends it names its canaries.
pub(super) struct Visit<'a> {
    pub(super) whose: String,
    aviary: &'a Aviary,
    method: String,
    path: String,
    query: String,
    headers: Map<String, Value>,
    body: Vec<u8>,
}

impl<'a> Visit<'a> {
    /// A request that brings what every request may: headers of all sorts, and a query.
    pub(super) fn new(aviary: &'a Aviary, whose: &str, method: &str, path: &str) -> Self {
        let canary = || aviary.canary(whose);
        let headers = [
            ("user-agent", format!("Mozilla/5.0 {}", canary())),
            ("referer", format!("https://{}.example/", canary())),
            ("cookie", format!("session={}", canary())),
            ("x-forwarded-for", canary()),
            ("x-correlation-id", canary()),
            ("traceparent", canary()),
            ("tracestate", canary()),
        ];
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.into()));
        Self {
            aviary,
            whose: whose.to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            query: format!("utm={}&{}=1", canary(), canary()),
            headers: headers.collect(),
            body: Vec::new(),
        }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub(super) fn canary(&self) -> String {
        self.aviary.canary(&self.whose)
    }

    pub(super) fn query(mut self, query: &str) -> Self {
        self.query = format!("{query}&{}", self.query);
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(super) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub(super) fn payload(&self) -> Payload {
        let payload = json!({
            "version": "2.0", "rawPath": self.path, "rawQueryString": self.query,
            "headers": self.headers, "body": STANDARD.encode(&self.body), "isBase64Encoded": true,
            "requestContext": {
                "requestId": "JKJaXmPLvHcESHA=", "stage": "$default",
                "http": { "method": self.method, "path": self.path, "sourceIp": self.canary() },
            },
        });
        serde_json::from_value(payload).expect("a payload")
    }
}

/// Status, headers and body in one text; and the status.
pub(super) fn told(reply: &Reply) -> (i64, String) {
    (reply.status_code, serde_json::to_string(reply).expect("JSON"))
}
