//! The only code that knows AWS: the table, the bus, alerts out, secrets.
//!
//! Architecture invariant: no `aws_sdk_*` type leaves this crate, and nothing here decides what
//! happens to a lead: it loads, asks [`baton_core::decide()`], commits and delivers.

mod aws;
mod chance;
mod channels;
mod clock;
mod deliver;
mod deployment;
mod entrance;
mod environment;
mod erase;
mod error;
mod handoff;
mod holding;
mod integrity;
mod keys;
mod link;
mod log;
mod meeting;
mod metrics;
mod notification;
mod operators;
mod outbox;
mod publish;
mod rules;
mod secrets;
mod session;
mod sign_in;
mod sweep;
mod table;
mod tokenless;

pub use aws::{Aws, Endpoints, Names, NotGiven, Unset};
pub use chance::correlation;
pub use channels::{Channels, TopicPrefix, TopicPrefixError};
pub use clock::Clock;
pub use deployment::{Deployment, DeploymentError};
pub use entrance::{Asked, Entered};
pub use environment::VARIABLES;
pub use erase::Erased;
pub use error::{Error, Failure, causes};
pub use handoff::{Handoff, Outcome, Recorded, Settings};
pub use holding::Holding;
pub use integrity::Integrity;
pub use keys::EXPIRES_AT;
pub use link::{Link, LinkKey, Links};
pub use metrics::{METRICS, Metrics, Sample};
pub use notification::{Notification, NotificationError, Notifications};
pub use operators::Operators;
pub use publish::{Draft, PublishError};
pub use rules::{InForce, Rules, RulesError};
pub use secrets::{Keys, Secrets, SecretsError};
pub use session::{SESSION, Session, Sessions};
pub use sign_in::{SIGN_IN_WITHIN, SignIn};
pub use sweep::{SWEEP_LIMIT, Swept};
pub use table::{
    Admission, Batch, Document, Due, DueItem, Edition, Happened, Held, Lane, Open, Quarantined,
    Removed, Sent, Table, Told,
};
pub use tokenless::Tokenless;
