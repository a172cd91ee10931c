//! The one table: every read and every write of Baton's state.

mod codec;
mod commit;
mod create;
mod document;
mod due;
mod erase;
mod pace;
mod quarantine;
mod read;

use aws_sdk_dynamodb::Client;

pub use document::{Document, Edition};
pub use due::{Due, DueItem};
pub use erase::Removed;
pub use pace::Admission;
pub use quarantine::{Held, Quarantined};
pub use read::{Sent, Told};

pub(crate) use commit::{Commit, CommitError};

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
