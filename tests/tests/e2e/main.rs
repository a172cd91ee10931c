//! End to end: what the contract promises, asked of a running Baton.
//!
//! One binary, because each would link the whole system again.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod bad_input;
mod capacity;
mod catch_up;
mod commands;
mod contract;
mod correlation;
mod cost;
mod crash_points;
mod deliveries;
mod desk;
mod earlier_release;
mod erasure;
mod fairness;
mod hand_off;
mod hooks;
mod integrity;
mod invariants;
mod late_index;
mod links;
mod meeting;
mod metrics;
mod never_silent;
mod openapi;
mod payloads;
mod poison;
mod privacy;
mod published;
mod reading;
mod reports;
mod restart;
mod scanners;
mod security;
mod session;
mod simulation;
mod still_true;
mod storm;
mod wire_level;
