//! What the ledger can keep of a payload.

use baton_core::limits;
use baton_core::text::{InvalidValue, cleaned, printable, prose};
use serde_json::{Map, Number, Value};

/// Whether the ledger can keep a value: no larger, deeper or stranger than the table takes.
///
/// # Errors
///
/// What is wrong with it.
pub fn storable(data: &Value) -> Result<(), InvalidValue> {
    const SIZE: &str = "at most 16384 bytes of JSON";
    fits(data, limits::DATA_DEPTH)?;
    let size = data.to_string().len();
    if size > limits::DATA_BYTES {
        return Err(InvalidValue::new(format!("is {size} bytes of JSON"), SIZE));
    }
    Ok(())
}

fn fits(value: &Value, depth_left: usize) -> Result<(), InvalidValue> {
    const TEXT: &str = "printable text";
    if depth_left == 0 {
        return Err(InvalidValue::new("is nested too deeply", "at most 16 levels"));
    }
    match value {
        Value::Null | Value::Bool(_) => Ok(()),
        Value::Number(number) => storable_number(number),
        Value::String(text) => prose(text, TEXT),
        Value::Array(items) => items.iter().try_for_each(|item| fits(item, depth_left - 1)),
        Value::Object(map) => map.iter().try_for_each(|(key, value)| {
            if key.is_empty() {
                return Err(InvalidValue::new("has an empty key", "keys with something in them"));
            }
            printable(key, TEXT)?;
            fits(value, depth_left - 1)
        }),
    }
}

/// DynamoDB keeps numbers between 1E-130 and 9.99…E+125 in magnitude (its developer guide, "Data
/// types"); a little inside that.
///
/// # Errors
///
/// When the number is beyond that.
pub fn storable_number(number: &Number) -> Result<(), InvalidValue> {
    let size = number.as_f64().unwrap_or(f64::INFINITY).abs();
    if size == 0.0 || (1e-120..1e120).contains(&size) {
        return Ok(());
    }
    Err(InvalidValue::new("is a number beyond what we keep", "a number between 1e-120 and 1e120"))
}

/// What of a payload the ledger can keep: invisible characters go, and if it is still too large,
/// too deep or too strange, nothing is kept.
pub fn kept(payload: Value) -> Value {
    let tidy = tidied(payload);
    if storable(&tidy).is_ok() { tidy } else { Value::Null }
}

fn tidied(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(cleaned(&text, usize::MAX)),
        Value::Array(items) => Value::Array(items.into_iter().map(tidied).collect()),
        Value::Object(map) => {
            let entries = map.into_iter().map(|(key, value)| (key.trim().to_owned(), value));
            let entries = entries.filter(|(key, _)| !key.is_empty() && printable(key, "").is_ok());
            Value::Object(entries.map(|(key, value)| (key, tidied(value))).collect::<Map<_, _>>())
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_payload_is_kept_without_what_cannot_be_seen_or_not_at_all() {
        let odd = json!({"name": "K\u{0}im\u{202e}", "": 1, "a\u{0}": 2, "n": [1.5]});
        assert_eq!(kept(odd), json!({"name": "Kim", "n": [1.5]}));
        assert_eq!(kept(json!({"text": "x".repeat(20_000)})), Value::Null);
        assert_eq!(kept(json!({"n": 1e300})), Value::Null);
    }
}
