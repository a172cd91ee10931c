//! Reading a document that people write: the policy and the roster, in TOML.
//!
//! Promises that one reading reports every mistake, each with its place, what would be right and
//! the nearest right name, and that a document with a mistake yields nothing. Knows nothing of
//! what the documents are about.

mod keys;
mod mistake;
mod nearest;
mod span;
mod table;
#[cfg(test)]
pub(crate) mod testing;
mod value;

use std::cell::RefCell;

use baton_core::limits;
use toml::de::DeTable;

pub use keys::Keys;
pub use mistake::{Mistake, Mistakes, Position};
pub(crate) use nearest::nearest;
pub(crate) use table::Table;
pub(crate) use value::{Value, listed};

/// A value, or the proof that the mistake in its place has been noted.
pub(crate) type Read<T> = Result<T, Noted>;

/// Proof that a mistake has been noted: only [`Notes`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Noted(());

/// The mistakes noted so far, by their offset in the text, and what is no mistake and perhaps not
/// what its author meant.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    mistakes: RefCell<Vec<Note>>,
    warnings: RefCell<Vec<Note>>,
}

/// A mistake before its offset is turned into a line.
#[derive(Debug)]
struct Note {
    offset: usize,
    problem: String,
    expected: String,
    nearest: Option<String>,
}

impl Notes {
    /// Notes a mistake.
    pub(crate) fn note(
        &self,
        offset: usize,
        problem: impl Into<String>,
        expected: impl Into<String>,
        nearest: Option<String>,
    ) -> Noted {
        let (problem, expected) = (problem.into(), expected.into());
        self.mistakes.borrow_mut().push(Note { offset, problem, expected, nearest });
        Noted(())
    }

    /// Notes what its author may not have meant. The document is good all the same.
    fn warn(&self, offset: usize, problem: String, expected: &str) {
        let expected = expected.to_owned();
        self.warnings.borrow_mut().push(Note { offset, problem, expected, nearest: None });
    }

    /// The right name that was probably meant; none in a flood of mistakes, for suggestions cost
    /// more than anything else here.
    pub(crate) fn nearest<'n>(
        &self,
        name: &str,
        right: impl IntoIterator<Item = &'n str>,
    ) -> Option<String> {
        let flooded = self.mistakes.borrow().len() >= limits::SUGGESTIONS;
        if flooded { None } else { nearest(name, right) }
    }

    /// The value and what to warn of if there was no mistake at all, else every mistake; both in
    /// the order of the text.
    fn conclude<T>(self, text: &str, outcome: Read<T>) -> Result<(T, Vec<Mistake>), Mistakes> {
        let mistakes = self.mistakes.into_inner();
        match outcome {
            Ok(value) if mistakes.is_empty() => {
                Ok((value, located(self.warnings.into_inner(), text)))
            }
            Ok(_) | Err(Noted(())) => Err(Mistakes::new(located(mistakes, text))),
        }
    }
}

/// Reads a whole document: its top-level keys, and what `build` makes of them.
pub(crate) fn read<T>(
    text: &str,
    keys: &'static Keys,
    build: impl FnOnce(&Table<'_>) -> Read<T>,
) -> Result<T, Mistakes> {
    read_with_warnings(text, keys, build).map(|(value, _)| value)
}

/// As [`read`], with what the author of the document may not have meant.
pub(crate) fn read_with_warnings<T>(
    text: &str,
    keys: &'static Keys,
    build: impl FnOnce(&Table<'_>) -> Read<T>,
) -> Result<(T, Vec<Mistake>), Mistakes> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let notes = Notes::default();
    let outcome = match syntax(text, &notes) {
        Ok(root) => build(&Table::new(&notes, keys, 0, &root)),
        Err(noted) => Err(noted),
    };
    notes.conclude(text, outcome)
}

fn syntax<'a>(text: &'a str, notes: &Notes) -> Read<DeTable<'a>> {
    if text.len() > limits::DOCUMENT_BYTES {
        let problem = format!("the document is {} bytes long", text.len());
        let expected = format!("at most {} bytes", limits::DOCUMENT_BYTES);
        return Err(notes.note(0, problem, expected, None));
    }
    if let Some(offset) = deep_key(text) {
        let expected = format!("at most {KEY_DOTS} dots");
        return Err(notes.note(offset, "a key has too many dots", expected, None));
    }
    DeTable::parse(text).map(toml::Spanned::into_inner).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let (problem, expected) = match error.message().split_once(", expected ") {
            Some((problem, expected)) => (problem, expected),
            None if error.message() == "duplicate key" => (error.message(), "each key once"),
            None => (error.message(), "TOML"),
        };
        let expected = if expected == "literal string" { "text in quotes" } else { expected };
        notes.note(offset, format!("not valid TOML: {problem}"), expected, None)
    })
}

