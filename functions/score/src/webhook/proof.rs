//! Whether a request proves to be its source's own, and how to say that it does not.

use baton_engine::Keys;
use baton_http::Request;
use baton_intake::Scheme;
use baton_intake::map::Unusable;
use jiff::Timestamp;

use super::unproven::Unproven;
use super::{form, hmac};
use crate::activities::{Taken, reused_id};

/// Checks a request against a scheme.
pub(super) fn check(
    scheme: &Scheme,
    keys: Option<&Keys>,
    request: &Request,
    now: Timestamp,
) -> Result<(), Unproven> {
    let keys = || keys.ok_or(Unproven::NothingToCheckWith);
    match scheme {
        Scheme::Hmac(signing) => hmac::check(signing, keys()?, request, now),
        Scheme::Bearer => shown(keys()?, request.bearer()),
        // Tools differ in whether they put "Bearer" before what they were given.
        Scheme::Header(name) => {
            let value = request.header(name).map(str::trim);
            let bare = value
                .and_then(|value| value.split_once(' '))
                .filter(|(word, _)| word.eq_ignore_ascii_case("bearer"));
            shown(keys()?, bare.map(|(_, rest)| rest.trim()).or(value))
        }
        Scheme::Url => shown(keys()?, request.query("key")),
        Scheme::Form(public) => form::origin(public, request),
        Scheme::Sns { .. } => Err(Unproven::NotSns),
    }
}

fn shown(keys: &Keys, offered: Option<&str>) -> Result<(), Unproven> {
    match offered {
        Some(offered) if keys.is(offered) => Ok(()),
        Some(_) | None => Err(Unproven::NoSecret),
    }
}

/// Reasons told of one delivery; the rest say the same.
const REASONS: usize = 10;

/// What is wrong with people and activities in a delivery, in words without personal data.
pub(super) fn reasons(unusable: &[Unusable], results: &[Taken]) -> Vec<String> {
    let told = |one: &Unusable| {
        let Unusable { index, place, flaw } = one;
        format!("person {}: {place} {flaw}", index + 1)
    };
    let reused = results.iter().enumerate().filter(|(_, taken)| taken.is_of_a_reused_id());
    let reused = reused.map(|(index, _)| format!("activity {}: id {}", index + 1, reused_id()));
    unusable.iter().map(told).chain(reused).take(REASONS).collect()
}
