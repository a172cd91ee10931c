//! Why a request is not believed, and what is answered.

use baton_cloud::NotificationError;
use baton_http::Problem;

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
