//! What API Gateway does between the network and a function: request to payload, reply to
//! response.

use std::sync::Arc;

use aws_lambda_events::encodings::Body as ReplyBody;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_cloud::correlation;
use baton_http::{Answer, Payload, Problem, Reply};
use http::header::{COOKIE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::local_stack::LocalStack;

/// The gateway's own limit on a request (HTTP API quotas: 10 MB); the functions take less.
const REQUEST_BYTES: usize = 10 * 1024 * 1024;

/// Hands a request to the function that owns its route.
///
/// The function runs to its end even if the caller hangs up, as it would on Lambda.
pub(super) async fn handle(State(stack): State<Arc<LocalStack>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, REQUEST_BYTES).await else {
        let detail = "the body is larger than 10 MB or broke off";
        return response(Answer::from(Problem::new(413, "body_too_large", detail)).into());
    };
    let payload = payload(parts, &body);
    let handled = tokio::spawn(async move { stack.http(payload).await });
    let reply = handled.await.unwrap_or_else(|_| Answer::from(Problem::unavailable()).into());
    response(reply)
}

fn payload(parts: Parts, body: &Bytes) -> Payload {
    let mut payload = Payload::default();
    payload.version = Some("2.0".to_owned());
    payload.raw_path = Some(parts.uri.path().to_owned());
    payload.raw_query_string = Some(parts.uri.query().unwrap_or_default().to_owned());
    payload.request_context.request_id = Some(correlation().to_string());
    payload.request_context.stage = Some("$default".to_owned());
    payload.request_context.http.method = parts.method;
    payload.request_context.http.path = Some(parts.uri.path().to_owned());
    payload.cookies = cookies(&parts.headers);
    payload.headers = parts.headers;
    payload.headers.remove(COOKIE);
    match std::str::from_utf8(body) {
        Ok(text) => payload.body = Some(text.to_owned()),
        Err(_) => {
            payload.body = Some(STANDARD.encode(body));
            payload.is_base64_encoded = true;
        }
    }
    payload
}

/// Format 2.0 of the payload has cookies beside the headers, and not among them.
fn cookies(headers: &HeaderMap) -> Option<Vec<String>> {
    let sent = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies: Vec<String> =
        sent.flat_map(|line| line.split(';')).map(|cookie| cookie.trim().to_owned()).collect();
    (!cookies.is_empty()).then_some(cookies)
}

fn response(reply: Reply) -> Response {
    let status = u16::try_from(reply.status_code).ok();
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let body = match reply.body {
        Some(ReplyBody::Text(text)) => Body::from(text),
        Some(ReplyBody::Binary(bytes)) => Body::from(bytes),
        Some(ReplyBody::Empty) | None => Body::empty(),
        Some(_) => Body::empty(),
    };
    let mut response = body.into_response();
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = reply.headers;
    for cookie in reply.cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
