//! `baton import`: a trade-show list, sent to a running Baton.
//!
//! Promises that every good line is sent, that every bad one is told with its number and what
//! would be right, and that a list may be imported again, wholly or from where it stopped: ids
//! come from the lines, so Baton knows what it has. Memory does not grow with the list. Knows
//! nothing of scoring: that is the answer's business.

mod answer;
mod batch;
mod client;
mod columns;
mod country;
mod lines;
mod number;
mod progress;
mod records;
mod row;
pub mod rows;
mod tally;
mod text;
mod time;
mod zone;

use std::env;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use baton_core::id::SourceName;

use self::answer::{Answer, Outcome};
use self::batch::{Batch, Posted};
use self::client::{Client, Key, KeyFrom, Trouble};
use self::progress::{Progress, TOLD};
use self::rows::{BadLine, NotAList, Reading, Row, Rows};
use self::tally::Tally;
use crate::args::Import;
use crate::run::Done;
use crate::secrets_file::{self, SecretsFileError};

pub use self::zone::zone;

/// The environment variable that holds a source's key.
const KEY_VARIABLE: &str = "BATON_SOURCE_KEY";
/// Where `baton serve` keeps its secrets unless told otherwise.
const SECRETS_FILE: &str = "baton-data/secrets.toml";

/// Why an import did not happen, or not wholly.
#[derive(Debug, thiserror::Error)]
enum ImportError {
    #[error("the list {} can't be read", file.display())]
    Closed { file: PathBuf, source: io::Error },
    #[error("the list {} {what}", file.display())]
    NotAList { file: PathBuf, what: NotAList },
    #[error("there is no key for source '{name}'; give it in {KEY_VARIABLE}, or --secrets FILE")]
    NoKey { name: SourceName, source: SecretsFileError },
    #[error(
        "stopped at line {line} of {}; what was sent is on record, so run it again and only the \
         rest is added", file.display()
    )]
    Stopped { line: u64, file: PathBuf, source: Trouble },
    #[error(
        "the list {} can't be read on after line {line}; what was sent is on record, so run it \
         again and only the rest is added", file.display()
    )]
    Unreadable { line: u64, file: PathBuf, source: io::Error },
    #[error("no line of {} could be imported", file.display())]
    NothingGood { file: PathBuf },
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// Imports a list. Bad lines are told and do not fail it, unless all are bad.
pub(crate) fn run(args: &Import, out: &mut impl Write) -> Done {
    let file = args.file.clone();
    let closed = |source| ImportError::Closed { file: file.clone(), source };
    let opened = File::open(&args.file).map_err(closed)?;
    let size = opened.metadata().map_or(0, |data| if data.is_file() { data.len() } else { 0 });
    let reading = Reading {
        kind: args.kind.clone(),
        zone: args.time_zone.clone(),
        date_order: args.date_order,
    };
    let rows = match Rows::open(opened, reading) {
        Ok(rows) => rows,
        Err(NotAList::Unreadable(source)) => return Err(closed(source).into()),
        Err(what) => return Err(ImportError::NotAList { file, what }.into()),
    };
    let client = Client::new(&args.url, key(args)?)?;
    let is_terminal = io::stderr().is_terminal();
    let mut err = io::stderr();
    let mut job = Job {
        file: &args.file,
        source: &args.source,
        client,
        progress: Progress::new(size, is_terminal, &mut err),
        tally: Tally::default(),
        told: 0,
        line: 1,
    };
    let done = job.send_all(rows);
    job.progress.finish();
    match done {
        // Not one line arrived: there is nothing to sum up.
        Err(ImportError::Trouble(_)) => {}
        _ => job.sum_up(args, out)?,
    }
    Ok(done?)
}

fn key(args: &Import) -> Result<Key, ImportError> {
    let source = args.source.clone();
    if let Ok(text) = env::var(KEY_VARIABLE) {
        let text = text.trim().to_owned();
        if !text.is_empty() {
            return Ok(Key { source, text, from: KeyFrom::Environment });
        }
    }
    let file = args.secrets.clone().unwrap_or_else(|| PathBuf::from(SECRETS_FILE));
    let text = secrets_file::source_key(&file, &source)
        .map_err(|error| ImportError::NoKey { name: source.clone(), source: error })?;
    Ok(Key { source, text, from: KeyFrom::File(file) })
}

/// One list on its way.
struct Job<'a> {
    file: &'a Path,
    source: &'a SourceName,
    client: Client,
    progress: Progress<'a>,
    tally: Tally,
    /// Lines told on the way.
    told: u64,
    /// The first line that is not on record yet.
    line: u64,
}

