//! The page that a reader wanted when they were asked to sign in: one of ours, and no other.

use baton_core::limits;
use baton_http::Request;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The page after signing in, if the reader wanted no other.
pub(crate) const HOME: &str = "/board";

/// A path that a reader may be redirected to. A browser reads `//host` and `/\host` as another
/// site, and drops line breaks and tabs before it reads.
pub(crate) fn safe(path: &str) -> Option<&str> {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_ours = path.starts_with('/') && !path.starts_with("//");
    let is_short = path.len() <= limits::NEXT_BYTES;
    let is_sign_in = path.starts_with("/sign-") || path.starts_with("/l/");
    (is_plain && is_ours && is_short && !is_sign_in).then_some(path)
}

/// Everything but the unreserved characters of a URL (RFC 3986 §2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Path and query of a request.
pub(crate) fn of(request: &Request) -> String {
    let path: Vec<String> = request.path.iter().map(|segment| percent(segment)).collect();
    let pairs = request.query.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/{}{mark}{query}", path.join("/"))
}

/// The address of the form to sign in, which redirects to `next` afterwards.
pub(crate) fn ask_first(next: &str) -> String {
    match safe(next).filter(|next| *next != "/") {
        Some(next) => format!("/sign-in?next={}", percent(next)),
        None => "/sign-in".to_owned(),
    }
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_gone_on_to() {
        let lead = "/leads/526dab18af648d3461ae0061";
        for good in ["/board", "/funnel?from=2026-03-01&to=2026-03-14", lead, "/"] {
            assert_eq!(safe(good), Some(good));
        }
        for bad in [
            "",
            "board",
            "//evil.example",
            "/\\evil.example",
            "/a\\b",
            "https://evil.example",
            "javascript:alert(1)",
            "/a b",
            "/a\nb",
            "/\t/evil.example",
            "/ü",
            "/sign-in/x",
            "/sign-out",
            "/l/x",
        ] {
            assert_eq!(safe(bad), None, "{bad}");
        }
        assert_eq!(safe(&format!("/{}", "x".repeat(limits::NEXT_BYTES))), None);
    }

    #[test]
    fn what_is_not_safe_is_dropped_and_the_rest_can_be_read_back() {
        assert_eq!(ask_first("/funnel?days=7"), "/sign-in?next=%2Ffunnel%3Fdays%3D7");
        assert_eq!(ask_first("//evil.example"), "/sign-in");
        assert_eq!(ask_first("/"), "/sign-in");
    }
}
