//! `baton demo`: 32 days of one sales team, told as they pass.
//!
//! Promises: whatever happens goes through the functions' own handlers over the real table, and
//! people act on nothing but the alerts they got. The same story every time: what prospects,
//! salespeople and marketing do is in the files of `infra/cli/demo`, and who is dealt which lead
//! follows from their order. Knows nothing of how leads are scored, routed or taken back.

mod args;
mod badges;
mod day;
mod demo_stack;
mod form;
mod schedule;
mod script;
mod simulation;
mod stats;
mod summary;
mod team;
mod timeline;
mod wrap;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::exit::CliResult;
pub(crate) use args::DemoArgs;
use demo_stack::DemoStack;
use script::Script;
use simulation::Simulation;

/// A folder for the data that has something in it.
#[derive(Debug, thiserror::Error)]
#[error("{} is not empty; the demo keeps its data in a new or empty folder", .0.display())]
struct NotEmpty(PathBuf);

/// A folder that can't be looked into.
#[derive(Debug, thiserror::Error)]
#[error("{} can't be read", folder.display())]
struct Unreadable {
    folder: PathBuf,
    source: io::Error,
}

/// Plays the demo to its end.
pub(crate) fn run(args: &DemoArgs, out: &mut impl Write) -> CliResult {
    #[expect(clippy::disallowed_methods, reason = "how long the demo took is its last line")]
    let began = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(play(args.keep.as_deref(), out))?;
    writeln!(out, "{} days in {:.1} s.", script::DAYS, began.elapsed().as_secs_f64())?;
    Ok(())
}

async fn play(keep: Option<&Path>, out: &mut impl Write) -> CliResult {
    keep.map_or(Ok(()), must_be_empty)?;
    let demo = DemoStack::open(keep).await?;
    let play = Simulation::new(Script::read()?, &demo);
    let stats = play.perform(out).await?;
    summary::write(&stats, out)?;
    if let Some(folder) = keep {
        writeln!(out, "Look around: baton serve --data {}", folder.display())?;
    }
    Ok(())
}

/// Playing it twice on the same data would tell another story.
fn must_be_empty(folder: &Path) -> CliResult {
    let unreadable = |source| Unreadable { folder: folder.to_owned(), source };
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(NotEmpty(folder.to_owned()).into()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unreadable(error).into()),
    }
}