impl Job<'_> {
    fn send_all<R: Read>(&mut self, mut rows: Rows<R>) -> Result<(), ImportError> {
        if !rows.has_times() {
            self.progress.tell("No column says when people were scanned: they count from now.");
        }
        self.progress.reached(0, 0);
        let mut batch = Batch::default();
        while let Some(read) = rows.next() {
            match read {
                Err(bad) => {
                    self.tally.bad();
                    self.told(&bad);
                }
                Ok(row) => batch = self.add(batch, &row, rows.offset())?,
            }
        }
        self.send(&batch, rows.offset())?;
        let file = self.file.to_owned();
        match rows.failure() {
            Some(source) => Err(ImportError::Unreadable { line: self.line, file, source }),
            None if self.tally.is_in_vain() => Err(ImportError::NothingGood { file }),
            None => Ok(()),
        }
    }

    /// Adds a row, sending the batch first if it is full.
    fn add(&mut self, mut batch: Batch, row: &Row, offset: u64) -> Result<Batch, ImportError> {
        if let Err(full) = batch.add(row, self.source) {
            self.send(&batch, offset)?;
            batch = Batch::begin(&full);
        }
        self.tally.read(row);
        Ok(batch)
    }

    fn send(&mut self, batch: &Batch, offset: u64) -> Result<(), ImportError> {
        let Some(first) = batch.rows().first() else { return Ok(()) };
        self.line = first.line;
        let progress = &mut self.progress;
        let mut waiting = |what: &str, wait: Duration| {
            let seconds = wait.as_secs_f64();
            progress.tell(&format!("Baton {what}; trying again in {seconds} s"));
        };
        let posted = self.client.post(&batch.body(), batch.rows().len(), &mut waiting);
        let (answers, is_retried) = posted.map_err(|trouble| self.stopped(trouble))?;
        self.tally.has_retried |= is_retried;
        for (posted, answer) in batch.rows().iter().zip(&answers) {
            match flaw(posted, answer) {
                None => self.tally.answered(answer),
                Some(reason) => {
                    self.tally.refused += 1;
                    self.told(&BadLine { line: posted.line, reason });
                }
            }
        }
        self.line = batch.rows().last().map_or(self.line, |last| last.line + 1);
        self.progress.reached(offset, self.tally.lines);
        Ok(())
    }

    fn told(&mut self, bad: &BadLine) {
        self.told += 1;
        if self.told <= TOLD {
            self.progress.tell(&format!("line {} {}", bad.line, bad.reason));
        }
    }

    fn stopped(&self, source: Trouble) -> ImportError {
        match self.tally.on_record() {
            0 => source.into(),
            _ => ImportError::Stopped { line: self.line, file: self.file.to_owned(), source },
        }
    }

    /// Says what came of it.
    fn sum_up(&mut self, args: &Import, out: &mut impl Write) -> io::Result<()> {
        let Import { file, kind, source, .. } = args;
        let lines = self.tally.lines;
        if let Some(untold) = self.told.checked_sub(TOLD).filter(|&untold| untold > 0) {
            self.progress.tell(&format!("and {untold} more lines like these"));
        }
        writeln!(out, "{} as {kind} of {source}: {lines} lines", file.display())?;
        self.tally.write(out)?;
        if self.tally.is_worth_nothing() {
            writeln!(out, "Nobody earned points: does the policy know {kind}?")?;
        }
        out.flush()
    }
}

/// Why a row that was answered is not on record, if it isn't.
fn flaw(posted: &Posted, answer: &Answer) -> Option<String> {
    match answer.outcome {
        Outcome::Scored | Outcome::Excluded => None,
        Outcome::Invalid => {
            let problem = answer.error.clone().unwrap_or_default();
            Some(format!("is refused by Baton: {problem}"))
        }
        // Some apps number their scans from 1 at every show.
        Outcome::Duplicate => answer.lead.filter(|&lead| lead != posted.lead).map(|_| {
            "is left out: its scan id is on record for somebody else; import lists whose scans \
             are numbered alike under a source each"
                .to_owned()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_id_of_somebody_else_is_no_mere_duplicate() {
        let answer = |lead: &str| {
            let json = format!(r#"{{"outcome":"duplicate","lead":"{lead}"}}"#);
            serde_json::from_str::<Answer>(&json).unwrap()
        };
        let (one, other) = ("0123456789abcdef01234567", "fedcba9876543210fedcba98");
        let posted = Posted { line: 7, lead: one.to_owned().try_into().unwrap() };
        assert_eq!(flaw(&posted, &answer(one)), None);
        assert!(flaw(&posted, &answer(other)).unwrap().contains("somebody else"));
    }
}
