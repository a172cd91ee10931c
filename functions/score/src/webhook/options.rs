//! What browsers and CloudEvents senders ask before they send.

use baton_http::{Answer, Request};
use baton_intake::{Scheme, Source};
use http::HeaderName;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ALLOW, VARY,
};

use super::form;

/// Answers OPTIONS: a browser's preflight, or the abuse protection of the CloudEvents webhook
/// specification (§4), by which a sender asks whether it may.
pub(super) fn handshake(source: Option<&Source>, request: &Request) -> Answer {
    const METHODS: &str = "GET, OPTIONS, POST";
    let mut answer = Answer::text(200, "text/plain; charset=utf-8", "").with(ALLOW, METHODS);
    if let Some(origin) = request.header("webhook-request-origin") {
        let rate = source.and_then(|source| source.limit);
        let rate = rate.map_or("*".to_owned(), |limit| limit.per_minute.to_string());
        answer = answer
            .with(HeaderName::from_static("webhook-allowed-origin"), origin)
            .with(HeaderName::from_static("webhook-allowed-rate"), &rate);
    }
    match source {
        Some(source) => shared(answer, source, request)
            .with(ACCESS_CONTROL_ALLOW_METHODS, METHODS)
            .with(ACCESS_CONTROL_ALLOW_HEADERS, "content-type")
            .with(ACCESS_CONTROL_MAX_AGE, "600"),
        None => answer,
    }
}

/// The answer, for a page on one of the form's sites to read.
pub(super) fn shared(answer: Answer, source: &Source, request: &Request) -> Answer {
    let Scheme::Form(public) = &source.verify else { return answer };
    match request.header("origin").filter(|origin| form::is_listed(public, origin)) {
        Some(origin) => answer.with(ACCESS_CONTROL_ALLOW_ORIGIN, origin).with(VARY, "Origin"),
        None => answer,
    }
}
