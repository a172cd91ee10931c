//! `baton policy publish`, `history` and `rollback` as commands, against a real table.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use baton::house::{House, Plan};
use baton::local::Store;
use baton_cloud::{Clock, Rules, Secrets};

const SECRETS: &str = "link_key = \"0123456789abcdef0123456789abcdef\"\n\
    [desk]\ncurrent = \"desk-key-0123456789\"\n";

fn house() -> (tokio::runtime::Runtime, House) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let plan = Plan {
        store: Store::Memory,
        rules: Rules::sample(),
        secrets: Secrets::read(SECRETS).unwrap(),
        clock: Clock::manual("2026-03-05T09:00:00Z".parse().unwrap()),
        base_url: "http://baton.example".to_owned(),
        sns: None,
    };
    let house = runtime.block_on(House::open(plan)).unwrap();
    (runtime, house)
}

fn baton(folder: &Path, endpoint: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(args)
        .current_dir(folder)
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
        .env("BATON_TABLE", "baton")
        .output()
        .unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_policy_is_published_listed_and_rolled_back() {
    let (_runtime, house) = house();
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| baton(folder.path(), house.engine().endpoint(), args);
    let said = |args: &[&str]| {
        let done = run(args);
        assert!(done.status.success(), "{}", text(done.stderr));
        text(done.stdout)
    };
    assert_eq!(said(&["policy", "history"]), "No policy was published: the sample is in force.\n");
    fs::write(folder.path().join("a.toml"), "version = \"spring\"\n").unwrap();
    fs::write(folder.path().join("b.toml"), "version = \"summer\"\n").unwrap();
    let in_force = "is in force everywhere within a minute.\n";
    let first = format!("Edition 1 of the policy (spring) {in_force}");
    assert_eq!(said(&["policy", "publish", "a.toml"]), first);
    let again = "Edition 1 of the policy (spring) is in force already.\n";
    assert_eq!(said(&["policy", "publish", "a.toml"]), again);
    said(&["policy", "publish", "b.toml"]);
    let back = format!("Edition 3 of the policy (spring) {in_force}");
    assert_eq!(said(&["policy", "rollback", "1"]), back);
    let history = said(&["policy", "history"]);
    let lines: Vec<&str> = history.lines().collect();
    assert!(lines[0].starts_with("* 3  ") && lines[0].ends_with("  spring, 1 again"), "{history}");
    assert!(lines[2].starts_with("  1  "), "{history}");
}

#[test]
fn a_bad_policy_is_not_published_and_says_why() {
    let (_runtime, house) = house();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.toml"), "version = \"x\"\n[score]\ntreshold = 1\n").unwrap();
    let args = ["policy", "publish", "bad.toml"];
    let done = baton(folder.path(), house.engine().endpoint(), &args);
    assert_eq!(done.status.code(), Some(1));
    let told = text(done.stderr);
    assert!(told.contains("bad.toml:3:1: unknown key `treshold`"), "{told}");
}
