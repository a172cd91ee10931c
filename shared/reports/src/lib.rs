//! What is told of many leads: the board, the funnel, how often each rule gave points, and whether
//! the table keeps its promises.
//!
//! Architecture invariant: pure functions over facts that somebody else has read. Knows no store,
//! no page and no request.

pub mod board;
pub mod funnel;
pub mod integrity;
pub mod rule_stats;
