//! What requests cost the table: what the engine says of each, and what lay there before and after,
//! so that a test can reckon it by itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::store::Store;
use crate::wire::{Answer, Request};

/// A request to the table, and all that its cost follows from.
#[derive(Clone, Debug)]
pub struct Metered {
    /// The request as it was sent.
    pub request: Request,
    /// The answer, `ConsumedCapacity` included.
    pub answer: Value,
    /// Everything in the table before a write, by key.
    pub before: BTreeMap<String, Value>,
    /// Everything in the table after it.
    pub after: BTreeMap<String, Value>,
}

impl Metered {
    /// Carries out a request, asking what it costs, index by index. Our own code never asks.
    pub(crate) fn ask(store: &Store, request: Request) -> (Self, Answer) {
        let before = around(store, &request);
        let mut asked = request.json();
        asked["ReturnConsumedCapacity"] = json!("INDEXES");
        let answer = store.ask(&request.operation, &asked.to_string());
        let after = around(store, &request);
        let said = serde_json::from_str(&answer.1).expect("DynamoDB answers JSON");
        (Self { request, answer: said, before, after }, answer)
    }
}

/// The table, around a write; a read's cost follows from its answer.
fn around(store: &Store, request: &Request) -> BTreeMap<String, Value> {
    if request.is_write() { store.dump() } else { BTreeMap::new() }
}
