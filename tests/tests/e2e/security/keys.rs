//! What anybody types reaches no key but as a hash, and no expression at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use baton_documents::roster;
use baton_tests::{DESK_KEY, WEBSITE_KEY, World, encoded, hook_secret};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{KIM, world_with_kim};

/// Ids that try to be something else's: keys, expressions, names, other ids that look the same.
const ODD: [&str; 28] = [
    "#",
    "##",
    "1#activity",
    "x#activity#y",
    "526dab18af648d3461ae0061",
    "lead#526dab18af648d3461ae0061",
    "lead",
    "cursor",
    "current",
    "erasing",
    "message#000000000001#0000",
    "history#000000000001",
    "document#policy",
    "quarantine#tool",
    "queue#emea",
    ":was",
    "#item",
    ":lead",
    "pk",
    "version = :was",
    "attribute_not_exists(pk) OR pk = :x",
    "SET due_at = :now REMOVE owner",
    "' OR '1'='1",
    "{\"S\":\"x\"}",
    "caf\u{e9}",
    "cafe\u{301}",
    "ana",
    "\u{430}na",
];

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether a key is one of those that keys.rs makes, out of nothing but names of ours and hashes.
fn is_ours(pk: &str, sk: &str) -> bool {
    let number = |text: &str| text.split('#').all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let parts: Vec<_> = pk.split('#').collect();
    match (parts.as_slice(), sk.split_once('#')) {
        (["lead", id], Some(("history" | "message", rest))) => is_hex(id, 24) && number(rest),
        (["lead", id], None) => is_hex(id, 24) && ["lead", "erasing"].contains(&sk),
        (["activity", "website" | "tradeshow" | "tool", id], None) => {
            is_hex(id, 32) && sk == "activity"
        }
        (["queue", "emea" | "americas" | "house"], None) => sk == "cursor",
        (["quarantine", "tool"], None) => is_hex(sk, 24),
        (["pace", "tool"], None) => sk == "pace",
        (["person", id], None) => is_on_roster(id) && sk == "pace",
        _ => false,
    }
}

fn is_on_roster(person: &str) -> bool {
    roster::SAMPLE.contains(&format!("id = \"{person}\""))
}

fn no_key_is_anybodys(world: &World) {
    for item in world.table().values() {
        let [pk, sk] = ["pk", "sk"].map(|part| item[part]["S"].as_str().unwrap());
        assert!(is_ours(pk, sk), "{pk} {sk}");
    }
}

#[test]
fn an_odd_id_is_an_id_and_each_is_its_own() {
    let world = world_with_kim();
    let kim = world.lead(KIM);
    let before = world.table();
    let form = |id: &str| {
        let known_by = json!({"id": format!("by-{id}"), "type": "form.submitted", "person_id": id});
        let known = json!({"id": id, "type": "form.submitted", "email": "lee@acme.example"});
        [known, known_by]
    };
    let forms: Value = ODD.into_iter().flat_map(form).collect();
    for key in [WEBSITE_KEY, baton_tests::TRADESHOW_KEY] {
        let answers = world.activity_from(key, forms.clone());
        let outcomes = answers["results"].as_array().unwrap().iter().map(|one| &one["outcome"]);
        assert!(outcomes.clone().all(|outcome| outcome == "scored"), "{answers}");
    }
    no_key_is_anybodys(&world);
    assert_eq!(world.lead(KIM), kim);
    let after = world.table();
    assert!(before.iter().all(|(key, item)| after.get(key) == Some(item)), "nothing was changed");
    // Two sources: Lee once, and a lead for each odd name of each source.
    let leads = |sk: &str| after.values().filter(|item| item["sk"]["S"] == sk).count();
    assert_eq!(leads("lead"), 2 + 2 * ODD.len());
    let ids: BTreeSet<_> = world.ledger("email:lee@acme.example")["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ODD.map(str::to_owned).into());
}

#[test]
fn an_odd_name_in_a_path_finds_nobody_elses_item() {
    let world = World::hooked("[[source]]\nname = \"tool\"\npreset = \"zapier\"\n");
    super::visit(&world, "kim", &json!({}));
    let before = world.table();
    for odd in ODD {
        let odd = encoded(odd);
        for path in [
            format!("/leads/tool:{odd}"),
            format!("/leads/{odd}/history"),
            format!("/leads?email={odd}"),
            format!("/quarantine/tool/{odd}"),
            format!("/quarantine/{odd}/{odd}"),
        ] {
            let answer = world.call("GET", &path).key(DESK_KEY).send();
            let is_kims = path == "/leads/526dab18af648d3461ae0061/history";
            assert!(is_kims || [404, 422].contains(&answer.status), "{path}: {}", answer.status);
        }
        for (method, path) in [
            ("DELETE", format!("/leads/tool:{odd}")),
            ("POST", format!("/leads/tool:{odd}/accept")),
            ("POST", format!("/quarantine/tool/{odd}/retry")),
            ("POST", format!("/quarantine/{odd}/current/retry")),
        ] {
            let status = world.call(method, &path).key(DESK_KEY).send().status;
            assert!([404, 422].contains(&status), "{method} {path}: {status}");
        }
        let hook = world.call("POST", &format!("/webhooks/{odd}"));
        assert_eq!(hook.header("x-api-key", &hook_secret("tool")).body("{}").send().status, 401);
    }
    assert_eq!(world.table(), before);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24, max_shrink_iters: 200, ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_sent_no_key_holds_it(
        sent in prop::collection::vec(("\\PC{1,40}", any::<String>(), "\\PC{1,20}"), 1..40),
    ) {
        let world = World::open();
        let activity = |(id, person, local): &(String, String, String)| json!([
            {"id": id, "type": "form.submitted", "person_id": person},
            {
                "id": format!("{id}!"), "type": "event.booth_visited",
                "email": format!("{local}@a.de"),
            },
        ]);
        for one in &sent {
            world.activity(activity(one));
        }
        no_key_is_anybodys(&world);
    }
}

/// What puts a text together.
const JOINS: [&str; 6] = ["format!", "concat!", ".concat()", "push_str", ".join(", "replace("];

/// An expression is a text of ours, to the last character: none is put together.
#[test]
fn no_expression_is_put_together() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cloud/src/table");
    let mut expressions = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let here = text.matches("_expression(").count();
        expressions += here;
        let files = if here == 0 { &[][..] } else { &JOINS[..] };
        for joined in files {
            assert!(!text.contains(joined), "{}: {joined}", path.display());
        }
    }
    assert!(expressions > 10, "{expressions}");
}
