//! `multipart/form-data`: the text fields; files are passed over.

use baton_core::text::InvalidValue;
use futures::stream;

const EXPECTED: &str = "multipart/form-data (RFC 7578)";

/// The fields of a form, in order.
pub(super) async fn fields(kind: &str, body: &[u8]) -> Result<Vec<(String, String)>, InvalidValue> {
    let broken = |_| InvalidValue::new("is not the form it says it is", EXPECTED);
    let boundary = multer::parse_boundary(kind).map_err(broken)?;
    let bytes = Ok::<_, std::convert::Infallible>(body.to_vec());
    let mut parts = multer::Multipart::new(stream::iter([bytes]), boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().map(str::to_owned);
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(broken)?;
        if let (Some(name), false) = (name, is_file) {
            // UTF-8, as forms of today are (RFC 7578, 5.1.2). `text` would ask each part for its
            // encoding, and the function would carry the tables of all there ever were.
            fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(fields)
}
