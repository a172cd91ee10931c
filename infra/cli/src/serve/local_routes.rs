//! `/local`: what only `serve` on loopback shows. Alerts that would have gone out, events that
//! were published, and a clock that can be moved.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use baton_core::text::InvalidValue;
use baton_http::{FieldError, Problem};
use http::StatusCode;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::local_stack::LocalStack;

#[derive(Serialize)]
struct Now {
    now: Timestamp,
}

pub(super) async fn inbox(State(stack): State<Arc<LocalStack>>) -> Response {
    Json(stack.messages()).into_response()
}

pub(super) async fn events(State(stack): State<Arc<LocalStack>>) -> Response {
    Json(stack.events()).into_response()
}

pub(super) async fn time(State(stack): State<Arc<LocalStack>>) -> Response {
    Json(Now { now: stack.now() }).into_response()
}

/// `{"advance":"25h"}` or `{"set":"2026-03-02T09:00:00Z"}`.
pub(super) async fn clock(State(stack): State<Arc<LocalStack>>, body: Bytes) -> Response {
    match target(&stack, &body) {
        Err(problem) => problem_response(&problem),
        Ok(to) => match stack.advance_to(to).await {
            Ok(now) => Json(Now { now }).into_response(),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the clock stopped");
                problem_response(&Problem::unavailable())
            }
        },
    }
}

fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    let kind = [(http::header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, serde_json::to_string(problem).unwrap_or_default()).into_response()
}

fn target(stack: &LocalStack, body: &[u8]) -> Result<Timestamp, Problem> {
    const SHAPE: &str = r#"{"advance":"25h"} or {"set":"2026-03-02T09:00:00Z"}"#;
    if !stack.has_manual_clock() {
        let detail = "the clock is the machine's; start with --clock manual:TIME to move it";
        return Err(Problem::new(409, "clock_not_manual", detail));
    }
    let body: Value = serde_json::from_slice(body).map_err(|e| Problem::not_json(&e))?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let now = stack.now();
    let (field, to) = match (text("advance"), text("set")) {
        (Some(span), None) => ("/advance", duration(span).and_then(|by| later(now, by))),
        (None, Some(time)) => ("/set", moment(time)),
        _ => return Err(invalid_clock("", InvalidValue::new("is neither", SHAPE))),
    };
    match to {
        Ok(to) if to < now => {
            Err(invalid_clock(field, InvalidValue::new("is in the past", "a later time")))
        }
        Ok(to) => Ok(to),
        Err(invalid) => Err(invalid_clock(field, invalid)),
    }
}

fn later(now: Timestamp, by: SignedDuration) -> Result<Timestamp, InvalidValue> {
    now.checked_add(by)
        .map_err(|_| InvalidValue::new("is too far away", "a time before the year 9999"))
}

fn moment(text: &str) -> Result<Timestamp, InvalidValue> {
    text.parse()
        .map_err(|_| InvalidValue::new("is not a time", "a time such as 2026-03-02T09:00:00Z"))
}

/// Parses a length of time such as "25h", "30d" or "24h 10m"; a day is 24 hours.
fn duration(text: &str) -> Result<SignedDuration, InvalidValue> {
    let invalid = || InvalidValue::new("is not a length of time", "such as 90m, 25h, 30d or 1d 2h");
    let span: Span = text.parse().map_err(|_| invalid())?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| invalid())
}

fn invalid_clock(field: &str, invalid: InvalidValue) -> Problem {
    Problem::fields("invalid_clock", vec![FieldError::at(field, invalid)])
}
