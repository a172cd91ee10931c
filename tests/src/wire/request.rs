//! One attempt at one call, as it passes over a wire.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

/// One request, as it passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which operation: `GetItem`, `Publish`, …
    pub operation: String,
    /// The body.
    pub body: String,
    /// The call it is an attempt at: the SDK tries again under the same name.
    pub call: String,
    /// Which attempt at that call, from 1.
    pub attempt: u32,
}

impl Request {
    pub(super) fn read(sent: &HttpRequest) -> Self {
        let body = sent.body().bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let body = body.unwrap_or_default();
        let header = |name| sent.headers().get(name).unwrap_or_default();
        let named = header("x-amz-target").rsplit('.').next().filter(|name| !name.is_empty());
        // SNS names its operation in the form.
        let action = || body.split('&').find_map(|pair| pair.strip_prefix("Action="));
        let operation = named.or_else(action).unwrap_or("?").to_owned();
        let attempt = header("amz-sdk-request").strip_prefix("attempt=");
        let attempt = attempt.and_then(|text| text.split(';').next()?.trim().parse().ok());
        let call = header("amz-sdk-invocation-id").to_owned();
        Self { operation, body, call, attempt: attempt.unwrap_or(1) }
    }

    /// The items of a transaction, or none.
    pub fn transact_items(&self) -> usize {
        self.json()["TransactItems"].as_array().map_or(0, Vec::len)
    }

    /// Whether it is about the lead with that id.
    pub fn is_about(&self, lead: &str) -> bool {
        self.body.contains(lead)
    }

    /// Whether it changes something where it arrives.
    pub fn is_write(&self) -> bool {
        !matches!(self.operation.as_str(), "BatchGetItem" | "GetItem" | "Query" | "Scan")
    }

    /// The body, if it is JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}
