//! Why somebody asks for something, in their own words or by one of the policy's names.

use std::fmt;

use serde::Deserialize;

use super::body::Required;
use crate::limits;
use crate::text::{InvalidValue, cleaned, prose};

/// A reason: a text of at most [`limits::REASON_BYTES`], without control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Reason(String);

impl Reason {
    /// The field of a command that can't be given without a reason.
    pub(super) const REQUIRED: Required =
        Required { field: "reason", expected: "a reason in a few words" };

    /// The text, which may be empty.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Reason {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        const EXPECTED: &str = "a text of at most 500 bytes";
        if text.len() > limits::REASON_BYTES {
            return Err(InvalidValue::new(format!("is {} bytes long", text.len()), EXPECTED));
        }
        prose(&text, EXPECTED)?;
        Ok(Self(text))
    }
}

/// What can't be part of a reason is left out, and what is too long is cut.
impl From<&str> for Reason {
    fn from(text: &str) -> Self {
        Self(cleaned(text, limits::REASON_BYTES))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
