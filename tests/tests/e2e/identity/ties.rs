//! Rule 13: one person, one lead. An activity that names an address and a source's own id ties
//! them, whichever was known first; two leads of one person become one.

use baton_tests::{Answer, DESK_KEY, TRADESHOW_KEY, WEBSITE_KEY, World, lead_path};
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";
const BADGE: &str = "tradeshow:B-17";

fn visit(id: &str, email: Option<&str>, badge: Option<&str>) -> Value {
    let mut visit = json!({
        "id": id, "type": "event.booth_visited", "profile": {"country": "DE"},
    });
    if let Some(email) = email {
        visit["email"] = email.into();
    }
    if let Some(badge) = badge {
        visit["person_id"] = badge.into();
    }
    visit
}

fn kim_and_badge(id: &str) -> Value {
    visit(id, Some("kim@acme.example"), Some("B-17"))
}

fn assigned_to(world: &World) -> Vec<String> {
    told(world, "assigned")
}

/// Who was told that by e-mail.
fn told(world: &World, kind: &str) -> Vec<String> {
    let is_it = |alert: &Value| alert["kind"] == kind && alert["channel"] == "email";
    let alerts = world.inbox().into_iter().filter(is_it);
    alerts.map(|alert| alert["to"].as_str().unwrap().to_owned()).collect()
}

fn erase(world: &World, lead: &str) -> Answer {
    world.call("DELETE", &lead_path(lead)).key(DESK_KEY).send()
}

/// Both names find one lead with one owner.
fn is_one_lead(world: &World) -> Value {
    let (by_address, by_badge) = (world.lead(KIM), world.lead(BADGE));
    assert_eq!(by_address, by_badge);
    assert_eq!(world.findings(), Vec::<String>::new());
    by_address
}

#[test]
fn a_badge_that_gets_its_address_later_is_one_lead_with_one_owner() {
    let world = World::open();
    let first = world.activity(visit("1", None, Some("B-17")));
    let second = world.activity(kim_and_badge("2"));
    assert_eq!(first["lead"], second["lead"]);
    assert_eq!(assigned_to(&world).len(), 1);
    let lead = is_one_lead(&world);
    assert_eq!(lead["email"], "kim@acme.example");
    assert_eq!(lead["identifiers"], json!([BADGE, KIM]));
    assert_eq!(world.ledger(KIM)["entries"].as_array().unwrap().len(), 2);
    // By the address alone it is found as well.
    let third = world.activity(visit("3", Some("kim@acme.example"), None));
    assert_eq!(third["lead"], first["lead"]);
    assert_eq!(assigned_to(&world).len(), 1);
}

#[test]
fn two_neighbouring_lines_of_one_list_are_one_lead() {
    let world = World::open();
    let answers = world.activity(json!([visit("1", None, Some("B-17")), kim_and_badge("2")]));
    assert_eq!(answers["results"][0]["lead"], answers["results"][1]["lead"]);
    assert_eq!(assigned_to(&world).len(), 1);
    is_one_lead(&world);
}

#[test]
fn the_crm_finds_the_lead_by_its_own_id() {
    let world = World::open();
    let lead = world.activity_from(
        WEBSITE_KEY,
        json!({"id": "1", "type": "form.demo_requested", "email": "kim@acme.example",
               "person_id": "00Q5e000001"}),
    );
    world.put_status("website:00Q5e000001", "Working").expect(200);
    assert_eq!(world.lead(KIM)["status"], "working");
    assert_eq!(world.lead("website:00Q5e000001")["lead"], lead["lead"]);
    assert_eq!(world.history("website:00Q5e000001"), world.history(KIM));
}

#[test]
fn two_leads_of_one_person_become_the_one_that_is_further_on() {
    let world = World::open();
    world.activity(visit("1", None, Some("B-17")));
    world.activity(visit("2", Some("kim@acme.example"), None));
    let owners = assigned_to(&world);
    assert_eq!(owners.len(), 2, "nobody can know yet");
    let (badge, kim) = (world.lead(BADGE), world.lead(KIM));
    world.command(KIM, "accept", &json!({})).expect(200);
    world.activity(kim_and_badge("3"));
    let lead = is_one_lead(&world);
    assert_eq!((&lead["lead"], &lead["status"]), (&kim["lead"], &"working".into()));
    assert_eq!((&lead["owner"], &lead["cycle"]), (&kim["owner"], &1.into()));
    assert_eq!(world.ledger(BADGE)["entries"].as_array().unwrap().len(), 3);
    let history = world.history(KIM);
    let merged: Vec<_> =
        history.as_array().unwrap().iter().filter(|line| line["merged"].is_string()).collect();
    assert_eq!(merged.len(), 2, "the end of one history, and a line of the other: {history}");
    let other_owner = badge["owner"].as_str().unwrap();
    assert_eq!(told(&world, "handed_over"), [other_owner], "the other owner is told");
    let events = world.events();
    let merged = events.iter().filter(|event| event.to_string().contains("lead.merged"));
    assert_eq!(merged.count(), 2, "one for each id");
    // Nothing of the lead that was merged runs on.
    world.advance("26h");
    assert_eq!(assigned_to(&world).len(), 2);
    is_one_lead(&world);
}

