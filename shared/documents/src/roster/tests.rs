use baton_core::Roster;
use baton_core::id::{PersonId, QueueName};
use jiff::Timestamp;
use proptest::prelude::*;

use super::{KEYS, SAMPLE, parse};
use crate::document::testing::damaged;

fn mistakes(text: &str) -> String {
    parse(text).unwrap_err().render("roster.toml")
}

fn sample() -> Roster {
    parse(SAMPLE).unwrap()
}

#[test]
fn the_sample_is_the_contract() {
    let roster = sample();
    let queues: Vec<String> = roster
        .queues
        .values()
        .map(|queue| {
            let members: Vec<String> =
                queue.members.iter().map(|m| format!("{} {}", m.person, m.weight)).collect();
            format!("{}: {}", queue.name, members.join(", "))
        })
        .collect();
    insta::assert_snapshot!(queues.join("\n"), @r"
americas: carla 1, diego 1
emea: ana 2, ben 1
house: hana 1
");
    let reports: Vec<String> = roster
        .people
        .values()
        .filter_map(|p| p.supervisor.as_ref().map(|s| format!("{} to {s}", p.id)))
        .collect();
    insta::assert_snapshot!(reports.join("\n"), @r"
ana to sven
ben to sven
carla to sofia
diego to sofia
hana to sofia
");
    assert_eq!(roster.fallback.as_str(), "house");
    let marketing: Vec<&str> = roster.marketing.iter().map(PersonId::as_str).collect();
    assert_eq!(marketing, ["mia"]);
    let silent: Vec<_> = roster.people.values().filter(|p| p.sms.is_none()).collect();
    assert!(silent.iter().all(|p| p.id.as_str() == "mia"));
    assert!(roster.people.values().all(|p| p.active && p.away.is_empty()));
}

#[test]
fn nobody_is_called_by_a_word_of_our_own() {
    for word in baton_core::Actor::RESERVED {
        let told = mistakes(&SAMPLE.replace("id = \"mia\"", &format!("id = \"{word}\"")));
        assert!(told.contains("is a word of Baton's own"), "{told}");
    }
}

#[test]
fn an_id_that_no_topic_can_be_named_after_is_refused() {
    let told = mistakes(&SAMPLE.replace("id = \"mia\"", "id = \"mia.oconnor\""));
    assert!(told.contains("the name of a topic can't have"), "{told}");
}

#[test]
fn days_off_are_dates_or_texts_and_include_both_ends_on_the_persons_own_clock() {
    let away = "away = [{ from = 2026-08-01, until = \"2026-08-02\" }]\nid = \"ana\"";
    let roster = parse(&SAMPLE.replace("id = \"ana\"", away)).unwrap();
    let emea = QueueName::parse("emea").unwrap();
    let there = |at: &str| {
        let now: Timestamp = at.parse().unwrap();
        roster.available(&emea, now).iter().any(|m| m.person.as_str() == "ana")
    };
    assert!(there("2026-07-31T21:59:59Z"), "23:59 in Madrid");
    assert!(!there("2026-07-31T22:00:00Z"), "midnight in Madrid");
    assert!(!there("2026-08-02T21:59:59Z"));
    assert!(there("2026-08-02T22:00:00Z"));
}

#[test]
fn names_that_are_nobodys_are_told_with_the_name_that_was_meant() {
    let text = SAMPLE
        .replace("supervisor = \"sven\"", "supervisor = \"svne\"")
        .replace("fallback = \"house\"", "fallback = \"hause\"")
        .replace("[\"mia\"]", "[\"mai\", \"Zorro\"]")
        .replace("\"carla\", \"diego\"]", "\"karla\", \"diego\", { person = \"digo\" }]");
    insta::assert_snapshot!(mistakes(&text));
}

#[test]
fn nobody_supervises_themselves_directly_or_in_a_circle() {
    let text = SAMPLE
        .replace("id = \"sofia\"", "id = \"sofia\"\nsupervisor = \"sofia\"")
        .replace("id = \"sven\"", "id = \"sven\"\nsupervisor = \"ana\"");
    insta::assert_snapshot!(mistakes(&text));
}

#[test]
fn a_person_whose_address_is_wrong_is_still_known_by_name() {
    let text = SAMPLE.replace("ana.ruiz@northwind.example", "ana.ruiz");
    insta::assert_snapshot!(mistakes(&text));
}

#[test]
fn typical_mistakes_are_told_at_once() {
    insta::assert_snapshot!(mistakes(
        r#"
fallback = 3
[[person]]
id = "ana"
name = "Ana"
email = "ana@northwind"
sms = "0034 600"
time_zone = "Europe/Madird"
active = "yes"
away = [{ from = 2026-08-15, until = 2026-08-01 }, { from = 2026-08-01 }]
[[person]]
id = "ana"
name = ""
emial = "ana@northwind.example"
sms = "+1 202 555"
away = [{ from = 2026-02-01T08:00:00, until = "soon" }, 3]
[[queue]]
name = "emea"
members = []
[[queue]]
name = "emea"
members = ["ana", "ana", { person = "ana", weight = 0, wieght = 1 }, 3]
[[queue]]
"#
    ));
}

#[test]
fn every_key_listed_is_read() {
    for table in KEYS {
        for key in table.keys {
            let entry = format!("{key} = [[{{ \"no key\" = 07:32:00 }}]]");
            let text = match table.table {
                "the roster" => entry,
                "an entry of `away`" => format!("[[person]]\naway = [{{ {entry} }}]"),
                "an entry of `members`" => format!("[[queue]]\nmembers = [{{ {entry} }}]"),
                header => format!("{header}\n{entry}"),
            };
            let told = mistakes(&text);
            let named = format!("`{key}` in {}", table.table);
            let inside = format!("in [[{key}]]");
            assert!(told.contains(&named) || told.contains(&inside), "{text}{told}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn a_sample_with_damage_is_read_without_a_panic(text in damaged(SAMPLE)) {
        let _ = parse(&text);
    }
}
