//! Tools that post payloads of their own: from what they send to activities.
//!
//! Architecture invariant: pure. A payload, read already, goes in; activities, or why there is none,
//! come out ([`map::map`]). Knows nothing of HTTP, of secrets or of how a body was encoded.

pub mod answers;
pub mod country;
pub mod data;
pub mod employees;
pub mod map;
pub mod moment;
mod path;
pub mod place;
mod source;

pub use source::{Encoding, Hmac, Piece, PublicForm, Reading, Scheme, Source, Sources, TypeRule};
