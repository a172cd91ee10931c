//! A sentence of a page with moments and words of people in it.

use askama::Template;

use crate::reader::Moment;

/// A sentence. Shown as HTML, it has escaped what it was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "lead/rich_text.html")]
pub(super) struct RichText {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    At(Moment),
    Quote(String),
}

impl RichText {
    /// The same with more words.
    pub(super) fn and(self, text: impl Into<String>) -> Self {
        self.with(Piece::Text(text.into()))
    }

    /// The same with a moment.
    pub(super) fn at(self, moment: Moment) -> Self {
        self.with(Piece::At(moment))
    }

    /// The same with what somebody said.
    pub(super) fn quote(self, text: impl Into<String>) -> Self {
        self.with(Piece::Quote(text.into()))
    }

    fn with(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }
}

/// A sentence without moments.
pub(super) fn rich_text(text: impl Into<String>) -> RichText {
    RichText::default().and(text)
}
