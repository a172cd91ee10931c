//! Why a command had no effect.

use baton_cloud::Error;
use baton_core::Refusal;

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
