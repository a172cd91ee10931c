//! `multipart/form-data`: the text fields; files are passed over.

use baton_core::text::Flaw;
use futures::stream;

const EXPECTED: &str = "multipart/form-data (RFC 7578)";

/// The fields of a form, in order.
pub(super) async fn fields(kind: &str, body: &[u8]) -> Result<Vec<(String, String)>, Flaw> {
    let broken = |_| Flaw::new("is not the form it says it is", EXPECTED);
    let boundary = multer::parse_boundary(kind).map_err(broken)?;
    let bytes = Ok::<_, std::convert::Infallible>(body.to_vec());
    let mut parts = multer::Multipart::new(stream::iter([bytes]), boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().map(str::to_owned);
        let is_file = part.file_name().is_some();
        let text = part.text().await.map_err(broken)?;
        if let (Some(name), false) = (name, is_file) {
            fields.push((name, text));
        }
    }
    Ok(fields)
}
