//! What requests cost the table: what the engine says of each, and what lay there before and after,
//! so that a test can reckon it by itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::wire::Request;

/// A request to the table, and all that its cost follows from.
#[derive(Clone, Debug)]
pub struct Metered {
    /// The request as it was sent.
    pub request: Request,
    /// The answer, `ConsumedCapacity` included.
    pub answer: Value,
    /// Everything in the table before a write, by key.
    pub before: BTreeMap<String, Value>,
    /// Everything in the table after it.
    pub after: BTreeMap<String, Value>,
}

/// The same request, asking what it costs, index by index. Our own code never asks.
pub(crate) fn asking(head: &str, body: &[u8]) -> (String, Vec<u8>) {
    let mut asked: Value = serde_json::from_slice(body).expect("a request of DynamoDB is JSON");
    asked["ReturnConsumedCapacity"] = json!("INDEXES");
    let body = asked.to_string().into_bytes();
    let is_length =
        |line: &&str| line.to_ascii_lowercase().starts_with("content-length:") || line.is_empty();
    let mut lines: Vec<&str> = head.lines().filter(|line| !is_length(line)).collect();
    let length = format!("content-length: {}", body.len());
    lines.extend([length.as_str(), "", ""]);
    (lines.join("\r\n"), body)
}

/// The JSON of an answer as it came over the wire.
pub(crate) fn read(answer: &[u8]) -> Value {
    let text = String::from_utf8_lossy(answer);
    let (_, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    serde_json::from_str(body).unwrap_or_default()
}
