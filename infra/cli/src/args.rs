//! What can be typed after `baton`.

use std::net::SocketAddr;
use std::path::PathBuf;

use baton_core::id::{ActivityType, SourceName};
use clap::{Args as Arguments, Parser, Subcommand};
use jiff::Timestamp;

/// Passes leads from marketing to sales and does not let anyone drop them.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Play the hand-off on sample data: 32 days in seconds, told as a timeline
    Demo,
    /// Run the whole system on this machine
    Serve(Serve),
    /// Send a trade-show list (CSV) to a running Baton; safe to run twice
    Import(Import),
    /// Check a policy before it is used
    Policy {
        /// What to do with it.
        #[command(subcommand)]
        verb: Check,
    },
    /// Check a roster before it is used
    Roster {
        /// What to do with it.
        #[command(subcommand)]
        verb: Check,
    },
}

/// Checking a document.
#[derive(Debug, Subcommand)]
pub enum Check {
    /// Read FILE and report every mistake with its line
    Check {
        /// The TOML document
        file: PathBuf,
    },
}

/// How to run the whole system.
#[derive(Clone, Debug, Arguments)]
pub struct Serve {
    /// Address to answer on; beyond loopback the /local routes are off
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Folder that keeps the data over restarts
    #[arg(long, default_value = "baton-data", value_name = "DIR", conflicts_with = "memory")]
    pub data: PathBuf,
    /// Keep nothing over restarts
    #[arg(long)]
    pub memory: bool,
    /// Policy to use instead of the sample
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Roster to use instead of the sample
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// Keys and secrets (TOML); made with fresh keys if absent [default: secrets.toml in the data
    /// folder]
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// Where the time comes from: `system`, or `manual:2026-03-01T09:00:00Z` and moved by
    /// POST /local/clock
    #[arg(long, default_value = "system", value_name = "CLOCK", value_parser = clock)]
    pub clock: ClockChoice,
    /// Address that links in alerts begin with [default: http:// and the address answered on]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
}

/// Where the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChoice {
    /// The machine.
    System,
    /// Somebody, by HTTP, beginning at this moment.
    Manual(Timestamp),
}

/// What to import, as what.
#[derive(Clone, Debug, Arguments)]
pub struct Import {
    /// The list: CSV with a header line; `,` or `;`
    pub file: PathBuf,
    /// Source the list comes from; its key is taken from the secrets
    #[arg(long, value_parser = SourceName::parse)]
    pub source: SourceName,
    /// What everybody on the list did, such as event.booth_visited
    #[arg(long = "type", value_name = "TYPE", value_parser = ActivityType::parse)]
    pub kind: ActivityType,
    /// Where Baton answers
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    pub url: String,
    /// Secrets that hold the source's key [default: secrets.toml in baton-data]; the environment
    /// variable BATON_SOURCE_KEY goes before
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
}

fn clock(text: &str) -> Result<ClockChoice, String> {
    match (text, text.strip_prefix("manual:")) {
        ("system", _) => Ok(ClockChoice::System),
        (_, Some(time)) => time
            .parse()
            .map(ClockChoice::Manual)
            .map_err(|_| "after 'manual:' comes a time such as 2026-03-01T09:00:00Z".to_owned()),
        _ => Err("'system' or 'manual:' and a time such as 2026-03-01T09:00:00Z".to_owned()),
    }
}
