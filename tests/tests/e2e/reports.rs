//! The CRM's reports, as it sends them: echoes, late ones, and what sales did without Baton.

use baton_documents::{policy, roster};
use baton_engine::Rules;
use baton_tests::{Answer, DESK_KEY, World, lead_path};
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";

/// Kim came by the booth, and is hers whose turn it was.
fn world_with_kim() -> World {
    let world = World::open();
    visit(&world, "1");
    world
}

fn visit(world: &World, id: &str) {
    let profile = json!({"country": "DE"});
    let email = "kim@acme.example";
    let visit =
        json!({"id": id, "type": "event.booth_visited", "email": email, "profile": profile});
    world.activity(visit);
}

/// Kim filled in a form and is with marketing.
fn world_with_kim_nurtured() -> World {
    let world = World::open();
    world.activity(json!({"id": "1", "type": "form.submitted", "email": "kim@acme.example"}));
    assert_eq!(world.lead(KIM)["status"], "nurturing");
    world
}

fn report(world: &World, body: &Value) -> Answer {
    world.call("PUT", &format!("{}/status", lead_path(KIM))).key(DESK_KEY).json(body).send()
}

/// What a report that is answered 200 came to: its outcome, else the status then.
fn comes_to(world: &World, body: &Value) -> String {
    let answer = report(world, body).expect(200).json();
    let word = if answer["outcome"].is_string() { "outcome" } else { "status" };
    answer[word].as_str().unwrap().to_owned()
}

#[test]
fn an_echo_of_our_hand_off_passes_nobody_to_sales_however_often_it_comes() {
    let world = world_with_kim();
    world.command(KIM, "reject", &json!({"reason": "not_now"})).expect(200);
    let lead = world.lead(KIM);
    for word in ["MQL", "mql", "Marketing Qualified Lead", "Nurturing"] {
        for _ in 0..2 {
            assert_eq!(comes_to(&world, &json!({"status": word})), "ignored");
        }
    }
    assert_eq!(world.lead(KIM), lead);
}

#[test]
fn an_idle_word_of_the_crm_ends_no_hand_off() {
    let world = world_with_kim();
    report(&world, &json!({"status": "Working"})).expect(200);
    let lead = world.lead(KIM);
    for word in ["Nurturing", "MQL", "Nurture"] {
        assert_eq!(comes_to(&world, &json!({"status": word})), "ignored");
    }
    assert_eq!(world.lead(KIM), lead);
}

#[test]
fn a_delayed_return_of_the_first_trip_does_not_end_the_second() {
    let world = world_with_kim();
    let events = world.events();
    let event = events.iter().rev().find(|event| event["detail-type"] == "lead.assigned").unwrap();
    let event = &event["detail"];
    let (cycle, at) = (event["cycle"].clone(), event["at"].clone());
    assert!(event["version"].is_u64() && cycle == 1, "{event}");
    world.advance("1h");
    world.command(KIM, "return", &json!({"reason": "not now"})).expect(200);
    visit(&world, "2");
    let lead = world.lead(KIM);
    assert_eq!((&lead["status"], &lead["cycle"]), (&"mql".into(), &2.into()));
    for late in [
        json!({"status": "Return to Marketing", "cycle": cycle}),
        json!({"status": "Disqualified", "cycle": "1"}),
        json!({"status": "Working", "at": at}),
        json!({"status": "Return to Marketing", "at": "2026-03-01T09:59:59+00:00"}),
        json!({"status": "Return to Marketing"}),
    ] {
        assert_eq!(comes_to(&world, &late), "stale", "{late}");
    }
    assert_eq!(world.lead(KIM), lead);
    let now = json!({"status": "Return to Marketing", "cycle": 2});
    assert_eq!(comes_to(&world, &now), "returned");
}

