//! Documents that people write: the policy, the roster, and the presets a source begins from.
//!
//! Architecture invariant: pure. A text goes in; what it says, or every mistake in it with its
//! place, comes out. Knows no file, no edition, and nothing that happens to a lead.

mod document;
pub mod policy;
pub mod preset;
pub mod roster;

pub use document::{Keys, Mistake, Mistakes, Position};
