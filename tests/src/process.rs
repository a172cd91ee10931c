//! The command in a process of its own, which can be asked to stop, or killed.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use baton::args::Args;
use clap::Parser;
use serde_json::Value;

use crate::{Baton, secrets_file};

/// Carries the arguments to the process that [`be_baton`] turns into the command.
const ARGS: &str = "BATON_TEST_ARGS";

/// A process that has not ended by then hangs.
const END_WITHIN: Duration = Duration::from_secs(60);

/// A running `baton serve`. Killed when dropped.
pub struct Process {
    child: Child,
    baton: Baton,
    rest: Option<JoinHandle<String>>,
}

impl Deref for Process {
    type Target = Baton;
    fn deref(&self) -> &Baton {
        &self.baton
    }
}

/// To be called by a test that is named to [`Process::serve_in`], or first of all by a benchmark:
/// becomes the command if the process was started for that, and tells once it has ended; does
/// nothing else. The `baton` binary is built with its own package only, and all of it but this call
/// is in the library.
pub fn be_baton() -> bool {
    let Ok(args) = env::var(ARGS) else { return false };
    let args: Vec<String> = serde_json::from_str(&args).expect("a list of arguments");
    let done = baton::run(Args::parse_from(["baton".to_owned()].into_iter().chain(args)));
    assert_eq!(format!("{done:?}"), format!("{:?}", ExitCode::SUCCESS));
    true
}

impl Process {
    /// Starts `baton serve` on a free port over the data in `folder`, with the secrets of every
    /// system under test and with more arguments, and waits until it answers.
    pub fn serve_in(folder: &Path, test: &str, args: &[&OsStr]) -> Self {
        let mut child = start(folder, test, args);
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let baton = Baton::at(&greeting(&mut out));
        let rest = thread::spawn(move || {
            let mut text = String::new();
            let _ = out.read_to_string(&mut text);
            text
        });
        Self { child, baton, rest: Some(rest) }
    }

    /// The same, but kills it so long after it was started, whether or not it answers by then.
    pub fn kill_while_starting(folder: &Path, test: &str, args: &[&OsStr], after: Duration) {
        let mut child = start(folder, test, args);
        thread::sleep(after);
        child.kill().expect("to kill our own child");
        child.wait().expect("its end");
    }

    /// The number it goes by on this machine.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as Ctrl-C does; gives everything it had said after its greeting.
    pub fn interrupt(mut self) -> String {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().expect("kill");
        assert!(sent.success());
        let ended = ended(&mut self.child);
        assert!(ended.success(), "Ctrl-C ends it with {ended}");
        let rest = self.rest.take().map(JoinHandle::join);
        rest.and_then(Result::ok).unwrap_or_default()
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().expect("to kill our own child");
        self.child.wait().expect("its end");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(folder: &Path, test: &str, args: &[&OsStr]) -> Child {
    let (data, secrets) = (folder.join("data"), folder.join("secrets.toml"));
    fs::write(&secrets, secrets_file()).expect("a folder to write to");
    let own = ["--data".as_ref(), data.as_os_str(), "--secrets".as_ref(), secrets.as_os_str()];
    let first = ["serve", "--listen", "127.0.0.1:0", "--url", crate::BASE_URL];
    let args = own.iter().chain(args).map(|arg| arg.to_str().expect("arguments in UTF-8"));
    let args: Value = first.into_iter().chain(args).collect();
    Command::new(env::current_exe().expect("this test"))
        .args([test, "--exact", "--nocapture"])
        .env(ARGS, args.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process")
}

/// How it ended, which it must do in time.
fn ended(child: &mut Child) -> ExitStatus {
    let (done, in_time) = mpsc::channel::<()>();
    let id = child.id().to_string();
    let watch = thread::spawn(move || {
        let hangs = in_time.recv_timeout(END_WITHIN) == Err(RecvTimeoutError::Timeout);
        if hangs {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
        hangs
    });
    let status = child.wait().expect("its end");
    drop(done);
    assert!(!watch.join().expect("a watch"), "it did not end");
    status
}

/// Reads on until it says where it answers.
fn greeting(out: &mut BufReader<ChildStdout>) -> String {
    let mut said = String::new();
    loop {
        let mut line = String::new();
        let read = out.read_line(&mut line).expect("lines");
        assert_ne!(read, 0, "it ended without a greeting: {said}");
        if let Some((_, url)) = line.split_once("answers on ") {
            return url.trim().to_owned();
        }
        said.push_str(&line);
    }
}
