//! What the domain promises, under the sample policy and roster.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod alert_freshness;
mod channel;
mod condition;
mod condition_words;
mod delivery;
mod erasure;
mod extend;
mod history;
mod lapse;
mod measure;
mod meeting;
mod possible;
mod properties;
mod recipient;
mod reopen;
mod report;
mod role;
mod rules;
mod scanner;
mod take_up;
