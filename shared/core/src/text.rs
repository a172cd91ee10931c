//! What is wrong with a piece of text, said so that its sender can mend it.

use std::borrow::Cow;
use std::fmt;

/// What is wrong with a value, and what would be right. Never quotes the value: it may be
/// personal data on its way into a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct InvalidValue {
    /// What is wrong: "is empty".
    pub problem: Cow<'static, str>,
    /// What would be right: "an RFC 3339 time".
    pub expected: Cow<'static, str>,
}

/// What stands between the problem and what would be right.
const EXPECTED: &str = "; expected ";

impl InvalidValue {
    /// A problem, and what would have been right.
    pub fn new(
        problem: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { problem: problem.into(), expected: expected.into() }
    }

    /// Reads back what was said by [`Display`](fmt::Display), which is all that passes through an
    /// error of serde's.
    pub(crate) fn said(text: &str) -> Self {
        let (problem, expected) = text.split_once(EXPECTED).unwrap_or((text, "something else"));
        Self::new(problem.to_owned(), expected.to_owned())
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{EXPECTED}{}", self.problem, self.expected)
    }
}

/// Refuses control characters and characters that reorder the text around them.
pub fn printable(text: &str, expected: &'static str) -> Result<(), InvalidValue> {
    check(text, expected, char::is_control)
}

/// As [`printable`], but line breaks and tabs are fine: what people type into a text area.
pub fn prose(text: &str, expected: &'static str) -> Result<(), InvalidValue> {
    check(text, expected, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Letters and digits only, in lower case: how names that people vary are compared. "Work E-mail *"
/// is "workemail".
pub fn squashed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The text without what [`prose`] refuses and without blanks around it, cut to so many bytes.
pub fn cleaned(text: &str, at_most_bytes: usize) -> String {
    let breaks = |c| matches!(c, '\n' | '\r' | '\t');
    let is_plain = |c: &char| (breaks(*c) || !c.is_control()) && !reorders(*c);
    let mut clean: String = text.chars().filter(is_plain).collect();
    clean.truncate(clean.floor_char_boundary(at_most_bytes));
    clean.trim().to_owned()
}

fn check(
    text: &str,
    expected: &'static str,
    refused: fn(char) -> bool,
) -> Result<(), InvalidValue> {
    match text.chars().find(|&c| refused(c) || reorders(c)) {
        None => Ok(()),
        Some(c) => {
            let problem = format!("contains the invisible character U+{:04X}", u32::from(c));
            Err(InvalidValue::new(problem, expected))
        }
    }
}

/// The embedding, override and isolate controls of UAX #9, used to disguise text.
/// The plain direction marks U+200E and U+200F are ordinary in Hebrew and Arabic.
fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_are_prose_but_not_printable() {
        assert!(prose("two\nlines", "text").is_ok());
        assert!(printable("two\nlines", "text").is_err());
    }

    #[test]
    fn disguises_are_refused_and_named() {
        for bad in ["a\0", "a\u{202e}b", "a\u{2066}b", "a\u{7f}"] {
            assert!(prose(bad, "text").is_err());
        }
        let flaw = prose("x\u{202e}", "plain text").unwrap_err();
        assert_eq!(
            flaw.to_string(),
            "contains the invisible character U+202E; expected plain text"
        );
    }
}
