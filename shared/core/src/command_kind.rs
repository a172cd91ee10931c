//! The kinds of commands: what history stores of a command, and its word in JSON and routes.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// Which command it is, without its fields: what history stores. Its word is also the last part of
/// the route, `accept` of `/leads/{lead}/accept`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "each type of that name says what it asks for")]
pub enum CommandKind {
    Record,
    Assign,
    Lapse,
    WarningSent,
    Accept,
    Convert,
    Extend,
    Return,
    Disqualify,
    Qualify,
    Reject,
    Reassign,
    Reopen,
    Report,
}

impl CommandKind {
    /// Every kind, in the order in which pages offer them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The command of that word.
    pub fn named(word: &str) -> Option<Self> {
        word.parse().ok()
    }

    /// The word in JSON, in the history and in the route.
    pub fn word(self) -> &'static str {
        self.into()
    }
}
