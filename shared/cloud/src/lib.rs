//! The only code that knows AWS: the table, the bus, alerts out, topics, secrets.
//!
//! Architecture invariant: no `aws_sdk_*` type leaves this crate, and nothing here decides what
//! happens to a lead or when something is sent.

mod aws;
mod bus;
pub mod chance;
mod channel;
mod clock;
pub mod environment;
mod error;
mod metrics;
mod notification;
mod operators;
mod subscriptions;
mod table;
mod tokenless;

pub use aws::{Aws, Names};
pub use bus::Bus;
pub use chance::correlation;
pub use channel::{Channel, Outbound, Receipt, send_by};
pub use clock::Clock;
pub use environment::Unset;
pub use error::{Error, causes};
pub use metrics::{METRICS, Metrics, Sample};
pub use notification::{Notification, NotificationError, Notifications};
pub use operators::Operators;
pub use subscriptions::{Channels, TopicPrefix, TopicPrefixError};
pub use table::{
    Admission, Batch, Claim, Commit, CommitError, Document, Due, DueItem, DueKey, EXPIRES_AT,
    Edition, EditionsFound, FsckScan, Happened, Held, IdempotencyMarker, Lane, LeadHistory, Open,
    PutOff, Quarantined, REDELIVER_AFTER, RETENTION, Removed, Sent, Table, place_of,
};
pub use tokenless::Tokenless;
