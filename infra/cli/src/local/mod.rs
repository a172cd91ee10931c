//! AWS on this machine: what the functions' own SDK clients talk to under `baton serve`.
//!
//! [`Engine`] is the table's endpoint, DynamoDB on one SQLite file; [`LocalAws`] is the endpoint
//! of SNS and EventBridge. Both speak the services' own wire on loopback and refuse what the
//! services refuse, so the code that runs here is the code that runs in the cloud. Neither knows
//! leads, tables, the time or chance: what arrives goes, as sent, to a [`Subscriber`].

mod engine;
mod eventbridge;
mod folder;
mod inbox;
mod sns;
mod subscriber;
mod wire;

pub use engine::{Engine, OpenError, Store};
pub use eventbridge::PutEvent;
pub use inbox::delivery;
pub use sns::Published;
pub use subscriber::Subscriber;
pub use wire::LocalAws;

pub(crate) use folder::is_used;
