//! What is in a list, counted: its lines, the bad ones, and what their reader should know.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::io::{self, Write};

use baton_core::id::LeadId;

use super::row::{Note, Row};

/// Lines named beside a count.
const LINES_NAMED: usize = 10;
/// People remembered, to know them when they come again: 3 MB, whatever the length of the list.
const PEOPLE: usize = 200_000;

/// What was read of a list.
#[derive(Debug)]
pub(super) struct ListStats {
    pub(super) lines: u64,
    pub(super) bad: u64,
    notes: BTreeMap<Note, Lines>,
    people: HashSet<LeadId>,
    /// The most people that are remembered.
    bound: usize,
}

impl ListStats {
    pub(super) fn new() -> Self {
        Self::remembering(PEOPLE)
    }

    fn remembering(bound: usize) -> Self {
        let people = HashSet::with_capacity(bound);
        Self { lines: 0, bad: 0, notes: BTreeMap::new(), people, bound }
    }

    /// Counts a good line, about somebody.
    pub(super) fn good(&mut self, row: &Row, person: LeadId) {
        self.lines += 1;
        let is_new = match self.people.len() < self.bound {
            true => self.people.insert(person),
            false => !self.people.contains(&person),
        };
        let again = (!is_new).then_some(Note::SamePerson);
        for note in row.notes.iter().copied().chain(again) {
            self.notes.entry(note).or_default().add(row.line);
        }
    }

    /// Counts a line that can't be imported.
    pub(super) fn bad(&mut self) {
        self.lines += 1;
        self.bad += 1;
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        line(out, self.bad, "bad lines, see above")?;
        for (note, lines) in &self.notes {
            let of = match *note == Note::SamePerson && self.people.len() == self.bound {
                true => format!(", of the first {} people", self.bound),
                false => String::new(),
            };
            line(out, lines.count, &format!("{}{of}: {lines}", explain(*note)))?;
        }
        Ok(())
    }
}

/// Writes a count and what it counts, unless it is 0.
pub(super) fn line(out: &mut impl Write, count: u64, text: &str) -> io::Result<()> {
    match count {
        0 => Ok(()),
        _ => writeln!(out, "{count:>7}  {text}"),
    }
}

fn explain(note: Note) -> &'static str {
    match note {
        Note::NoEmail => "without e-mail, kept under the badge's own id",
        Note::NoTime => "without a time, counted from now",
        Note::UnknownCountry => "with a country that has no code here, sent as it is written",
        Note::Windows1252 => "not UTF-8, read as Windows-1252",
        Note::SamePerson => "about somebody who is further up in the list",
    }
}

/// How many lines, and which the first ones are.
#[derive(Debug, Default)]
struct Lines {
    count: u64,
    first: Vec<u64>,
}

impl Lines {
    fn add(&mut self, line: u64) {
        self.count += 1;
        if self.first.len() < LINES_NAMED {
            self.first.push(line);
        }
    }
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<_> = self.first.iter().map(ToString::to_string).collect();
        let word = if self.count == 1 { "line" } else { "lines" };
        let more = if self.count > self.first.len() as u64 { ", …" } else { "" };
        write!(f, "{word} {}{more}", numbers.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::rows::{Reading, Rows};
    use baton_core::id::{ActivityType, SourceName};

    fn written(list: &str) -> String {
        written_by(ListStats::new(), list)
    }

    fn written_by(mut list_stats: ListStats, list: &str) -> String {
        let kind = ActivityType::parse("event.booth_visited").unwrap();
        let source = SourceName::parse("tradeshow").unwrap();
        for row in Rows::open(list.as_bytes(), Reading::of(kind)).unwrap() {
            match row {
                Ok(row) => list_stats.good(&row, row.identity(&source).lead_id()),
                Err(_) => list_stats.bad(),
            }
        }
        let mut out = Vec::new();
        list_stats.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn repeated_people_and_missing_addresses_are_counted_and_some_lines_named() {
        let list = "email,badge\nk@a.example,1\nK@A.example,1\n,2\n,2\n,3\nkim,\n";
        let expected = "      1  bad lines, see above\n      \
                        3  without e-mail, kept under the badge's own id: lines 4, 5, 6\n      \
                        2  about somebody who is further up in the list: lines 3, 5\n";
        assert_eq!(written(list), expected);
    }

    #[test]
    fn however_many_lines_there_are_ten_are_named() {
        let people = "k@a.example\n".repeat(5_000);
        let said = written(&format!("email\n{people}"));
        assert!(said.ends_with("list: lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …\n"), "{said}");
    }

    #[test]
    fn beyond_the_people_remembered_it_says_of_whom_it_speaks() {
        let list = "email\na@x.example\nb@x.example\nc@x.example\nc@x.example\na@x.example\n";
        assert_eq!(
            written_by(ListStats::remembering(2), list),
            "      1  about somebody who is further up in the list, of the first 2 people: line 6\n"
        );
    }
}
