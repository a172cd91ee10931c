//! `baton fsck` as a command: over what the demo leaves in a folder, and over a deployment's table.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod endpoint;

use std::path::Path;
use std::process::{Command, Output};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use baton::local::{EmbeddedDynamo, Store};
use baton_cloud::{Aws, Document, Names};
use baton_engine::{Draft, Publisher};
use serde_json::Value;

fn baton(args: &[&str], endpoint: Option<&str>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(args)
        .env("AWS_ACCESS_KEY_ID", "local")
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL_DYNAMODB", endpoint.unwrap_or("http://127.0.0.1:9"))
        .env_remove("BATON_TABLE")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn client(dynamo: &EmbeddedDynamo) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .http_client(dynamo.http_client());
    Client::from_conf(config.build())
}

/// Takes a lead off the list of what is due, behind everybody's back: the sweep does not see it.
async fn silence_a_lead(dynamo: &EmbeddedDynamo) {
    let client = client(dynamo);
    let held = client
        .scan()
        .table_name("baton")
        .filter_expression("attribute_exists(held_by)")
        .send()
        .await
        .unwrap();
    let lead = &held.items()[0];
    let mut remove = client.update_item().table_name("baton");
    for key in ["pk", "sk"] {
        remove = remove.key(key, lead[key].clone());
    }
    let kept: AttributeValue = lead["version"].clone();
    remove
        .update_expression("REMOVE due_shard, due_at SET version = :version")
        .expression_attribute_values(":version", kept)
        .send()
        .await
        .unwrap();
}

fn fsck_folder(folder: &Path, more: &[&str]) -> Output {
    let clock = "manual:2026-01-01T00:00:00Z";
    let args = ["fsck", "--data", folder.to_str().unwrap(), "--clock", clock];
    baton(&[&args[..], more].concat(), None)
}

#[test]
fn what_the_demo_leaves_is_whole_and_what_is_broken_in_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let played = baton(&["demo", "--keep", data.to_str().unwrap()], None);
    assert!(played.status.success());
    // The demo's people are on a roster of its own.
    let roster = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/roster.toml");
    let look = |more: &[&str]| fsck_folder(&data, &[&["--roster", roster], more].concat());
    let whole = look(&[]);
    assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
    assert!(said(&whole).starts_with("Nothing is wrong with "), "{}", said(&whole));

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let dynamo = EmbeddedDynamo::open(&Store::Folder(data.clone())).unwrap();
    runtime.block_on(silence_a_lead(&dynamo));
    let busy = look(&[]);
    assert_eq!(busy.status.code(), Some(2));
    assert!(String::from_utf8(busy.stderr).unwrap().contains("is in use by another baton"));
    drop(dynamo);

    let broken = look(&["--json"]);
    assert_eq!(broken.status.code(), Some(1), "{}", said(&broken));
    let told: Value = serde_json::from_str(&said(&broken)).unwrap();
    assert_eq!(told["findings"][0]["code"], "index_wrong", "{told:#}");
    assert!(told["findings"][0]["repair"].as_str().unwrap().contains("/reassign"));
    assert!(!said(&broken).contains('@'), "{told:#}");
    let lines = said(&look(&[]));
    assert!(lines.starts_with("index_wrong  lead#"), "{lines}");
}

/// Publishes the demo's roster without Ana, as somebody who runs `serve` on the folder would.
fn publish_without_ana(data: &Path) {
    let dynamo = EmbeddedDynamo::open(&Store::Folder(data.to_owned())).unwrap();
    let [table, bus, topic_prefix] = ["baton"; 3].map(ToOwned::to_owned);
    let names = Names { table, bus, topic_prefix };
    let table = Aws::over(names, dynamo.http_client()).table();
    let roster = include_str!("../demo/roster.toml").replace("\"ana\"", "\"zoe\"");
    let draft = Draft { document: Document::Roster, name: "the roster", text: &roster };
    let now = "2026-04-03T08:00:00Z".parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(Publisher(&table).publish_drafts(&[draft], now)).unwrap();
}

#[test]
fn a_folder_is_checked_against_the_documents_that_are_published_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(baton(&["demo", "--keep", data.to_str().unwrap()], None).status.success());
    let by_published = fsck_folder(&data, &[]);
    assert_eq!(by_published.status.code(), Some(0), "{}", said(&by_published));
    publish_without_ana(&data);
    let without_ana = fsck_folder(&data, &[]);
    assert_eq!(without_ana.status.code(), Some(1));
    assert!(said(&without_ana).contains("ana holds the lead and is not on the roster"));
    let roster = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/roster.toml");
    let by_file = fsck_folder(&data, &["--roster", roster]);
    assert_eq!(by_file.status.code(), Some(0), "{}", said(&by_file));
}

#[test]
fn a_table_on_aws_is_looked_through_by_its_name() {
    let dynamo = EmbeddedDynamo::open(&Store::Memory).unwrap();
    let endpoint = endpoint::serve(&dynamo);
    let look = || baton(&["fsck", "--table", "baton"], Some(&endpoint));
    let absent = look();
    assert_eq!(absent.status.code(), Some(2));
    let why = String::from_utf8(absent.stderr).unwrap();
    assert!(why.starts_with("baton: Scan failed"), "{why}");

    let made = r#"{"TableName":"baton","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
        {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
        {"AttributeName":"sk","KeyType":"RANGE"}]}"#;
    dynamo.database().create_table(serde_json::from_str(made).unwrap()).unwrap();
    let empty = look();
    assert_eq!(empty.status.code(), Some(0), "{empty:?}");
    assert_eq!(said(&empty), "Nothing is wrong with 0 items.\n");
}

#[test]
fn a_folder_without_data_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent");
    let refused = fsck_folder(&absent, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("there is no data of baton in"));
    assert!(!absent.exists());
    assert_eq!(baton(&["fsck"], None).status.code(), Some(2), "it has to be told where");
}
