//! `baton source` and `baton quarantine` as commands: what they print and how they end.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SECRETS: &str = "link_key = \"0123456789abcdef0123456789abcdef\"\n\
    [desk]\ncurrent = \"desk-key-0123456789\"\n\
    [sources.typeform]\ncurrent = \"typeform-secret-0123\"\n";

fn baton(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_baton")).args(args).current_dir(folder).output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn recorded(file: &str) -> String {
    let events =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions/score/events/webhooks");
    events.join(file).display().to_string()
}

/// A folder with a policy of these sources, and secrets.
fn folder(sources: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let sample = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/documents/src/policy/sample.toml"),
    );
    fs::write(folder.path().join("policy.toml"), format!("{}\n{sources}", sample.unwrap()))
        .unwrap();
    fs::write(folder.path().join("secrets.toml"), SECRETS).unwrap();
    let path = folder.path().to_owned();
    (folder, path)
}

const TYPEFORM: &str = "[[source]]\nname = \"typeform\"\npreset = \"typeform\"\n";
const AT: &str = "2026-03-01T09:00:00Z";

#[test]
fn a_payload_shows_what_it_would_become() {
    let (_keep, folder) = folder(TYPEFORM);
    let payload = recorded("typeform.json");
    let done = baton(&folder, &["source", "check", "policy.toml", &payload, "--at", AT]);
    assert!(done.status.success(), "{}", text(done.stderr));
    insta::assert_snapshot!(text(done.stdout), @r#"
    source    typeform (preset typeform)
    proof     hmac, not checked (--secrets FILE checks it)

    person    email:kim.li@acme.example
      id      a3a12ec67a1365927098a606107fac15
      type    form.submitted
      time    2026-03-01T08:58:11Z
      profile company = "Acme GmbH"
      profile country = "DE"
      profile employees = 201
      profile name = "Kim Li"
      profile title = "VP Marketing"
      points  30 (form.submitted +30)
      score   70 of 100 for somebody new: behaviour 30, fit 40; nurturing
    "#);
}

#[test]
fn a_signature_that_does_not_hold_ends_with_1_and_says_what_baton_would_answer() {
    let (_keep, folder) = folder(TYPEFORM);
    let payload = recorded("typeform.json");
    let signed = ["--header", "Typeform-Signature: sha256=AAAA", "--secrets", "secrets.toml"];
    let args = ["source", "check", "policy.toml", &payload, "--at", AT];
    let done = baton(&folder, &[&args[..], &signed[..]].concat());
    assert_eq!(done.status.code(), Some(1));
    assert!(text(done.stdout).contains("proof     hmac, does not hold: the signature is not of"));
    let said = "baton: Baton would answer 401 and keep nothing\n";
    assert_eq!(text(done.stderr), said);
}

#[test]
fn a_payload_that_cannot_be_mapped_says_which_place_failed() {
    let (_keep, folder) = folder(TYPEFORM);
    fs::write(folder.join("odd.json"), r#"{"event_type":"form_response","form_response":{}}"#)
        .unwrap();
    let done = baton(&folder, &["source", "check", "policy.toml", "odd.json", "--at", AT]);
    assert_eq!(done.status.code(), Some(1));
    insta::assert_snapshot!(text(done.stdout), @"
    source    typeform (preset typeform)
    proof     hmac, not checked (--secrets FILE checks it)
    unusable  person 1: email is nowhere; expected an e-mail address, or the sender's id of the person
    ");
    assert!(text(done.stderr).contains("in quarantine"));
}

#[test]
fn which_source_is_meant_is_asked_and_a_wrong_name_is_told() {
    let (_keep, folder) =
        folder(&format!("{TYPEFORM}[[source]]\nname = \"partner\"\npreset = \"zapier\"\n"));
    let payload = recorded("zapier.json");
    let said = |more: &[&str]| {
        let args = [&["source", "check", "policy.toml", &payload, "--at", AT], more].concat();
        text(baton(&folder, &args).stderr)
    };
    let several =
        "baton: the policy has several sources; give --source, one of partner, typeform\n";
    assert_eq!(said(&[]), several);
    assert!(said(&["--source", "partnr"]).contains("it has partner, typeform"));
    assert_eq!(said(&["--source", "partner"]), "");
}

#[test]
fn a_secret_says_where_it_goes_and_is_new_each_time() {
    let (_keep, folder) = folder("");
    let made = || text(baton(&folder, &["source", "secret", "typeform"]).stdout);
    let (first, second) = (made(), made());
    assert_ne!(first, second);
    for part in ["[sources.typeform]\ncurrent = \"", "/webhooks/typeform", "In Typeform: Connect"] {
        assert!(first.contains(part), "{first}");
    }
    let standard = baton(&folder, &["source", "secret", "crm", "--preset", "standard_webhooks"]);
    assert!(text(standard.stdout).contains("current = \"whsec_"));
    let unknown = baton(&folder, &["source", "secret", "crm", "--preset", "typform"]);
    assert!(text(unknown.stderr).contains("there is no preset typform"));
}

#[test]
fn serve_does_not_start_without_a_secret_that_a_source_needs() {
    let (_keep, folder) = folder("[[source]]\nname = \"partner\"\npreset = \"zapier\"\n");
    let serve = ["serve", "--memory", "--listen", "127.0.0.1:0", "--policy", "policy.toml"];
    let done = baton(&folder, &[&serve[..], &["--secrets", "secrets.toml"]].concat());
    assert_eq!(done.status.code(), Some(1));
    assert!(text(done.stderr).contains("baton source secret partner"));
}

#[test]
fn a_secrets_file_that_serve_makes_has_a_secret_for_every_source() {
    let (_keep, folder) = folder(
        "[[source]]\nname = \"partner\"\npreset = \"zapier\"\n\
         [[source]]\nname = \"hooks\"\npreset = \"standard_webhooks\"\n",
    );
    let serve = ["serve", "--memory", "--policy", "policy.toml", "--secrets", "fresh.toml"];
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = taken.local_addr().unwrap().to_string();
    baton(&folder, &[&serve[..], &["--listen", &busy]].concat());
    assert!(!folder.join("fresh.toml").exists(), "a start that fails leaves nothing");
    let mut serving = Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(serve)
        .args(["--listen", "127.0.0.1:0"])
        .current_dir(&folder)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = String::new();
    std::io::BufRead::read_line(
        &mut std::io::BufReader::new(serving.stdout.take().unwrap()),
        &mut greeting,
    )
    .unwrap();
    serving.kill().unwrap();
    serving.wait().unwrap();
    let made = fs::read_to_string(folder.join("fresh.toml")).unwrap();
    for part in ["[sources.website]", "[sources.tradeshow]", "[sources.partner]", "[desk]"] {
        assert!(made.contains(part), "{part}");
    }
    assert!(made.contains("[sources.hooks]\ncurrent = \"whsec_"));
}
