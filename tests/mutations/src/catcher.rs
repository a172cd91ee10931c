//! The checks that must notice: tests of the copy, built once and run one at a time.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;
use std::{env, io, thread};

use baton_share::VARIABLE;
use serde_json::Value;

use crate::copy::SWITCH;
use crate::guard::Guard;

/// The crates whose tests may catch a guard.
const PACKAGES: [&str; 6] = [
    "baton-core",
    "baton-documents",
    "baton-intake",
    "baton-reports",
    "baton-tests",
    "baton-wording",
];

/// Their tests beside those in their libraries.
const TESTS: [&str; 5] = ["board", "domain", "e2e", "funnel", "mapping"];

/// A check that takes longer hangs. The slowest takes seconds on an idle machine.
const HANGS_AFTER: Duration = Duration::from_secs(300);

/// How often a check is looked after.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The test programs of the copy.
pub(crate) struct Programs {
    by_name: BTreeMap<String, Program>,
    output: PathBuf,
}

struct Program {
    path: PathBuf,
    package: PathBuf,
}

/// How a check went.
pub(crate) struct Run {
    pub(crate) verdict: Verdict,
    pub(crate) took: Duration,
}

/// What a check said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All is well.
    Passed,
    /// Something is wrong.
    Failed,
    /// Nothing, and it was stopped: which is no check that can fail.
    Hung,
    /// It could not be run.
    Broken,
}

impl Verdict {
    /// The word that a guard's line begins with.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Passed => "SURVIVED",
            Self::Failed => "caught",
            Self::Hung => "HUNG",
            Self::Broken => "BROKEN",
        }
    }
}

impl Programs {
    /// Builds the copy's checks: the tests of the crates below, and those end to end. What is not ours is
    /// taken from the workspace's own build.
    pub(crate) fn build(copy: &Path, folder: &Path) -> Result<Self, String> {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // What `cargo run` told us of ourselves: a build script that looks at it would run again.
        for (name, _) in env::vars_os() {
            let name_in = name.to_string_lossy();
            if name_in.starts_with("CARGO_PKG_") || name_in.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(&name);
            }
        }
        let built = cargo
            .args(["test", "--locked", "--no-run", "--lib"])
            .args(TESTS.iter().flat_map(|test| ["--test", test]))
            .args(PACKAGES.iter().flat_map(|package| ["--package", package]))
            .arg("--message-format=json-render-diagnostics")
            .current_dir(copy)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env("CARGO_BUILD_BUILD_DIR", folder.parent().expect("it is in target"))
            // ReceivedAlert apart by this from what the workspace builds, and half as large.
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env("CARGO_INCREMENTAL", "0")
            .stderr(io::stderr())
            .output()
            .map_err(|e| format!("cargo: {e}"))?;
        if !built.status.success() {
            return Err("the copy does not build: see above".to_owned());
        }
        let lines = built.stdout.split(|byte| *byte == b'\n');
        let artifacts = lines.filter_map(|line| serde_json::from_slice(line).ok());
        let by_name = artifacts.filter_map(|artifact| program(&artifact)).collect();
        let output = folder.join("output");
        fs::create_dir_all(&output).map_err(|e| format!("{}: {e}", output.display()))?;
        Ok(Self { by_name, output })
    }

    /// Runs the checks of these guards as they are: a check that fails anyway proves nothing.
    pub(crate) fn pass_with_every_guard_on(&self, guards: &[Guard]) -> Result<(), String> {
        let mut tests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for guard in guards {
            let (program, test) = named(guard)?;
            tests.entry(program).or_default().push(test);
        }
        for (program, mut tests) in tests {
            tests.sort_unstable();
            tests.dedup();
            let output = self.output.join(format!("{program}.txt"));
            let run = self.run(program, &tests, "", &output);
            let (verdict, said) = (run.verdict, fs::read_to_string(&output).unwrap_or_default());
            if verdict != Verdict::Passed || !said.contains(&format!("{} passed", tests.len())) {
                return Err(format!(
                    "{program}: with every guard on, some of its {} checks fail or are not \
                     there; see {}",
                    tests.len(),
                    output.display()
                ));
            }
        }
        Ok(())
    }

    /// Runs a guard's check without the guard.
    pub(crate) fn run_without(&self, guard: &Guard) -> Run {
        let Ok((program, test)) = named(guard) else {
            return Run { verdict: Verdict::Broken, took: Duration::ZERO };
        };
        let output = self.output.join(format!("without {}.txt", guard.name.replace('/', " ")));
        self.run(program, &[test], &guard.name, &output)
    }

    fn run(&self, program: &str, tests: &[&str], without: &str, output: &Path) -> Run {
        let began = crate::now();
        let verdict = self.start(program, tests, without, output).and_then(end);
        let verdict = match verdict {
            Ok(None) => Verdict::Hung,
            Ok(Some(status)) if status.success() => Verdict::Passed,
            Ok(Some(_)) => Verdict::Failed,
            Err(_) => Verdict::Broken,
        };
        Run { verdict, took: began.elapsed() }
    }

    fn start(&self, program: &str, tests: &[&str], off: &str, output: &Path) -> io::Result<Child> {
        let Program { path, package } = self.by_name.get(program).ok_or(io::ErrorKind::NotFound)?;
        let output = File::create(output)?;
        Command::new(path)
            .arg("--exact")
            .args(tests)
            .current_dir(package)
            .env(SWITCH, off)
            // The share is of the guards: each of their checks is tried whole.
            .env_remove(VARIABLE)
            .env("INSTA_UPDATE", "no")
            // A failure is all that is asked for, and not the smallest.
            .env("PROPTEST_MAX_SHRINK_ITERS", "0")
            .env("RUST_BACKTRACE", "0")
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
    }
}

/// The program and the test that catch a guard.
fn named(guard: &Guard) -> Result<(&str, &str), String> {
    let words = guard.caught_by.split_once(' ');
    words.ok_or(format!("'{}': caught_by is not a program and a test", guard.name))
}

/// A test program that cargo tells of: `core` of a library, `domain` or `e2e` of a test.
fn program(artifact: &Value) -> Option<(String, Program)> {
    let path = PathBuf::from(artifact["executable"].as_str()?);
    let package = Path::new(artifact["manifest_path"].as_str()?).parent()?.to_owned();
    let name = artifact["target"]["name"].as_str()?;
    let name = name.strip_prefix("baton_").unwrap_or(name);
    Some((name.to_owned(), Program { path, package }))
}

/// Waits for the end; `None` if it had to be stopped.
fn end(mut check: Child) -> io::Result<Option<ExitStatus>> {
    let began = crate::now();
    while began.elapsed() < HANGS_AFTER {
        if let Some(status) = check.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(LOOK_EVERY);
    }
    check.kill()?;
    check.wait()?;
    Ok(None)
}
