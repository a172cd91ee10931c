//! The links in alerts: what they open, what they do, and what they can't.

use baton_tests::{Answer, Baton, World, lead_path};
use serde_json::{Value, json};

use crate::desk::{Reader, leads_to, own_csrf};

const KIM: &str = "email:kim@acme.example";

/// A world with a lead of Ana's, and her link's path.
fn world_with_kim() -> (World, String) {
    let world = World::open();
    world.activity(json!({
        "id": "kim", "type": "event.booth_visited", "email": "kim@acme.example",
        "profile": {"country": "DE", "name": "Kim <script>alert(1)</script> Lee"},
    }));
    let link = world.link_of("ana");
    (world, link)
}

/// Where the page's form for a command posts to, and its token.
fn form_of(page: &str, command: &str) -> Option<(String, String)> {
    let forms = page.split("<form ").skip(1);
    let found = forms.filter_map(|form| {
        let action = between(form, "action=\"", "\"")?;
        let token = between(form, "name=\"token\" value=\"", "\"")?;
        action.ends_with(&format!("/{command}")).then_some((action, token))
    });
    found.take(1).next()
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0.to_owned())
}

fn open(baton: &Baton, link: &str) -> Answer {
    baton.call("GET", link).from_browser().send()
}

/// Presses a button of the page that a link opens.
fn press(baton: &Baton, link: &str, command: &str, fields: &[(&str, &str)]) -> Answer {
    let page = open(baton, link).expect(200).text;
    let (action, token) = form_of(&page, command).expect("the page has that button");
    let fields = [fields, &[("token", token.as_str())]].concat();
    baton.call("POST", &action).from_browser().form(&fields).send()
}

fn token(link: &str) -> &str {
    link.trim_start_matches("/l/")
}

/// Posts a command with a link's token, as a program would.
fn command(baton: &Baton, link: &str, lead: &str, command: &str, body: &Value) -> Answer {
    let call = baton.call("POST", &format!("{}/{command}", lead_path(lead)));
    call.key(token(link)).json(body).send()
}

#[test]
fn looking_at_a_link_changes_nothing_whoever_looks() {
    let (world, link) = world_with_kim();
    let before = (world.table(), world.inbox().len(), world.events().len());
    let by_lead = format!("{}?t={}", lead_path(KIM), token(&link));
    for path in [link.clone(), by_lead, format!("{link}?x=accept"), format!("{link}/")] {
        for method in ["GET", "HEAD"] {
            assert!(world.call(method, &path).send().status < 500);
            assert!(world.call(method, &path).from_browser().send().status < 500);
        }
    }
    // Mail scanners follow buttons' addresses, too.
    let page = open(&world, &link).expect(200).text;
    let (action, token) = form_of(&page, "accept").unwrap();
    for path in [action.clone(), format!("{action}?token={token}&t={token}")] {
        assert_eq!(world.call("GET", &path).send().status, 405);
        assert_eq!(world.call("HEAD", &path).send().status, 405);
    }
    assert_eq!((world.table(), world.inbox().len(), world.events().len()), before);
}

#[test]
fn the_page_says_who_and_has_a_button_that_accepts() {
    let (world, link) = world_with_kim();
    let page = open(&world, &link).expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(!page.text.contains("<script>"), "what a lead typed is text: {}", page.text);
    assert!(page.text.contains("&lt;script") || page.text.contains("&#60;script"));

    let accepted = press(&world, &link, "accept", &[]).expect(303);
    let next = accepted.header("location").to_owned();
    let page = open(&world, &next).expect(200).text;
    assert!(form_of(&page, "accept").is_none() && form_of(&page, "convert").is_some());
    let last = world.history(KIM).as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["command"], &last["by"]), (&"accept".into(), &"ana".into()));
    assert_eq!(world.lead(KIM)["status"], "working");
}

#[test]
fn every_button_of_the_page_does_what_it_says() {
    for (before, button, fields, status) in [
        ("", "reject", [("reason", "not_now")].as_slice(), "returned"),
        ("accept", "convert", &[], "converted"),
        ("accept", "extend", &[("reason", "budget in May & June")], "working"),
        ("accept", "return", &[("reason", "nothing there")], "returned"),
    ] {
        let (world, link) = world_with_kim();
        if !before.is_empty() {
            press(&world, &link, before, &[]).expect(303);
        }
        press(&world, &link, button, fields).expect(303);
        assert_eq!(world.lead(KIM)["status"], status, "{button}");
        let last = world.history(KIM).as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["command"], &last["by"]), (&button.into(), &"ana".into()));
        let reason = fields.iter().map(|(_, value)| Value::from(*value)).next();
        assert_eq!(last.get("reason"), reason.as_ref(), "{button}");
    }
}

#[test]
fn a_supervisors_link_can_give_the_lead_to_somebody_else() {
    let (world, _) = world_with_kim();
    world.advance("24h");
    let link = world.link_of("sven");
    press(&world, &link, "reassign", &[("to", "ben")]).expect(303);
    assert_eq!(world.lead(KIM)["owner"], "ben");
}

