//! CloudEvents 1.0 over HTTP: structured, batched and in binary mode, all as the structured form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_core::text::InvalidValue;
use baton_http::Request;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::json::json;

/// What the attributes' headers begin with in binary mode.
const PREFIX: &str = "ce-";

/// Whether the attributes are in the headers and the body is the data alone.
pub(super) fn is_binary(request: &Request) -> bool {
    request.headers.contains_key("ce-specversion")
}

/// A binary-mode event in the structured form.
pub(super) fn binary(request: &Request, content_type: &str) -> Result<Value, InvalidValue> {
    let mut event = Map::new();
    for (name, value) in &request.headers {
        let (Some(name), Ok(value)) = (name.as_str().strip_prefix(PREFIX), value.to_str()) else {
            continue;
        };
        // HTTP binding §3.1.3.2: values are percent-encoded.
        let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
        event.insert(name.to_owned(), Value::String(value));
    }
    let is_json = content_type.is_empty() || content_type.ends_with("json");
    let data = match (request.body.is_empty(), is_json) {
        (true, _) => Value::Null,
        (false, true) => json(&request.body)?,
        (false, false) => Value::String(String::from_utf8_lossy(&request.body).into_owned()),
    };
    event.insert("data".to_owned(), data);
    Ok(Value::Object(event))
}

/// Structured events with their data as JSON, also where it came in base64; anything else as it
/// is.
pub(super) fn opened(body: Value) -> Value {
    match body {
        Value::Array(events) => Value::Array(events.into_iter().map(opened).collect()),
        Value::Object(mut event) if event.contains_key("specversion") => {
            let encoded = event.get("data_base64").and_then(Value::as_str);
            let bytes = encoded.and_then(|text| STANDARD.decode(text).ok());
            if let Some(data) = bytes.and_then(|bytes| json(&bytes).ok()) {
                event.remove("data_base64");
                event.insert("data".to_owned(), data);
            }
            Value::Object(event)
        }
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => other,
    }
}
