//! Whoever only looks changes nothing, whatever they look at and whatever they show for it.

use baton_tests::{
    Call, DESK_KEY, OLD_WEBSITE_KEY, TRADESHOW_KEY, WEBSITE_KEY, World, encoded, hook_secret,
};
use serde_json::{Value, json};

use super::{token_of, visit};
use crate::desk::{COOKIE, Reader, link_for};
use crate::openapi::document::Document;

const SOURCES: &str = "[[source]]\nname = \"tool\"\npreset = \"zapier\"\n\
    limit = { per_minute = 60, burst = 10 }\n\
    [[source]]\nname = \"contact\"\npreset = \"html_form\"\n\
    verify = { scheme = \"form\", origins = [\"https://www.acme.example\"] }\n";

/// A world with something behind every route.
fn world() -> World {
    let world = World::hooked(SOURCES);
    visit(&world, "kim", &json!({"name": "Kim Lee"}));
    world.activity_from(
        WEBSITE_KEY,
        json!({"id": "f-1", "type": "form.submitted", "person_id": "b-1"}),
    );
    let call = world.call("POST", "/webhooks/tool").header("x-api-key", &hook_secret("tool"));
    call.header("content-type", "application/json").body("{\"broken").send().expect(200);
    world
}

/// Every way somebody proves who they are, and some that prove nothing.
fn credentials(token: &str, sessions: &[Reader<'_>]) -> Vec<(&'static str, String)> {
    let bearer = |key: &str| ("authorization", format!("Bearer {key}"));
    let cookie = |reader: &Reader<'_>| ("cookie", format!("{COOKIE}={}", reader.cookie));
    let mut all: Vec<_> = sessions.iter().map(cookie).collect();
    all.extend([
        ("x-nothing", String::new()),
        bearer("x"),
        bearer(DESK_KEY),
        bearer(WEBSITE_KEY),
        bearer(OLD_WEBSITE_KEY),
        bearer(TRADESHOW_KEY),
        bearer(&hook_secret("tool")),
        bearer(token),
        ("x-api-key", hook_secret("tool")),
        ("origin", "https://www.acme.example".to_owned()),
        ("webhook-request-origin", "eventemitter.example".to_owned()),
        ("authorization", "Basic ZGVzazpkZXNr".to_owned()),
        ("cookie", format!("{COOKIE}=x; baton=x; __Host-baton-next=%2Fboard")),
    ]);
    all
}

/// What a look carries that a careless server takes for an order.
const PRETENCES: [(&str, &str); 3] =
    [("x-http-method-override", "DELETE"), ("x-method-override", "POST"), ("x-http-method", "PUT")];

/// Paths of a route: with what there is, and with what there is not.
fn paths(world: &World, template: &str, sign_in: &str, token: &str) -> Vec<String> {
    let held = world.get("/quarantine").expect(200).json()["quarantined"][0]["id"].clone();
    let leads =
        ["email:kim@acme.example", "526dab18af648d3461ae0061", "website:b-1", "email:x@y.de"];
    let sources = ["tool", "contact", "website", "nobody"];
    let mut paths = vec![template.to_owned()];
    for (name, values) in [
        ("{lead}", leads.as_slice()),
        ("{source}", &sources),
        ("{id}", &[held.as_str().unwrap(), "0"]),
        ("{token}", &[token, sign_in, "x"]),
    ] {
        let with = |path: String| values.iter().map(move |v| path.replace(name, &encoded(v)));
        let is_asked = paths[0].contains(name);
        paths = if is_asked { paths.into_iter().flat_map(with).collect() } else { paths };
    }
    paths
}

fn look(call: Call<'_>, (name, value): &(&str, String)) -> u16 {
    let call = PRETENCES.iter().fold(call, |call, (name, value)| call.header(name, value));
    call.header(name, value).send().status
}

#[test]
fn every_route_can_be_looked_at_by_anybody_and_nothing_changes() {
    let world = world();
    let token = token_of(&world, "ana");
    let sign_in = link_for(&world, "ana").replace("/sign-in/", "");
    let sessions = ["ana", "sven", "mia"].map(|person| Reader::sign_in(&world, person));
    let document = Document::read(&world.call("GET", "/openapi.yaml").send().expect(200).text);
    let before = (world.table(), world.inbox(), world.events());
    let mut looks = 0;
    let orders = "_method=DELETE&email=kim%40acme.example&reason=x&to=ben&status=Working";
    let queries = [String::new(), format!("?t={token}&token={token}&{orders}")];
    for template in document.paths() {
        let paths = paths(&world, template, &sign_in, &token);
        let uris = paths.iter().flat_map(|path| queries.iter().map(move |q| format!("{path}{q}")));
        for uri in uris {
            for credential in credentials(&token, &sessions) {
                for method in ["GET", "HEAD", "OPTIONS"] {
                    let status = look(world.call(method, &uri), &credential);
                    assert!(status < 500, "{method} {uri} {credential:?}: {status}");
                    looks += 1;
                }
            }
        }
        assert_eq!(world.table(), before.0, "{template}");
    }
    assert_eq!((world.inbox(), world.events()), (before.1, before.2));
    assert!(looks > 3_000, "{looks}");
    println!("{looks} looks at {} routes", document.paths().count());
}

/// A GET with a body is one with a form in it that nobody reads.
#[test]
fn what_a_look_brings_along_is_not_read() {
    let world = world();
    let token = token_of(&world, "ana");
    let before = world.table();
    for path in
        ["/activities", "/leads/email:kim@acme.example/accept", "/leads/email:kim@acme.example"]
    {
        let body = json!({"id": "9", "type": "form.submitted", "email": "lee@acme.example"});
        let statuses = ["GET", "OPTIONS"].map(|method| {
            let call =
                world.call(method, path).key(DESK_KEY).header("content-type", "application/json");
            call.body(body.to_string()).send().status
        });
        assert!(statuses.iter().all(|status| [200, 405].contains(status)), "{path}: {statuses:?}");
        let form = world.call("GET", path).form(&[("token", &token), ("reason", "x")]).send();
        assert!(form.status < 500);
    }
    assert_eq!(world.table(), before);
    assert_eq!(world.lead("email:kim@acme.example")["status"], Value::from("mql"));
}
