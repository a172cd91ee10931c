//! The whole system on one machine: the functions' own handlers over an embedded DynamoDB and a
//! local SNS and EventBridge, and the operators' verbs.
//!
//! Architecture invariant: nothing here decides anything about a lead. `serve`, `demo` and the
//! tests drive the handlers that Lambda would run, and previews ask the domain itself.

pub mod args;
mod check;
mod demo;
mod files;
mod fsck;
pub mod house;
pub mod import;
pub mod local;
mod post;
mod publish;
pub mod quarantine;
mod roster;
mod run;
pub mod secrets;
mod secrets_file;
pub mod serve;
pub mod source;

pub use run::run;
