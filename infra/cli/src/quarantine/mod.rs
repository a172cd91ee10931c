//! `baton quarantine`: deliveries nothing could be made of, at a running Baton.

mod client;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand};

use self::client::{Client, Delivered, Held};
use crate::exit::Done;

/// What to do with what is in quarantine.
#[derive(Clone, Debug, Subcommand)]
pub enum Quarantine {
    /// What waits, and why
    List {
        /// One source only
        #[arg(long)]
        source: Option<String>,
        /// Which Baton.
        #[command(flatten)]
        at: At,
    },
    /// One delivery, whole
    Show {
        /// As the list has it: SOURCE/ID
        id: String,
        /// Which Baton.
        #[command(flatten)]
        at: At,
    },
    /// Try again after the mapping was mended; safe to run twice
    Retry {
        /// As the list has it: SOURCE/ID
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// Everything that waits, but for what a machine seems to have sent
        #[arg(long)]
        all: bool,
        /// Which Baton.
        #[command(flatten)]
        at: At,
    },
}

/// Which Baton.
#[derive(Clone, Debug, Arguments)]
pub struct At {
    /// Where Baton answers
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    pub url: String,
    /// Secrets that hold the desk key [default: secrets.toml in baton-data]; the environment
    /// variable BATON_DESK_KEY goes before
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
}

/// Something is still unusable.
#[derive(Debug, thiserror::Error)]
#[error("{0} still in quarantine")]
struct Still(usize);

pub(crate) fn run(verb: &Quarantine, out: &mut impl Write) -> Done {
    match verb {
        Quarantine::List { source, at } => list(&Client::new(at)?, source.as_deref(), out),
        Quarantine::Show { id, at } => show(&Client::new(at)?, id, out),
        Quarantine::Retry { id, all: _, at } => {
            let client = Client::new(at)?;
            match id {
                Some(id) => retry(&client, std::slice::from_ref(id), out),
                None => {
                    let waiting = client.list(None)?.quarantined.into_iter();
                    let ids: Vec<String> =
                        waiting.filter(|held| !held.is_suspect).map(|held| held.name()).collect();
                    retry(&client, &ids, out)
                }
            }
        }
    }
}

fn list(client: &Client, source: Option<&str>, out: &mut impl Write) -> Done {
    let list = client.list(source)?;
    for held in &list.quarantined {
        let suspect = if held.is_suspect { "suspect: " } else { "" };
        writeln!(out, "{}  {}  {suspect}{}", held.name(), held.received_at, reasons(held))?;
    }
    match (list.quarantined.len(), list.has_more) {
        (0, _) => writeln!(out, "Nothing is in quarantine.")?,
        (_, true) => writeln!(out, "and more; --source NAME shows those of one source")?,
        (_, false) => {}
    }
    Ok(())
}

fn show(client: &Client, id: &str, out: &mut impl Write) -> Done {
    let (held, body) = client.show(id)?;
    writeln!(out, "{}  {}\n{}", held.name(), held.received_at, reasons(&held))?;
    for (name, value) in &held.headers {
        writeln!(out, "{name}: {}", plain(value))?;
    }
    writeln!(out, "\n{}", plain(&body))?;
    Ok(())
}

fn retry(client: &Client, ids: &[String], out: &mut impl Write) -> Done {
    let mut still = 0;
    for id in ids {
        let delivered = client.retry(id)?;
        writeln!(out, "{id}  {}", outcome(&delivered))?;
        still += usize::from(delivered.quarantined.is_some());
    }
    match (ids.len(), still) {
        (0, _) => Ok(writeln!(out, "Nothing is in quarantine.")?),
        (_, 0) => Ok(()),
        (_, still) => Err(Still(still).into()),
    }
}

fn outcome(delivered: &Delivered) -> String {
    let results = delivered.results.iter().map(|result| result.outcome.clone());
    let kept =
        delivered.quarantined.iter().map(|kept| format!("still: {}", kept.reasons.join("; ")));
    let told: Vec<String> = results.chain(kept).collect();
    match told.is_empty() {
        true => "recorded before, or not for us".to_owned(),
        false => plain(&told.join(", ")),
    }
}

fn reasons(held: &Held) -> String {
    plain(&held.reasons.join("; "))
}

/// Another program's words without what would move a terminal's cursor.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect()
}
