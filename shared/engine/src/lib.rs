//! Load, decide, commit, deliver: what every function does, by the rules in force.
//!
//! Architecture invariant: nothing here decides what happens to a lead (that is
//! [`baton_core::decide()`]), names a type of the AWS SDK, or knows HTTP.

mod data_export;
mod deployment;
mod engine;
mod erasure;
mod failure;
mod fsck;
mod funnel_letter;
mod link;
mod log;
mod outbox;
mod person;
mod publishing;
mod rules;
mod secrets;
mod services;
mod session;
mod settings;
mod sign_in;
mod signed_token;
mod sweeper;

pub use data_export::{DataExport, Holding};
pub use deployment::{Deployment, DeploymentError};
pub use engine::{Committed, Engine, Outcome, Recorded};
pub use erasure::{Erased, Erasure};
pub use failure::Failure;
pub use fsck::{Fsck, Integrity};
pub use funnel_letter::FunnelLetter;
pub use link::{Link, Links};
pub use outbox::Outbox;
pub use publishing::{Draft, PublishError, Publisher};
pub use rules::{InForce, Rules, RulesError};
pub use secrets::{Keys, Secrets, SecretsError};
pub use services::Services;
pub use session::{SESSION, Session, Sessions};
pub use settings::Settings;
pub use sign_in::{Asked, Entered, SIGN_IN_WITHIN, SignIn, SignInLink};
pub use signed_token::LinkKey;
pub use sweeper::{SWEEP_LIMIT, Sweeper, Swept};
