//! What an erasure removes, what it leaves, and who may ask for it.

use baton_tests::{DESK_KEY, TRADESHOW_KEY, World, encoded, lead_path};
use serde_json::{Value, json};

use super::{KIM, KIM_ID, deliver, erase, found, kinds, world_with_kim};

/// What Kim told us, one word of it for every place that keeps something of a person.
const TOLD: [&str; 7] = ["kim", "lee", "falconer", "zeppelin", "5550199", "whale", "quokka"];

#[test]
fn nothing_is_left_of_an_erased_person() {
    for name in [KIM, KIM_ID, "email: Kim@ACME.example"] {
        let world = world_with_kim();
        let before = world.table();
        assert_eq!(found(&before, &TOLD), TOLD, "there is something to be forgotten everywhere");
        let erased = erase(&world, name).expect(200).json();
        let after = world.table();
        assert_eq!(found(&after, &TOLD), [""; 0], "{name}: {after:?}");
        let before = kinds(&before);
        let removed = json!({
            "activities": before["activity"], "history": before["history"],
            "messages": before["message"], "quarantined": before["quarantine"],
        });
        assert_eq!((before["activity"], before["quarantine"]), (2, 2));
        let expected =
            json!({"lead": KIM_ID, "erased_at": "2026-03-02T10:00:00Z", "removed": removed});
        assert_eq!(erased, expected, "{name}");
        let left = [("cursor", 1), ("erasing", 1), ("forgotten", 2), ("quarantine", 2)];
        assert_eq!(kinds(&after), left.into_iter().chain([("tombstone", 1)]).collect());
    }
}

#[test]
fn once_nothing_was_found_any_more_only_pseudonyms_stay() {
    let world = world_with_kim();
    erase(&world, KIM).expect(200);
    world.advance("11m");
    let left = world.table();
    let kept = [("cursor", 1), ("forgotten", 2), ("quarantine", 2), ("tombstone", 1)];
    assert_eq!(kinds(&left), kept.into());
    let lead = &left[&format!("\"lead#{KIM_ID}\" \"lead\"")];
    let expires = 1_772_445_600 + 732 * 86_400;
    assert_eq!(lead["expires_at"]["N"], expires.to_string(), "the tombstone goes, too");
    for item in left.values().filter(|item| item["item"]["S"] == "forgotten") {
        let names: Vec<_> = item.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["expires_at", "item", "pk", "schema", "sk"]);
    }
    world.advance("60d");
    assert_eq!(world.table(), left);
}

#[test]
fn every_question_about_an_erased_person_is_answered_alike() {
    let world = world_with_kim();
    let link = world.link_of("ana");
    let token = link.trim_start_matches("/l/");
    erase(&world, KIM).expect(200);
    let before = world.table();
    let gone = (410, "erased".to_owned());
    for name in [KIM, KIM_ID] {
        for path in ["", "/history", "/ledger"] {
            let path = format!("{}{path}", lead_path(name));
            assert_eq!(world.get(&path).problem(), gone, "{path}");
            assert_eq!(world.call("GET", &path).key(token).send().problem(), gone, "{path}");
        }
        for word in ["accept", "convert", "qualify"] {
            assert_eq!(world.command(name, word, &Value::Null).problem(), gone, "{word}");
        }
        for word in ["reject", "extend", "return", "disqualify"] {
            let reason = json!({"reason": "not_now"});
            assert_eq!(world.command(name, word, &reason).problem(), gone, "{word}");
        }
        assert_eq!(world.command(name, "reassign", &json!({"to": "ben"})).problem(), gone);
        assert_eq!(world.put_status(name, "Working").problem(), gone);
    }
    let by_email = world.get(&format!("/leads?email={}", encoded("kim@acme.example")));
    assert_eq!(by_email.problem(), gone);
    assert_eq!(world.call("GET", &link).send().problem(), gone);
    let page = world.call("GET", &link).from_browser().send().expect(410);
    assert!(page.text.contains("erased") && page.header("content-type").starts_with("text/html"));
    assert_eq!(world.table(), before);
}

#[test]
fn only_the_desk_erases() {
    let world = world_with_kim();
    let link = world.link_of("ana");
    let before = world.table();
    let path = lead_path(KIM);
    for key in ["", "x", TRADESHOW_KEY, link.trim_start_matches("/l/")] {
        let answer = world.call("DELETE", &path).key(key).send();
        assert_eq!(answer.problem(), (401, "unauthorised".to_owned()), "{key}");
    }
    let by_query = format!("{path}?t={}", link.trim_start_matches("/l/"));
    assert_eq!(world.call("DELETE", &by_query).send().status, 401);
    assert_eq!(world.call("DELETE", &path).send().status, 401);
    assert_eq!(world.table(), before);
}

