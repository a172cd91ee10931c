//! How a command ends: the one place that prints a failure.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

/// Prints a failure, and gives the exit code.
pub(crate) fn report_failure(error: &(dyn Error + 'static), code: ExitCode) -> ExitCode {
    // The reader of our output closed the pipe, which is no failure of ours.
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let _ = writeln!(io::stderr(), "baton: {}", with_causes(error));
    code
}

/// Whatever a command fails with.
pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// What a command gives back: nothing, or why it failed.
pub(crate) type CliResult = Result<(), BoxError>;

/// The error and its causes, outermost first.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let parts = std::iter::once(error.to_string()).chain(causes.map(ToString::to_string));
    parts.collect::<Vec<_>>().join(": ")
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