#[test]
fn a_merge_alone_never_qualifies() {
    let world = World::open();
    let form = |id: &str, who: &Value| {
        let mut form = json!({"id": id, "type": "form.submitted"});
        form.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
        form
    };
    let (kim, badge) = (json!({"email": "kim@acme.example"}), json!({"person_id": "B-17"}));
    for n in 0..2 {
        world.activity(form(&format!("k{n}"), &kim));
        world.activity(form(&format!("b{n}"), &badge));
    }
    let mut both = kim_and_badge("m");
    both["type"] = "page.viewed".into();
    let merged = world.activity(both);
    assert_eq!(
        (&merged["score"]["behaviour"], &merged["status"]),
        (&120.into(), &"nurturing".into())
    );
    is_one_lead(&world);
    world.activity(form("k9", &kim));
    assert_eq!(is_one_lead(&world)["status"], "mql");
}

#[test]
fn erasing_any_name_erases_the_person_under_every_one() {
    for name in [KIM, BADGE] {
        let world = World::open();
        world.activity(visit("1", None, Some("B-17")));
        let mut said = visit("2", Some("kim@acme.example"), None);
        said["profile"] = json!({"name": "Kim Lee", "phone": "+49 30 1234567"});
        world.activity(said);
        world.activity(kim_and_badge("3"));
        erase(&world, name).expect(200);
        for name in [KIM, BADGE] {
            assert_eq!(world.get(&lead_path(name)).problem(), (410, "erased".to_owned()));
        }
        let left = format!("{:?}", world.table());
        for word in ["Kim Lee", "1234567", "kim@acme", "B-17"] {
            assert!(!left.contains(word), "{word} is left");
        }
        assert_eq!(world.findings(), Vec::<String>::new());
        let late = json!({"id": "9", "type": "form.submitted", "person_id": "B-17",
                          "occurred_at": "2026-02-01T09:00:00Z"});
        assert_eq!(world.activity(late)["excluded_by"], "erased");
        assert_eq!(world.activity(kim_and_badge("1"))["outcome"], "duplicate");
        world.advance("1h");
        assert_eq!(world.activity(kim_and_badge("10"))["outcome"], "scored");
        assert_eq!(world.ledger(BADGE)["entries"].as_array().unwrap().len(), 1);
        is_one_lead(&world);
    }
}

#[test]
fn a_badge_stays_with_its_first_address_and_the_conflict_is_shown() {
    let world = World::open();
    world.activity(kim_and_badge("1"));
    let lee = world.activity(visit("2", Some("lee@acme.example"), Some("B-17")));
    assert_ne!(lee["lead"], world.lead(KIM)["lead"]);
    assert_eq!(world.lead(BADGE)["email"], "kim@acme.example");
    let entry = &world.ledger("email:lee@acme.example")["entries"][0];
    assert_eq!(entry["conflict"], "another_address");
    let info = world.activity(visit("3", Some("info@acme.example"), Some("B-18")));
    assert_eq!(world.lead("email:info@acme.example")["lead"], info["lead"]);
    assert_eq!(world.get(&lead_path("tradeshow:B-18")).problem().0, 404);
    assert_eq!(world.findings(), Vec::<String>::new());
}

#[test]
fn the_link_of_the_lead_that_was_merged_goes_on_working() {
    let world = World::open();
    world.activity(visit("1", None, Some("B-17")));
    world.activity(visit("2", Some("kim@acme.example"), None));
    let links: Vec<_> = assigned_to(&world).iter().map(|person| world.link_of(person)).collect();
    world.activity(kim_and_badge("3"));
    for link in links {
        let page = world.call("GET", &link).from_browser().send();
        page.expect(200);
    }
    let key = TRADESHOW_KEY;
    assert_eq!(world.activity_from(key, kim_and_badge("3"))["outcome"], "duplicate");
}
