//! Commands and the CRM's words: from every status, what happens and what is refused.

use std::fmt::Write;

use baton_tests::{Answer, DESK_KEY, World, lead_path, rules_with, sample_roster};
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";

/// How to bring a lead to where it stands, from nothing.
const STANDINGS: [(&str, &[(&str, &str)]); 8] = [
    ("nurturing", &[("activity", "form.submitted")]),
    ("mql", &[("activity", "event.booth_visited")]),
    ("working", &[("activity", "event.booth_visited"), ("accept", "")]),
    ("warned", &[("activity", "event.booth_visited"), ("accept", ""), ("advance", "30d")]),
    ("reassigned", &[("activity", "event.booth_visited"), ("accept", ""), ("reassign", "ben")]),
    ("converted", &[("activity", "event.booth_visited"), ("accept", ""), ("convert", "")]),
    ("returned", &[("activity", "event.booth_visited"), ("return", "not now")]),
    ("disqualified", &[("activity", "event.booth_visited"), ("disqualify", "no fit")]),
];

const COMMANDS: [(&str, &str); 9] = [
    ("accept", ""),
    ("reject", "no_budget"),
    ("convert", ""),
    ("extend", "more time"),
    ("return", "not now"),
    ("disqualify", "no fit"),
    ("reassign", "hana"),
    ("qualify", ""),
    ("reopen", "a slip"),
];

/// Brings leads to a standing, all alike; gives their names.
fn bring(world: &World, steps: &[(&str, &str)], count: usize) -> Vec<String> {
    let leads: Vec<_> = (0..count).map(|n| format!("p{n}@acme.example")).collect();
    for (verb, value) in steps {
        if *verb == "advance" {
            world.advance(value);
            continue;
        }
        for email in &leads {
            match *verb {
                "activity" => {
                    world.activity(json!({"id": email, "type": value, "email": email}));
                }
                command => drop(say(world, &format!("email:{email}"), command, value).expect(200)),
            }
        }
    }
    leads.into_iter().map(|email| format!("email:{email}")).collect()
}

fn bring_one(world: &World, steps: &[(&str, &str)]) -> String {
    bring(world, steps, 1).remove(0)
}

fn say(world: &World, lead: &str, command: &str, value: &str) -> Answer {
    let field = if command == "reassign" { "to" } else { "reason" };
    let body = if value.is_empty() { Value::Null } else { json!({ field: value }) };
    world.command(lead, command, &body)
}

/// What an answer comes to: the new status, or the code of the refusal.
fn gist(answer: &Answer) -> String {
    if answer.status == 200 {
        let lead = answer.json();
        let deadline = lead["deadline"]["kind"].as_str().map(|kind| format!(", {kind} by"));
        let outcome = lead["outcome"].as_str().map(|outcome| format!(" ({outcome})"));
        let status = lead["status"].as_str().unwrap().to_owned();
        return status + &deadline.unwrap_or_default() + &outcome.unwrap_or_default();
    }
    let (status, code) = answer.problem();
    assert_eq!(status, 409, "{}", answer.text);
    format!("409 {code}")
}

fn table(columns: &[&str], ask: impl Fn(&World, &str, &str) -> Answer) -> String {
    let mut table = String::new();
    for (standing, steps) in STANDINGS {
        let world = World::open();
        let leads = bring(&world, steps, columns.len());
        for (lead, column) in leads.iter().zip(columns) {
            let before = world.lead(lead);
            let answer = ask(&world, lead, column);
            if answer.status != 200 {
                assert_eq!(world.lead(lead), before, "a refusal changes nothing");
            }
            writeln!(table, "{standing:<13}{column:<20}{}", gist(&answer)).unwrap();
        }
    }
    table
}

#[test]
fn every_command_from_every_status() {
    let value = |word: &str| COMMANDS.iter().find(|(command, _)| *command == word).unwrap().1;
    let columns = COMMANDS.map(|(word, _)| word);
    insta::assert_snapshot!(table(&columns, |world, lead, word| say(
        world,
        lead,
        word,
        value(word)
    )));
}

#[test]
fn every_word_of_the_crm_from_every_status() {
    let columns =
        ["Nurturing", "MQL", "Working", "Converted", "Return to Marketing", "Disqualified"];
    insta::assert_snapshot!(table(&columns, |world, lead, word| {
        let answer = world.put_status(lead, word);
        if answer.status == 200 {
            // The CRM reports again what is so.
            let mut settled = world.lead(lead);
            settled["outcome"] = "ignored".into();
            let again = world.put_status(lead, &word.to_uppercase()).expect(200);
            assert_eq!(again.json(), settled, "{word}");
        }
        answer
    }));
}

