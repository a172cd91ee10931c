//! What the domain promises, under the sample policy and roster.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod alert_freshness;
mod any_order;
mod channel;
mod condition;
mod condition_words;
mod delivery;
mod erasure;
mod extend;
mod history;
mod lapse;
mod ledger;
mod measure;
mod meeting;
mod possible;
mod properties;
mod role;
mod rules;
mod scanner;
