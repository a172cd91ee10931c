//! From arguments to an exit code.

use std::io;
use std::process::ExitCode;

use baton_cloud::Document;

use crate::args::{Args, Command};
use crate::exit::report_failure;
use crate::{demo, fsck, import, publish, quarantine, roster, secrets, serve, source};

/// Runs the command. Failures are one clear sentence on standard error and exit code 1.
pub fn run(args: Args) -> ExitCode {
    let mut out = io::stdout().lock();
    let done = match args.command {
        Command::Demo(args) => demo::run(&args, &mut out),
        Command::Serve(serve) => serve::run(&serve, &mut out),
        Command::Fsck(args) => return fsck::exit(fsck::run(&args, &mut out)),
        Command::Import(import) => import::run(&import, &mut out),
        Command::Secrets { command } => secrets::run(&command, &mut out),
        Command::Source { command } => source::run(&command, &mut out),
        Command::Quarantine { command } => quarantine::run(&command, &mut out),
        Command::Policy { command } => publish::run(Document::Policy, &command, &mut out),
        Command::Roster { command } => roster::run(&command, &mut out),
    };
    done.map_or_else(
        |error| report_failure(error.as_ref(), ExitCode::FAILURE),
        |()| ExitCode::SUCCESS,
    )
}
