//! `baton quarantine` at a running `baton serve`: what a stranger's payload goes through until the
//! mapping is mended.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const SECRETS: &str = "link_key = \"0123456789abcdef0123456789abcdef\"\n\
    [desk]\ncurrent = \"desk-key-0123456789\"\n\
    [sources.poll]\ncurrent = \"poll-secret-0123456\"\n";
const POLICY: &str = "version = \"1\"\n[[activity]]\ntype = \"form.submitted\"\npoints = 30\n\
    [[source]]\nname = \"poll\"\npreset = \"zapier\"\n";
const PAYLOAD: &str = r#"{"id":"r-1","respondent":{"mail":"kim@acme.example"}}"#;

fn baton(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.args(args).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn start(folder: &Path) -> Self {
        let args = ["serve", "--listen", "127.0.0.1:0", "--data", "data"];
        let rules = ["--policy", "policy.toml", "--secrets", "secrets.toml"];
        let mut child = baton(folder, &[&args[..], &rules[..]].concat()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        let url = first.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, url }
    }

    fn post(&self, body: &str) -> u16 {
        let request = ureq::post(format!("{}/webhooks/poll", self.url));
        let request = request.header("x-api-key", "poll-secret-0123456");
        request.header("content-type", "application/json").send(body).unwrap().status().as_u16()
    }

    fn quarantine(&self, folder: &Path, args: &[&str]) -> Output {
        let at = ["--url", &self.url, "--secrets", "secrets.toml"];
        baton(folder, &[&["quarantine"], args, &at].concat()).output().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_nothing_can_be_made_of_is_recorded_once_the_mapping_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("secrets.toml"), SECRETS).unwrap();
    fs::write(folder.join("policy.toml"), POLICY).unwrap();
    let serving = Serving::start(folder);
    let empty = serving.quarantine(folder, &["list"]);
    assert_eq!(text(empty.stdout), "Nothing is in quarantine.\n");
    assert_eq!(serving.post(PAYLOAD), 200);
    let list = text(serving.quarantine(folder, &["list"]).stdout);
    let id = list.split_whitespace().next().unwrap().to_owned();
    assert!(id.starts_with("poll/") && list.contains("email is nowhere"), "{list}");
    let shown = text(serving.quarantine(folder, &["show", &id]).stdout);
    assert!(shown.contains(PAYLOAD) && !shown.contains("poll-secret"), "{shown}");
    let still = serving.quarantine(folder, &["retry", "--all"]);
    assert_eq!(still.status.code(), Some(1));
    assert_eq!(text(still.stderr), "baton: 1 still in quarantine\n");
    drop(serving);

    fs::write(folder.join("policy.toml"), format!("{POLICY}email = \"respondent.mail\"\n"))
        .unwrap();
    let serving = Serving::start(folder);
    let retried = serving.quarantine(folder, &["retry", "--all"]);
    assert_eq!(text(retried.stdout), format!("{id}  scored\n"));
    let again = serving.quarantine(folder, &["retry", &id]);
    assert_eq!(text(again.stdout), format!("{id}  recorded before, or not for us\n"));
    assert_eq!(text(serving.quarantine(folder, &["list"]).stdout), "Nothing is in quarantine.\n");
}

#[test]
fn trouble_is_one_clear_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("secrets.toml"), SECRETS).unwrap();
    fs::write(folder.join("policy.toml"), POLICY).unwrap();
    let serving = Serving::start(folder);
    for (args, told) in [
        (&["show", "poll"][..], "names no delivery; the list has them as SOURCE/ID"),
        (&["show", "poll/ffff"], "says: there is no such delivery"),
        (&["retry", "../activities"], "names no delivery"),
    ] {
        let done = serving.quarantine(folder, args);
        let said = text(done.stderr);
        assert!(said.contains(told) && said.lines().count() == 1, "{said}");
    }
    let nobody = ["quarantine", "list", "--url", "http://127.0.0.1:1", "--secrets", "secrets.toml"];
    let said = text(baton(folder, &nobody).output().unwrap().stderr);
    assert!(said.contains("can't be asked") && said.lines().count() == 1, "{said}");
}