#[test]
fn a_lead_without_an_owner_can_be_given_to_somebody_and_not_accepted() {
    let changes =
        sample_roster(&[("name = \"Hana Sato\"", "name = \"Hana Sato\"\nactive = false")]);
    let world = World::with(rules_with(&changes));
    let visit = |id: &str| {
        let email = format!("{id}@acme.example");
        json!({"id": id, "type": "event.booth_visited", "email": email})
    };
    world.activity(visit("kim"));
    assert_eq!(world.lead(KIM)["deadline"]["kind"], "route");
    let mut table = String::new();
    for (word, value) in COMMANDS {
        if ["accept", "reject", "convert", "extend", "qualify"].contains(&word) {
            let answer = say(&world, KIM, word, value);
            writeln!(table, "{word:<8}{}", gist(&answer)).unwrap();
        }
    }
    insta::assert_snapshot!(table, @r"
    accept  409 not_assigned
    reject  409 not_assigned
    convert 409 not_accepted
    extend  409 not_assigned
    qualify 409 already_qualified
    ");
    assert_eq!(gist(&say(&world, KIM, "reassign", "hana")), "409 unavailable");
    assert_eq!(gist(&say(&world, KIM, "reassign", "ana")), "mql, accept by");
    for (lead, word) in [("lee", "return"), ("max", "disqualify")] {
        world.activity(visit(lead));
        let lead = format!("email:{lead}@acme.example");
        say(&world, &lead, word, "a mistake").expect(200);
        assert_eq!(world.lead(&lead)["deadline"], Value::Null);
    }
}

#[test]
fn refusals_that_depend_on_what_is_asked_have_codes_of_their_own() {
    let world = World::open();
    let lead = bring_one(&world, STANDINGS[1].1);
    assert_eq!(gist(&say(&world, &lead, "reject", "because")), "409 unknown_reason");
    assert_eq!(gist(&say(&world, &lead, "reassign", "nobody")), "409 unknown_person");
    assert_eq!(gist(&say(&world, &lead, "reassign", "hana")), "409 already_theirs");
    say(&world, &lead, "accept", "").expect(200);
    for _ in 0..2 {
        say(&world, &lead, "extend", "budget in May").expect(200);
    }
    let third = say(&world, &lead, "extend", "budget in June");
    assert_eq!(gist(&third), "409 no_extensions_left");
    assert!(third.json()["detail"].as_str().unwrap().contains('2'), "{}", third.text);
}

#[test]
fn a_reason_to_reject_says_what_becomes_of_the_lead() {
    for (reason, status) in [("not_now", "returned"), ("bad_data", "disqualified")] {
        let world = World::open();
        let lead = bring_one(&world, STANDINGS[1].1);
        let rejected = say(&world, &lead, "reject", reason).expect(200).json();
        assert_eq!((&rejected["status"], &rejected["owner"]), (&status.into(), &Value::Null));
        assert_eq!(rejected["marks"][format!("{status}_reason")], reason);
        let last = world.history(&lead).as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["command"], &last["reason"]), (&"reject".into(), &reason.into()));
    }
}

#[test]
fn a_reassigned_lead_is_accepted_anew_by_its_new_owner_who_is_told() {
    let world = World::open();
    let lead = bring_one(&world, STANDINGS[2].1);
    world.advance("10d");
    let to = json!({"to": "ben", "reason": "Hana is ill"});
    let reassigned = world.command(&lead, "reassign", &to).expect(200).json();
    assert_eq!((&reassigned["owner"], &reassigned["status"]), (&"ben".into(), &"working".into()));
    let deadline = json!({"kind": "accept", "at": "2026-03-12T09:00:00Z"});
    assert_eq!(reassigned["deadline"], deadline);
    let inbox = world.inbox();
    let told = |to: &str, kind: &str| inbox.iter().any(|l| l["to"] == to && l["kind"] == kind);
    assert!(told("ben", "assigned") && told("hana", "handed_over"), "{inbox:?}");
}

#[test]
fn a_person_qualifies_whom_the_rules_exclude() {
    let world = World::open();
    let spy = "email:spy@competitor.example";
    world.activity(json!({"id": "1", "type": "form.submitted", "email": "spy@competitor.example"}));
    let reason = json!({"reason": "a partner, really"});
    let lead = world.command(spy, "qualify", &reason).expect(200).json();
    assert_eq!((&lead["status"], &lead["cycle"]), (&"mql".into(), &1.into()));
    let marks = world.lead(spy)["marks"].clone();
    let expected = (&"manual".into(), &"a partner, really".into());
    assert_eq!((&marks["mql_by"], &marks["mql_because"]), expected);
    assert_eq!(world.lead(spy)["owner"], "hana");
}

#[test]
fn a_word_the_crm_made_up_is_refused_with_those_there_are() {
    let world = World::open();
    let lead = bring_one(&world, STANDINGS[1].1);
    let answer = world.put_status(&lead, "Wroking");
    assert_eq!(answer.problem(), (422, "invalid_command".to_owned()));
    let error = &answer.json()["errors"][0];
    assert_eq!(error["field"], "/status");
    assert!(error["expected"].as_str().unwrap().contains("working"), "{error}");
    let bare = world.call("PUT", &format!("{}/status", lead_path(&lead))).key(DESK_KEY);
    assert_eq!(bare.json(&json!({})).send().problem().0, 422);
}
