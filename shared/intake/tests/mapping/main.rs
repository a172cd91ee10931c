//! From payloads to activities, by mappings and presets.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod map;
mod properties;
