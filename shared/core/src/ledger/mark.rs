//! What a lead knows of its ledger without reading it: which entries there are, by which rules they
//! were counted, and up to when a late one would not merely be added.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::activity::Entry;
use crate::id::{SourceId, SourceName};
use crate::lead::Lead;
use crate::limits;
use crate::policy::Policy;
use crate::short_hash::short_hash;

/// After so long without a decision the index has what a lead's mark can't vouch for: entries of
/// before marks were kept, and those of which some may have expired.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_mins(1);
/// After so long the index is believed even against the mark: nothing else would ever end that.
const BELIEVED_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// The entries of a lead's ledger, told from any others. Small: it is stored with the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerMark {
    /// How many there are.
    pub entries: u64,
    /// Hashes of their keys, exclusive-or.
    pub keys: u64,
    /// The second of the oldest, since 1970. What is older than that counts nothing.
    pub oldest: i64,
    /// The second of the newest that took points away: what is found out to have happened before
    /// may have softened the fall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fell: Option<i64>,
    /// The fingerprint of the rules they were counted by.
    pub rules: u64,
}

impl LedgerMark {
    /// Of a lead that has done nothing yet.
    pub fn empty() -> Self {
        Self { entries: 0, keys: 0, oldest: i64::MAX, fell: None, rules: 0 }
    }

    /// Takes note of one more entry.
    pub(crate) fn add(&mut self, source: &SourceName, id: &SourceId, occurred_at: Timestamp) {
        self.entries += 1;
        self.keys ^= hash(source, id);
        self.oldest = self.oldest.min(occurred_at.as_second());
    }

    /// Takes note that points were taken away then.
    pub(crate) fn fall(&mut self, occurred_at: Timestamp) {
        self.fell = self.fell.max(Some(occurred_at.as_second()));
    }

    /// Whether the score has to be worked out anew although nothing happened: the rules are others,
    /// or the oldest entries no longer count.
    pub fn is_outdated(&self, policy: &Policy, now: Timestamp) -> bool {
        self.entries > 0 && (self.rules != policy.scoring_fingerprint() || self.is_aging(now))
    }

    fn is_aging(&self, now: Timestamp) -> bool {
        self.oldest < oldest_that_counts(now)
    }

    fn is_of(&self, entries: &[Entry]) -> bool {
        let mut found = Self::empty();
        for entry in entries.iter().filter(|entry| entry.occurred_at.as_second() >= self.oldest) {
            found.add(&entry.source, &entry.id, entry.occurred_at);
        }
        (found.entries, found.keys) == (self.entries, self.keys)
    }
}

/// Whether these are all entries of a lead's ledger, which last changed at that moment. An index may
/// be behind.
pub fn is_whole(lead: &Lead, entries: &[Entry], changed_at: Timestamp, now: Timestamp) -> bool {
    let quiet = now.duration_since(changed_at);
    match &lead.ledger {
        Some(mark) if mark.is_of(entries) => true,
        Some(mark) if !mark.is_aging(now) => quiet >= BELIEVED_AFTER,
        Some(_) | None => quiet >= SETTLED_AFTER,
    }
}

/// The first second whose activities still count, since 1970.
pub(super) fn oldest_that_counts(now: Timestamp) -> i64 {
    now.as_second() - limits::OLDEST_ACTIVITY_DAYS * 24 * 60 * 60
}

fn hash(source: &SourceName, id: &SourceId) -> u64 {
    let key = Sha256::new().chain_update(source.as_str()).chain_update([0]);
    short_hash(key.chain_update(id.as_str()))
}
