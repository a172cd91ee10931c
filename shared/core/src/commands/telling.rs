//! How a command is told: sentences in pieces, so that whoever shows them can name people as their
//! reader knows them, and give times in their reader's time zone.

use crate::decision::History;
use crate::id::PersonId;

/// A line of the history as a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling<'a> {
    /// How it is set off from the others.
    pub tone: Tone,
    /// The pieces of the sentence, in order.
    pub parts: Vec<Part<'a>>,
}

impl<'a> Telling<'a> {
    /// A sentence of these parts.
    pub(super) fn new(tone: Tone, parts: impl Into<Vec<Part<'a>>>) -> Self {
        Self { tone, parts: parts.into() }
    }

    /// A sentence of whoever asked, what they did, and the reason if they gave one.
    pub(super) fn with_reason(tone: Tone, did: &'a str, line: &'a History) -> Self {
        Self::new(tone, [Part::Asker, Part::Text(did)]).quoting(line.reason.as_deref())
    }

    /// The same, with what somebody said if they said something.
    pub(super) fn quoting(mut self, reason: Option<&'a str>) -> Self {
        self.parts.extend(reason.map(Part::Quote));
        self
    }
}

/// How much a line of the history matters to who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A stage of the trip began.
    Stage,
    /// A deadline passed.
    Late,
    /// Anything else happened.
    Plain,
}

/// A piece of a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'a> {
    /// Words that are the same for every reader.
    Text(&'a str),
    /// Whoever asked, beginning a sentence; Baton, if nobody did.
    Asker,
    /// Whoever asked, within a sentence; a colleague, if it is not known who.
    Colleague,
    /// " for " and the owner, if somebody else did it for them.
    ForOwner,
    /// A person; "nobody", if there is none.
    Person(Option<&'a PersonId>),
    /// Whoever holds the lead now.
    Owner,
    /// When the deadline is that runs now. A sentence with it is left out if none runs.
    Deadline,
    /// How long marketing waits after its warning.
    Grace,
    /// The name of a rule.
    Rule(&'a str),
    /// What somebody said.
    Quote(&'a str),
}

/// What a page says to whoever has just given a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Done {
    /// The word in the page's address: `accepted`.
    pub word: &'static str,
    /// The heading of the page.
    pub title: &'static [Part<'static>],
    /// What happens now.
    pub text: &'static [Part<'static>],
}
