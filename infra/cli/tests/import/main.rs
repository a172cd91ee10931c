//! `baton import` as it is typed, against a Baton that answers.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

mod dry_run;
mod failures;
mod list;
mod running;
