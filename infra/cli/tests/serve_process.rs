//! `baton serve` as a process: how it starts, how it refuses to, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

/// A process that has not ended by then hangs.
const END_WITHIN: Duration = Duration::from_secs(60);

fn baton(args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.args(args).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A `baton serve` that answers.
struct Serving {
    child: Child,
    greeting: Vec<String>,
    address: String,
}

impl Serving {
    fn start(args: &[&str], folder: &Path) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        Self::spawn(&args, folder)
    }

    fn spawn(args: &[&str], folder: &Path) -> Self {
        let mut child = baton(args, folder).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = Vec::new();
        while greeting.last().is_none_or(|line: &String| !line.starts_with("Ctrl-C")) {
            let mut line = String::new();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended: {greeting:?}");
            greeting.push(line.trim_end().to_owned());
        }
        child.stdout = Some(out.into_inner());
        let (_, address) = greeting[0].split_once("http://").unwrap();
        Self { address: address.to_owned(), greeting, child }
    }

    /// Asks it to stop by a signal; gives how it ended and what it said.
    fn stop(mut self, signal: &str) -> (ExitStatus, String, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let status = ended(&mut self.child);
        let (mut out, mut err) = (String::new(), String::new());
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (status, out, err)
    }

    fn get(&self, path: &str) -> (u16, String) {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.get(format!("http://{}{path}", self.address)).call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a process ended, which it must do in time.
fn ended(child: &mut Child) -> ExitStatus {
    let (late, in_time) = mpsc::channel::<()>();
    let id = child.id().to_string();
    let watch = thread::spawn(move || {
        let hangs = in_time.recv_timeout(END_WITHIN) == Err(mpsc::RecvTimeoutError::Timeout);
        if hangs {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
        hangs
    });
    let status = child.wait().unwrap();
    drop(late);
    assert!(!watch.join().unwrap(), "it did not end");
    status
}

/// A start that must fail: gives the one sentence it fails with.
fn refusal(args: &[&str], folder: &Path) -> String {
    let mut child = baton(args, folder).spawn().unwrap();
    let status = ended(&mut child);
    let Output { stdout, stderr, .. } = child.wait_with_output().unwrap();
    assert_eq!(status.code(), Some(1));
    assert_eq!(String::from_utf8(stdout).unwrap(), "");
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said.strip_prefix("baton: ").expect("it says who speaks").trim_end().to_owned()
}

#[test]
fn it_says_where_it_answers_and_where_its_keys_are_and_ends_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    for (signal, verb) in [("-INT", "made with fresh keys"), ("-TERM", "read")] {
        let serving = Serving::start(&[], folder.path());
        assert_eq!(serving.get("/health").0, 200);
        let secrets = format!("  secrets  baton-data/secrets.toml ({verb})");
        assert!(serving.greeting.contains(&secrets), "{:?}", serving.greeting);
        let (status, out, err) = serving.stop(signal);
        assert!(status.success(), "{signal}: {status} {err}");
        assert_eq!((out.as_str(), err.as_str()), ("Stopped.\n", ""), "{signal}");
    }
    let keys = fs::read_to_string(folder.path().join("baton-data/secrets.toml")).unwrap();
    for name in ["link_key", "[sources.website]", "[sources.tradeshow]", "[desk]"] {
        assert!(keys.contains(name), "{name}");
    }
}

#[test]
fn a_caller_who_never_ends_a_request_does_not_keep_it_from_stopping() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(&["--memory"], folder.path());
    let half = |text: &str| {
        let mut stream = TcpStream::connect(&serving.address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let _head = half("GET /health HTTP/1.1\r\nhost:");
    let _body = half("POST /activities HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{");
    let mut kept = half("GET /health HTTP/1.1\r\nhost: x\r\n\r\n");
    kept.read_exact(&mut [0; 12]).unwrap();
    let (status, out, _) = serving.stop("-INT");
    assert!(status.success(), "{status}");
    assert_eq!(out, "Stopped.\n");
}

#[test]
fn a_port_in_use_is_one_clear_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(&["--memory"], folder.path());
    let said = refusal(&["serve", "--memory", "--listen", &serving.address], folder.path());
    assert!(said.contains(&serving.address) && said.contains("--listen"), "{said}");
}

#[test]
fn a_data_folder_in_use_is_one_clear_sentence_and_the_other_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(&["--data", "kept"], folder.path());
    let said = refusal(&["serve", "--listen", "127.0.0.1:0", "--data", "kept"], folder.path());
    assert!(said.contains("kept is in use by another baton"), "{said}");
    assert_eq!(serving.get("/health").0, 200);
    // The folder is free once the other has ended, however it did.
    drop(serving);
    assert_eq!(Serving::start(&["--data", "kept"], folder.path()).get("/health").0, 200);
}

#[test]
fn a_file_it_cannot_use_is_one_clear_sentence_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("a-folder")).unwrap();
    fs::write(folder.path().join("empty.toml"), "").unwrap();
    fs::write(folder.path().join("a-file"), "").unwrap();
    let weak = "link_key = \"short\"\n[desk]\ncurrent = \"hunter2\"\n";
    fs::write(folder.path().join("weak.toml"), weak).unwrap();
    let serve = ["serve", "--memory", "--listen", "127.0.0.1:0"];
    for (flag, file) in [
        ("--policy", "absent.toml"),
        ("--policy", "a-folder"),
        ("--roster", "absent.toml"),
        ("--secrets", "a-folder"),
        ("--secrets", "empty.toml"),
        ("--secrets", "weak.toml"),
    ] {
        let said = refusal(&[&serve[..], &[flag, file]].concat(), folder.path());
        assert!(said.contains(file), "{flag}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let kept = ["serve", "--listen", "127.0.0.1:0", "--secrets", "s.toml", "--data", "a-file"];
    let said = refusal(&kept, folder.path());
    assert!(said.contains("a-file is a file"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_it_keeps_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let clock = "manual:2026-03-01T09:00:00Z";
    let serving = Serving::start(&["--clock", clock], folder.path());
    assert_eq!(serving.get("/local/inbox"), (200, "[]".to_owned()));
    let data = folder.path().join("baton-data");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode(&data), 0, "the folder");
    for entry in fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0, "{}", path.display());
    }
}

#[test]
fn what_is_local_is_off_beyond_loopback_and_the_machines_clock_is_not_moved() {
    let folder = tempfile::tempdir().unwrap();
    let open = Serving::spawn(&["serve", "--memory", "--listen", "0.0.0.0:0"], folder.path());
    assert_eq!(open.get("/local/inbox").0, 404);
    assert_eq!(open.get("/local/clock").0, 404);
    drop(open);
    let local = Serving::start(&["--memory"], folder.path());
    assert_eq!(local.get("/local/inbox"), (200, "[]".to_owned()));
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("http://{}/local/clock", local.address);
    let mut moved = agent.post(&url).send(r#"{"advance":"1h"}"#).unwrap();
    let problem: serde_json::Value = moved.body_mut().read_json().unwrap();
    assert_eq!((moved.status().as_u16(), &problem["code"]), (409, &"clock_not_manual".into()));
}
