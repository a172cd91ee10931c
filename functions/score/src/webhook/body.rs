//! A body's bytes to a value, whichever of the usual ways it was written.

use std::collections::BTreeMap;

use baton_core::limits;
use baton_core::text::InvalidValue;
use baton_http::Request;
use baton_intake::map::Delivery;
use baton_intake::{Scheme, Source};
use serde_json::{Map, Value};

use super::json::json;
use super::{cloud_events, multipart};

/// Fields of one form.
const FIELDS: usize = 2_000;

/// Decodes a request. What proves the sender is not part of what was delivered.
pub(super) async fn read(request: &Request, source: &Source) -> Result<Delivery, InvalidValue> {
    let kind = request.header("content-type").unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let body = match essence.as_str() {
        // Some tools call their JSON a form; nothing else that begins like this reads as JSON.
        "application/x-www-form-urlencoded" => match looks_like_json(&request.body) {
            true => cloud_events::opened(json(&request.body)?),
            false => fields(form_urlencoded::parse(&request.body).into_owned())?,
        },
        "multipart/form-data" => fields(multipart::fields(kind, &request.body).await?.into_iter())?,
        _ if cloud_events::is_binary(request) => cloud_events::binary(request, &essence)?,
        _ => cloud_events::opened(json(&request.body)?),
    };
    if depth_exceeds(&body, limits::WEBHOOK_DEPTH) {
        let expected = format!("at most {} levels", limits::WEBHOOK_DEPTH);
        return Err(InvalidValue::new("is nested too deeply", expected));
    }
    Ok(Delivery { body, headers: headers(request, source), query: query(request, source) })
}

fn looks_like_json(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Fields of a form; one that is there several times is a list.
fn fields(pairs: impl Iterator<Item = (String, String)>) -> Result<Value, InvalidValue> {
    let mut map = Map::new();
    for (count, (name, value)) in pairs.enumerate() {
        if count == FIELDS {
            return Err(InvalidValue::new("has too many fields", format!("at most {FIELDS}")));
        }
        let value = Value::String(value);
        match map.get_mut(&name) {
            None => drop(map.insert(name, value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Ok(Value::Object(map))
}

fn depth_exceeds(value: &Value, most: usize) -> bool {
    match value {
        Value::Array(items) => most == 0 || items.iter().any(|v| depth_exceeds(v, most - 1)),
        Value::Object(map) => most == 0 || map.values().any(|v| depth_exceeds(v, most - 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Headers that a mapping may look at and quarantine may keep.
pub(super) fn headers(request: &Request, source: &Source) -> BTreeMap<String, String> {
    let secret = match &source.verify {
        Scheme::Hmac(signing) => signing.header.as_str(),
        Scheme::Header(name) => name,
        Scheme::Bearer | Scheme::Url | Scheme::Form(_) | Scheme::Sns { .. } => "authorization",
    };
    let private = ["authorization", "cookie", "proxy-authorization", secret];
    let open = request.headers.iter().filter(|(name, _)| !private.contains(&name.as_str()));
    let text = open.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    text.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The query without the secret in it.
pub(super) fn query(request: &Request, source: &Source) -> Vec<(String, String)> {
    let is_secret = |key: &str| matches!(source.verify, Scheme::Url) && key == "key";
    request.query.iter().filter(|(key, _)| !is_secret(key)).cloned().collect()
}
