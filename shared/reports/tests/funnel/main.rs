//! The funnel's numbers, and the leads behind them.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod numbers;
mod properties;
