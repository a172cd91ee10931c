//! The routes of the contract: what they answer, to whom, and what they refuse.

use std::thread;

use baton_tests::{
    Baton, DESK_KEY, OLD_WEBSITE_KEY, START, TRADESHOW_KEY, WEBSITE_KEY, World, lead_path,
};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";

fn form(id: &str) -> Value {
    json!({"id": id, "type": "form.submitted", "email": "kim@acme.example"})
}

#[test]
fn an_activity_answers_what_became_of_it() {
    let world = World::open();
    let answer = world.activity(json!({
        "id": "f-1", "type": "form.submitted", "occurred_at": START, "email": " Kim@ACME.example ",
        "profile": {"title": "Director", "country": "DE"}, "data": {"form": "contact"},
    }));
    assert_json_snapshot!(answer, @r#"
    {
      "id": "f-1",
      "lead": "526dab18af648d3461ae0061",
      "outcome": "scored",
      "points": 30,
      "score": {
        "behaviour": 30,
        "fit": 25,
        "total": 55
      },
      "status": "nurturing"
    }
    "#);
}

#[test]
fn an_array_answers_in_order_and_one_bad_element_sinks_no_other() {
    let world = World::open();
    let other = json!({"id": "p-1", "type": "pricing.viewed", "email": "lee@acme.example"});
    let bad = json!({"id": "bad", "type": "form.submitted", "email": "nowhere", "emial": 1});
    let answers = world.activity(json!([form("1"), bad, other, form("2"), form("1"), 7]));
    let results = answers["results"].as_array().unwrap();
    let outcomes: Vec<_> = results.iter().map(|r| (&r["id"], &r["outcome"])).collect();
    let expected = [
        ("1", "scored"),
        ("bad", "invalid"),
        ("p-1", "scored"),
        ("2", "scored"),
        ("1", "duplicate"),
    ];
    let expected = expected.map(|(id, outcome)| (id.into(), outcome.into()));
    assert_eq!(
        outcomes[..5],
        expected.each_ref().map(|(id, outcome): &(Value, Value)| (id, outcome))
    );
    assert_json_snapshot!("invalid_elements", [&results[1], &results[5]]);
    assert_eq!(results[4]["score"], json!({"behaviour": 60, "fit": 0, "total": 60}));
    assert_eq!(world.activity(json!([])), json!({"results": []}));
}

#[test]
fn an_activity_counts_once_for_each_source_however_often_it_comes() {
    let world = World::open();
    assert_eq!(world.activity(form("1"))["outcome"], "scored");
    world.advance("30d");
    let again = world.activity(form("1"));
    assert_eq!((&again["outcome"], &again["points"]), (&"duplicate".into(), &30.into()));
    let batch = world.activity(json!([form("1"), form("1")]));
    assert_eq!(batch["results"][0], again);
    assert_eq!(batch["results"][1], again);
    // Another source's ids are its own.
    assert_eq!(world.activity_from(WEBSITE_KEY, form("1"))["outcome"], "scored");
    assert_eq!(world.ledger(KIM)["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn an_activity_sent_many_times_at_once_counts_once() {
    let world = World::open();
    let send = |n: usize| {
        let baton: Baton = world.clone();
        thread::spawn(move || baton.activity(json!([form("same"), form(&format!("own-{n}"))])))
    };
    let senders: Vec<_> = (0..8).map(send).collect();
    let answers: Vec<Value> = senders.into_iter().map(|s| s.join().unwrap()).collect();
    let count = |index: usize, outcome: &str| {
        answers.iter().filter(|a| a["results"][index]["outcome"] == outcome).count()
    };
    assert_eq!((count(0, "scored"), count(0, "duplicate"), count(1, "scored")), (1, 7, 8));
    assert_eq!(world.lead(KIM)["score"]["behaviour"], 270);
    assert_eq!(world.lead(KIM)["version"].as_u64().unwrap(), 9 + 1, "nine scored, one assigned");
}

/// A tool that mends an address and sends the same id again: it still counts once, and the answer
/// names a lead that there is.
#[test]
fn a_duplicate_names_the_lead_it_counted_for() {
    let world = World::open();
    let first = world.activity(form("1"));
    let again =
        world.activity(json!({"id": "1", "type": "form.submitted", "email": "lee@acme.example"}));
    assert_eq!(again["outcome"], "duplicate");
    assert_eq!(again["lead"], first["lead"]);
}

#[test]
fn an_excluded_person_is_scored_and_never_qualifies() {
    let world = World::open();
    let at = "spy@competitor.example";
    let spy = |id: &str| json!({"id": id, "type": "event.booth_visited", "email": at});
    let student = json!({
        "id": "3", "type": "form.demo_requested", "email": "sam@uni.example",
        "profile": {"title": "Student assistant"},
    });
    let answers = world.activity(json!([spy("1"), student, spy("1")]));
    for (index, outcome) in [(0, "excluded"), (1, "excluded"), (2, "duplicate")] {
        let answer = &answers["results"][index];
        assert_eq!((&answer["outcome"], &answer["status"]), (&outcome.into(), &"nurturing".into()));
    }
    assert_eq!(world.lead("email:spy@competitor.example")["excluded_by"], "competitor");
    assert_eq!(world.ledger("email:sam@uni.example")["entries"][0]["excluded"], "student");
    assert!(world.inbox().is_empty() && world.events().is_empty());
}

#[test]
fn points_decay_from_the_day_of_the_deed_and_the_ledger_adds_up() {
    let world = World::open();
    world.activity(form("f"));
    // Half of it has decayed before we heard of it.
    let mut late = json!({"id": "w", "type": "webinar.attended", "email": "kim@acme.example"});
    late["occurred_at"] = "2025-12-01T10:00:00+01:00".into();
    let answer = world.activity(late);
    assert_eq!((&answer["points"], &answer["score"]["behaviour"]), (&40.into(), &50.into()));
    world.advance("90d");
    let ledger = world.ledger(KIM);
    let worth = |n: usize| ledger["entries"][n]["worth_now"].as_f64().unwrap();
    assert_eq!((worth(0), worth(1)), (10.0, 15.0));
    assert_eq!(ledger["score"]["behaviour"], 25);
}

#[test]
fn five_hundred_activities_are_taken_and_one_more_is_refused_whole() {
    let world = World::open();
    let many = |count: usize| -> Value {
        let one = |n| {
            json!({"id": format!("{count}-{n}"), "type": "email.clicked",
            "email": format!("p{}@acme.example", n % 40)})
        };
        (0..count).map(one).collect()
    };
    let before = world.table();
    let refused = world.call("POST", "/activities").key(WEBSITE_KEY).json(&many(501)).send();
    assert_eq!(refused.problem(), (422, "too_many_activities".to_owned()));
    assert_eq!(world.table(), before);
    let answers = world.activity(many(500));
    let results = answers["results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["outcome"] == "scored"));
    assert_eq!(results.len(), 500);
}

/// Every route, and a request to it that would do something.
fn routes() -> Vec<(&'static str, String, Value)> {
    let of = |word: &str| format!("{}{word}", lead_path(KIM));
    let mut routes = vec![
        ("POST", "/activities".to_owned(), form("new")),
        ("GET", of(""), Value::Null),
        ("GET", "/leads?email=kim@acme.example".to_owned(), Value::Null),
        ("GET", of("/history"), Value::Null),
        ("GET", of("/ledger"), Value::Null),
        ("PUT", of("/status"), json!({"status": "Working"})),
    ];
    for word in ["accept", "convert", "qualify"] {
        routes.push(("POST", of(&format!("/{word}")), json!({})));
    }
    for word in ["reject", "extend", "return", "disqualify", "reopen"] {
        routes.push(("POST", of(&format!("/{word}")), json!({"reason": "no_budget"})));
    }
    routes.push(("POST", of("/reassign"), json!({"to": "ben"})));
    routes
}

#[test]
fn without_the_right_key_nothing_is_told_and_nothing_happens() {
    let world = World::open();
    world.activity(json!({"id": "1", "type": "event.booth_visited", "email": "kim@acme.example"}));
    let before = world.table();
    for (method, path, body) in routes() {
        let other = if path == "/activities" { DESK_KEY } else { WEBSITE_KEY };
        let keys = [
            String::new(),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            "Bearer wrong-key-for-tests-0001".to_owned(),
            format!("Basic {DESK_KEY}"),
            format!("Bearer {other}"),
            format!("Bearer {}", &DESK_KEY[..DESK_KEY.len() - 1]),
        ];
        for key in keys {
            let call = world.call(method, &path).header("authorization", &key);
            let answer = if body.is_null() { call.send() } else { call.json(&body).send() };
            assert_eq!(answer.problem(), (401, "unauthorised".to_owned()), "{method} {path} {key}");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            assert!(!answer.text.contains("526dab18af648d3461ae0061"), "{}", answer.text);
        }
    }
    assert_eq!(world.table(), before);
}

#[test]
fn a_source_is_known_by_its_present_and_its_previous_key() {
    let world = World::open();
    for (id, key) in [("1", WEBSITE_KEY), ("2", OLD_WEBSITE_KEY), ("3", TRADESHOW_KEY)] {
        assert_eq!(world.activity_from(key, form(id))["outcome"], "scored");
    }
    let ledger = world.ledger(KIM);
    let sources = ledger["entries"].as_array().unwrap().iter().map(|entry| &entry["source"]);
    let mut sources: Vec<_> = sources.map(|source| source.as_str().unwrap()).collect();
    sources.sort_unstable();
    assert_eq!(sources, ["tradeshow", "website", "website"]);
}

#[test]
fn a_lead_nobody_has_heard_of_is_404_on_every_route() {
    let world = World::open();
    for (method, path, body) in routes().into_iter().filter(|(_, path, _)| path != "/activities") {
        let call = world.call(method, &path).key(DESK_KEY);
        let answer = if body.is_null() { call.send() } else { call.json(&body).send() };
        assert_eq!(answer.problem(), (404, "no_such_lead".to_owned()), "{method} {path}");
    }
    assert!(world.table().is_empty());
}

#[test]
fn what_is_no_route_is_404_and_a_wrong_method_says_the_right_ones() {
    let world = World::open();
    let lead = lead_path(KIM);
    let strays =
        ["/nothing", "/sign-in/a/b", "/leads/a/b/c", "/activities/1", "/l", "/l/a/b", "/local"];
    let verbs = ["assign", "lapse", "warning_sent", "record", "Accept", "accept%20"];
    let odd = verbs.iter().map(|verb| format!("{lead}/{verb}"));
    for path in strays.iter().map(ToString::to_string).chain(odd) {
        let answer = world.call("POST", &path).key(DESK_KEY).json(&json!({})).send();
        assert_eq!(answer.problem(), (404, "no_such_route".to_owned()), "{path}");
    }
    for (right, path, _) in routes() {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "BREW"] {
            let is_lead_itself = method == "DELETE" && path == lead;
            if method == right || is_lead_itself {
                continue;
            }
            let answer = world.call(method, &path).key(DESK_KEY).send();
            let problem = (405, "method_not_allowed".to_owned());
            assert_eq!(answer.problem(), problem, "{method} {path}");
            assert!(answer.header("allow").split(", ").any(|m| m == right), "{method} {path}");
        }
    }
}
