//! The whole system on one machine: the functions' own handlers over an embedded DynamoDB and a
//! local SNS and EventBridge, and the operators' verbs.
//!
//! Architecture invariant: nothing here decides anything about a lead. `serve`, `demo` and the
//! tests drive the handlers that Lambda would run, and previews ask the domain itself.

pub mod args;
mod check;
mod clock_choice;
mod demo;
mod deployment;
mod exit;
mod files;
mod fsck;
pub mod import;
pub mod local;
mod local_inbox;
pub mod local_stack;
mod publish;
pub mod quarantine;
mod roster;
mod run;
pub mod secrets;
mod secrets_file;
pub mod serve;
pub mod source;
mod subscription_sync;

pub use run::run;
