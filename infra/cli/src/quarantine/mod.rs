//! `baton quarantine`: deliveries nothing could be made of, at a running Baton.

mod client;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand};

use self::client::{QuarantineClient, QuarantinedDelivery, RetryResult};
use crate::exit::CliResult;

/// What to do with what is in quarantine.
#[derive(Clone, Debug, Subcommand)]
pub enum QuarantineCommand {
    /// What waits, and why
    List {
        /// One source only
        #[arg(long)]
        source: Option<String>,
        /// The running Baton to ask.
        #[command(flatten)]
        server: ServerArgs,
    },
    /// One delivery, whole
    Show {
        /// As the list has it: SOURCE/ID
        id: String,
        /// The running Baton to ask.
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Try again after the mapping was mended; safe to run twice
    Retry {
        /// As the list has it: SOURCE/ID
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// Everything that waits, but for what a machine seems to have sent
        #[arg(long)]
        all: bool,
        /// The running Baton to ask.
        #[command(flatten)]
        server: ServerArgs,
    },
}

/// The running Baton to ask.
#[derive(Clone, Debug, Arguments)]
pub struct ServerArgs {
    /// Where Baton answers
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    pub url: String,
    /// Secrets that hold the desk key [default: secrets.toml in baton-data]; the environment
    /// variable BATON_DESK_KEY goes before
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
}

/// Some deliveries are still unusable.
#[derive(Debug, thiserror::Error)]
#[error("{0} still in quarantine")]
struct SomeRemain(usize);

pub(crate) fn run(command: &QuarantineCommand, out: &mut impl Write) -> CliResult {
    match command {
        QuarantineCommand::List { source, server } => {
            list(&QuarantineClient::new(server)?, source.as_deref(), out)
        }
        QuarantineCommand::Show { id, server } => show(&QuarantineClient::new(server)?, id, out),
        QuarantineCommand::Retry { id, all: _, server } => {
            let client = QuarantineClient::new(server)?;
            match id {
                Some(id) => retry(&client, std::slice::from_ref(id), out),
                None => {
                    let waiting = client.list(None)?.quarantined.into_iter();
                    let ids: Vec<String> = waiting
                        .filter(|delivery| !delivery.is_suspect)
                        .map(|delivery| delivery.name())
                        .collect();
                    retry(&client, &ids, out)
                }
            }
        }
    }
}

fn list(client: &QuarantineClient, source: Option<&str>, out: &mut impl Write) -> CliResult {
    let list = client.list(source)?;
    for delivery in &list.quarantined {
        let suspect = if delivery.is_suspect { "suspect: " } else { "" };
        writeln!(
            out,
            "{}  {}  {suspect}{}",
            delivery.name(),
            delivery.received_at,
            reasons(delivery)
        )?;
    }
    match (list.quarantined.len(), list.has_more) {
        (0, _) => writeln!(out, "Nothing is in quarantine.")?,
        (_, true) => writeln!(out, "and more; --source NAME shows those of one source")?,
        (_, false) => {}
    }
    Ok(())
}

fn show(client: &QuarantineClient, id: &str, out: &mut impl Write) -> CliResult {
    let (delivery, body) = client.show(id)?;
    writeln!(out, "{}  {}\n{}", delivery.name(), delivery.received_at, reasons(&delivery))?;
    for (name, value) in &delivery.headers {
        writeln!(out, "{name}: {}", plain(value))?;
    }
    writeln!(out, "\n{}", plain(&body))?;
    Ok(())
}

fn retry(client: &QuarantineClient, ids: &[String], out: &mut impl Write) -> CliResult {
    let mut still = 0;
    for id in ids {
        let result = client.retry(id)?;
        writeln!(out, "{id}  {}", outcome(&result))?;
        still += usize::from(result.quarantined.is_some());
    }
    match (ids.len(), still) {
        (0, _) => Ok(writeln!(out, "Nothing is in quarantine.")?),
        (_, 0) => Ok(()),
        (_, still) => Err(SomeRemain(still).into()),
    }
}

fn outcome(result: &RetryResult) -> String {
    let results = result.results.iter().map(|result| result.outcome.clone());
    let kept = result.quarantined.iter().map(|kept| format!("still: {}", kept.reasons.join("; ")));
    let words: Vec<String> = results.chain(kept).collect();
    match words.is_empty() {
        true => "recorded before, or not for us".to_owned(),
        false => plain(&words.join(", ")),
    }
}

fn reasons(delivery: &QuarantinedDelivery) -> String {
    plain(&delivery.reasons.join("; "))
}

/// Another program's text without the characters that would move a terminal's cursor.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect()
}
