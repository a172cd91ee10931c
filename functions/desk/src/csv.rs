//! Tables for a spreadsheet. No cell is taken for a formula, whatever a prospect typed
//! (<https://owasp.org/www-community/attacks/CSV_Injection>).

use std::borrow::Cow;

use baton_http::{Answer, Problem};
use csv::{Terminator, Writer, WriterBuilder};

/// A table that is being written: UTF-8 with a byte order mark, as spreadsheets ask for, and lines
/// that end as RFC 4180 says.
pub(crate) struct Csv(Writer<Vec<u8>>);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// A text that may come from anybody.
    Text(Cow<'a, str>),
    /// Written with a point for decimals.
    Number(f64),
    Empty,
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A cell that begins with one of these is a formula; so are the full-width ones.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

impl Csv {
    pub(crate) fn new(head: &[&str]) -> Result<Self, Problem> {
        let mut builder = WriterBuilder::new();
        let mut table = Self(builder.terminator(Terminator::CRLF).from_writer(Vec::new()));
        table.write(head.iter().map(|name| Cow::Borrowed(*name)))?;
        Ok(table)
    }

    pub(crate) fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), Problem> {
        self.write(cells.iter().map(Cell::written))
    }

    /// The table as a download of that name.
    pub(crate) fn file(self, name: &str) -> Result<Answer, Problem> {
        let lines = self.0.into_inner().map_err(|_| Problem::unavailable())?;
        let text = String::from_utf8(lines).map_err(|_| Problem::unavailable())?;
        let answer =
            Answer::text(200, "text/csv; charset=utf-8", format!("{BYTE_ORDER_MARK}{text}"));
        Ok(answer.to_keep(name))
    }

    fn write<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) -> Result<(), Problem> {
        let cells = cells.map(Cow::into_owned);
        self.0.write_record(cells).map_err(|_| Problem::unavailable())
    }
}

impl<'a> Cell<'a> {
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn count(n: impl TryInto<i32>) -> Self {
        n.try_into().map_or(Self::Empty, |n| Self::Number(n.into()))
    }

    fn written(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => harmless(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Empty => Cow::Borrowed(""),
        }
    }
}

/// Puts an apostrophe before a text that a spreadsheet would take for a formula.
fn harmless(text: &str) -> Cow<'_, str> {
    let begins = text.starts_with(FORMULA) || text.trim_start().starts_with(FORMULA);
    if begins { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_a_formula_and_no_number_is_a_text() {
        let mut table = Csv::new(&["company", "points"]).unwrap();
        for company in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1", "＝1", "a=1", "Ü \"x\""]
        {
            table.line(&[Cell::text(company), Cell::Number(-1.5)]).unwrap();
        }
        table.line(&[Cell::Empty, Cell::count(7)]).unwrap();
        let answer = table.file("x.csv").unwrap();
        let body = answer.body.strip_prefix(BYTE_ORDER_MARK).unwrap();
        let lines: Vec<_> = body.split_terminator("\r\n").collect();
        assert_eq!(lines[0], "company,points");
        assert_eq!(lines[1..5], ["'=1+1,-1.5", "'+1,-1.5", "'-1,-1.5", "'@a,-1.5"]);
        assert_eq!(lines[5..9], ["'\t=1,-1.5", "\"'\r=1\",-1.5", "'  =1,-1.5", "'＝1,-1.5"]);
        assert_eq!(lines[9..], ["a=1,-1.5", "\"Ü \"\"x\"\"\",-1.5", ",7"]);
        assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"x.csv\"");
    }
}
