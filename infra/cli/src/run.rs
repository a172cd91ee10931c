//! From arguments to an exit code: the one place that prints a failure.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use baton_cloud::Document;

use crate::args::{Args, Verb};
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

/// Tells of a failure, and ends with a code.
pub(crate) fn failed(error: &(dyn Error + 'static), code: ExitCode) -> ExitCode {
    // Whoever read our output has seen enough.
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let _ = writeln!(io::stderr(), "baton: {}", sentence(error));
    code
}

/// What a verb gives back: nothing, or whatever went wrong.
pub(crate) type Done = Result<(), Box<dyn Error + Send + Sync>>;

/// The error and its causes, outermost first.
fn sentence(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let parts = std::iter::once(error.to_string()).chain(causes.map(ToString::to_string));
    parts.collect::<Vec<_>>().join(": ")
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
