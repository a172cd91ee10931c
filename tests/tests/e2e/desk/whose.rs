//! Whose leads somebody sees on the board, and what they are told who ask for more.

use std::collections::BTreeMap;

use baton_tests::{World, rules_with, sample_roster};
use serde_json::Value;

use super::{Reader, qualify};

/// Leads of Germany, the States and Japan, where nobody is there.
fn world() -> World {
    let away = "id = \"hana\"\naway = [{ from = 2026-01-01, until = 2026-12-31 }]";
    let world = World::with(rules_with(&sample_roster(&[("id = \"hana\"", away)])));
    for n in 0..6 {
        qualify(&world, &format!("german{n}"), "DE");
        qualify(&world, &format!("american{n}"), "US");
    }
    qualify(&world, "japanese", "JP");
    world
}

/// Each of them signed in once: nobody is sent more than three links at once.
fn readers(world: &World) -> BTreeMap<&'static str, Reader<'_>> {
    ["ana", "sven", "sofia", "mia"].map(|person| (person, Reader::sign_in(world, person))).into()
}

fn board(reader: &Reader<'_>, query: &str) -> Value {
    reader.open(&format!("/board?as=json&{query}")).expect(200).json()
}

/// Who holds the leads that somebody sees; `-` is nobody.
fn owners(board: &Value) -> Vec<&str> {
    let leads = board["leads"].as_array().unwrap();
    let mut owners: Vec<_> =
        leads.iter().map(|lead| lead["owner"].as_str().unwrap_or("-")).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}

#[test]
fn everybody_sees_the_leads_of_their_role_and_no_others() {
    let world = world();
    let readers = readers(&world);
    for (person, query, whose, seen) in [
        ("ana", "", "me", &["ana"][..]),
        ("ana", "whose=me&owner=ana", "me", &["ana"]),
        ("sven", "", "team", &["ana", "ben"]),
        ("sven", "owner=ben", "team", &["ben"]),
        ("sven", "whose=me", "me", &[]),
        ("sven", "whose=sven", "sven", &["ana", "ben"]),
        // She supervises the house, and so hears of those whom nobody can take.
        ("sofia", "", "team", &["-", "carla", "diego"]),
        ("mia", "", "all", &["-", "ana", "ben", "carla", "diego"]),
        ("mia", "whose=sven", "sven", &["ana", "ben"]),
        ("mia", "owner=carla", "all", &["carla"]),
    ] {
        let reader = &readers[person];
        let board = board(reader, query);
        assert_eq!((board["whose"].as_str(), owners(&board)), (Some(whose), seen.to_vec()));
        let page = reader.open(&format!("/board?{query}")).expect(200);
        let shown = page.text.matches("<h3><a href=\"/leads/").count();
        assert!(shown <= board["of"].as_u64().unwrap() as usize && (shown > 0) != seen.is_empty());
        let stages = board["stages"].as_array().unwrap();
        let open: u64 = stages.iter().map(|stage| stage["open"].as_u64().unwrap()).sum();
        assert_eq!(board["of"], open, "{person} {query}");
    }
}

#[test]
fn who_asks_for_more_than_is_theirs_is_told_so_and_shown_nothing() {
    let world = world();
    let readers = readers(&world);
    for (person, query) in [
        ("ana", "whose=all"),
        ("ana", "whose=team"),
        ("ana", "whose=sven"),
        ("ana", "whose=nobody"),
        ("ana", "owner=ben"),
        ("sven", "whose=all"),
        ("sven", "whose=sofia"),
        ("sven", "owner=carla"),
        ("mia", "whose=team"),
    ] {
        let reader = &readers[person];
        let answer = reader.call("GET", &format!("/board?{query}")).send();
        assert_eq!(answer.status, 403, "{person} {query}");
        assert!(!answer.text.contains("/leads/"), "{person} {query}");
    }
}

#[test]
fn somebody_with_nothing_to_choose_from_has_no_form_to_choose_with() {
    let world = world();
    let readers = readers(&world);
    let has_form = |person: &str| {
        let page = readers[person].open("/board").expect(200);
        page.text.contains("<details class=\"filters\">")
    };
    assert_eq!(["ana", "sven", "sofia", "mia"].map(has_form), [false, true, true, true]);
}
