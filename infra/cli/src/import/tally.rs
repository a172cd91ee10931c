//! What an import came to, counted.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use baton_core::Status;

use super::answer::{Answer, Outcome};
use super::row::{Note, Row};

/// Lines named beside a count.
const LINES_NAMED: usize = 10;

/// Counts of lines.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) lines: u64,
    pub(super) scored: u64,
    pub(super) mql: u64,
    pub(super) duplicates: u64,
    pub(super) excluded: u64,
    pub(super) refused: u64,
    pub(super) bad: u64,
    /// Whether anybody earned points.
    pub(super) has_points: bool,
    /// Whether a batch had to be sent again: what the first try recorded is a duplicate then.
    pub(super) has_retried: bool,
    notes: BTreeMap<Note, Lines>,
}

impl Tally {
    /// Counts a line that was read.
    pub(super) fn read(&mut self, row: &Row) {
        self.lines += 1;
        for note in &row.notes {
            self.notes.entry(*note).or_default().add(row.line);
        }
    }

    /// Counts a line that can't be imported.
    pub(super) fn bad(&mut self) {
        self.lines += 1;
        self.bad += 1;
    }

    /// Counts what became of a line.
    pub(super) fn answered(&mut self, answer: &Answer) {
        self.has_points |= answer.points != 0.0;
        match answer.outcome {
            Outcome::Scored => {
                self.scored += 1;
                self.mql += u64::from(answer.status == Some(Status::Mql));
            }
            Outcome::Duplicate => self.duplicates += 1,
            Outcome::Excluded => self.excluded += 1,
            Outcome::Invalid => self.refused += 1,
        }
    }

    /// Lines that are on record now.
    pub(super) fn on_record(&self) -> u64 {
        self.scored + self.duplicates + self.excluded
    }

    /// Whether there were lines and not one of them is on record.
    pub(super) fn is_in_vain(&self) -> bool {
        self.lines > 0 && self.on_record() == 0
    }

    /// Whether nothing came of all that is new.
    pub(super) fn is_worth_nothing(&self) -> bool {
        self.scored > 0 && self.mql == 0 && !self.has_points
    }

    /// Writes it down.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut line = |count: u64, text: &str| match count {
            0 => Ok(()),
            _ => writeln!(out, "{count:>7}  {text}"),
        };
        let again = match self.has_retried {
            true => "on record already (some perhaps by a first try of this run)",
            false => "on record already",
        };
        line(self.scored, "scored")?;
        line(self.mql, "of these belong to leads that are MQL now")?;
        line(self.duplicates, again)?;
        line(self.excluded, "excluded by the policy")?;
        line(self.refused, "not taken by Baton, see above")?;
        line(self.bad, "bad lines, see above")?;
        for (note, lines) in &self.notes {
            line(lines.count, &format!("{}: {lines}", explain(*note)))?;
        }
        Ok(())
    }
}

fn explain(note: Note) -> &'static str {
    match note {
        Note::NoEmail => "without e-mail, kept under the badge's own id",
        Note::NoTime => "without a time, counted from now",
        Note::UnknownCountry => "with a country that has no code here, sent as it is written",
        Note::Windows1252 => "not UTF-8, read as Windows-1252",
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
