//! The privacy desk: what is held of a person is found, handed out and erased, by marketing alone.

use std::collections::BTreeSet;

use baton_tests::{Answer, Baton, DESK_KEY, World, hook_secret};
use serde_json::{Value, json};

use super::{KIM_ID, Reader, own_csrf, qualify};

const KIM: &str = "kim@acme.example";
const SOURCES: &str = "[[source]]\nname = \"tool\"\npreset = \"zapier\"\n";

/// A world with a lead of Ana's that has been accepted, and a delivery that mentions her and one
/// that does not.
fn world() -> World {
    let world = World::hooked(SOURCES);
    qualify(&world, "kim", "DE");
    qualify(&world, "lee", "DE");
    let done = world.command(&format!("email:{KIM}"), "accept", &Value::Null);
    done.expect(200);
    deliver(&world, KIM);
    deliver(&world, "lee@acme.example");
    world
}

/// Something nobody can read, that mentions somebody.
fn deliver(baton: &Baton, address: &str) {
    let call = baton.call("POST", "/webhooks/tool").header("x-api-key", &hook_secret("tool"));
    let body = format!("{{\"broken by {address}");
    call.header("content-type", "application/json").body(body).send().expect(200);
}

fn post(reader: &Reader<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    reader.post(path, &own_csrf(reader), fields)
}

