//! What ties together everything that follows from one request or one run of the timer: its
//! decisions, the messages they make known, and what those set off in turn.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::InvalidValue;

/// An id made once, where something comes in: API Gateway's or Lambda's id of the request, or the
/// trace that a caller says it belongs to. Can hold no personal data: it is machine-made, short,
/// and has no `@`, no `.` and no blank.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Correlation(String);

/// A UUID has 36 bytes, a trace 32, an id of API Gateway 16.
const BYTES: usize = 64;

const SHAPE: &str = "1 to 64 letters, digits, '-', '_', '+', '/' and '='";

/// The digits of a trace in W3C's `traceparent`.
const TRACE_DIGITS: usize = 32;

impl Correlation {
    /// Takes an id that AWS or our own edge made.
    ///
    /// # Errors
    ///
    /// When it has another shape than such ids have.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_+/=".contains(&b);
        match !text.is_empty() && text.len() <= BYTES && text.bytes().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidValue::new("is no machine-made id", SHAPE)),
        }
    }

    /// The trace that a `traceparent` header names (W3C Trace Context, §3.2); `None` if it is not
    /// as the standard has it. No other header of a caller is ever taken: people put addresses
    /// into them.
    pub fn of_trace(traceparent: &str) -> Option<Self> {
        let mut parts = traceparent.trim().split('-');
        let (version, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
        let flags = parts.next()?;
        // Version 00 ends here; later ones may go on, and 255 is forbidden.
        let is_whole = version != "00" || parts.next().is_none();
        let shaped = is_hex(version, 2)
            && is_hex(trace, TRACE_DIGITS)
            && is_hex(parent, 16)
            && is_hex(flags, 2);
        let named = version != "ff" && !is_zero(trace) && !is_zero(parent);
        (is_whole && shaped && named).then(|| Self(trace.to_owned()))
    }

    /// The correlation of what is never committed: a dry run, a measurement.
    pub fn none() -> Self {
        Self("none".to_owned())
    }

    /// The id, of printable characters only.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    let is_digit = |b: u8| b.is_ascii_digit() || matches!(b, b'a'..=b'f');
    text.len() == digits && text.bytes().all(is_digit)
}

fn is_zero(text: &str) -> bool {
    text.bytes().all(|b| b == b'0')
}

impl fmt::Display for Correlation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Correlation {
    type Error = InvalidValue;
    fn try_from(text: String) -> Result<Self, InvalidValue> {
        Self::parse(&text)
    }
}

impl From<Correlation> for String {
    fn from(correlation: Correlation) -> Self {
        correlation.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_aws_makes_are_taken_and_texts_are_not() {
        for good in ["JKJaXmPLvHcESHA=", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "a/b+c_d"] {
            assert_eq!(Correlation::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "kim@acme.example", "kim lee", "a.b", "a\nb", "é", &"x".repeat(65)] {
            assert!(Correlation::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_trace_is_taken_from_a_traceparent_as_the_standard_has_it() {
        const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
        let trace = |header: &str| Correlation::of_trace(header).map(String::from);
        for good in [
            format!("00-{TRACE}-00f067aa0ba902b7-01"),
            format!(" 00-{TRACE}-00f067aa0ba902b7-00 "),
            format!("cc-{TRACE}-00f067aa0ba902b7-01-what-the-future-brings"),
        ] {
            assert_eq!(trace(&good).as_deref(), Some(TRACE), "{good}");
        }
        for bad in [
            String::new(),
            TRACE.to_owned(),
            "kim@acme.example".to_owned(),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-kim"),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{TRACE}-{}-01", "0".repeat(16)),
        ] {
            assert_eq!(trace(&bad), None, "{bad}");
        }
    }
}
