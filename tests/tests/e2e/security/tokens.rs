//! A link's token lets one person act on one lead in one cycle, by the desk's routes alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::id::{Identity, PersonId};
use baton_engine::{Link, LinkKey, Links};
use baton_tests::{BASE_URL, World, lead_path};
use serde_json::{Value, json};

use super::{KIM, token_of, visit, world_with_kim};

fn accept(world: &World, token: &str) -> u16 {
    world.call("POST", &format!("{}/accept", lead_path(KIM))).key(token).send().status
}

fn link(person: &str, cycle: u32, erasures: u8) -> Link {
    let lead = Identity::parse(KIM).unwrap().lead_id();
    Link { lead, cycle, erasures, person: PersonId::parse(person).unwrap() }
}

fn minted(world: &World, link: &Link) -> String {
    let settings = world.house().services().settings();
    settings.links.token(link, settings.clock.now())
}

#[test]
fn a_token_is_good_in_one_spelling_and_with_all_its_bits() {
    let world = world_with_kim();
    let before = world.table();
    let good = token_of(&world, "ana");
    let bytes = URL_SAFE_NO_PAD.decode(&good).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut forged = bytes.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(accept(&world, &URL_SAFE_NO_PAD.encode(forged)), 401, "bit {bit}");
    }
    // The last character has bits to spare.
    let (start, last) = good.split_at(good.len() - 1);
    let spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for other in spare.chars().filter(|c| !last.starts_with(*c)) {
        assert_eq!(accept(&world, &format!("{start}{other}")), 401, "{other}");
    }
    for odd in
        [format!("{good}="), format!("{good}=="), good.replace('_', "/"), good.to_uppercase()]
    {
        assert!(odd == good || accept(&world, &odd) == 401, "{odd}");
    }
    assert_eq!(world.table(), before);
}

#[test]
fn what_our_key_never_signed_acts_for_nobody() {
    let world = world_with_kim();
    let before = world.table();
    let now = world.house().now();
    let others = Links::new(LinkKey::new(b"another key of thirty-two characters"), BASE_URL);
    assert_eq!(accept(&world, &others.token(&link("ana", 1, 0), now)), 401, "another key");
    assert_eq!(accept(&world, &minted(&world, &link("zoe", 1, 0))), 401, "nobody on the roster");
    assert_eq!(accept(&world, &minted(&world, &link("ana", 2, 0))), 409, "a cycle to come");
    assert_eq!(accept(&world, &minted(&world, &link("ana", 0, 0))), 409, "before the first cycle");
    assert_eq!(
        accept(&world, &minted(&world, &link("ana", 1, 1))),
        409,
        "after an erasure to come"
    );
    assert_eq!(accept(&world, &minted(&world, &link("ben", 1, 0))), 409, "a colleague");
    assert_eq!(world.table(), before);
}

#[test]
fn a_token_opens_no_door_but_its_leads() {
    let world = world_with_kim();
    visit(&world, "lee", &json!({}));
    let token = token_of(&world, "ana");
    let before = world.table();
    let activity = json!({"id": "9", "type": "form.submitted", "email": "kim@acme.example"});
    for (method, path) in [
        ("POST", "/activities"),
        ("GET", "/quarantine"),
        ("GET", "/quarantine/tool/000000000000000000000000"),
        ("POST", "/quarantine/tool/000000000000000000000000/retry"),
        ("DELETE", "/leads/email:kim@acme.example"),
        ("DELETE", "/leads/email:lee@acme.example"),
        ("GET", "/leads?email=lee@acme.example"),
        ("GET", "/leads/email:lee@acme.example/ledger"),
        ("PUT", "/leads/email:lee@acme.example/status"),
        ("POST", "/leads/email:lee@acme.example/disqualify"),
        ("POST", "/webhooks/website"),
    ] {
        for by_query in [false, true] {
            let query = if path.contains('?') { "&" } else { "?" };
            let call = match by_query {
                false => world.call(method, path).key(&token),
                true => world.call(method, &format!("{path}{query}t={token}&key={token}")),
            };
            assert_eq!(call.json(&activity).send().status, 401, "{method} {path}");
        }
    }
    assert_eq!(world.table(), before);
}

#[test]
fn what_was_done_once_by_a_link_is_not_done_again_by_it() {
    let world = world_with_kim();
    let token = token_of(&world, "ana");
    let send = |word: &str, body: Value| {
        let call = world.call("POST", &format!("{}/{word}", lead_path(KIM))).key(&token);
        call.json(&body).send()
    };
    for (word, body, code) in
        [("accept", json!({}), "already_accepted"), ("convert", json!({}), "already_converted")]
    {
        send(word, body.clone()).expect(200);
        let before = (world.table(), world.inbox().len(), world.events().len());
        assert_eq!(send(word, body).problem(), (409, code.to_owned()));
        assert_eq!((world.table(), world.inbox().len(), world.events().len()), before);
    }
}
