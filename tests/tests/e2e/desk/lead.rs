//! The lead's page: what it offers, what a button answers that comes too late, and that it stays a
//! page whatever happened.

use std::thread;

use baton_tests::{Answer, Baton, World, lead_path, rules_with, sample_roster};
use serde_json::{Value, json};

use super::{KIM, KIM_ID, Reader};

/// What there are buttons for.
const COMMANDS: [&str; 7] =
    ["accept", "convert", "reject", "extend", "return", "reassign", "qualify"];

/// A world in which every lead of Germany is Ana's, and Kim is one.
fn world_with_kim() -> World {
    let both = r#"[{ person = "ana", weight = 2 }, { person = "ben", weight = 1 }]"#;
    let world = World::with(rules_with(&sample_roster(&[(both, r#"["ana"]"#)])));
    world.activity(json!({
        "id": "kim", "type": "event.booth_visited", "email": "kim@acme.example",
        "profile": {"country": "DE", "name": "Kim Lee", "phone": "+49 30 2312 5157"},
    }));
    world
}

/// The link of Ana's supervisor, who gets one when she lets a lead wait.
fn link_of_sven(world: &World) -> String {
    world.advance("24h");
    world.link_of("sven")
}

fn open(baton: &Baton, link: &str) -> String {
    baton.call("GET", link).from_browser().send().expect(200).text
}

/// The form of a page that gives a command: where it posts to, and what it sends along unasked.
fn form_of(page: &str, command: &str) -> Option<(String, Vec<(String, String)>)> {
    let forms = page.split("<form ").skip(1).filter_map(|rest| rest.split("</form>").next());
    let mut forms = forms.filter_map(|form| Some((between(form, "action=\"", "\"")?, form)));
    let (action, form) = forms.find(|(action, _)| action.ends_with(&format!("/{command}")))?;
    let inputs = form.split("<input type=\"hidden\" ").skip(1);
    let hidden = inputs.filter_map(|input| {
        Some((between(input, "name=\"", "\"")?, between(input, "value=\"", "\"")?))
    });
    Some((action, hidden.collect()))
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0.to_owned())
}

fn offered(page: &str) -> Vec<&'static str> {
    COMMANDS.into_iter().filter(|command| form_of(page, command).is_some()).collect()
}

/// Sends a page's form, with what a person chose or typed.
fn press(baton: &Baton, page: &str, command: &str, typed: &[(&str, &str)]) -> Answer {
    let (action, hidden) = form_of(page, command).expect("the page has that button");
    let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain(typed.iter().copied()).collect();
    baton.call("POST", &action).from_browser().form(&fields).send()
}

/// The note on top of a page.
fn note(page: &str) -> String {
    let note = between(page, "<div class=\"note", "</div>").unwrap_or_default();
    let mut text = String::new();
    for part in note.split('<') {
        text += part.split_once('>').map_or("", |(_, text)| text);
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn typed(command: &str) -> &'static [(&'static str, &'static str)] {
    match command {
        "reject" => &[("reason", "not_now")],
        "reassign" => &[("to", "ben")],
        "accept" | "convert" => &[],
        _ => &[("reason", "said so")],
    }
}

/// Ways to where a lead stands, whose page it is then, and what that offers.
const STANDINGS: [(&[&str], &str, &[&str]); 7] = [
    (&[], "ana", &["accept", "reject", "reassign"]),
    (&["accept"], "ana", &["convert", "extend", "return", "reassign"]),
    (&["accept", "extend", "extend"], "ana", &["convert", "return", "reassign"]),
    (&["accept", "reassign"], "ben", &["accept", "convert", "reject", "reassign"]),
    (&["reassign"], "ana", &[]),
    (&["accept", "convert"], "ana", &[]),
    (&["accept", "return"], "mia", &["qualify"]),
];

#[test]
fn the_page_offers_what_is_possible_and_only_that() {
    for (steps, who, expected) in STANDINGS {
        let world = world_at(steps);
        let link = link_to(&world, who);
        let page = open(&world, &link);
        assert_eq!(offered(&page), expected, "{steps:?}");
        let before = world.table();
        for command in COMMANDS.into_iter().filter(|command| !expected.contains(command)) {
            // Who has not accepted a lead gives it back by rejecting it.
            if command == "return" && expected.contains(&"reject") {
                continue;
            }
            let path = format!("{}/{command}", lead_path(KIM));
            let body: Value = typed(command).iter().map(|(key, value)| (*key, *value)).collect();
            let token = link.trim_start_matches("/l/");
            let answer = world.call("POST", &path).key(token).json(&body).send();
            assert_eq!(answer.status, 409, "{steps:?} {command}: {}", answer.text);
        }
        assert_eq!(world.table(), before);
        for command in expected {
            let world = world_at(steps);
            let page = open(&world, &link_to(&world, who));
            let to_ana = [("to", "ana")];
            let is_bens = *command == "reassign" && who == "ben";
            let typed = if is_bens { &to_ana[..] } else { typed(command) };
            press(&world, &page, command, typed).expect(303);
        }
    }
}

fn world_at(steps: &[&str]) -> World {
    let world = world_with_kim();
    let link = world.link_of("ana");
    for step in steps {
        press(&world, &open(&world, &link), step, typed(step)).expect(303);
    }
    world
}

/// A link as an alert has it, made as alerts' are: some people get none.
fn link_to(world: &World, person: &str) -> String {
    let settings = world.house().services().settings();
    let lead = baton_core::id::Identity::parse(KIM).unwrap().lead_id();
    let person = baton_core::id::PersonId::parse(person).unwrap();
    let link = baton_engine::Link { lead, erasures: 0, cycle: 1, person };
    format!("/l/{}", settings.links.token(&link, settings.clock.now()))
}

#[test]
fn a_button_that_did_what_it_says_says_so() {
    let world = world_with_kim();
    let page = open(&world, &world.link_of("ana"));
    let answer = press(&world, &page, "accept", &[]).expect(303);
    assert!(answer.header("location").ends_with("?done=accepted"));
    let page = open(&world, answer.header("location"));
    assert!(note(&page).starts_with("Accepted There is time until "), "{}", note(&page));
    assert!(page.contains("With you, working"));
    // It is not said of what nobody did, nor long after.
    for done in ["converted", "rejected", "%3Cb%3E", ""] {
        let link = format!("{}?done={done}", world.link_of("ana"));
        assert_eq!(note(&open(&world, &link)), "", "{done}");
    }
}

#[test]
fn a_second_click_is_told_who_accepted_and_shows_the_lead_as_it_is() {
    let world = world_with_kim();
    let sven = link_of_sven(&world);
    let (by_ana, by_sven) = (open(&world, &world.link_of("ana")), open(&world, &sven));
    assert!(by_sven.contains("Accept for Ana Ruiz"));
    press(&world, &by_ana, "accept", &[]).expect(303);
    let before = world.table();
    for (page, title) in [
        (&by_ana, "You have accepted it already You accepted this lead"),
        (&by_sven, "Already accepted by Ana Ruiz Ana Ruiz accepted this lead"),
    ] {
        let late = press(&world, page, "accept", &[]).expect(409);
        assert!(note(&late.text).starts_with(title), "{}", note(&late.text));
        assert!(note(&late.text).contains("Your tap changed nothing."));
        assert!(
            form_of(&late.text, "accept").is_none() && form_of(&late.text, "convert").is_some()
        );
    }
    assert_eq!(world.table(), before);
}

#[test]
fn an_owner_is_told_who_accepted_for_them() {
    let world = world_with_kim();
    let page = open(&world, &world.link_of("ana"));
    let sven = link_of_sven(&world);
    press(&world, &open(&world, &sven), "accept", &[]).expect(303);
    let late = press(&world, &page, "accept", &[]).expect(409);
    let note = note(&late.text);
    assert!(note.starts_with("Already accepted for you by Sven Lindqvist"), "{note}");
    assert!(note.contains("It is yours."), "{note}");
}

#[test]
fn whatever_became_of_a_lead_a_late_button_is_told_it() {
    for (command, body, told) in [
        ("convert", json!({}), "Already converted by the CRM"),
        ("return", json!({"reason": "not now"}), "Already given back by the CRM"),
        ("disqualify", json!({"reason": "no fit"}), "Already ruled out by the CRM"),
        ("reassign", json!({"to": "ben"}), "Ben Fischer has this lead now"),
    ] {
        let world = world_with_kim();
        let link = world.link_of("ana");
        press(&world, &open(&world, &link), "accept", &[]).expect(303);
        let page = open(&world, &link);
        world.command(KIM, command, &body).expect(200);
        let late = press(&world, &page, "extend", &[("reason", "May")]).expect(409);
        assert!(note(&late.text).starts_with(told), "{}", note(&late.text));
    }
    let world = world_with_kim();
    let page = open(&world, &world.link_of("ana"));
    world.command(KIM, "accept", &json!({})).expect(200);
    world.advance("40d");
    let late = press(&world, &page, "accept", &[]).expect(409);
    assert!(note(&late.text).starts_with("Marketing took it back"), "{}", note(&late.text));
}

#[test]
fn a_page_that_is_out_of_date_extends_nothing_and_takes_a_lead_from_nobody() {
    let world = world_with_kim();
    let link = world.link_of("ana");
    press(&world, &open(&world, &link), "accept", &[]).expect(303);
    world.advance("20d");
    let page = open(&world, &link);
    // A second tap is told so, one from a page left open as well.
    press(&world, &page, "extend", &[("reason", "May")]).expect(303);
    let again = press(&world, &page, "extend", &[("reason", "May")]).expect(409);
    assert!(note(&again.text).starts_with("You asked for more time already"), "{}", again.text);
    world.activity(json!({"id": "2", "type": "form.submitted", "email": "kim@acme.example"}));
    let before = world.table();
    for command in ["return", "reassign"] {
        let late = press(&world, &page, command, typed(command)).expect(409);
        assert!(note(&late.text).starts_with("It has changed since"), "{}", note(&late.text));
    }
    assert_eq!(world.table(), before);
    press(&world, &open(&world, &link), "reassign", &[("to", "ben")]).expect(303);
}

#[test]
fn a_program_may_say_what_it_saw_and_need_not() {
    let world = world_with_kim();
    world.command(KIM, "accept", &json!({})).expect(200);
    let say = |seen: Value| {
        let body = json!({"reason": "May", "seen": seen});
        world.command(KIM, "extend", &body)
    };
    let running = world.lead(KIM)["deadline"].clone();
    let words = |deadline: &Value| {
        format!("{} {}", deadline["kind"].as_str().unwrap(), deadline["at"].as_str().unwrap())
    };
    let old = say("accept 2026-01-01T09:00:00Z".into());
    assert_eq!(old.problem(), (409, "changed".to_owned()));
    assert_eq!(say("soon".into()).problem(), (422, "invalid_command".to_owned()));
    say(words(&running).into()).expect(200);
    say(Value::Null).expect(200);
}

#[test]
fn of_two_who_accept_at_once_one_wins_and_the_other_reads_who() {
    for _ in 0..5 {
        let world = world_with_kim();
        let sven = open(&world, &link_of_sven(&world));
        let ana = open(&world, &world.link_of("ana"));
        let baton: &Baton = &world;
        let both = thread::scope(|scope| {
            let [ana, sven] =
                [&ana, &sven].map(|page| scope.spawn(move || press(baton, page, "accept", &[])));
            [ana.join().unwrap(), sven.join().unwrap()]
        });
        let accepted: Vec<_> = both.iter().filter(|answer| answer.status == 303).collect();
        let late: Vec<_> = both.iter().filter(|answer| answer.status == 409).collect();
        assert_eq!((accepted.len(), late.len()), (1, 1));
        let by = world.history(KIM).as_array().unwrap().last().unwrap()["by"].clone();
        let name = if by == "ana" { "Ana Ruiz" } else { "Sven Lindqvist" };
        let note = note(&late[0].text);
        assert!(note.starts_with("Already accepted") && note.contains(name), "{note}");
    }
}

/// Sends a form of a page that somebody signed in has open.
fn press_as(reader: &Reader<'_>, page: &str, command: &str, typed: &[(&str, &str)]) -> Answer {
    let (action, hidden) = form_of(page, command).expect("the page has that button");
    assert!(hidden.iter().any(|(name, _)| name == "csrf"), "{hidden:?}");
    let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain(typed.iter().copied()).collect();
    reader.call("POST", &action).form(&fields).send()
}

#[test]
fn who_has_signed_in_has_the_same_page_and_buttons() {
    let world = world_with_kim();
    let (ana, path) = (Reader::sign_in(&world, "ana"), format!("/leads/{KIM_ID}"));
    let page = ana.open(&path).expect(200).text;
    assert_eq!(offered(&page), ["accept", "reject", "reassign"]);
    let answer = press_as(&ana, &page, "accept", &[]).expect(303);
    assert_eq!(answer.header("location"), format!("{path}?done=accepted"));
    assert!(note(&ana.open(answer.header("location")).text).starts_with("Accepted"));
    let late = press_as(&ana, &page, "accept", &[]).expect(409);
    assert!(note(&late.text).starts_with("You have accepted it already"), "{}", late.text);
    // Who gives a lead away sees it no more, and goes to the others.
    let page = ana.open(&path).expect(200).text;
    let given = press_as(&ana, &page, "reassign", &[("to", "ben")]).expect(303);
    assert_eq!(given.header("location"), "/board");
    ana.open(&path).expect(403);
}

#[test]
fn a_program_that_sends_a_form_is_told_as_a_program() {
    let world = world_with_kim();
    let token = world.link_of("ana").trim_start_matches("/l/").to_owned();
    let accept = || {
        let path = format!("{}/accept", lead_path(KIM));
        world.call("POST", &path).form(&[("token", &token)]).send()
    };
    accept().expect(303);
    assert_eq!(accept().problem(), (409, "already_accepted".to_owned()));
}

#[test]
fn the_ledger_of_the_page_adds_up_to_its_score() {
    let world = world_with_kim();
    for (id, kind, at) in [
        ("1", "webinar.attended", "2026-02-01T10:00:00Z"),
        ("2", "pricing.viewed", "2026-02-20T10:00:00Z"),
        ("3", "form.submitted", "2026-02-25T10:00:00Z"),
    ] {
        let email = "kim@acme.example";
        world.activity(json!({"id": id, "type": kind, "email": email, "occurred_at": at}));
    }
    let page = open(&world, &world.link_of("ana"));
    let ledger = world.ledger(KIM);
    let worth = |entry: &Value| entry["worth_now"].as_f64().unwrap();
    let sum: f64 = ledger["entries"].as_array().unwrap().iter().map(worth).sum();
    let exact = sum + ledger["score"]["fit"].as_f64().unwrap();
    let cells = between(&page, "<th scope=\"row\">Exact sum</th>", "</tr>").unwrap();
    let told: f64 = between(&cells, "<td class=\"r\">", "</td>").unwrap().parse().unwrap();
    assert!((told - exact).abs() < 0.03, "{told} {exact}");
    let total = between(&page, "<span class=\"total\">", "</span>").unwrap();
    assert_eq!(total, ledger["score"]["total"].to_string());
    assert!(page.contains("Country we sell to") && page.contains("<title id=\"score-t\">"));
}

#[test]
fn the_page_says_who_was_told_and_that_it_left() {
    let world = world_with_kim();
    let page = open(&world, &link_of_sven(&world));
    assert!(page.contains("With Ana Ruiz, not accepted"));
    assert!(page.contains("Told Ana Ruiz and you by e-mail and SMS: not accepted in time"));
    assert!(page.contains("delivered at once") && !page.contains("not delivered yet"));
    assert!(page.contains("href=\"tel:+493023125157\""));
}

#[test]
fn moments_are_on_the_readers_own_wall() {
    let world = world_with_kim();
    let link = world.link_of("ana");
    let page = |language: &str| {
        let call = world.call("GET", &link).from_browser().header("accept-language", language);
        call.send().expect(200).text
    };
    let at = world.lead(KIM)["deadline"]["at"].as_str().unwrap().to_owned();
    assert!(page("de").contains(&format!("<time datetime=\"{at}\">")), "{at}");
    assert!(page("de").contains("(Madrid)</time>"));
    assert!(page("en-US").contains("M (Madrid)</time>") && !page("de").contains("M (Madrid)"));
}

#[test]
fn a_page_stays_a_page_with_a_thousand_activities() {
    let world = world_with_kim();
    let kinds = ["form.submitted", "webinar.attended", "pricing.viewed", "email.clicked"];
    let activity = |n: usize| {
        let at = format!("2026-02-{:02}T{:02}:{:02}:00Z", 1 + n / 50, n % 50 / 3, n % 3 * 20);
        json!({
            "id": n.to_string(), "type": kinds[n % kinds.len()], "email": "kim@acme.example",
            "occurred_at": at, "data": {"link": format!("https://acme.example/{n}")},
        })
    };
    for part in 0..2 {
        let some: Vec<_> = (500 * part..500 * (part + 1)).map(activity).collect();
        world.activity(Value::from(some));
    }
    for _ in 0..60 {
        for to in ["ben", "ana"] {
            world
                .command(KIM, "reassign", &json!({"to": to, "reason": "x".repeat(60)}))
                .expect(200);
        }
    }
    let page = open(&world, &world.link_of("ana"));
    assert!(page.len() <= 100_000, "{} bytes", page.len());
    assert!(page.contains("… and 851 older ones") && page.contains("older decisions"));
    // The head, those before, those shown, one rule of fit, two sums.
    assert_eq!(page.matches("<tr>").count(), 1 + 1 + 150 + 1 + 2);
}