#[test]
fn erasing_again_finds_nothing_and_somebody_unknown_is_not_found() {
    let world = world_with_kim();
    let first = erase(&world, KIM).expect(200).json();
    let before = world.table();
    for name in [KIM, KIM_ID] {
        let again = erase(&world, name).expect(200).json();
        assert_eq!(again["erased_at"], first["erased_at"]);
        let nothing = json!({"activities": 0, "history": 0, "messages": 0, "quarantined": 0});
        assert_eq!(again["removed"], nothing);
    }
    assert_eq!(world.table(), before);
    for name in ["email:nobody@acme.example", "tradeshow:nobody", &"0".repeat(24)] {
        assert_eq!(erase(&world, name).problem(), (404, "no_such_lead".to_owned()), "{name}");
    }
    assert_eq!(erase(&world, "nobody").problem(), (422, "invalid_command".to_owned()));
    assert_eq!(world.table(), before);
}

#[test]
fn others_keep_everything() {
    let alone = World::hooked(super::TOOL);
    let (world, lee) = (world_with_kim(), "email:lee@acme.example");
    let tell = |world: &World| {
        let visit = json!({
            "id": "lee", "type": "event.booth_visited", "email": "lee@acme.example",
            "profile": {"name": "Lee, whom kim@acme.example sent", "country": "US"},
        });
        world.activity(visit);
        deliver(world, r#"{"note":"to jakim@acme.example.org"}"#);
    };
    tell(&world);
    alone.advance("25h");
    tell(&alone);
    erase(&world, KIM).expect(200);
    assert_eq!(world.lead(lee), alone.lead(lee));
    assert_eq!(world.history(lee), alone.history(lee));
    assert_eq!(world.ledger(lee), alone.ledger(lee));
    let waiting = world.get("/quarantine").json()["quarantined"].clone();
    assert_eq!(waiting.as_array().unwrap().len(), 1);
    let held = format!("/quarantine/tool/{}", waiting[0]["id"].as_str().unwrap());
    assert_eq!(world.get(&held).json()["body"], r#"{"note":"to jakim@acme.example.org"}"#);
    world.advance("24h");
    assert_eq!(world.lead(lee)["deadline"]["kind"], "accept", "clocks of others run on");
    assert!(
        world.inbox().iter().any(|letter| letter["kind"] == "accept_overdue"
            && letter["lead"] == world.lead(lee)["lead"])
    );
}

#[test]
fn the_crm_hears_of_it_by_the_id_alone() {
    let world = world_with_kim();
    erase(&world, KIM).expect(200);
    erase(&world, KIM).expect(200);
    let events = world.events();
    let news: Vec<_> =
        events.iter().filter(|event| event["detail-type"] == "lead.erased").collect();
    assert_eq!(news.len(), 1);
    let detail = json!({
        "schema": 1, "name": "lead.erased", "lead": KIM_ID, "at": "2026-03-02T10:00:00Z",
        "version": news[0]["detail"]["version"],
        "correlation": news[0]["detail"]["correlation"],
    });
    assert_eq!(news[0]["detail"], detail);
}

#[test]
fn a_person_known_by_a_badge_is_erased_with_what_their_own_source_sent() {
    let world = World::hooked(super::TOOL);
    let by_badge = json!({"id": "s-1", "type": "form.submitted", "person_id": "badge-7707"});
    let key = baton_tests::hook_secret("tool");
    world.activity_from(&key, by_badge.clone());
    world.activity(by_badge);
    deliver(&world, r#"{"badge":"badge-7707","note":"nothing"}"#);
    let erased = world.call("DELETE", "/leads/tool:badge-7707").key(DESK_KEY).send();
    let erased = erased.expect(200).json();
    assert_eq!(
        (&erased["removed"]["activities"], &erased["removed"]["quarantined"]),
        (&1.into(), &1.into())
    );
    assert_eq!(world.lead("tradeshow:badge-7707")["status"], "nurturing", "somebody else's badge");
}

#[test]
fn somebody_known_to_quarantine_only_is_erased_from_it() {
    let world = World::hooked(super::TOOL);
    deliver(&world, r#"{"note":"to kim@acme.example"}"#);
    let erased = erase(&world, KIM).expect(200).json();
    assert_eq!(erased["removed"]["quarantined"], 1);
    assert_eq!(found(&world.table(), &["kim"]), [""; 0]);
    assert_eq!(world.get("/quarantine").json()["quarantined"], json!([]));
    assert_eq!(world.get(&lead_path(KIM)).problem().0, 410);
}
