//! The capacity of DynamoDB that Baton uses, step by step: what `infra/aws/measure` makes dollars of.

mod formula;
mod story;

use baton_tests::Metered;
use formula::{Units, by_the_engine, by_the_manual};
use serde_json::{Value, json};
use story::Step;

/// To count anew after a change that is meant: `INSTA_UPDATE=always`, and then
/// `infra/aws/measure/reckon --write`.
#[tokio::test]
async fn each_step_uses_what_the_cost_is_reckoned_from() {
    let mut counted = serde_json::Map::new();
    for step in story::told().await {
        step.table.iter().for_each(|metered| engine_and_manual_agree(step.name, metered));
        counted.insert(step.name.to_owned(), summed(&step));
    }
    insta::with_settings!({
        snapshot_path => "../../../../infra/aws/measure",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        description => "Capacity units and requests, step by step; tests/tests/e2e/capacity counts.",
    }, {
        insta::assert_json_snapshot!("counted", counted);
    });
}

fn engine_and_manual_agree(step: &str, metered: &Metered) {
    let (manual, engine) = (by_the_manual(metered), by_the_engine(metered));
    // What a request cost that failed, neither Amazon nor the engine says.
    if metered.answer["ConsumedCapacity"].is_null() {
        assert_eq!((step, engine), ("duplicate", Units::default()));
    } else {
        assert_eq!(manual, engine, "{step}: {:?}", metered.request);
    }
}

fn summed(step: &Step) -> Value {
    let mut units = Units::default();
    let mut calls = step.out.clone();
    let mut bytes = serde_json::Map::new();
    for metered in &step.table {
        units.add(&by_the_manual(metered));
        *calls.entry(metered.request.operation.clone()).or_default() += 1;
        for (key, item) in &metered.after {
            if metered.before.get(key) != Some(item) {
                let kind = item["item"]["S"].as_str().unwrap();
                bytes.insert(kind.to_owned(), json!(formula::size(item)));
            }
        }
    }
    json!({
        "calls": calls,
        "read_units": units.reads,
        "write_units": units.writes,
        "bytes_of_items": bytes,
        "sms_chars": step.sms_chars,
    })
}
