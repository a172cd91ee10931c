//! A person who was erased: what they did before is gone and stays gone, what they do afterwards
//! begins anew.

use jiff::Timestamp;

use super::{Deed, Lead};

/// What is left of what somebody was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// When they were last erased.
    pub erased_at: Option<Timestamp>,
    /// How often: links from before are good for nothing.
    pub lives: u32,
}

impl Past {
    /// They are erased.
    pub fn erased(&self, lead: &Lead, now: Timestamp) -> Self {
        Self { erased_at: Some(lead.latest.max(now)), lives: self.lives + 1 }
    }

    /// Whether something happened before that, and must not be taken any more.
    pub fn forgets(&self, deed: &Deed) -> bool {
        self.erased_at.is_some_and(|erased| deed.at < erased)
    }

    /// When somebody begins anew who does something now.
    pub(super) fn begins(&self, now: Timestamp) -> Timestamp {
        self.erased_at.map_or(now, |erased| erased.max(now))
    }
}
