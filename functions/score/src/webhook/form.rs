//! Public forms: nobody signs them, so we look where they come from and how they were filled in.

use baton_http::Request;
use baton_intake::{PublicForm, moment};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::unproven::Unproven;

/// Checks that the request comes from one of the form's own sites: browsers say so, and can't be
/// made to lie by a page.
pub(super) fn origin(form: &PublicForm, request: &Request) -> Result<(), Unproven> {
    match request.header("origin") {
        Some(origin) if is_listed(form, origin) => Ok(()),
        Some(_) | None => Err(Unproven::WrongOrigin),
    }
}

pub(super) fn is_listed(form: &PublicForm, origin: &str) -> bool {
    form.origins.iter().any(|listed| listed.eq_ignore_ascii_case(origin))
}

/// Why a machine seems to have filled in the form; nothing if a person may have.
pub(super) fn suspicions(form: &PublicForm, fields: &Value, now: Timestamp) -> Vec<String> {
    let field = |name: &String| fields.get(name).filter(|value| value.as_str() != Some(""));
    let mut reasons = Vec::new();
    if form.honeypot.as_ref().is_some_and(|name| field(name).is_some()) {
        reasons.push("the field that people don't see is filled in".to_owned());
    }
    if let Some(name) = &form.started {
        let started = field(name).and_then(|value| moment::parse(value, &TimeZone::UTC).ok());
        match started.map(|started| now.duration_since(started)) {
            None => reasons.push("the form does not say when it was shown".to_owned()),
            // Before zero is a visitor's clock ahead of ours, and says nothing.
            Some(taken) if !taken.is_negative() && taken < form.fill_at_least => {
                reasons.push("it was filled in faster than people type".to_owned());
            }
            Some(_) => {}
        }
    }
    reasons
}
