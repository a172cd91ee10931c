//! `baton secrets make`: the keys of a new deployment, before there is anything to keep them in.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::check::rules;
use crate::exit::CliResult;
use crate::secrets_file::read_or_make;

/// What to do with keys and secrets.
#[derive(Debug, Subcommand)]
pub enum SecretsCommand {
    /// Write fresh keys into a new FILE: for links, the desk, and every source
    Make(MakeArgs),
}

/// A file to make, and the sources that need a secret in it.
#[derive(Clone, Debug, Args)]
pub struct MakeArgs {
    /// The file to make; one that is there is never touched
    pub file: PathBuf,
    /// Policy whose sources get a secret each, beside website and tradeshow
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

/// The file is there already, with keys that must not be lost.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} is there already; it is left as it is, for other keys name another file",
    file.display()
)]
struct AlreadyThere {
    file: PathBuf,
}

pub(crate) fn run(command: &SecretsCommand, out: &mut impl Write) -> CliResult {
    let SecretsCommand::Make(MakeArgs { file, policy }) = command;
    let (_, made) = read_or_make(file, &rules(policy.as_deref(), None)?.sources)?;
    if !made {
        return Err(AlreadyThere { file: file.clone() }.into());
    }
    writeln!(out, "{}: fresh keys; keep them as you keep passwords", file.display())?;
    Ok(())
}
