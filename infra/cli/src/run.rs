//! From arguments to an exit code.

use std::io;
use std::process::ExitCode;

use baton_cloud::Document;

use crate::args::{Args, Verb};
use crate::exit::failed;
use crate::{demo, fsck, import, publish, quarantine, roster, secrets, serve, source};

/// Runs the command. Failures are one clear sentence on standard error and exit code 1.
pub fn run(args: Args) -> ExitCode {
    let mut out = io::stdout().lock();
    let done = match args.verb {
        Verb::Demo(args) => demo::run(&args, &mut out),
        Verb::Serve(serve) => serve::run(&serve, &mut out),
        Verb::Fsck(args) => return fsck::exit(fsck::run(&args, &mut out)),
        Verb::Import(import) => import::run(&import, &mut out),
        Verb::Secrets { verb } => secrets::run(&verb, &mut out),
        Verb::Source { verb } => source::run(&verb, &mut out),
        Verb::Quarantine { verb } => quarantine::run(&verb, &mut out),
        Verb::Policy { verb } => publish::run(Document::Policy, &verb, &mut out),
        Verb::Roster { verb } => roster::run(&verb, &mut out),
    };
    done.map_or_else(|error| failed(error.as_ref(), ExitCode::FAILURE), |()| ExitCode::SUCCESS)
}
