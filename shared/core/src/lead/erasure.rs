//! An erasure as its lead remembers it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Erasures are counted up to this and then from zero: enough to tell a link from before one from
/// a link from after it for as long as links work.
pub const TIMES: u8 = 16;

/// One erasure: what was decided before it is gone and stays gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// When it was decided.
    pub at: Timestamp,
    /// Which one it is of this lead, modulo [`TIMES`].
    pub times: u8,
    /// The lead's version that it made.
    pub version: u64,
    /// The last era of the behaviour score that it took.
    pub era: u32,
}

impl Erasure {
    /// Whether something that happened then is not to be taken any more.
    pub fn forgets(&self, occurred_at: Timestamp) -> bool {
        occurred_at < self.at
    }

    /// Whether it took what was decided as that version of the lead.
    pub fn took_version(&self, version: u64) -> bool {
        version < self.version
    }
}
