//! `baton fsck`: it finds each of a planted set, exactly, and nothing in what Baton itself leaves.
//! That is asserted of every world of every suite as well, when it is dropped.

mod plant;
mod story;

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::json;

use self::plant::{Plant, n, s};
use self::story::Story;

const CODES: &str = include_str!("../../../../shared/reports/src/integrity/violation.rs");
const DOCS: &str = include_str!("../../../../shared/docs/integrity.md");

/// A minute after the story begins, in milliseconds since 1970.
const LONG_AGO: i64 = 1_772_355_660_000;

/// A title and what is done to a table in which nothing is wrong.
type Planted = (&'static str, Vec<Plant>);

fn planted(story: &Story) -> Vec<Planted> {
    [of_leads(story), of_ledgers(story), of_stories(story), of_erasures(story), of_the_rest(story)]
        .concat()
}

fn of_leads(story: &Story) -> Vec<Planted> {
    let [max, lee, con, amy] = ["max", "lee", "con", "amy"].map(|name| story.lead(name));
    let past = s("2026-04-01T09:00:00Z");
    vec![
        ("an MQL without a clock", vec![amy.without(&["stage.awaiting_acceptance.countdown"])]),
        ("work without a clock", vec![lee.without(&["stage.working.next"])]),
        ("an index that a lead should be in", vec![lee.without(&["due_shard", "due_at"])]),
        ("an index that a lead left", vec![max.with("due_shard", n(3)).with("due_at", n(1))]),
        ("an index at another time", vec![lee.with("due_at", n(1_772_000_000_000))]),
        ("an index of another owner", vec![lee.with("held_by", s("mia"))]),
        (
            "a deadline long past",
            vec![
                amy.with("stage.awaiting_acceptance.countdown.due_at", past)
                    .with("due_at", n(1_775_034_000_000)),
            ],
        ),
        ("work that nobody holds", vec![lee.without(&["stage.working.hold"])]),
        (
            "an owner whom nobody knows",
            vec![
                lee.with("stage.working.hold.owner", s("zed")).with("held_by", s("zed")),
                story.history("lee", 2).with("owner", s("zed")),
            ],
        ),
        (
            "a first trip after the newest",
            vec![lee.with("stage.working.trip.first_mql_at", s("2026-04-30T09:00:00Z"))],
        ),
        ("a conversion without its date", vec![con.without(&["stage.converted.at"])]),
        ("an MQL whose score nobody kept", vec![lee.without(&["stage.working.trip.score_at_mql"])]),
        ("a lead under another's id", vec![lee.with("lead", s(&story.id("max")))]),
        ("a lead that can't be read", vec![lee.with("stage", s("forgotten"))]),
        ("a lead of a newer shape", vec![lee.with("schema", n(3))]),
        ("a promise that failed too often", vec![lee.with("tries", n(12))]),
    ]
}

fn of_ledgers(story: &Story) -> Vec<Planted> {
    let (kim, max) = (story.lead("kim"), story.lead("max"));
    let entry = story.entry("max", 0);
    vec![
        ("points that no entry has", vec![max.with("behaviour.value", n(31))]),
        ("points of an era that is over", vec![kim.with("behaviour.value", n(99))]),
        ("an entry that is gone", vec![entry.gone()]),
        (
            "an entry in another's ledger",
            vec![entry.with("lead", s(&story.id("lee"))).with("ledger_of", s(&story.id("lee")))],
        ),
        ("an entry nobody made", vec![entry.moved("activity#website#00", "activity")]),
        ("an entry that counts more than it gives", vec![entry.with("counted", n(60))]),
        ("points that no rule gave", vec![entry.with("points", n(31)).with("counted", n(31))]),
        ("an entry of a lead that is not there", vec![max.gone()]),
        ("an entry that expires too early", vec![entry.with("expires_at", n(1_780_000_000))]),
        ("an entry that can't be read", vec![entry.with("points", s("thirty"))]),
    ]
}

fn of_stories(story: &Story) -> Vec<Planted> {
    let (lee, kim) = (story.lead("lee"), story.lead("kim"));
    let accepted = story.history("lee", 2);
    let alert = story.message("lee", 1, 1);
    vec![
        ("a decision that is gone", vec![accepted.gone()]),
        ("a first decision that is gone", vec![story.history("kim", 0).gone()]),
        ("a step that there is not", vec![accepted.with("to", s("nurturing"))]),
        ("a decision by another road", vec![accepted.with("from", s("working"))]),
        ("a cycle that was left out", vec![kim.with("stage.awaiting_acceptance.trip.cycle", n(3))]),
        (
            "a decision before the one before it",
            vec![accepted.with("at", s("2026-01-01T09:00:00Z"))],
        ),
        (
            "a decision of a version to come",
            vec![accepted.moved(&lee.pk(), "history#000000000900").with("version", n(900))],
        ),
        ("a lead at the version before", vec![lee.with("version", n(2))]),
        ("an alert that is gone", vec![story.message("lee", 1, 0).gone()]),
        ("every message of a decision gone", vec![story.message("lee", 2, 0).gone()]),
        ("an alert that nothing delivers", vec![alert.without(&["delivered_at"])]),
        ("an alert that is not delivered", vec![story.due("kim").without(&["delivered_at"])]),
        ("a delivered alert that stays due", vec![story.due("lee")]),
        ("a story without its lead", vec![lee.gone()]),
        ("a decision on another day", vec![accepted.with("day", s("2026-01-01"))]),
    ]
}

fn of_erasures(story: &Story) -> Vec<Planted> {
    let (eve, oli) = (story.lead("eve"), story.at(&story.lead("oli").pk(), "erasing"));
    let decided = |name| {
        let (pk, id) = (story.lead(name).pk(), story.id(name));
        let line = story.history("lee", 0).moved(&pk, "history#000000000001");
        line.with("lead", s(&id))
    };
    vec![
        ("a word left on a tombstone", vec![eve.with("email", s("eve@acme.example"))]),
        ("a word left of an activity", vec![story.forgotten().with("id", s("eve"))]),
        ("a decision of an erased person", vec![decided("eve")]),
        ("a decision from before an erasure", vec![decided("zoe")]),
        ("an erasure nobody goes on with", vec![oli.with("due_at", n(LONG_AGO))]),
        ("an erasure that has no clock", vec![oli.without(&["due_at", "due_shard"])]),
        ("an erasure of nobody", vec![story.lead("oli").gone()]),
        ("a taken delivery with its body", vec![story.taken().with("body", json!({"B": "e30="}))]),
    ]
}

fn of_the_rest(story: &Story) -> Vec<Planted> {
    let cursor = story.at("queue#emea", "cursor");
    let current = story.at("document#policy", "current");
    let edition = |number| story.at("document#policy", &format!("edition#{number:012}"));
    vec![
        ("a turn that is nobody's", vec![cursor.with("turns", json!({"L": []}))]),
        ("a queue that owes", vec![cursor.with("turns.0.credit", n(7))]),
        ("a turn of another queue", vec![cursor.with("queue", s("apac"))]),
        (
            "a pace that is no number",
            vec![story.at("pace#website", "pace").with("paid_ms", s("soon"))],
        ),
        ("a first edition that is gone", vec![edition(1).gone()]),
        ("the edition in force gone", vec![edition(2).gone()]),
        ("no edition in force", vec![current.gone()]),
        ("an earlier edition in force", vec![current.with("edition", n(1))]),
        ("rules that do not read", vec![edition(2).with("text", s("version = "))]),
        (
            "something that nobody knows",
            vec![cursor.moved("other#1", "other").with("item", s("other"))],
        ),
    ]
}

#[tokio::test]
async fn each_of_a_planted_set_is_found_exactly() {
    let story = Story::play().await;
    let mut told = Vec::new();
    let mut codes = BTreeSet::new();
    assert_eq!(story.findings(), [""; 0]);
    for (title, plants) in planted(&story) {
        plants.iter().for_each(|plant| story.plant(plant));
        let found = story.findings();
        assert!(!found.is_empty(), "{title} is not found");
        codes.extend(found.iter().filter_map(|line| line.split(' ').next().map(str::to_owned)));
        told.push(format!("{title}\n    {}", found.join("\n    ")));
        story.restore().await;
        assert_eq!(story.findings(), [""; 0], "after {title}");
    }
    assert_snapshot!("found", told.join("\n"));
    assert_eq!(codes, all_codes(), "every code is planted, and no other exists");
}

/// The codes there are: as `Violation::code` gives them.
fn all_codes() -> BTreeSet<String> {
    let arms = CODES.lines().filter_map(|line| line.split_once("=> \""));
    let words = arms.filter_map(|(_, rest)| rest.strip_suffix("\","));
    let is_code = |word: &&str| word.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase());
    words.filter(is_code).map(str::to_owned).collect()
}

#[test]
fn every_code_is_in_the_docs() {
    let rows = DOCS.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let documented: BTreeSet<_> = rows.map(|(code, _)| code.to_owned()).collect();
    assert_eq!(documented, all_codes());
}
