//! The options of `baton demo`.

use std::path::PathBuf;

use clap::Args as Arguments;

/// How to play the demo.
#[derive(Clone, Debug, Arguments)]
pub struct DemoArgs {
    /// New or empty folder to keep the data in, for `baton serve --data DIR` afterwards
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}
