//! A list on its way to a running Baton.
//!
//! Promises that every good line is sent until it is on record, and that whatever stops it, what
//! was sent need not be sent again: ids come from the lines, so Baton knows what it has.

use std::env;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

use super::activity_result::{ActivityResult, Outcome};
use super::batch::Batch;
use super::client::{Client, Key, KeyFrom};
use super::list_stats::ListStats;
use super::progress::Progress;
use super::rows::{BadLine, Row, Rows};
use super::send_stats::SendStats;
use super::{ImportArgs, ImportError, KEY_VARIABLE, PostError, worth_nothing};
use crate::exit::CliResult;
use crate::secrets_file;

/// Sends a list and says what came of it.
pub(super) fn run<R: Read>(
    args: &ImportArgs,
    rows: &mut Rows<R>,
    progress: Progress<'_>,
    out: &mut impl Write,
) -> CliResult {
    let client = Client::new(&args.url, key(args)?)?;
    let (list_stats, send_stats) = (ListStats::new(), SendStats::default());
    let mut job = Job { args, client, progress, list_stats, send_stats, line: 1 };
    let done = job.send_all(rows);
    job.progress.finish();
    match done {
        // Not one line arrived: there is nothing to sum up.
        Err(ImportError::Post(_)) => {}
        _ => job.sum_up(out)?,
    }
    Ok(done?)
}

fn key(args: &ImportArgs) -> Result<Key, ImportError> {
    let source = args.source.clone();
    if let Ok(text) = env::var(KEY_VARIABLE) {
        let text = text.trim().to_owned();
        if !text.is_empty() {
            return Ok(Key { source, text, from: KeyFrom::Environment });
        }
    }
    let file = args.secrets.clone().unwrap_or_else(|| PathBuf::from(secrets_file::DEFAULT_FILE));
    let text = secrets_file::source_key(&file, &source)
        .map_err(|error| ImportError::NoKey { name: source.clone(), source: error })?;
    Ok(Key { source, text, from: KeyFrom::File(file) })
}

/// One list on its way.
struct Job<'a> {
    args: &'a ImportArgs,
    client: Client,
    progress: Progress<'a>,
    list_stats: ListStats,
    send_stats: SendStats,
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
                    self.list_stats.bad();
                    self.progress.bad(&bad);
                }
                Ok(row) => batch = self.add(batch, &row, rows.offset())?,
            }
        }
        self.send(&batch, rows.offset())?;
        let file = self.args.file.clone();
        match rows.failure() {
            Some(source) => Err(ImportError::Unreadable { line: self.line, file, source }),
            None if self.list_stats.lines > 0 && self.send_stats.on_record() == 0 => {
                Err(ImportError::NothingGood { file })
            }
            None => Ok(()),
        }
    }

    /// Adds a row, sending the batch first if it is full.
    fn add(&mut self, mut batch: Batch, row: &Row, offset: u64) -> Result<Batch, ImportError> {
        let person = row.identity(&self.args.source).lead_id();
        if let Err(full) = batch.add(row) {
            self.send(&batch, offset)?;
            batch = Batch::starting_with(&full);
        }
        self.list_stats.good(row, person);
        Ok(batch)
    }

    fn send(&mut self, batch: &Batch, offset: u64) -> Result<(), ImportError> {
        let Some(first) = batch.rows().first() else { return Ok(()) };
        self.line = first.line;
        let progress = &mut self.progress;
        let mut on_retry = |what: &str, wait: Duration| {
            let seconds = wait.as_secs_f64();
            progress.print(&format!("Baton {what}; trying again in {seconds} s"));
        };
        let posted = self.client.post(&batch.body(), batch.rows().len(), &mut on_retry);
        let (answers, is_retried) = posted.map_err(|error| self.stopped(error))?;
        self.send_stats.has_retried |= is_retried;
        for (posted, answer) in batch.rows().iter().zip(&answers) {
            match refusal(answer) {
                None => self.send_stats.answered(answer),
                Some(reason) => {
                    self.send_stats.refused += 1;
                    self.progress.bad(&BadLine { line: posted.line, reason });
                }
            }
        }
        self.line = batch.rows().last().map_or(self.line, |last| last.line + 1);
        self.progress.reached(offset, self.list_stats.lines);
        Ok(())
    }

    fn stopped(&self, source: PostError) -> ImportError {
        match self.send_stats.on_record() {
            0 => source.into(),
            _ => ImportError::Stopped { line: self.line, file: self.args.file.clone(), source },
        }
    }

    fn sum_up(&self, out: &mut impl Write) -> io::Result<()> {
        let ImportArgs { file, kind, source, .. } = self.args;
        let lines = self.list_stats.lines;
        writeln!(out, "{} as {kind} of {source}: {lines} lines", file.display())?;
        self.send_stats.write(out)?;
        self.list_stats.write(out)?;
        if self.send_stats.is_worth_nothing() {
            writeln!(out, "{}", worth_nothing(kind))?;
        }
        out.flush()
    }
}

/// Why a row that was answered is not on record, if it isn't.
fn refusal(answer: &ActivityResult) -> Option<String> {
    match answer.outcome {
        Outcome::Scored | Outcome::Excluded | Outcome::Duplicate => None,
        Outcome::Invalid => {
            let problem = answer.error.clone().unwrap_or_default();
            match problem.code.as_str() {
                // Some apps number their scans from 1 at every show.
                "id_reused" => Some(
                    "is left out: its scan id is on record for somebody else; import lists whose \
                     scans are numbered alike under a source each"
                        .to_owned(),
                ),
                _ => Some(format!("is refused by Baton: {problem}")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_id_of_somebody_else_is_no_mere_duplicate() {
        let answer = |json: &str| serde_json::from_str::<ActivityResult>(json).unwrap();
        assert_eq!(refusal(&answer(r#"{"outcome":"duplicate"}"#)), None);
        let reused = r#"{"outcome":"invalid","error":{"code":"id_reused","detail":"…"}}"#;
        assert!(refusal(&answer(reused)).unwrap().contains("somebody else"));
    }
}
