//! What went wrong, as RFC 9457 `application/problem+json` with a stable `code`.

use std::borrow::Cow;

use baton_core::text::{InvalidValue, printable};
use serde::Serialize;

/// A problem: what, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The status in words.
    pub title: &'static str,
    /// The stable word that programs compare.
    pub code: Cow<'static, str>,
    /// What happened, and what to do.
    pub detail: Cow<'static, str>,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds after which to try again, also sent as `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The methods the route takes, sent as `Allow`.
    #[serde(skip)]
    pub allow: Option<&'static str>,
}

/// What is wrong with one field, and what would be right. Never quotes what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where, as a JSON pointer (RFC 6901): `/profile/title`.
    pub field: String,
    /// What is wrong.
    pub problem: Cow<'static, str>,
    /// What would be right.
    pub expected: Cow<'static, str>,
}

/// How much of a key an answer repeats.
const KEY_CHARS: usize = 40;

impl FieldError {
    /// A flaw, and where it is.
    pub fn at(field: impl Into<String>, flaw: InvalidValue) -> Self {
        Self { field: field.into(), problem: flaw.problem, expected: flaw.expected }
    }

    /// A flaw of what is under a key that somebody else chose. The key is escaped as in a JSON
    /// pointer (RFC 6901 §3) and shown as far as an answer can bear it.
    pub fn under(parent: &str, key: &str, flaw: InvalidValue) -> Self {
        let shown = |c: &char| printable(c.encode_utf8(&mut [0; 4]), "").is_ok();
        let short: String = key.chars().filter(shown).take(KEY_CHARS).collect();
        Self::at(format!("{parent}/{}", short.replace('~', "~0").replace('/', "~1")), flaw)
    }
}

impl Problem {
    /// A problem with a stable code.
    pub fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let words = http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason());
        Self {
            status,
            title: words.unwrap_or("Error"),
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            allow: None,
        }
    }

    /// Fields that are not as they should be.
    pub fn fields(code: &'static str, errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{} {}; expected {}", name(one), one.problem, one.expected),
            many => format!("{} fields are not as expected; see errors", many.len()),
        };
        Self { errors, ..Self::new(422, code, detail) }
    }

    /// Our own fault, and passing: nothing was lost, send it again.
    pub fn unavailable() -> Self {
        const RETRY_AFTER_SECONDS: u32 = 5;
        let detail = "we could not do this just now; nothing was lost: please send it again";
        let retry_after = Some(RETRY_AFTER_SECONDS);
        Self { retry_after, ..Self::new(503, "unavailable", detail) }
    }

    /// More than the source may send: nothing was taken, send it again later.
    pub fn too_many_requests(after_seconds: u32) -> Self {
        let detail = format!("this source sends more than its limit; wait {after_seconds} s");
        Self { retry_after: Some(after_seconds), ..Self::new(429, "too_many_requests", detail) }
    }

    /// No key, or one we don't know.
    pub fn unauthorised(detail: &'static str) -> Self {
        Self::new(401, "unauthorised", detail)
    }

    /// No such route.
    pub fn no_route() -> Self {
        Self::new(404, "no_such_route", "there is nothing here; /openapi.yaml lists what there is")
    }

    /// The route exists, for other methods.
    pub fn wrong_method(allowed: &'static str) -> Self {
        let detail = format!("this route takes {allowed}");
        Self { allow: Some(allowed), ..Self::new(405, "method_not_allowed", detail) }
    }

    /// A body that is not JSON.
    pub fn not_json(error: &serde_json::Error) -> Self {
        let detail = format!(
            "the body is not JSON: {} at line {} column {}",
            kind(error),
            error.line(),
            error.column()
        );
        Self::new(400, "invalid_json", detail)
    }
}

fn name(error: &FieldError) -> &str {
    if error.field.is_empty() { "the body" } else { &error.field }
}

/// What is wrong, without the parser's message: it may quote the body.
fn kind(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Syntax => "something is out of place, or nested too deeply,",
        serde_json::error::Category::Data | serde_json::error::Category::Io => "it can't be read",
    }
}
