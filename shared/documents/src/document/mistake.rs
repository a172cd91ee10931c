//! A mistake in a document, with what its author needs to correct it.

use std::fmt;

/// Where in a document, both counted from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The number of the line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// One mistake in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Its place; none when two documents that were read before are compared.
    pub at: Option<Position>,
    /// What is wrong and in which table: ``unknown key `treshold` in [score]``.
    pub problem: String,
    /// What would be right.
    pub expected: String,
    /// The right name that was probably meant.
    pub nearest: Option<String>,
}

impl Mistake {
    /// The line to print: `policy.toml:14:1: …`.
    pub fn render(&self, file: &str) -> String {
        match self.at {
            Some(Position { line, column }) => format!("{file}:{line}:{column}: {self}"),
            None => format!("{file}: {self}"),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at: _, problem, expected, nearest } = self;
        match nearest {
            Some(nearest) => write!(f, "{problem}; did you mean `{nearest}`? Expected {expected}"),
            None => write!(f, "{problem}; expected {expected}"),
        }
    }
}

/// Every mistake of one document, at least one, in the order of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    pub(crate) fn new(mistakes: Vec<Mistake>) -> Self {
        debug_assert!(!mistakes.is_empty(), "a document without mistakes is not refused");
        Self(mistakes)
    }

    /// The mistakes, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.0.iter()
    }

    /// The lines to print, one per mistake.
    pub fn render(&self, file: &str) -> String {
        let lines: Vec<String> = self.iter().map(|mistake| mistake.render(file)).collect();
        lines.join("\n")
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            if let Some(Position { line, column }) = mistake.at {
                write!(f, "line {line}, column {column}: ")?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
