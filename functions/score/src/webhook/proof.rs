//! Whether a request proves to be its source's own, and how to say that it does not.

use baton_cloud::NotificationError;
use baton_engine::Keys;
use baton_http::{Problem, Request};
use baton_intake::Scheme;
use baton_intake::map::Unusable;
use jiff::Timestamp;

use super::{form, hmac};

/// Why a request is not believed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unproven {
    /// It shows no secret, or not the source's.
    #[error("the secret is missing or is not this source's")]
    NoSecret,
    /// It is not signed.
    #[error("the signature is missing or can't be read")]
    NoSignature,
    /// It is signed with something else, or changed on its way.
    #[error("the signature is not of this body with this source's secret")]
    WrongSignature,
    /// It was signed at another time.
    #[error("the signature's timestamp is missing or more than five minutes from our clock")]
    Stale,
    /// It is not from the form's own site.
    #[error("the Origin header does not name a site that the form is on")]
    WrongOrigin,
    /// It is not what SNS sends.
    #[error("the body is not an SNS message")]
    NotSns,
    /// SNS did not send it, or could not be asked.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// We have no secret to check it with: our own fault.
    #[error("the secrets hold no secret for this source")]
    NothingToCheckWith,
}

impl From<Unproven> for Problem {
    fn from(unproven: Unproven) -> Self {
        let detail = match &unproven {
            Unproven::NothingToCheckWith
            | Unproven::Notification(NotificationError::Unreachable(_)) => {
                return Self::unavailable();
            }
            Unproven::NoSecret => "the secret is missing or is not this source's",
            Unproven::NoSignature => "the signature is missing or can't be read",
            Unproven::WrongSignature => {
                "the signature is not of this body with this source's secret"
            }
            Unproven::Stale => {
                "the signature's timestamp is missing or more than five minutes from our clock"
            }
            Unproven::WrongOrigin => "the Origin header does not name a site that the form is on",
            Unproven::NotSns => "the body is not an SNS message",
            Unproven::Notification(NotificationError::Forged(_)) => {
                "the SNS message is not signed by Amazon for a topic of this source"
            }
        };
        Self::unauthorised(detail)
    }
}

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

/// What is wrong with people in a delivery, in words without personal data.
pub(super) fn reasons(unusable: &[Unusable]) -> Vec<String> {
    let told = |one: &Unusable| {
        let Unusable { index, place, flaw } = one;
        format!("person {}: {place} {flaw}", index + 1)
    };
    unusable.iter().take(REASONS).map(told).collect()
}
