//! `baton secrets` as a command: what it writes, and what it leaves alone.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use baton_engine::Secrets;

fn make(folder: &Path, more: &[&str]) -> Output {
    let mut baton = Command::new(env!("CARGO_BIN_EXE_baton"));
    baton.args(["secrets", "make", "keys.toml"]).args(more).current_dir(folder).output().unwrap()
}

#[test]
fn a_file_of_fresh_keys_is_made_once_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let done = make(folder.path(), &[]);
    assert!(done.status.success(), "{}", String::from_utf8(done.stderr).unwrap());
    let file = folder.path().join("keys.toml");
    let first = fs::read_to_string(&file).unwrap();
    let names: Vec<_> =
        Secrets::read(&first).unwrap().sources.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["tradeshow", "website"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    let again = make(folder.path(), &[]);
    assert_eq!(again.status.code(), Some(1));
    let told = String::from_utf8(again.stderr).unwrap();
    assert!(told.contains("keys.toml is there already"), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), first);
}

#[test]
fn every_source_of_the_policy_gets_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let sample = include_str!("../../../shared/documents/src/policy/sample.toml");
    let policy = format!("{sample}\n[[source]]\nname = \"typeform\"\npreset = \"typeform\"\n");
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    assert!(make(folder.path(), &["--policy", "policy.toml"]).status.success());
    let text = fs::read_to_string(folder.path().join("keys.toml")).unwrap();
    assert!(text.contains("[sources.typeform]"), "the policy's source has no secret");
}
