//! `baton source`: writing the mapping of a tool that posts payloads of its own.

mod check;
mod payload;
mod secret;

use std::io::Write;
use std::path::PathBuf;

use baton_core::id::SourceName;
use clap::{Args as Arguments, Subcommand};
use jiff::Timestamp;

use crate::exit::CliResult;

/// What to do with a source.
#[derive(Clone, Debug, Subcommand)]
pub enum SourceCommand {
    /// Show what a recorded payload would become, without storing it
    Check(CheckArgs),
    /// Make a secret and say where it goes
    Secret(SecretArgs),
}

/// A payload, and what reads it.
#[derive(Clone, Debug, Arguments)]
pub struct CheckArgs {
    /// The policy with the source in it
    pub policy: PathBuf,
    /// The body as the tool sent it
    pub payload: PathBuf,
    /// The source; needed when the policy has several
    #[arg(long, value_parser = SourceName::parse)]
    pub source: Option<SourceName>,
    /// A header the tool sent, such as 'Content-Type: application/json'; may be repeated
    #[arg(long = "header", value_name = "NAME:VALUE", value_parser = payload::header)]
    pub headers: Vec<(String, String)>,
    /// The query of the URL it was sent to, such as 'key=…'
    #[arg(long, value_name = "QUERY", default_value = "")]
    pub query: String,
    /// Secrets to check the signature with; without them it is not checked
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// When the payload arrived, if not now: 2026-03-01T09:00:00Z
    #[arg(long, value_name = "TIME")]
    pub at: Option<Timestamp>,
}

/// The source that needs a secret.
#[derive(Clone, Debug, Arguments)]
pub struct SecretArgs {
    /// The source's name in the policy
    #[arg(value_parser = SourceName::parse)]
    pub name: SourceName,
    /// The preset it is built on, if its name is not the preset's
    #[arg(long)]
    pub preset: Option<String>,
}

pub(crate) fn run(command: &SourceCommand, out: &mut impl Write) -> CliResult {
    match command {
        SourceCommand::Check(args) => check::run(args, out),
        SourceCommand::Secret(args) => secret::run(args, out),
    }
}
