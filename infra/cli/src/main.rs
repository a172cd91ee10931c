//! The `baton` command.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    baton::run(baton::args::Args::parse())
}
