//! Form and event tools post what they post.

mod answers;
mod formats;
mod presets;
mod quarantine;
mod sender;
