//! An alert as an e-mail: plain text in which our own lines start at the margin or after two blanks,
//! and what doesn't fit goes on further in, so that no text of a lead can pass for one of them.

use super::body::{Field, Line};
use super::content::Content;
use super::{script, short_text};

/// The longest line; only a link or an address may be longer.
pub(super) const COLUMNS: usize = 78;

/// Where a sentence goes on.
const SENTENCE_INDENT: &str = "    ";

/// An alert or a sign-in link, laid out as an e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Printable ASCII, begins with a letter, shorter than 100 characters.
    pub subject: String,
    /// Plain text in lines of at most 78 columns, but for a link or an address.
    pub body: String,
}

/// Lays an alert out as an e-mail.
pub fn lay_out(content: &Content) -> Mail {
    let mut text = String::new();
    for line in content.lines().iter().flat_map(laid_out) {
        text.push_str(&line);
        text.push('\n');
    }
    let subject = short_text::subject(&content.headline, &content.name_in(script::ascii));
    Mail { subject, body: text }
}

fn laid_out(line: &Line) -> Vec<String> {
    match line {
        Line::Sentence(text) => fold(text, "", SENTENCE_INDENT),
        Line::Gap => vec![String::new()],
        Line::Link(text) | Line::Heading(text) | Line::Row(text) => vec![text.clone()],
        Line::Item(text) => fold(text, "  ", SENTENCE_INDENT),
        Line::Field(field) => labelled(field),
    }
}

fn labelled(Field { label, label_chars, value, is_whole }: &Field) -> Vec<String> {
    let label = format!("  {label:<label_chars$}  ");
    match is_whole {
        true => vec![label + value],
        false => fold(value, &label, &" ".repeat(label_chars + 4)),
    }
}

fn fold(text: &str, first: &str, further: &str) -> Vec<String> {
    let room = COLUMNS - further.chars().count().max(first.chars().count());
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut width = 0;
    for word in text.split_whitespace().flat_map(|word| pieces(word, room)) {
        let length = word.chars().count();
        if width > 0 && line.chars().count() + 1 + length > COLUMNS {
            lines.push(std::mem::replace(&mut line, further.to_owned()));
            width = 0;
        }
        if width > 0 {
            line.push(' ');
        }
        line.push_str(&word);
        width += length;
    }
    lines.push(line);
    lines
}

/// A word, in pieces if it is longer than a line.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    chars.chunks(room).map(|piece| piece.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::body::MessageBody;
    use super::*;

    fn shown(body: &MessageBody) -> Vec<String> {
        body.lines().iter().flat_map(laid_out).collect()
    }

    #[test]
    fn what_does_not_fit_goes_on_further_in() {
        let mut body = MessageBody::default();
        body.say(&"word ".repeat(20)).field("Company", &"x".repeat(100)).item("short");
        let lines = shown(&body);
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS));
        let starts: Vec<_> =
            lines.iter().map(|line| line.len() - line.trim_start().len()).collect();
        assert_eq!(starts, [0, 4, 2, 14, 2]);
    }

    #[test]
    fn a_link_stays_in_one_piece() {
        let link = format!("https://baton.example/{}", "x".repeat(100));
        let mut body = MessageBody::default();
        body.link(&link);
        assert_eq!(shown(&body), [link]);
    }
}