#[test]
fn a_button_pressed_too_late_answers_with_a_page_that_says_so() {
    let (world, link) = world_with_kim();
    let page = open(&world, &link).expect(200).text;
    let (action, token) = form_of(&page, "accept").unwrap();
    world.command(KIM, "disqualify", &json!({"reason": "no fit"})).expect(200);
    let form = [("token", token.as_str())];
    let late = world.call("POST", &action).from_browser().form(&form).send().expect(409);
    assert!(late.header("content-type").starts_with("text/html"));
    assert!(late.text.contains("Already ruled out by the CRM"), "{}", late.text);
}

#[test]
fn a_link_is_good_for_its_own_lead_only() {
    let (world, link) = world_with_kim();
    let lee = json!({"id": "lee", "type": "event.booth_visited", "email": "lee@acme.example"});
    world.activity(lee);
    let before = world.table();
    for lead in ["email:lee@acme.example", "email:nobody@acme.example"] {
        let answer = command(&world, &link, lead, "accept", &json!({}));
        assert_eq!(answer.problem(), (401, "unauthorised".to_owned()));
        for path in ["", "/history", "/ledger"] {
            let path = format!("{}{path}?t={}", lead_path(lead), token(&link));
            assert_eq!(world.call("GET", &path).send().status, 401, "{path}");
        }
    }
    // A form may not carry one lead's token to another's page.
    let page = open(&world, &link).expect(200).text;
    let (_, token) = form_of(&page, "accept").unwrap();
    let other = format!("{}/accept", lead_path("email:lee@acme.example"));
    world.call("POST", &other).form(&[("token", &token)]).send().expect(401);
    assert_eq!(world.table(), before);
}

#[test]
fn a_link_of_somebody_it_was_taken_from_is_good_for_looking_only() {
    let (world, link) = world_with_kim();
    world.command(KIM, "reassign", &json!({"to": "ben"})).expect(200);
    open(&world, &link).expect(200);
    let before = world.lead(KIM);
    for (word, body) in [
        ("accept", json!({})),
        ("reject", json!({"reason": "not_now"})),
        ("return", json!({"reason": "mine"})),
        ("disqualify", json!({"reason": "mine"})),
        ("reassign", json!({"to": "ana"})),
    ] {
        let answer = command(&world, &link, KIM, word, &body);
        assert_eq!(answer.problem(), (409, "not_yours".to_owned()), "{word}");
    }
    assert_eq!(world.lead(KIM), before);
    command(&world, &world.link_of("ben"), KIM, "accept", &json!({})).expect(200);
}

#[test]
fn a_link_from_one_cycle_does_nothing_in_the_next() {
    let (world, link) = world_with_kim();
    world.command(KIM, "return", &json!({"reason": "not now"})).expect(200);
    let visit = json!({"id": "2", "type": "event.booth_visited", "email": "kim@acme.example"});
    world.activity(visit);
    world.command(KIM, "reassign", &json!({"to": "ana"}));
    let lead = world.lead(KIM);
    assert_eq!((&lead["owner"], &lead["cycle"]), (&"ana".into(), &2.into()));

    let page = open(&world, &link).expect(200).text;
    assert!(!page.contains("<form"), "{page}");
    let answer = command(&world, &link, KIM, "accept", &json!({}));
    assert_eq!(answer.problem(), (409, "another_cycle".to_owned()));
    let status = world.call("PUT", &format!("{}/status", lead_path(KIM))).key(token(&link));
    let status = status.json(&json!({"status": "Working"})).send();
    assert_eq!(status.problem(), (409, "another_cycle".to_owned()));
    assert_eq!(world.lead(KIM), lead);
}

#[test]
fn a_link_with_a_character_changed_or_missing_is_nobodys() {
    let (world, link) = world_with_kim();
    let token = token(&link);
    for place in 0..token.len() {
        let other = if &token[place..=place] == "A" { "B" } else { "A" };
        let forged = format!("{}{other}{}", &token[..place], &token[place + 1..]);
        assert_eq!(world.call("GET", &format!("/l/{forged}")).send().status, 401, "{place}");
    }
    for odd in ["x", "%00", "..%2F..", &token[1..], &"A".repeat(10_000), &format!("{token}A")] {
        assert_eq!(world.call("GET", &format!("/l/{odd}")).send().status, 401, "{odd}");
    }
}

#[test]
fn a_link_ends_with_its_expiry_and_opening_it_does_not_put_that_off() {
    let (world, link) = world_with_kim();
    world.advance("59d");
    let page = open(&world, &link).expect(200).text;
    let (_, from_page) = form_of(&page, "accept").unwrap();
    world.advance("2d");
    assert_eq!(open(&world, &link).status, 401);
    assert_eq!(open(&world, &format!("/l/{from_page}")).status, 401, "the page renewed its link");
}

#[test]
fn a_link_acts_for_its_own_person_whoever_is_signed_in() {
    let (world, link) = world_with_kim();
    let mia = Reader::sign_in(&world, "mia");
    let page = mia.open(&link).expect(200).text;
    assert!(!page.contains("csrf") && !page.contains("Sign out"), "{page}");
    let path = format!("{}/accept", lead_path(KIM));
    let fields = [("token", token(&link)), ("csrf", &own_csrf(&mia))];
    let answer = mia.call("POST", &path).form(&fields).send();
    assert!(leads_to(&answer).starts_with("/l/"));
    let history = world.history(KIM);
    assert_eq!(history.as_array().unwrap().last().unwrap()["by"], "ana");
}
