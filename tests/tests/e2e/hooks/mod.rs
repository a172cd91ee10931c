//! Form and event tools post what they post.

mod answers;
mod formats;
mod outage;
mod presets;
mod quarantine;
mod sender;
