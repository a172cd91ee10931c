//! JSON as tools send it.

use baton_core::text::InvalidValue;
use serde_json::Value;

/// JSON, whatever the content type says: SNS calls it plain text.
pub(super) fn json(bytes: &[u8]) -> Result<Value, InvalidValue> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let expected = "JSON, a form, or a CloudEvent";
        InvalidValue::new(format!("can't be read at line {line} column {column}"), expected)
    })
}
