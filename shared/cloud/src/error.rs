//! When the world fails, as opposed to the domain saying no.
//!
//! An error ends in a log, and so can't hold what somebody sent: what AWS answers beside its codes,
//! and what a decoder says of what it found, may quote it and is dropped where the error is made.

use std::fmt;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use baton_core::id::LeadId;
use baton_core::invariant::Broken;

/// The boxed cause of an [`Error`].
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The world failed: the caller may try again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A call to AWS failed after its retries.
    #[error("{operation} failed")]
    Aws {
        /// Which call, and of what.
        operation: &'static str,
        /// Whether it is the service's own trouble, and not what was asked of it.
        is_passing: bool,
        /// What failed, with AWS's code for it and without its message.
        #[source]
        source: Cause,
    },
    /// An item is missing or is not what we wrote.
    #[error("{subject} can't be read")]
    Unreadable {
        /// Which item: its kind, and its key where that is of our own making.
        subject: String,
    },
    /// A value does not fit into an item.
    #[error("a value can't be stored")]
    Unwritable(#[source] Cause),
    /// Others kept changing the same lead or queue.
    #[error("lead {lead} kept changing: gave up after {attempts} tries")]
    Contended {
        /// The lead that could not be decided on.
        lead: LeadId,
        /// How often it was tried.
        attempts: u32,
    },
    /// A defect of ours, found before it was written.
    #[error("the decision about lead {lead} was not committed")]
    Broken {
        /// The lead that could not be decided on.
        lead: LeadId,
        /// What does not hold.
        #[source]
        source: Broken,
    },
}

impl Error {
    pub(crate) fn aws<E>(operation: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata,
    {
        move |error| Self::of_aws(operation, AwsError::of(&error))
    }

    pub(crate) fn of_aws(operation: &'static str, error: AwsError) -> Self {
        let is_passing = error.is_passing();
        Self::Aws { operation, is_passing, source: Box::new(error) }
    }

    /// Whether the same will succeed once the world is well again. Anything else fails until
    /// somebody mends the one thing it is about.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Aws { is_passing, .. } => *is_passing,
            Self::Contended { .. } => true,
            Self::Unreadable { .. } | Self::Unwritable(_) | Self::Broken { .. } => false,
        }
    }
}

/// What became of a call, in our own words and AWS's codes.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AwsError {
    #[error("the request could not be made")]
    Unmade,
    #[error("there was no answer in time")]
    TimedOut,
    #[error("the connection failed")]
    Unconnected,
    #[error("the answer could not be read")]
    Garbled,
    #[error("the service answered {code} (HTTP {status})")]
    Refused { code: String, status: u16 },
}

/// The service failed, had too much to do, or somebody else was at the item just then, in the words
/// of those we ask; SNS and DynamoDB say the first by a status as well, an entry of PutEvents by
/// nothing but its code.
const AWAY: [&str; 8] = [
    "InternalException",
    "InternalFailure",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "Throttled",
    "Throttling",
    "ThrottlingException",
    "TransactionConflictException",
];

impl AwsError {
    /// Whether the service was away, failed or had too much to do.
    fn is_passing(&self) -> bool {
        match self {
            Self::Unmade => false,
            Self::TimedOut | Self::Unconnected | Self::Garbled => true,
            Self::Refused { code, status } => *status >= 500 || AWAY.contains(&code.as_str()),
        }
    }

    fn of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Self {
        match error {
            SdkError::ConstructionFailure(_) => Self::Unmade,
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            SdkError::DispatchFailure(_) => Self::Unconnected,
            SdkError::ResponseError(_) => Self::Garbled,
            SdkError::ServiceError(refused) => {
                Self::refused(refused.err().code(), refused.raw().status().as_u16())
            }
            _ => Self::Garbled,
        }
    }

    /// A code is one word of letters; whatever is not is no code.
    pub(crate) fn refused(code: Option<&str>, status: u16) -> Self {
        let is_word =
            |code: &&str| code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphabetic());
        let code = code.filter(is_word).unwrap_or("with no code").to_owned();
        Self::Refused { code, status }
    }
}

/// An error and its causes, outermost first: JSON lines of a log show no causes by themselves.
pub fn causes<'e>(error: &'e (dyn std::error::Error + 'static)) -> impl fmt::Display + use<'e> {
    fmt::from_fn(move |f| {
        write!(f, "{error}")?;
        let causes = std::iter::successors(error.source(), |&cause| cause.source());
        causes.into_iter().try_for_each(|cause| write!(f, ": {cause}"))
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::error::ErrorMetadata;
    use aws_sdk_dynamodb::operation::get_item::GetItemError;
    use aws_smithy_types::body::SdkBody;

    use super::*;

    #[test]
    fn what_a_service_says_beside_its_code_is_in_no_error() {
        let said = |code: &str| {
            let metadata = ErrorMetadata::builder().code(code).message("kim@acme.example").build();
            let raw = HttpResponse::new(400.try_into().unwrap(), SdkBody::from("kim@acme.example"));
            let refused = SdkError::service_error(GetItemError::generic(metadata), raw);
            Error::aws("GetItem lead")(refused)
        };
        let error = said("ValidationException");
        assert!(!format!("{error:?}").contains("kim"), "{error:?}");
        let told = causes(&error).to_string();
        let expected = "GetItem lead failed: the service answered ValidationException (HTTP 400)";
        assert_eq!(told, expected);
        let odd = said("kim@acme.example");
        assert!(!format!("{odd:?} {}", causes(&odd)).contains("kim"), "{odd:?}");
    }
}
