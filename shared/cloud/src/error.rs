//! When the world fails, as opposed to the domain saying no.

use baton_core::Refusal;
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
        /// Why.
        #[source]
        source: Cause,
    },
    /// An item is not what we wrote.
    #[error("an item of {subject} can't be read")]
    Unreadable {
        /// Whose item, by key.
        subject: String,
        /// Why.
        #[source]
        source: Cause,
    },
    /// A value does not fit into an item.
    #[error("a value can't be stored")]
    Unwritable(#[source] Cause),
    /// Others kept changing the same lead or queue.
    #[error("lead {lead} kept changing: gave up after {attempts} tries")]
    Contended {
        /// Which.
        lead: LeadId,
        /// How often it was tried.
        attempts: u32,
    },
    /// A defect of ours, found before it was written.
    #[error("the decision about lead {lead} was not committed")]
    Broken {
        /// Which.
        lead: LeadId,
        /// What does not hold.
        #[source]
        source: Broken,
    },
}

impl Error {
    pub(crate) fn aws<E>(operation: &'static str) -> impl FnOnce(E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        move |source| Self::Aws { operation, source: Box::new(source) }
    }
}

/// Why a command had no effect.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such lead.
    #[error("there is no such lead")]
    NotFound,
    /// The domain says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The world failed.
    #[error(transparent)]
    Error(#[from] Error),
}