/// Dots in one key. The TOML reader follows `a.b.c = …` by recursion, up to 80 levels a key and
/// 80 brackets deep: without this bound a small document could overflow the stack.
const KEY_DOTS: usize = 8;

fn deep_key(text: &str) -> Option<usize> {
    use toml_parser::lexer::TokenKind;
    let mut dots = 0;
    for token in toml_parser::Source::new(text).lex() {
        match token.kind() {
            TokenKind::Dot => dots += 1,
            TokenKind::Atom
            | TokenKind::Whitespace
            | TokenKind::LiteralString
            | TokenKind::BasicString
            | TokenKind::MlLiteralString
            | TokenKind::MlBasicString => {}
            TokenKind::Equals
            | TokenKind::Comma
            | TokenKind::LeftSquareBracket
            | TokenKind::RightSquareBracket
            | TokenKind::LeftCurlyBracket
            | TokenKind::RightCurlyBracket
            | TokenKind::Comment
            | TokenKind::Newline
            | TokenKind::Eof => dots = 0,
        }
        if dots > KEY_DOTS {
            return Some(token.span().start());
        }
    }
    None
}

/// Turns offsets into lines and columns in one walk over the text.
fn located(mut notes: Vec<Note>, text: &str) -> Vec<Mistake> {
    notes.sort_by_key(|note| note.offset);
    let (mut walked, mut position) = (0, Position { line: 1, column: 1 });
    let locate = |note: Note| {
        let end = text.floor_char_boundary(note.offset);
        for c in text[walked..end].chars() {
            position = if c == '\n' {
                Position { line: position.line + 1, column: 1 }
            } else {
                Position { column: position.column + 1, ..position }
            };
        }
        walked = end;
        Mistake {
            at: Some(position),
            problem: note.problem,
            expected: note.expected,
            nearest: note.nearest,
        }
    };
    notes.into_iter().map(locate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    static KEYS: Keys = Keys::new("the test", &["name", "size"]);

    fn mistakes(text: &str) -> String {
        let build = |table: &Table<'_>| {
            let name = table.required("name", Value::text).map(str::to_owned);
            let size = table.required("size", |v| v.integer(1..=9));
            Ok((name?, size?))
        };
        read(text, &KEYS, build).unwrap_err().render("test.toml")
    }

    #[test]
    fn all_mistakes_are_told_at_once_in_the_order_of_the_text() {
        insta::assert_snapshot!(mistakes("size = 12\nnaem = \"x\"\n"), @r"
test.toml:1:8: `size` in the test is 12; expected a whole number from 1 to 9
test.toml:2:1: unknown key `naem` in the test; did you mean `name`? Expected one of name, size
");
    }

    #[test]
    fn a_syntax_error_is_told_alone() {
        insta::assert_snapshot!(mistakes("size = 12\nname = x y\n"), @r"
test.toml:2:8: not valid TOML: string values must be quoted; expected text in quotes
");
        insta::assert_snapshot!(mistakes("size = 1\nsize = 2\n"), @r"
test.toml:2:1: not valid TOML: duplicate key; expected each key once
");
    }

    #[test]
    fn a_document_beyond_the_limit_is_not_even_read() {
        let text = format!("name = \"{}\"", "x".repeat(limits::DOCUMENT_BYTES));
        insta::assert_snapshot!(mistakes(&text), @r"
test.toml:1:1: the document is 262153 bytes long; expected at most 262144 bytes
");
    }

    #[test]
    fn columns_count_characters_and_a_byte_order_mark_is_no_mistake() {
        insta::assert_snapshot!(mistakes("\u{feff}name = \"é\"\nsize = [\"é\"]"), @r"
test.toml:2:8: `size` in the test is a list; expected a whole number from 1 to 9
");
    }

    #[test]
    fn keys_nested_to_overflow_the_stack_are_refused() {
        let key = vec!["a"; 79].join(".");
        let value = (0..77).fold("1".to_owned(), |value, _| format!("{{{key} = {value}}}"));
        assert!(mistakes(&format!("{key} = {value}")).contains("too many dots"));
        let key = ["'a'"; KEY_DOTS + 1].join(" . ");
        let value = (0..77).fold("1".to_owned(), |value, _| format!("{{{key} = {value}}}"));
        assert!(!mistakes(&format!("{key} = {value}")).contains("too many dots"));
    }
}
