//! Where a lead stands, in the words the CRM shows.

use serde::{Deserialize, Serialize};

/// Where a lead stands, in the words the CRM shows. Follows from its [`Stage`](super::Stage).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Marketing scores it; it is not ready for sales.
    Nurturing,
    /// Ready for sales, and not accepted yet.
    Mql,
    /// Accepted by a salesperson (SAL).
    Working,
    /// A contact or opportunity (SQL).
    Converted,
    /// Given back to marketing; may qualify again.
    Returned,
    /// Ruled out: it does not qualify again.
    Disqualified,
}

impl Status {
    /// Every status, in the order of the trip.
    pub const ALL: [Self; 6] = [
        Self::Nurturing,
        Self::Mql,
        Self::Working,
        Self::Converted,
        Self::Returned,
        Self::Disqualified,
    ];

    /// The word in JSON and in the policy.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nurturing => "nurturing",
            Self::Mql => "mql",
            Self::Working => "working",
            Self::Converted => "converted",
            Self::Returned => "returned",
            Self::Disqualified => "disqualified",
        }
    }

    /// Whether sales holds the lead, so that a deadline must run.
    pub fn is_in_sales(self) -> bool {
        match self {
            Self::Mql | Self::Working => true,
            Self::Nurturing | Self::Converted | Self::Returned | Self::Disqualified => false,
        }
    }
}
