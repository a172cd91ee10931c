//! The hand-off: what a lead is, what may happen to it, and what follows.
//!
//! Architecture invariant: this crate is pure, synchronous and total. No I/O, no async, no AWS, no
//! clock and no chance: the time, the policy and the roster are arguments. What it decides is a
//! value ([`decision::Decision`]) that somebody else commits and delivers.

pub mod activity;
mod actor;
pub mod alert_freshness;
pub mod backoff;
mod builder;
pub mod channel;
mod command_kind;
pub mod commands;
pub mod correlation;
pub mod decide;
pub mod decision;
pub mod delivery;
mod editions;
pub mod email;
pub mod erasure;
pub mod id;
pub mod invariant;
pub mod lead;
pub mod ledger;
pub mod lifecycle;
pub mod limits;
pub mod measure;
pub mod meeting;
pub mod message;
pub mod pii_scan;
pub mod policy;
pub mod profile;
mod qualification;
pub mod refusal;
pub mod role;
pub mod roster;
pub mod route;
mod scanner;
pub mod score;
pub mod scoring;
mod short_hash;
pub mod text;
pub mod time;
pub mod turn;

pub use commands::{Actor, Command, CommandRequest};
pub use correlation::Correlation;
pub use decide::{Context, decide};
pub use decision::{Decision, History};
pub use lead::{Lead, Status};
pub use policy::Policy;
pub use refusal::Refusal;
pub use role::Role;
pub use roster::Roster;