#[test]
fn a_policy_says_which_words_are_commands() {
    let words =
        "[crm_status]\n\"Hot\" = \"qualify\"\n\"Gone\" = \"ignore\"\n\"Worked\" = \"accept\"\n";
    let (before, _) = policy::SAMPLE.split_once("[crm_status]").unwrap();
    let policy = format!("{before}{words}");
    let rules = Rules::read(("the policy", &policy), ("the roster", roster::SAMPLE)).unwrap();
    let world = World::with(rules);
    world.activity(json!({"id": "1", "type": "form.submitted", "email": "kim@acme.example"}));
    assert_eq!(comes_to(&world, &json!({"status": "Gone"})), "ignored");
    assert_eq!(comes_to(&world, &json!({"status": "hot", "owner": "ben"})), "mql");
    assert_eq!(world.lead(KIM)["owner"], "ben");
    assert_eq!(comes_to(&world, &json!({"status": "HOT"})), "ignored");
    let unknown = report(&world, &json!({"status": "Working"}));
    assert_eq!(unknown.problem(), (422, "invalid_command".to_owned()));
}

#[test]
fn what_can_not_be_read_is_told_with_its_field() {
    let world = world_with_kim();
    let before = world.lead(KIM);
    for (body, field) in [
        (json!({"status": "Working", "cycle": "first"}), "/cycle"),
        (json!({"status": "Working", "cycle": -1}), "/cycle"),
        (json!({"status": "Working", "at": "yesterday"}), "/at"),
        (json!({"status": "Working", "owner": "nobody@acme.example"}), "/owner"),
        (json!({"status": "Working", "version": "3"}), "/version"),
    ] {
        let answer = report(&world, &body);
        assert_eq!(answer.problem(), (422, "invalid_command".to_owned()), "{body}");
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
    let ahead = report(&world, &json!({"status": "Working", "cycle": 2}));
    assert_eq!(ahead.problem(), (409, "unknown_cycle".to_owned()));
    assert_eq!(world.lead(KIM), before);
}

#[test]
fn what_sales_worked_outside_is_on_record_and_nobody_is_dealt_the_customer() {
    let world = world_with_kim_nurtured();
    let lead = report(&world, &json!({"status": "Converted"})).expect(200).json();
    assert_eq!((&lead["status"], &lead["cycle"]), (&"converted".into(), &1.into()));
    assert_eq!((&lead["owner"], &lead["marks"]["mql_by"]), (&Value::Null, &"manual".into()));
    visit(&world, "2");
    world.advance("2d");
    assert_eq!(world.inbox(), [Value::Null; 0], "nobody is told to accept a customer");
    let history = world.history(KIM);
    let line = history.as_array().unwrap().last().unwrap();
    let arrow = (line["from"].as_str().unwrap(), line["to"].as_str().unwrap());
    assert_eq!((line["command"].as_str().unwrap(), arrow), ("report", ("nurturing", "converted")));
}

#[test]
fn a_nurtured_lead_that_sales_works_is_the_named_owners_or_is_dealt_and_accepted() {
    let world = world_with_kim_nurtured();
    let ben = "ben@acme.example";
    let known = world.house().services().settings().rules();
    let ben_address = known.roster.named("ben").unwrap().email.as_str().to_uppercase();
    assert!(known.roster.named(&ben_address).is_some(), "{ben}");
    let body = json!({"status": "Working", "owner": ben_address});
    let lead = report(&world, &body).expect(200).json();
    assert_eq!((&lead["status"], &lead["owner"]), (&"working".into(), &"ben".into()));
    assert_eq!(lead["deadline"]["kind"], "convert");

    let world = world_with_kim_nurtured();
    let lead = report(&world, &json!({"status": "Working"})).expect(200).json();
    assert_eq!(lead["deadline"]["kind"], "convert");
    let inbox = world.inbox();
    assert_eq!((&inbox[0]["kind"], &inbox[0]["to"]), (&"assigned".into(), &lead["owner"]));
}

#[test]
fn the_rep_converts_an_hour_after_the_return_by_the_link_in_their_alert() {
    let world = world_with_kim();
    let owner = world.lead(KIM)["owner"].as_str().unwrap().to_owned();
    let link = world.link_of(&owner);
    world.command(KIM, "return", &json!({"reason": "not now"})).expect(200);
    world.advance("1h");
    let page = world.call("GET", &link).from_browser().send().expect(200).text;
    assert!(page.contains("/convert\""), "{page}");
    let path = format!("{}/convert", lead_path(KIM));
    let token = link.trim_start_matches("/l/");
    let lead = world.call("POST", &path).key(token).send().expect(200).json();
    assert_eq!((&lead["status"], &lead["owner"]), (&"converted".into(), &owner.into()));
    assert_eq!(lead["cycle"], 1);
}

#[test]
fn the_crm_converts_a_returned_lead_on_the_same_trip_within_30_days_and_later_on_a_new_one() {
    for (wait, cycle) in [("1h", 1), ("31d", 2)] {
        let world = world_with_kim();
        let owner = world.lead(KIM)["owner"].clone();
        world.command(KIM, "return", &json!({"reason": "not now"})).expect(200);
        world.advance(wait);
        let lead = report(&world, &json!({"status": "SQL"})).expect(200).json();
        assert_eq!((&lead["status"], &lead["cycle"]), (&"converted".into(), &cycle.into()));
        let expected = if cycle == 1 { owner } else { Value::Null };
        assert_eq!(lead["owner"], expected);
    }
}

#[test]
fn a_mistapped_bad_data_is_reopened_and_marketing_goes_on_with_the_same_score() {
    let world = world_with_kim();
    world.command(KIM, "reject", &json!({"reason": "bad_data"})).expect(200);
    let score = world.lead(KIM)["score"].clone();
    assert_eq!(world.command(KIM, "reopen", &Value::Null).problem().0, 422, "a reason is needed");
    let lead = world.command(KIM, "reopen", &json!({"reason": "a slip"})).expect(200).json();
    assert_eq!((&lead["status"], &lead["score"]), (&"returned".into(), &score));
    assert_eq!(lead["marks"]["returned_reason"], "a slip");
    assert_eq!(comes_to(&world, &json!({"status": "Disqualified"})), "stale");
    visit(&world, "2");
    assert_eq!(world.lead(KIM)["status"], "mql", "and needs no time to cool off");
}

#[test]
fn qualify_makes_the_lead_of_an_address_nobody_has_heard_of_and_says_who_has_it() {
    let world = World::open();
    let to = json!({"to": "ben", "reason": "met at dinner"});
    let lead = world.command(KIM, "qualify", &to).expect(200).json();
    assert_eq!((&lead["status"], &lead["owner"]), (&"mql".into(), &"ben".into()));
    assert_eq!((&lead["email"], &lead["cycle"]), (&"kim@acme.example".into(), &1.into()));
    assert!(world.inbox().iter().any(|letter| letter["to"] == "ben"));
    // What they do then is theirs.
    visit(&world, "1");
    assert_eq!(world.lead(KIM)["profile"]["country"], "DE");
    // Nobody else begins a lead, nor does an id that names nobody.
    for (lead, command) in [
        ("email:lee@acme.example", "accept"),
        ("crm:00Q1", "qualify"),
        ("626dab18af648d3461ae0062", "qualify"),
    ] {
        let answer = world.command(lead, command, &Value::Null);
        assert_eq!(answer.problem().0, 404, "{lead} {command}");
    }
    let reported = world.put_status("email:lee@acme.example", "Working");
    assert_eq!(reported.problem().0, 404, "most people in a CRM are no leads of ours");
}

#[test]
fn reassign_gives_a_lead_from_one_queue_to_whoever_is_next_in_another() {
    let world = world_with_kim();
    report(&world, &json!({"status": "Working"})).expect(200);
    let before = world.lead(KIM)["owner"].clone();
    let to = json!({"to": "queue:americas"});
    let lead = world.command(KIM, "reassign", &to).expect(200).json();
    assert_eq!((&lead["queue"], &lead["status"]), (&"americas".into(), &"working".into()));
    assert_eq!(lead["deadline"]["kind"], "accept");
    let inbox = world.inbox();
    let told = |to: &Value, kind: &str| inbox.iter().any(|l| l["to"] == *to && l["kind"] == kind);
    assert!(told(&lead["owner"], "assigned") && told(&before, "handed_over"), "{inbox:?}");
    let nowhere = world.command(KIM, "reassign", &json!({"to": "queue:apac"}));
    assert_eq!(nowhere.problem(), (409, "unknown_queue".to_owned()));

    let world = world_with_kim_nurtured();
    world.command(KIM, "qualify", &json!({"to": "queue:americas"})).expect(200);
    assert_eq!(world.lead(KIM)["queue"], "americas");
}
