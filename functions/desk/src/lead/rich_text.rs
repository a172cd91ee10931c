//! Text of a page with moments and quotes in it.

use askama::Template;

use crate::reader::Moment;

/// Its pieces are escaped when it is shown as HTML, so that templates mark it as safe.
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
    pub(super) fn and(self, text: impl Into<String>) -> Self {
        self.with(Piece::Text(text.into()))
    }

    pub(super) fn at(self, moment: Moment) -> Self {
        self.with(Piece::At(moment))
    }

    pub(super) fn quote(self, text: impl Into<String>) -> Self {
        self.with(Piece::Quote(text.into()))
    }

    fn with(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }
}

pub(super) fn rich_text(text: impl Into<String>) -> RichText {
    RichText::default().and(text)
}
