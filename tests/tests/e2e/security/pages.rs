//! Pages and headers: what anybody typed is text in a page, and in no header at all.

use baton_core::id::{LeadId, PersonId};
use baton_engine::Link;
use baton_tests::{Answer, BASE_URL, World, encoded, lead_path};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{KIM, token_of, visit, world_with_kim};

const FIELDS: [&str; 7] =
    ["name", "title", "company", "phone", "first_name", "last_name", "anything"];

const FRAGMENTS: [&str; 22] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "</title><style>*{}</style>",
    "</form><form action=//evil.example>",
    "<a href=javascript:alert(1)>x",
    "<!--",
    "-->",
    "]]>",
    "<svg/onload=alert(1)>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "&lt;b&gt;",
    "&#x3C;",
    "%3Cb%3E",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "\\u003cb\\u003e",
    "=1+1",
    "Kim",
    "\u{2028}",
    "\u{ff1c}b\u{ff1e}",
];

fn typed() -> impl Strategy<Value = String> {
    let fragments = prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 1..4);
    let anything = "[^\\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}]{0,12}";
    (fragments, anything).prop_map(|(fragments, anything)| fragments.concat() + &anything + "<x>")
}

/// The tags of a page, and so everything that a browser does about it but show text.
fn tags(page: &str) -> Vec<String> {
    page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap().to_owned()).collect()
}

/// Opens the lead's page as Ana, whose alerts are too many to look through.
fn open(world: &World, lead: &str) -> (Answer, Vec<String>) {
    let link = Link {
        lead: LeadId::parse(lead).unwrap(),
        erasures: 0,
        cycle: 1,
        person: PersonId::parse("ana").unwrap(),
    };
    let settings = world.house().services().settings();
    let url = settings.links.url(&link, settings.clock.now());
    let path = url.trim_start_matches(BASE_URL);
    let page = world.call("GET", path).from_browser().send().expect(200);
    let token = path.trim_start_matches("/l/");
    let tags = tags(&page.text).into_iter();
    let tags = tags.map(|tag| tag.replace(token, "T").replace(lead, "L"));
    let tags = tags.collect();
    (page, tags)
}

fn is_fenced(page: &Answer) {
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("data:"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
}

/// The page of a lead that typed these things, and of whom somebody else did.
fn typed_into(profile: &Value, why: &str) -> (Answer, Vec<String>) {
    let world = World::open();
    let answer = visit(&world, "kim", profile);
    let lead = answer["lead"].as_str().expect("a lead");
    world.command(lead, "accept", &json!({})).expect(200);
    world.command(lead, "extend", &json!({"reason": why})).expect(200);
    open(&world, lead)
}

#[test]
fn whatever_a_lead_types_its_page_has_the_tags_of_any_page() {
    let plain: Value = FIELDS.into_iter().map(|field| (field, "x")).collect();
    let (_, expected) = typed_into(&plain, "x");
    assert!(expected.len() > 40, "{expected:?}");
    let config = ProptestConfig {
        cases: 60,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(values in prop::collection::vec(typed(), FIELDS.len()), why in typed())| {
        let profile: Value = FIELDS.into_iter().zip(values).collect();
        let (page, tags) = typed_into(&profile, &why);
        prop_assert_eq!(&tags, &expected);
        is_fenced(&page);
    });
}

#[test]
fn a_page_about_a_problem_shows_what_was_asked_as_text_if_at_all() {
    let world = world_with_kim();
    let token = token_of(&world, "ana");
    let accept = format!("{}/accept", lead_path(KIM));
    let reject = format!("{}/reject", lead_path(KIM));
    let post = |path: &str, fields: &[(&str, &str)]| {
        world.call("POST", path).from_browser().form(fields).send()
    };
    let look = |path: String| world.call("GET", &path).from_browser().send();
    let ask = |fragment: &str| {
        let odd = encoded(fragment);
        [
            look(format!("/{odd}")),
            look(format!("/l/{odd}")),
            look(format!("/leads/{odd}")),
            look(format!("/leads?email={odd}")),
            post(&accept, &[("token", fragment)]),
            post(&accept, &[("token", &token), (fragment, "x")]),
        ]
    };
    let plain = ask("plain").map(|page| (page.status, tags(&page.text)));
    // A button that did nothing is answered with the lead's page; no text at all is a problem.
    let refused = |reason: &str| post(&reject, &[("token", &token), ("reason", reason)]);
    let (of_lead, of_problem) = (tags(&refused("x").text), tags(&refused(" ").text));
    for fragment in FRAGMENTS {
        for (page, (status, expected)) in ask(fragment).iter().zip(&plain) {
            assert_eq!(page.status, *status, "{}", page.text);
            assert_eq!(&tags(&page.text), expected, "{fragment}: {}", page.text);
            is_fenced(page);
        }
        let page = refused(fragment);
        let expected = if page.status == 409 { &of_lead } else { &of_problem };
        assert_eq!(&tags(&page.text), expected, "{fragment}: {}", page.text);
        is_fenced(&page);
    }
}

/// Names of headers that we send; nobody else chooses one.
const HEADERS: [&str; 22] = [
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-max-age",
    "allow",
    "cache-control",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "location",
    "permissions-policy",
    "referrer-policy",
    "retry-after",
    "strict-transport-security",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-correlation-id",
    "x-robots-tag",
];

#[test]
fn nothing_typed_becomes_a_header() {
    let world = world_with_kim();
    let token = token_of(&world, "ana");
    for evil in [
        "x\r\nset-cookie: evil=1",
        "x\nevil: 1",
        "\r\n\r\n<html>evil",
        "x\revil: 1",
        "x\u{560a}evil: 1",
    ] {
        let odd = encoded(evil);
        let accept = format!("{}/accept", lead_path(KIM));
        let with_token = format!("{token}{evil}");
        for answer in [
            world.call("GET", &format!("/l/{token}{odd}")).from_browser().send(),
            world.call("GET", &format!("/leads/{odd}?t={odd}")).send(),
            world.call("GET", &format!("/{odd}")).send(),
            world.call("OPTIONS", &format!("/webhooks/{odd}?key={odd}")).send(),
            world.call("POST", &accept).from_browser().form(&[("token", &with_token)]).send(),
            world.call("POST", &accept).form(&[("token", &with_token), (evil, evil)]).send(),
        ] {
            assert!(answer.status < 500);
            for (name, value) in &answer.headers {
                let is_ours = HEADERS.contains(&name.as_str()) || name == "webhook-allowed-origin";
                assert!(is_ours && !format!("{value:?}").contains("evil"), "{name}: {value:?}");
            }
        }
    }
    assert_eq!(world.lead(KIM)["status"], "mql", "a token with something behind it is no token");
}

/// Profile values may have line breaks; a mail's subject may not, and must be short ASCII.
#[test]
fn a_name_with_line_breaks_makes_no_header_of_a_mail() {
    let world = World::open();
    let evil = "Kim\r\nBcc: evil@evil.example\n\n<b>\u{1f600}".repeat(5);
    visit(&world, "kim", &json!({"name": evil, "company": evil, "title": evil}));
    let letters = world.inbox();
    assert!(!letters.is_empty());
    for letter in letters {
        let subject = letter["subject"].as_str().unwrap();
        assert!(
            subject.len() < 100 && subject.bytes().all(|b| (b' '..=b'~').contains(&b)),
            "{subject:?}"
        );
    }
}
