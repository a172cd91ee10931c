//! End to end: what the contract promises, asked of a running Baton.
//!
//! One binary, because each would link the whole system again.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests, and print the seed they failed with"
)]

mod bad_input;
mod commands;
mod contract;
mod cost;
mod fairness;
mod hand_off;
mod invariants;
mod links;
mod never_silent;
mod payloads;
mod reading;
mod restart;
mod session;
mod wire_level;
