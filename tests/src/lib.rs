//! The one harness: a running Baton, driven from outside, in words that read like the spec.
//!
//! [`World`] is the whole system in this process behind real HTTP; [`Process`] is the command in a
//! process of its own, which can be killed; [`TestHarness`] is the functions over wires that count calls
//! and break on demand, and [`crash`] breaks every one of them. None of them waits for the time to
//! pass, and none decides what is right: that is said in the tests.

mod amazon;
mod client;
mod copies;
pub mod crash;
mod harness;
mod invoke;
mod lines;
mod log;
mod meter;
pub mod oracle;
mod process;
mod received_alert;
mod recorder;
mod service;
mod side_by_side;
pub mod simulation;
mod store;
mod wire;
mod world;

pub use amazon::{Amazon, TOPIC};
pub use client::{Answer, Baton, Call, DESK_KEY, OLD_WEBSITE_KEY, TRADESHOW_KEY, WEBSITE_KEY};
pub use client::{encoded, hook_secret, lead_path, old_hook_secret, secrets_file};
pub use copies::{copy, due_at, lead_id};
pub use harness::{TestHarness, activity, request, rules_with, run, sample_roster};
pub use invoke::{Ask, Heard};
pub use lines::Lines;
pub use log::Log;
pub use meter::Metered;
pub use process::{Process, be_baton};
pub use received_alert::ReceivedAlert;
pub use recorder::{Letter, Recorder};
pub use side_by_side::side_by_side;
pub use wire::{Fate, Request, Wire, live};
pub use world::{SIGNED, World};

/// When every story here begins: a Sunday.
pub const START: &str = "2026-03-01T09:00:00Z";

/// What links in alerts begin with, wherever the system under test really answers.
pub const BASE_URL: &str = "https://baton.example";
