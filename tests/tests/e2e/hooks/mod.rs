//! Form and event tools post what they post.

mod presets;
mod sender;
