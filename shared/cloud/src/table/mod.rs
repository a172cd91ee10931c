//! The one table: every read and every write of Baton's state.

mod board;
mod codec;
mod commit;
mod create;
mod day;
mod document;
mod due;
mod erase;
mod fired;
mod fsck_scan;
mod item;
mod keys;
mod leads;
mod once;
mod pace;
mod promise;
mod quarantine;
mod read;
mod schema_versions;
mod walk;

use aws_sdk_dynamodb::Client;

pub use board::Open;
pub use day::Happened;
pub use document::{Document, Edition};
pub use due::{Batch, Due, DueItem, Lane};
pub use erase::Removed;
pub use pace::Admission;
pub use quarantine::{Held, Quarantined};
pub use read::{Sent, Told};

pub use codec::{REDELIVER_AFTER, RETENTION};
pub use commit::{Commit, CommitError};
pub use fsck_scan::{EditionsFound, FsckScan, place_of};
pub use keys::EXPIRES_AT;
pub use once::Once;
pub use promise::{Claim, DueKey, PutOff};

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
