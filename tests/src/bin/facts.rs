//! Facts of the code that the deployment's template has to repeat, as JSON on standard output:
//!
//! ```text
//! facts 'GET /health' 'GET /leads/{lead}' ...
//! ```
//!
//! The arguments are the documented operations; `routes` says which functions know each of them.
//! `infra/aws/rehearse/template` holds the template to all of it. What can be seen from outside is
//! seen there: the table as it is made, an event as it is put, the answers to requests.

use std::collections::BTreeMap;

use baton_cloud::environment::VARIABLES;
use baton_cloud::{EXPIRES_AT, METRICS};
use baton_core::message::EventName;
use baton_engine::Rules;
use baton_http::{Payload, Reply};
use baton_sla::OPERATORS_TOPIC;
use baton_tests::{TestHarness, activity};
use serde::de::{Deserializer, Error, Visitor, value};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "what it is for")]
async fn main() {
    let operations: Vec<String> = std::env::args().skip(1).collect();
    let harness = TestHarness::open(Rules::sample()).await;
    let facts = json!({
        "bus_source": bus_source(&harness).await,
        "events": event_names(),
        "metrics": METRICS,
        "routes": routes(&harness, &operations).await,
        "table": harness.ask("DescribeTable", &json!({ "TableName": "baton" }))["Table"],
        "time_to_live": EXPIRES_AT,
        "variables": variables(),
    });
    println!("{facts:#}");
}

/// The source of an event that is put.
async fn bus_source(harness: &TestHarness) -> Value {
    let visit = activity("facts", "event.booth_visited", "kim@acme.example", "DE");
    harness.record(visit).await.expect("a booth visit qualifies");
    harness.post.events().first().expect("an event was put")["source"].clone()
}

/// The variables that each function reads from its environment.
fn variables() -> BTreeMap<&'static str, Vec<&'static str>> {
    let more = [("desk", None), ("route", None), ("score", None), ("sla", Some(OPERATORS_TOPIC))];
    more.map(|(name, own)| (name, VARIABLES.into_iter().chain(own).collect())).into()
}

/// For each operation, the functions that know its path and method.
async fn routes(
    harness: &TestHarness,
    operations: &[String],
) -> BTreeMap<String, Vec<&'static str>> {
    let mut routes = BTreeMap::new();
    for operation in operations {
        let score = harness.score.handle(request(operation)).await;
        let desk = harness.desk.handle(request(operation)).await;
        let known = [("score", score), ("desk", desk)].into_iter().filter(|(_, r)| is_known(r));
        routes.insert(operation.clone(), known.map(|(name, _)| name).collect());
    }
    routes
}

/// A request by nobody: to find out what it is about, a function needs no key.
fn request(operation: &str) -> Payload {
    let (method, path) = operation.split_once(' ').expect("a method and a path");
    let path = path.replace("{lead}", "email:kim@acme.example").replace("{file}", "desk-0.css");
    let path = path.replace(['{', '}'], "");
    let payload = json!({
        "version": "2.0", "rawPath": path, "headers": {}, "isBase64Encoded": false,
        "requestContext": { "http": { "method": method, "path": path } },
    });
    serde_json::from_value(payload).expect("a payload")
}

fn is_known(reply: &Reply) -> bool {
    let reply = serde_json::to_value(reply).expect("JSON");
    let body = reply["body"].as_str().unwrap_or_default();
    reply["statusCode"] != 405 && !body.contains("\"no_such_route\"")
}

/// The names of all events: those that a name on the bus is read as.
fn event_names() -> &'static [&'static str] {
    let mut variants: &[&str] = &[];
    EventName::deserialize(Variants(&mut variants)).expect_err("there is nothing to read");
    variants
}

/// Reads nothing, and keeps the names of an enum's variants.
struct Variants<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Variants<'_> {
    type Error = value::Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = variants;
        Err(Self::Error::custom("only looked at"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("no enum"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
