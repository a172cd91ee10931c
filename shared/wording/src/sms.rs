//! An alert as a short message: one, not two, with its link last.

use super::content::Content;
use super::{script, short_text};

/// Lays an alert out as a short message: at most 160 septets of GSM-7, the link included; the link
/// alone if it is longer.
pub fn lay_out(content: &Content) -> String {
    short_text::sms(&content.brief, &content.name_in(script::gsm), content.link())
}
