//! An alert rendered for its reader: what it says, before any channel lays it out.

use super::body::{Line, MessageBody};
use super::prospect::Prospect;
use super::short_text::{NameTemplate, Sms};

/// What a reader is told, whichever channel carries it. All of it is harmless: nothing of the lead's
/// can be clicked or passes for one of our own lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What it is, in one line around the lead's name.
    pub(super) headline: NameTemplate,
    /// Whom it is about, if it is about one lead.
    pub(super) about: Option<Prospect>,
    pub(super) body: MessageBody,
    /// For where room is short.
    pub(super) brief: Sms,
    pub(super) link: String,
}

impl Content {
    /// What it is, in one line.
    pub fn headline(&self) -> String {
        self.headline.name(&self.name_in(str::to_owned))
    }

    /// All of it: why now, what the lead said and did, what to do by when.
    pub fn lines(&self) -> &[Line] {
        self.body.lines()
    }

    /// Where the reader acts on it; theirs alone.
    pub fn link(&self) -> &str {
        &self.link
    }

    /// The lead's name in some alphabet.
    pub(super) fn name_in(&self, script: fn(&str) -> String) -> String {
        self.about.as_ref().map_or(String::new(), |lead| lead.called_in(script))
    }
}
