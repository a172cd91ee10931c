//! The one table: every read and every write of Baton's state.

mod board;
mod codec;
mod commit;
mod create;
mod day;
mod document;
mod due;
mod due_item;
mod erase;
mod fsck_scan;
mod idempotency_marker;
mod item;
mod keys;
mod leads;
mod quarantine;
mod rate_limiter;
mod read;
mod rule_stats;
mod scan;
mod schema_versions;

use aws_sdk_dynamodb::Client;

pub use board::Open;
pub use day::Happened;
pub use document::{Document, Edition};
pub use due::{Batch, Due, DueItem, Lane};
pub use erase::Removed;
pub use quarantine::{Held, Quarantined};
pub use rate_limiter::Admission;
pub use read::{LeadHistory, Sent};

pub use codec::{REDELIVER_AFTER, RETENTION};
pub use commit::{Commit, CommitError};
pub use due_item::{Claim, DueKey, PutOff};
pub use fsck_scan::{EditionsFound, FsckScan, place_of};
pub use idempotency_marker::IdempotencyMarker;
pub use keys::EXPIRES_AT;

/// The table, by name.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    pub(crate) fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }
}
