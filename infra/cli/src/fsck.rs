//! `baton fsck`: what is wrong with a table, and what to do about it. Changes nothing.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use baton_cloud::{Clock, Document, Table};
use baton_engine::{Draft, Integrity, Publisher, Rules};
use baton_reports::integrity::Finding;
use clap::Args as Arguments;
use serde_json::json;

use crate::clock_choice::{ClockChoice, parse_clock};
use crate::deployment::Account;
use crate::exit::{BoxError, report_failure};
use crate::local::{EmbeddedDynamo, Store, is_used};
use crate::publish::publish_failure;
use crate::{check, local_stack};

/// What to look through.
#[derive(Clone, Debug, Arguments)]
#[command(after_help = FSCK_HELP)]
pub struct FsckArgs {
    /// Folder of a `baton serve` that is stopped
    #[arg(long, value_name = "DIR", required_unless_present = "table")]
    pub data: Option<PathBuf>,
    /// A deployment's table: the output TableName of its stack. Credentials and region are found
    /// as the AWS CLI finds them; --data goes before
    #[arg(long, value_name = "NAME", env = "BATON_TABLE")]
    pub table: Option<String>,
    /// Policy to check against [default: the one that is published in the data]
    #[arg(long, value_name = "FILE", requires = "data")]
    pub policy: Option<PathBuf>,
    /// Roster to check against [default: the one that is published in the data]
    #[arg(long, value_name = "FILE", requires = "data")]
    pub roster: Option<PathBuf>,
    /// Where the time comes from, as for `serve`: with `manual:`, where that clock stands
    /// [default: as for `serve`]
    #[arg(long, value_name = "CLOCK", value_parser = parse_clock)]
    pub clock: Option<ClockChoice>,
    /// Say it in JSON
    #[arg(long)]
    pub json: bool,
}

/// The end of the help: what is read, what is written, the exit codes.
pub(crate) const FSCK_HELP: &str = "\
Reads everything once and what seems wrong twice, and changes nothing. A line for each finding: a
code, the item's key, what is wrong, and what to do. Keys hold no personal data. On a table in use,
a lead that changes while it is looked at is looked at again.\n
Ends with 0 if nothing is wrong, with 1 if something is, with 2 if it could not look at \
everything.";

/// The exit code when not everything could be checked.
const UNSEEN: u8 = 2;

/// The folder is no data folder.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no data of baton in {}; name the folder that 'baton serve --data' has",
    .0.display()
)]
struct NoData(PathBuf);

/// Some leads changed each time they were read.
#[derive(Debug, thiserror::Error)]
#[error("{0} leads kept changing while they were looked at; look again")]
struct Moving(usize);

/// Checks a table, and gives whether nothing is wrong.
pub(crate) fn run(args: &FsckArgs, out: &mut impl Write) -> Result<bool, BoxError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let checked = runtime.block_on(look(args))?;
    match args.json {
        true => write_json(&checked, out)?,
        false => write_lines(&checked, out)?,
    }
    match (checked.findings.len(), checked.moving) {
        (0, moving) if moving > 0 => Err(Moving(moving).into()),
        (findings, _) => Ok(findings == 0),
    }
}

/// 0 for a good table, 1 for a bad one, 2 for one that could not be looked at.
pub(crate) fn exit(looked: Result<bool, BoxError>) -> ExitCode {
    match looked {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => report_failure(error.as_ref(), ExitCode::from(UNSEEN)),
    }
}

async fn look(args: &FsckArgs) -> Result<Integrity, BoxError> {
    let clock = ClockChoice::resolve(args.clock, args.data.as_deref()).open();
    match (&args.data, &args.table) {
        (Some(folder), _) => look_into(folder, args, &clock).await,
        (None, table) => {
            let table = Account::load().await?.table(table.as_deref().unwrap_or_default());
            Ok(baton_engine::Fsck(&table).check(None, clock.now()).await?)
        }
    }
}

async fn look_into(folder: &Path, args: &FsckArgs, clock: &Clock) -> Result<Integrity, BoxError> {
    if !is_used(folder) {
        return Err(NoData(folder.to_owned()).into());
    }
    let dynamo = EmbeddedDynamo::open(&Store::Folder(folder.to_owned()))?;
    local_stack::resume_clock(clock, Some(&local_stack::clock_file(folder)))?;
    let table = local_stack::table_in(&dynamo);
    let rules = given_rules(args, &table).await?;
    Ok(baton_engine::Fsck(&table).check(rules.as_ref(), clock.now()).await?)
}

/// The rules of the files that were given; of one file, beside the other document as published.
async fn given_rules(args: &FsckArgs, table: &Table) -> Result<Option<Rules>, BoxError> {
    let given = [(Document::Policy, &args.policy), (Document::Roster, &args.roster)];
    let mut texts = Vec::new();
    for (document, file) in given {
        let Some(file) = file else { continue };
        texts.push((document, file.display().to_string(), check::read(file)?));
    }
    if texts.is_empty() {
        return Ok(None);
    }
    let drafts =
        texts.iter().map(|(document, name, text)| Draft { document: *document, name, text });
    let rules = Publisher(table)
        .check_drafts(&drafts.collect::<Vec<_>>())
        .await
        .map_err(publish_failure)?;
    Ok(Some(rules))
}

fn write_lines(checked: &Integrity, out: &mut impl Write) -> io::Result<()> {
    let Integrity { findings, walked, unjudged, .. } = checked;
    for Finding { place, violation } in findings {
        writeln!(out, "{}  {place}: {violation}; {}", violation.code(), violation.repair())?;
    }
    match findings.len() {
        0 => write!(out, "Nothing is wrong with")?,
        1 => write!(out, "1 finding in")?,
        more => write!(out, "{more} findings in")?,
    }
    write!(out, " {} items", walked.values().sum::<usize>())?;
    for (index, (kind, count)) in walked.iter().enumerate() {
        let before = if index == 0 { ": " } else { ", " };
        write!(out, "{before}{kind} {count}")?;
    }
    writeln!(out, ".")?;
    if *unjudged > 0 {
        writeln!(out, "{unjudged} {UNJUDGED}")?;
    }
    Ok(())
}

const UNJUDGED: &str = "leads' scores were not held against their ledgers: nobody knows the rules \
    they were counted by, entries of theirs may have expired, or a recount is due.";

fn write_json(checked: &Integrity, out: &mut impl Write) -> io::Result<()> {
    let Integrity { findings, walked, unjudged, moving } = checked;
    let as_json = |Finding { place, violation }: &Finding| {
        json!({
            "code": violation.code(), "pk": place.pk, "sk": place.sk, "what": violation.to_string(),
            "repair": violation.repair(),
        })
    };
    let findings: Vec<_> = findings.iter().map(as_json).collect();
    let walked: BTreeMap<_, _> = walked.iter().collect();
    let report = json!({
        "findings": findings, "walked": walked, "unjudged": unjudged, "moving": moving,
    });
    writeln!(out, "{report:#}")
}
