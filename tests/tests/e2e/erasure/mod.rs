//! `DELETE /leads/{lead}`: the person is gone everywhere, and what they did before stays gone.

mod faults;
mod late;
mod whole;

use std::collections::BTreeMap;

use baton_tests::{Answer, Baton, DESK_KEY, World, hook_secret, lead_path};
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";
const KIM_ID: &str = "526dab18af648d3461ae0061";
const TOOL: &str = "[[source]]\nname = \"tool\"\npreset = \"zapier\"\n";

/// Kim, in every place there is: in sales for the second time, with an address for an activity's
/// id, and in quarantine.
fn world_with_kim() -> World {
    let world = World::hooked(TOOL);
    let visit = |id: &str| {
        json!({
            "id": id, "type": "event.booth_visited", "email": "kim@acme.example",
            "profile": {
                "name": "Kim Lee", "title": "VP Falconer", "company": "Zeppelin", "country": "DE",
                "phone": "5550199",
            },
            "data": {"note": "likes a whale"},
        })
    };
    world.activity(visit("kim@acme.example"));
    world.command(KIM, "accept", &Value::Null).expect(200);
    world.command(KIM, "return", &json!({"reason": "met a quokka"})).expect(200);
    world.activity(visit("2"));
    world.advance("25h");
    deliver(&world, r#"{"note":"to KIM@acme.example"}"#);
    deliver(&world, "mail=kim%40acme.example&a=b");
    world
}

fn deliver(world: &World, body: &str) -> Value {
    let call = world.call("POST", "/webhooks/tool").header("x-api-key", &hook_secret("tool"));
    call.header("content-type", "application/json").body(body).send().expect(200).json()
}

fn erase(baton: &Baton, lead: &str) -> Answer {
    baton.call("DELETE", &lead_path(lead)).key(DESK_KEY).send()
}

/// Kinds of items in a table, and how many there are of each, but for how much people who work here
/// have been sent lately.
fn kinds(table: &BTreeMap<String, Value>) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for item in table.values() {
        *kinds.entry(item["item"]["S"].as_str().unwrap()).or_default() += 1;
    }
    kinds.remove("pace");
    kinds
}

/// Words that a table still has, in keys or values.
fn found<'w>(table: &BTreeMap<String, Value>, words: &[&'w str]) -> Vec<&'w str> {
    let text = format!("{table:?}").to_lowercase();
    words.iter().copied().filter(|word| text.contains(&word.to_lowercase())).collect()
}
