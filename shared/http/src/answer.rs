//! What goes back: JSON, a page, a redirect or a problem.

use aws_lambda_events::encodings::Body;
use baton_core::correlation::Correlation;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
    REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, VARY, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use crate::{Problem, Reply};

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, but for `Set-Cookie`.
    pub headers: HeaderMap,
    /// Cookies to set, each as `Set-Cookie` has it.
    pub cookies: Vec<String>,
    /// The body, as text.
    pub body: String,
}

/// What a page may do: show itself with our stylesheet and script, and send its forms back here.
/// Nothing from anywhere else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                           img-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                           base-uri 'none'";

/// What else every page says. Tokens are in addresses: no address is told to anybody. Browsers
/// heed the word on HTTPS only where it came by HTTPS (RFC 6797 §8.1).
const PAGE_HEADERS: [(HeaderName, &str); 8] = [
    (CONTENT_SECURITY_POLICY, PAGE_POLICY),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (VARY, "accept, accept-language, cookie"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

impl Answer {
    /// A value as JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        match serde_json::to_string(value) {
            Ok(body) => Self::new(status, "application/json", body),
            Err(_) => Problem::unavailable().into(),
        }
    }

    /// A page of HTML.
    pub fn page(status: u16, html: String) -> Self {
        let page = Self::new(status, "text/html; charset=utf-8", html);
        PAGE_HEADERS.into_iter().fold(page, |page, (name, value)| page.with(name, value))
    }

    /// A file that pages link: kept for ever where its name is only ever its own.
    pub fn asset(kind: &'static str, text: &str, is_its_own: bool) -> Self {
        let kept = if is_its_own { "public, max-age=31536000, immutable" } else { "no-cache" };
        Self::new(200, kind, text.to_owned()).with(CACHE_CONTROL, kept)
    }

    /// Plain text of a kind.
    pub fn text(status: u16, kind: &'static str, body: impl Into<String>) -> Self {
        Self::new(status, kind, body.into())
    }

    /// The same answer, to be kept as a file of that name, which is ours and has no quote in it.
    #[must_use]
    pub fn to_keep(self, name: &str) -> Self {
        self.with(CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
    }

    /// "Look there": after a form was taken, so that a reload does not send it again.
    pub fn see_other(location: &str) -> Self {
        Self::new(303, "text/plain; charset=utf-8", String::new()).with(LOCATION, location)
    }

    /// The same answer with a header; a value that is not one is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The same answer, setting a cookie.
    #[must_use]
    pub fn setting(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// The same answer, saying by what id its request is found in the logs.
    #[must_use]
    pub fn to(self, correlation: &Correlation) -> Self {
        self.with(HeaderName::from_static("x-correlation-id"), correlation.as_str())
    }

    /// The same answer with the headers that say what a problem says: a page about it has them too.
    #[must_use]
    pub fn telling(mut self, problem: &Problem) -> Self {
        if let Some(seconds) = problem.retry_after {
            self = self.with(RETRY_AFTER, &seconds.to_string());
        }
        if let Some(methods) = problem.allow {
            self = self.with(ALLOW, methods);
        }
        if problem.status == 401 {
            self = self.with(WWW_AUTHENTICATE, "Bearer");
        }
        self
    }

    fn new(status: u16, kind: &'static str, body: String) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let nosniff = HeaderName::from_static("x-content-type-options");
        headers.insert(nosniff, HeaderValue::from_static("nosniff"));
        Self { status, headers, cookies: Vec::new(), body }
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let body = serde_json::to_string(&problem).unwrap_or_default();
        Self::new(problem.status, "application/problem+json", body).telling(&problem)
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        let mut reply = Self::default();
        reply.status_code = i64::from(answer.status);
        reply.headers = answer.headers;
        reply.cookies = answer.cookies;
        reply.body = Some(Body::Text(answer.body));
        reply
    }
}
