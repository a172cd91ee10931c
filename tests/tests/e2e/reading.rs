//! What can be asked without changing anything: leads by any of their names, health, the document,
//! pages for browsers, and what only a machine on its own shows.

use baton_tests::{DESK_KEY, World, lead_path};
use serde_json::{Value, json};

#[test]
fn a_lead_is_found_by_its_id_its_address_and_its_sources_own_id() {
    let world = World::open();
    let kim = json!({"id": "1", "type": "form.submitted", "email": "kim@acme.example"});
    let id = world.activity(kim)["lead"].as_str().unwrap().to_owned();
    for name in [&id, "email:kim@acme.example", "email: Kim@ACME.example", &id.to_uppercase()] {
        assert_eq!(world.lead(name)["lead"], id.as_str(), "{name}");
    }
    let by_address = world.get("/leads?email=Kim%40acme.example").expect(200).json();
    assert_eq!(by_address, world.lead(&id));

    let odd = "7/a b#ü?x=1&y%2F";
    let badge = world.activity(json!({"id": "2", "type": "email.clicked", "person_id": odd}));
    assert_eq!(world.lead(&format!("tradeshow:{odd}"))["lead"], badge["lead"]);
    let bare = world.activity(json!({"id": "scan-3", "type": "email.clicked"}));
    assert_eq!(world.lead("tradeshow:scan-3")["lead"], bare["lead"]);
    assert_eq!(world.lead("tradeshow:scan-3")["email"], Value::Null);
    for name in ["website:scan-3", "tradeshow:scan-4"] {
        assert_eq!(world.get(&lead_path(name)).problem().0, 404, "{name}");
    }
}

#[test]
fn a_name_that_can_be_nobodys_says_what_would_be_right() {
    let world = World::open();
    let bad =
        ["zz", "526dab18af648d3461ae006", "email:", "email:kim", "Web Site:1", "website:", ":"];
    for name in bad {
        let answer = world.get(&lead_path(name));
        assert_eq!(answer.problem().0, 422, "{name}");
        let expected = answer.json()["errors"][0]["expected"].as_str().map(str::len);
        assert!(expected.is_some_and(|length| length > 0), "{}", answer.text);
    }
    for query in ["", "?email=", "?email=kim", "?mail=kim@acme.example", "?email=a@b.de%00"] {
        let answer = world.get(&format!("/leads{query}"));
        assert_eq!(answer.problem().0, 422, "{query}");
        assert_eq!(answer.json()["errors"][0]["field"], "/email", "{query}");
    }
}

#[test]
fn anyone_may_ask_whether_it_is_well_and_what_it_offers() {
    let world = World::open();
    world.call("GET", "/health").send().expect(200);
    let document = world.call("GET", "/openapi.yaml").send().expect(200);
    assert!(document.header("content-type").contains("yaml"));
    assert!(document.text.starts_with("openapi: 3.1"));
    for path in ["/activities:", "/leads/{lead}:", "/leads/{lead}/history:", "/health:"] {
        assert!(document.text.contains(path), "{path}");
    }
}

#[test]
fn answers_about_people_are_never_kept_by_a_cache() {
    let world = World::open();
    world.activity(json!({"id": "1", "type": "event.booth_visited", "email": "kim@acme.example"}));
    let page = world.call("GET", &world.link_of("hana")).from_browser().send().expect(200);
    for answer in [page, world.get("/leads/email:kim@acme.example"), world.get("/nothing")] {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[test]
fn a_browser_gets_a_page_where_a_program_gets_a_problem() {
    let world = World::open();
    for (path, status) in [("/nothing", 404), ("/l/forged", 401), ("/leads/zz", 422)] {
        let page = world.call("GET", path).from_browser().send().expect(status);
        assert!(page.header("content-type").starts_with("text/html"), "{path}: {}", page.text);
        assert!(page.text.contains("<h1>"), "{path}: {}", page.text);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        let problem = world.call("GET", path).header("accept", "application/json").send();
        assert_eq!(problem.problem().0, status, "{path}");
        let asked = page.header("www-authenticate");
        assert_eq!(asked, problem.header("www-authenticate"), "{path}");
    }
    let wrong = world.call("DELETE", "/leads").from_browser().send().expect(405);
    assert_eq!(wrong.header("allow"), "GET");
}

#[test]
fn what_is_local_is_off_beyond_loopback() {
    let world = World::beyond_loopback();
    for (method, path) in [
        ("GET", "/local/inbox"),
        ("GET", "/local/events"),
        ("GET", "/local/clock"),
        ("POST", "/local/clock"),
    ] {
        let answer = world.call(method, path).key(DESK_KEY).json(&json!({"advance": "25h"})).send();
        assert_eq!(answer.problem(), (404, "no_such_route".to_owned()), "{method} {path}");
    }
    assert_eq!(world.house().now().to_string(), baton_tests::START);
    world.call("GET", "/health").send().expect(200);
}

#[test]
fn the_clock_goes_where_it_is_told_and_never_back() {
    let world = World::open();
    assert_eq!(world.advance("90m"), "2026-03-01T10:30:00Z");
    assert_eq!(world.advance("1d 30m"), "2026-03-02T11:00:00Z");
    assert_eq!(world.advance("0s"), "2026-03-02T11:00:00Z");
    let set = json!({"set": "2026-03-03T00:00:00+01:00"});
    let moved = world.call("POST", "/local/clock").json(&set).send().expect(200);
    assert_eq!(moved.json(), json!({"now": "2026-03-02T23:00:00Z"}));
    for bad in [
        json!({}),
        json!([]),
        json!({"advance": "soon"}),
        json!({"advance": 25}),
        json!({"advance": "-1h"}),
        json!({"advance": "99999999999d"}),
        json!({"advance": "1h", "set": "2026-04-01T00:00:00Z"}),
        json!({"set": "tomorrow"}),
        json!({"set": "2026-03-01T00:00:00Z"}),
    ] {
        let answer = world.call("POST", "/local/clock").json(&bad).send();
        assert_eq!(answer.problem(), (422, "invalid_clock".to_owned()), "{bad}");
        assert!(answer.json()["errors"][0]["expected"].is_string(), "{bad}");
    }
    let broken = world.call("POST", "/local/clock").body("{\"advance\":").send();
    assert_eq!(broken.problem(), (400, "invalid_json".to_owned()));
    assert_eq!(world.advance("0s"), "2026-03-02T23:00:00Z");
}
