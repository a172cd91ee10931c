//! Whether the checks can fail: each guard of the shipping code is switched off, in a copy of it,
//! and a check must notice.
//!
//!     cargo run -p baton-mutations -- [WORD]...
//!
//! The copy lies under `target/` and has every guard behind a switch, so that it is built once; the
//! shipping code has no switch. A guard's row says what stands in the code, what stands there
//! without the guard, and which check notices: `guards/`.

mod catcher;
mod copy;
mod guard;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use baton_share::{Share, VARIABLE};
use clap::Parser;

use catcher::{Programs, Run, Verdict};
use guard::Guard;

/// Where the rows are, from the workspace's root.
const GUARDS: &str = "tests/mutations/guards";

/// Switches each guard of the shipping code off, in a copy of it, and demands that a check notices.
#[derive(Parser)]
struct Args {
    /// Only guards whose name holds one of these words; every guard if there are none.
    words: Vec<String>,
    /// Only a share of the guards: `3/8` is the third of eight.
    #[arg(long, env = VARIABLE, default_value_t = Share::WHOLE)]
    share: Share,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether every guard was missed.
fn run(args: &Args) -> Result<bool, String> {
    let root = root();
    let mut guards = guard::read(&root.join(GUARDS))?;
    let folder = folder()?;
    let copy = folder.join("copy");
    copy::make(&root, &copy, &mut guards)?;
    let wanted = |guard: &Guard| {
        args.words.is_empty() || args.words.iter().any(|word| guard.name.contains(word))
    };
    let all = guards.len();
    let guards = args.share.of(guards).into_iter().filter(wanted).collect::<Vec<_>>();
    let (count, of_all) = (guards.len(), args.share.of_all(all));
    say(&format!("{count} guards{of_all}, each behind a switch in {}", copy.display()));
    if guards.is_empty() {
        return Err("no guard of this share has such a name".to_owned());
    }
    let programs = Programs::build(&copy, &folder)?;
    let began = now();
    programs.pass_with_every_guard_on(&guards)?;
    say(&format!("with every guard on, every check passes ({:.0?})", began.elapsed()));
    let caught = try_all(&guards, &programs);
    say(&format!("{caught} of {} caught, in {:.0?}", guards.len(), began.elapsed()));
    Ok(caught == guards.len())
}

/// Switches each guard off, side by side with as many others as there are processors; gives how
/// many were noticed.
fn try_all(guards: &[Guard], programs: &Programs) -> usize {
    let (next, caught) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        while let Some(guard) = guards.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Run { verdict, took } = programs.run_without(guard);
            say(&line(guard, verdict, took));
            if verdict == Verdict::Failed {
                caught.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    caught.into_inner()
}

fn line(guard: &Guard, verdict: Verdict, took: Duration) -> String {
    let Guard { name, file, line, caught_by, .. } = guard;
    let (word, took) = (verdict.word(), took.as_secs_f64());
    format!("{word:<8} {took:>5.1} s  {name} ({file}:{line}), by {caught_by}")
}

fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).expect("tests/mutations is in the workspace").to_owned()
}

/// Where the copy and its output go: beside what this program was built as.
fn folder() -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|e| format!("where am I? {e}"))?;
    let target = program.ancestors().nth(2).expect("target/PROFILE/baton-mutations");
    Ok(target.join("mutations"))
}

fn say(line: &str) {
    writeln!(io::stdout(), "{line}").expect("somebody reads");
}

#[expect(clippy::disallowed_methods, reason = "how long a check took is told, and decides nothing")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So that who moves a guard hears of it before anything is built.
    #[test]
    fn every_guard_is_where_its_row_says() {
        let root = root();
        let mut guards = guard::read(&root.join(GUARDS)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        copy::make(&root, folder.path(), &mut guards).unwrap();
        let copied = folder.path().join("shared/cloud/src/table/commit.rs");
        assert!(std::fs::read_to_string(copied).unwrap().contains("switched_off("));
    }
}
