//! `baton import`: a trade-show list, sent to a running Baton.
//!
//! Promises that every good line is sent, that every bad one is reported with its number and what
//! would be right, and that a list may be imported again, wholly or from where it stopped: ids
//! come from the lines, so Baton knows what it has. Memory does not grow with the list. Knows
//! nothing of scoring: that is the answer's business, and in a dry run the domain's.

mod activity_result;
pub(crate) mod args;
mod batch;
mod client;
mod columns;
mod dry_run;
mod encoding;
mod field;
mod forecast;
mod header;
mod lines;
mod list_stats;
mod mapping;
mod progress;
#[cfg(test)]
mod properties_test;
mod records;
mod row;
pub mod rows;
mod send;
mod send_stats;
mod time_zone;
mod written_time;

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use baton_cloud::Clock;
use baton_core::id::{ActivityType, SourceName};
use baton_documents::policy;
use baton_intake::Sources;

use self::client::PostError;
use self::progress::Progress;
use self::rows::{NotAList, Reading, Rows};
use crate::check;
use crate::exit::CliResult;
use crate::secrets_file::SecretsFileError;

pub use self::args::ImportArgs;
pub use self::header::parse_delimiter;
pub use self::mapping::{MappedColumn, Mapping, parse_mapping};
pub use self::time_zone::parse_time_zone;

/// The environment variable that holds a source's key.
const KEY_VARIABLE: &str = "BATON_SOURCE_KEY";

/// Why an import did not happen, or not wholly.
#[derive(Debug, thiserror::Error)]
enum ImportError {
    #[error("the list {} can't be read", file.display())]
    Closed { file: PathBuf, source: io::Error },
    #[error("the list {} {what}", file.display())]
    NotAList { file: PathBuf, what: NotAList },
    #[error("the policy's columns of source '{name}' can't be used: {problem}")]
    Columns { name: SourceName, problem: String },
    #[error("there is no key for source '{name}'; give it in {KEY_VARIABLE}, or --secrets FILE")]
    NoKey { name: SourceName, source: SecretsFileError },
    #[error(
        "stopped at line {line} of {}; what was sent is on record: run it again and only the rest \
         is added, or again with --from-line {line}, which does not send the beginning at all",
        file.display()
    )]
    Stopped { line: u64, file: PathBuf, source: PostError },
    #[error(
        "the list {} can't be read on after line {line}; what was sent is on record, so run it \
         again and only the rest is added", file.display()
    )]
    Unreadable { line: u64, file: PathBuf, source: io::Error },
    #[error("no line of {} could be imported", file.display())]
    NothingGood { file: PathBuf },
    #[error(transparent)]
    Post(#[from] PostError),
}

/// Imports a list, or forecasts what an import would do. Bad lines do not fail it, unless
/// all are bad.
pub(crate) fn run(args: &ImportArgs, out: &mut impl Write) -> CliResult {
    let document = args.policy.as_deref().map(check::read_policy).transpose()?;
    let (mut rows, size) = open(args, document.as_ref().map(|document| &document.sources))?;
    let is_terminal = io::stderr().is_terminal();
    let mut progress = match args.dry_run {
        // A dry run prints as it goes, which a bar would garble.
        true => Progress::new(0, false, io::stderr()),
        false => Progress::new(size, is_terminal, io::stderr()),
    };
    if !rows.has_times() {
        progress.print("No column says when people were scanned: they count from now.");
    }
    if !args.dry_run {
        return send::run(args, &mut rows, progress, out);
    }
    let sample = || policy::parse(policy::SAMPLE).expect("a test reads the sample").policy;
    let policy = document.map_or_else(sample, |document| document.policy);
    dry_run::run(args, &mut rows, &policy, Clock::System.now(), progress, out)
}

/// Opens the list; gives its rows and its size.
fn open(args: &ImportArgs, sources: Option<&Sources>) -> Result<(Rows<File>, u64), ImportError> {
    let file = args.file.clone();
    let closed = |source| ImportError::Closed { file: file.clone(), source };
    let opened = File::open(&args.file).map_err(closed)?;
    let size = opened.metadata().map_or(0, |data| if data.is_file() { data.len() } else { 0 });
    let reading = Reading {
        kind: args.kind.clone(),
        zone: args.time_zone.clone(),
        date_order: args.date_order,
        delimiter: args.delimiter,
        mapping: mapping(args, sources)?,
    };
    match Rows::open(opened, reading) {
        Ok(rows) => Ok((rows.from_line(args.from_line), size)),
        Err(NotAList::Unreadable(source)) => Err(closed(source)),
        Err(what) => Err(ImportError::NotAList { file, what }),
    }
}

/// The columns that were typed, over those of the policy's source.
fn mapping(args: &ImportArgs, sources: Option<&Sources>) -> Result<Mapping, ImportError> {
    let name = &args.source;
    let source = sources.and_then(|sources| sources.get(name));
    let mapping = Mapping::new(&args.map).over(source.map(|source| &source.columns));
    mapping.map_err(|problem| ImportError::Columns { name: name.clone(), problem })
}

fn worth_nothing(kind: &ActivityType) -> String {
    format!("Nobody earned points: does the policy know {kind}?")
}
