//! A list on its way to a running Baton.
//!
//! Promises that every good line is sent until it is on record, and that whatever stops it, what
//! was sent need not be sent again: ids come from the lines, so Baton knows what it has.

use std::env;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

use super::answer::{Answer, Outcome};
use super::batch::{Batch, Posted};
use super::client::{Client, Key, KeyFrom};
use super::progress::Progress;
use super::rows::{BadLine, Row, Rows};
use super::survey::Survey;
use super::tally::Tally;
use super::{Import, ImportError, KEY_VARIABLE, SECRETS_FILE, Trouble, worth_nothing};
use crate::exit::Done;
use crate::secrets_file;

/// Sends a list and says what came of it.
pub(super) fn run<R: Read>(
    args: &Import,
    rows: &mut Rows<R>,
    progress: Progress<'_>,
    out: &mut impl Write,
) -> Done {
    let client = Client::new(&args.url, key(args)?)?;
    let (survey, tally) = (Survey::new(), Tally::default());
    let mut job = Job { args, client, progress, survey, tally, line: 1 };
    let done = job.send_all(rows);
    job.progress.finish();
    match done {
        // Not one line arrived: there is nothing to sum up.
        Err(ImportError::Trouble(_)) => {}
        _ => job.sum_up(out)?,
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
    args: &'a Import,
    client: Client,
    progress: Progress<'a>,
    survey: Survey,
    tally: Tally,
    /// The first line that is not on record yet.
    line: u64,
}

impl Job<'_> {
    fn send_all<R: Read>(&mut self, rows: &mut Rows<R>) -> Result<(), ImportError> {
        self.progress.reached(0, 0);
        let mut batch = Batch::default();
        while let Some(read) = rows.next() {
            match read {
                Err(bad) => {
                    self.survey.bad();
                    self.progress.bad(&bad);
                }
                Ok(row) => batch = self.add(batch, &row, rows.offset())?,
            }
        }
        self.send(&batch, rows.offset())?;
        let file = self.args.file.clone();
        match rows.failure() {
            Some(source) => Err(ImportError::Unreadable { line: self.line, file, source }),
            None if self.survey.lines > 0 && self.tally.on_record() == 0 => {
                Err(ImportError::NothingGood { file })
            }
            None => Ok(()),
        }
    }

    /// Adds a row, sending the batch first if it is full.
    fn add(&mut self, mut batch: Batch, row: &Row, offset: u64) -> Result<Batch, ImportError> {
        let person = row.identity(&self.args.source).lead_id();
        if let Err(full) = batch.add(row, person) {
            self.send(&batch, offset)?;
            batch = Batch::begin(&full);
        }
        self.survey.good(row, person);
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
                    self.progress.bad(&BadLine { line: posted.line, reason });
                }
            }
        }
        self.line = batch.rows().last().map_or(self.line, |last| last.line + 1);
        self.progress.reached(offset, self.survey.lines);
        Ok(())
    }

    fn stopped(&self, source: Trouble) -> ImportError {
        match self.tally.on_record() {
            0 => source.into(),
            _ => ImportError::Stopped { line: self.line, file: self.args.file.clone(), source },
        }
    }

    /// Says what came of it.
    fn sum_up(&self, out: &mut impl Write) -> io::Result<()> {
        let Import { file, kind, source, .. } = self.args;
        let lines = self.survey.lines;
        writeln!(out, "{} as {kind} of {source}: {lines} lines", file.display())?;
        self.tally.write(out)?;
        self.survey.write(out)?;
        if self.tally.is_worth_nothing() {
            writeln!(out, "{}", worth_nothing(kind))?;
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