/// Every text in a value of the table, but for what is the store's own.
fn texts(item: &Value, found: &mut BTreeSet<String>) {
    match item {
        Value::Object(map) => {
            map.get("S").and_then(Value::as_str).map(|text| found.insert(text.to_owned()));
            map.values().for_each(|value| texts(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| texts(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn an_export_holds_everything_that_is_kept_of_a_person() {
    let world = world();
    let mia = Reader::sign_in(&world, "mia");
    let found = post(&mia, "/privacy", &[("who", KIM)]).expect(303);
    let page = found.header("location").to_owned();
    assert_eq!(page, format!("/privacy/{KIM_ID}"), "no address is in an address");
    let page = mia.open(&page).expect(200).text;
    assert!(page.contains("What is held of Kim Lee") && page.contains(KIM), "{page}");
    let answer = post(&mia, &format!("/privacy/{KIM_ID}/export"), &[]).expect(200);
    let file = format!("attachment; filename=\"baton-{KIM_ID}.json\"");
    assert_eq!(answer.header("content-disposition"), file);
    let export = answer.json();

    const OF_THE_STORE: [&str; 14] = [
        "pk",
        "sk",
        "item",
        "schema",
        "stamp",
        "due_shard",
        "due_at",
        "held_by",
        "row",
        "day",
        "at_ms",
        "body",
        "fingerprint",
        "named",
    ];
    let (mut kept, mut items) = (BTreeSet::new(), 0);
    for item in world.table().into_values() {
        let is_of = |name: &str| item[name]["S"] == KIM_ID;
        let is_theirs = item["pk"]["S"] == format!("lead#{KIM_ID}") || is_of("ledger_of");
        let Value::Object(mut item) = item else { continue };
        if !is_theirs {
            continue;
        }
        items += 1;
        OF_THE_STORE.iter().for_each(|name| drop(item.remove(*name)));
        texts(&Value::Object(item), &mut kept);
    }
    assert!(items >= 6 && kept.contains(KIM) && kept.contains("Kim Lee"), "{items} {kept:?}");
    let mut told = BTreeSet::new();
    leaves(&export, &mut told);
    let missing: Vec<_> = kept.difference(&told).collect();
    assert_eq!(missing, [""; 0], "kept, and not told");
    let count = |name: &str| export[name].as_array().unwrap().len();
    assert_eq!(export["ledger"]["entries"].as_array().unwrap().len(), 1);
    assert_eq!(count("history") + count("messages") + 2, items);
    assert_eq!(count("quarantined"), 1);
    assert_eq!(export["quarantined"][0]["body"], format!("{{\"broken by {KIM}"));
    assert!(!answer.text.contains("lee@"), "nobody else's");
}

/// Every text in a value, and every key: maps of the table have what a person sent as keys, too.
fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Array(list) => list.iter().for_each(|value| leaves(value, found)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            leaves(value, found);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn an_erasure_is_asked_for_twice_and_then_leaves_nothing() {
    let world = world();
    let mia = Reader::sign_in(&world, "mia");
    let erase = format!("/privacy/{KIM_ID}/erase");
    let page = mia.open(&erase).expect(200).text;
    assert!(page.contains("type the address") && page.contains("1 activity"), "{page}");
    let before = world.table();
    for slip in ["", "kim@acme.exampl", "lee@acme.example", "Kim Lee"] {
        let again = post(&mia, &erase, &[("sure", slip)]).expect(422).text;
        assert!(again.contains("Nothing was erased") && again.contains("aria-invalid"), "{slip}");
    }
    mia.post(&erase, "x", &[("sure", KIM)]).expect(403);
    assert_eq!(world.table(), before);
    let done = post(&mia, &erase, &[("sure", " Kim@Acme.example ")]).expect(200).text;
    for said in ["Erased", "Mia O&#39;Connor", KIM_ID, "<dt>Quarantined</dt><dd>1</dd>"] {
        assert!(done.contains(said), "{said}: {done}");
    }
    assert!(!done.contains(KIM) && !done.contains("Kim Lee"), "{done}");
    let left = format!("{:?}", world.table());
    assert!(!left.contains(KIM) && left.contains("lee@acme.example"));
    let page = mia.open(&format!("/privacy/{KIM_ID}")).expect(200).text;
    assert!(
        page.contains("Erased on") && !page.contains("<form method=\"post\" action=\"/privacy")
    );
    assert_eq!(post(&mia, &erase, &[("sure", KIM)]).status, 404, "there is nothing more");
    assert_eq!(world.events().last().unwrap()["detail-type"], "lead.erased");
}

#[test]
fn who_is_mentioned_in_quarantine_alone_is_found_and_erased_too() {
    let world = world();
    deliver(&world, "max@acme.example");
    let mia = Reader::sign_in(&world, "mia");
    let found = post(&mia, "/privacy", &[("who", "max@acme.example")]).expect(200).text;
    let (_, rest) = found.split_once("action=\"/privacy/").expect("a form");
    let id = rest.split('/').next().unwrap().to_owned();
    let who = ("who", "max@acme.example");
    let export = post(&mia, &format!("/privacy/{id}/export"), &[who]).expect(200).json();
    assert_eq!(export["lead"], Value::Null);
    assert_eq!(export["quarantined"][0]["body"], "{\"broken by max@acme.example");
    let erase = format!("/privacy/{id}/erase");
    let before = world.table();
    assert_eq!(post(&mia, &erase, &[who]).status, 422);
    // Who somebody is goes with their id, or is not heard.
    let other = ("who", KIM);
    assert_eq!(post(&mia, &erase, &[other, ("sure", KIM)]).status, 404);
    assert_eq!(world.table(), before);
    post(&mia, &erase, &[who, ("sure", "max@acme.example")]).expect(200);
    assert!(!format!("{:?}", world.table()).contains("bWF4"), "the body is gone");
    assert_eq!(post(&mia, "/privacy", &[who]).status, 303, "what is left says when");
}

#[test]
fn nobody_but_marketing_finds_takes_or_erases() {
    let world = world();
    let token = world.link_of("ana").replace("/l/", "");
    let readers = ["ana", "sven"].map(|person| Reader::sign_in(&world, person));
    let paths = ["", "/526dab18af648d3461ae0061", "/526dab18af648d3461ae0061/erase"];
    let posts = ["", "/526dab18af648d3461ae0061/export", "/526dab18af648d3461ae0061/erase"];
    let fields = [("who", KIM), ("sure", KIM)];
    let before = world.table();
    for reader in &readers {
        for path in paths {
            let page = reader.open(&format!("/privacy{path}"));
            assert!(page.status == 403 && !page.text.contains(KIM), "{path}");
        }
        for path in posts {
            assert_eq!(post(reader, &format!("/privacy{path}"), &fields).status, 403, "{path}");
        }
    }
    for path in paths {
        let path = format!("/privacy{path}");
        assert_eq!(world.call("GET", &path).from_browser().send().status, 303, "to sign in");
        assert_eq!(world.call("GET", &path).key(&token).send().status, 401);
    }
    for path in posts {
        let call = || world.call("POST", &format!("/privacy{path}"));
        assert_eq!(call().form(&fields).send().status, 401);
        assert_eq!(call().key(&token).form(&fields).send().status, 401);
    }
    assert_eq!(world.table(), before);
}

#[test]
fn nobody_who_is_not_held_is_named_again() {
    let world = world();
    let mia = Reader::sign_in(&world, "mia");
    let before = world.table();
    for (who, status) in [("nobody@acme.example", 404), ("tradeshow:nobody-7", 404), ("no<b", 422)]
    {
        let page = post(&mia, "/privacy", &[("who", who)]).expect(status).text;
        assert!(!page.contains("nobody") && !page.contains("no<b"), "{page}");
    }
    let stranger = "/privacy/000000000000000000000000";
    mia.open(stranger).expect(404);
    assert_eq!(post(&mia, &format!("{stranger}/export"), &[]).status, 404);
    assert_eq!(mia.open("/privacy/kim@acme.example").status, 422);
    assert_eq!(world.table(), before);
}

#[test]
fn a_program_with_the_desk_key_may_do_the_same() {
    let world = world();
    let call = |path: &str, body: &Value| world.call("POST", path).key(DESK_KEY).json(body).send();
    let erase = format!("/privacy/{KIM_ID}/erase");
    let export = call(&format!("/privacy/{KIM_ID}/export"), &json!({})).expect(200).json();
    assert_eq!(export["lead"]["email"], KIM);
    assert_eq!(call(&erase, &json!({"sure": "x"})).problem().0, 422);
    call(&erase, &json!({ "sure": KIM })).expect(200);
    assert_eq!(world.get(&format!("/leads/{KIM_ID}")).status, 410);
}
