//! Which published rules something was decided by.

use serde::{Deserialize, Serialize};

/// The numbers of the published rules that something was decided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editions {
    /// The policy's; 0 is the sample.
    pub policy: u64,
    /// The roster's; 0 is the sample.
    pub roster: u64,
}
