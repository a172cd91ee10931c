//! `baton policy publish`, `history` and `rollback` as commands, against a real table. What a
//! roster does to people's topics is played against an SNS by `infra/aws/rehearse/channels`.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod endpoint;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use baton::local::{EmbeddedDynamo, Store};
use baton_cloud::{Aws, Names};
use baton_documents::{policy, roster};

/// Where the table of a deployment answers from which nothing was published yet.
fn deployed() -> String {
    let dynamo = EmbeddedDynamo::open(&Store::Memory).unwrap();
    let names = Names {
        table: "baton".to_owned(),
        bus: "baton".to_owned(),
        topic_prefix: TOPICS.to_owned(),
    };
    let table = Aws::over(names, dynamo.http_client()).table();
    tokio::runtime::Runtime::new().unwrap().block_on(table.create()).unwrap();
    endpoint::serve(&dynamo)
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
        // Nobody answers there.
        .env("AWS_ENDPOINT_URL_SNS", "http://127.0.0.1:9")
        .env_remove("BATON_TOPIC_PREFIX")
        .output()
        .unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_policy_is_published_listed_and_rolled_back() {
    let endpoint = deployed();
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| baton(folder.path(), &endpoint, args);
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
    let endpoint = deployed();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.toml"), "version = \"x\"\n[score]\ntreshold = 1\n").unwrap();
    let args = ["policy", "publish", "bad.toml"];
    let done = baton(folder.path(), &endpoint, &args);
    assert_eq!(done.status.code(), Some(1));
    let told = text(done.stderr);
    assert!(told.contains("bad.toml:3:1: unknown key `treshold`"), "{told}");
}

const TOPICS: &str = "arn:aws:sns:us-east-1:000000000000:baton-to-";

#[test]
fn a_roster_is_not_published_before_its_people_can_be_told() {
    let endpoint = deployed();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("people.toml"), roster::SAMPLE).unwrap();
    fs::write(folder.path().join("rules.toml"), policy::SAMPLE).unwrap();
    let run = |args: &[&str]| baton(folder.path(), &endpoint, args);
    let refused = |args: &[&str]| {
        let done = run(args);
        assert_eq!(done.status.code(), Some(1));
        text(done.stderr)
    };
    let lacking = refused(&["roster", "publish", "people.toml"]);
    assert!(lacking.contains("--topics or BATON_TOPIC_PREFIX; or --no-topics"), "{lacking}");
    let silent = refused(&["roster", "publish", "people.toml", "--topics", TOPICS]);
    assert!(silent.contains("ListTopics failed"), "{silent}");
    let with = ["policy", "publish", "rules.toml", "--with", "people.toml", "--topics", TOPICS];
    assert!(refused(&with).contains("ListTopics failed"));
    let elsewhere = TOPICS.replace("us-east-1", "eu-central-1");
    let elsewhere = refused(&["roster", "publish", "people.toml", "--topics", &elsewhere]);
    assert!(elsewhere.contains("the topics are in eu-central-1"), "{elsewhere}");
    assert!(
        refused(&["roster", "channels", "--topics", TOPICS]).contains("no roster was published")
    );
    let history = text(run(&["roster", "history"]).stdout);
    assert_eq!(history, "No roster was published: the sample is in force.\n");

    let published = text(run(&["roster", "publish", "people.toml", "--no-topics"]).stdout);
    assert!(published.starts_with("Edition 1 of the roster (sample-1) is in force"), "{published}");
    assert!(refused(&["roster", "rollback", "1"]).contains("--no-topics"));
}

#[test]
fn a_bad_roster_is_refused_before_anybody_is_asked() {
    let endpoint = deployed();
    let folder = tempfile::tempdir().unwrap();
    let bad = roster::SAMPLE.replace("\"emea\"", "\"europe\"");
    fs::write(folder.path().join("bad.toml"), bad).unwrap();
    let args = ["roster", "publish", "bad.toml", "--topics", TOPICS];
    let done = baton(folder.path(), &endpoint, &args);
    let told = text(done.stderr);
    assert!(told.contains("the policy in force") && !told.contains("ListTopics"), "{told}");
}
