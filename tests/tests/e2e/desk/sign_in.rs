//! Signing in without a password, what a session lets somebody see and do, and signing out.

use std::sync::Arc;
use std::time::Duration;

use baton_engine::{Rules, Secrets};
use baton_tests::{
    Answer, Baton, Fate, TestHarness, World, rules_with, sample_roster, secrets_file,
};
use serde_json::{Value, json};

use super::{
    COOKIE, KIM, KIM_ID, Reader, address, ask, cookie_of, leads_to, link_for, own_csrf, qualify,
    world_with_kim,
};

/// Links to sign in that have left, by reader.
fn sent(world: &World) -> Vec<String> {
    let letters = world.inbox().into_iter().filter(|letter| letter["kind"] == "sign_in");
    letters.map(|letter| format!("{} {}", letter["to"], letter["channel"])).collect()
}

fn enter(baton: &Baton, link: &str) -> Answer {
    baton.call("POST", link).from_browser().form(&[]).send()
}

fn accept(reader: &Reader<'_>, csrf: &str) -> Answer {
    reader.post(&format!("/leads/{KIM_ID}/accept"), csrf, &[])
}

#[test]
fn a_link_by_the_way_alerts_come_begins_a_session() {
    let world = world_with_kim();
    assert_eq!(leads_to(&ask(&world, " Ana.Ruiz@Northwind.example ")), "/sign-in/sent");
    assert_eq!(sent(&world), ["\"ana\" \"email\"", "\"ana\" \"sms\""]);
    let letter = world.inbox().pop().unwrap();
    assert_eq!((&letter["lead"], &letter["subject"]), (&Value::Null, &json!("")));
    let link = world.link_of("ana");
    let page = world.call("GET", &link).from_browser().send().expect(200).text;
    assert!(page.contains("Sign in as Ana Ruiz"), "{page}");
    let entered = enter(&world, &link);
    assert_eq!(leads_to(&entered), "/board");
    let set: Vec<_> = entered.headers.get_all("set-cookie").iter().collect();
    let session = set[0].to_str().unwrap();
    let rest = session.split_once(';').unwrap().1;
    assert_eq!(rest, " Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure");
    let cookie = cookie_of(&entered, COOKIE).unwrap();
    let reader = Reader { baton: &world, cookie };
    assert!(reader.open(&format!("/leads/{KIM_ID}")).expect(200).text.contains("Ana Ruiz"));
    assert_eq!(leads_to(&reader.open("/")), "/board");
}

#[test]
fn a_link_works_once_and_for_one_of_two_at_once() {
    let world = world_with_kim();
    for _ in 0..3 {
        let link = link_for(&world, "ana");
        let statuses = std::thread::scope(|scope| {
            let tries: [_; 4] = std::array::from_fn(|_| scope.spawn(|| enter(&world, &link)));
            let mut statuses = tries.map(|one| one.join().unwrap().status);
            statuses.sort_unstable();
            statuses
        });
        assert_eq!(statuses, [303, 410, 410, 410]);
        let again = enter(&world, &link).expect(410);
        assert!(cookie_of(&again, COOKIE).is_none() && again.text.contains("run out"));
        assert_eq!(world.call("GET", &link).from_browser().send().status, 410);
    }
}

#[test]
fn looking_at_a_link_uses_nothing_up() {
    let world = world_with_kim();
    let link = link_for(&world, "ana");
    let before = world.table();
    for _ in 0..3 {
        world.call("GET", &link).send().expect(200);
        world.call("HEAD", &link).send().expect(200);
        world.call("OPTIONS", &link).send().expect(405);
    }
    assert_eq!(world.table(), before);
    enter(&world, &link).expect(303);
}

#[test]
fn a_link_ends_after_a_quarter_of_an_hour() {
    let world = world_with_kim();
    let link = link_for(&world, "ana");
    world.advance("14m");
    world.call("GET", &link).from_browser().send().expect(200);
    world.advance("1m");
    world.call("GET", &link).from_browser().send().expect(410);
    enter(&world, &link).expect(410);
}

#[test]
fn a_link_or_cookie_with_a_character_changed_or_missing_is_nobodys() {
    let world = world_with_kim();
    let reader = Reader::sign_in(&world, "ana");
    let link = link_for(&world, "ana");
    let before = world.table();
    let forgeries = |good: &str, from: usize| -> Vec<String> {
        let other = |place: usize| if &good[place..=place] == "A" { "B" } else { "A" };
        let changed =
            |place: usize| format!("{}{}{}", &good[..place], other(place), &good[place + 1..]);
        let places = from..good.len();
        places.clone().map(changed).chain(places.map(|end| good[..end].to_owned())).collect()
    };
    for forged in forgeries(&link, "/sign-in/".len()).iter().filter(|link| *link != "/sign-in/") {
        enter(&world, forged).expect(410);
    }
    for cookie in forgeries(&reader.cookie, 0) {
        let forged = Reader { baton: &world, cookie };
        let answer = forged.open(&format!("/leads/{KIM_ID}"));
        assert!(leads_to(&answer).starts_with("/sign-in?next="));
    }
    assert_eq!(world.table(), before);
}

/// What was signed for one purpose is nothing to another: an alert's link does not sign in, and a
/// link to sign in opens no lead.
#[test]
fn a_token_of_one_kind_is_not_of_another() {
    let world = world_with_kim();
    let alert = world.link_of("ana").replace("/l/", "/sign-in/");
    enter(&world, &alert).expect(410);
    let link = link_for(&world, "ana");
    let token = link.trim_start_matches("/sign-in/");
    world.call("GET", &format!("/l/{token}")).send().expect(401);
    world.call("GET", &format!("/leads/{KIM_ID}")).key(token).send().expect(401);
    let cookie = token.to_owned();
    let reader = Reader { baton: &world, cookie };
    leads_to(&reader.open(&format!("/leads/{KIM_ID}")));
}

#[test]
fn known_and_unknown_addresses_are_answered_alike() {
    let world = World::open();
    let shown = |answer: Answer| {
        let mut headers = answer.headers.clone();
        ["x-correlation-id", "date"].iter().for_each(|name| drop(headers.remove(*name)));
        (answer.status, format!("{headers:?}"), answer.text)
    };
    let items = |world: &World| {
        let kinds = world.table().into_values().map(|item| item["item"]["S"].clone());
        let mut kinds: Vec<_> = kinds.map(|kind| kind.to_string()).collect();
        kinds.sort();
        kinds
    };
    let known = (shown(ask(&world, address("ana"))), items(&world));
    assert_eq!(sent(&world).len(), 2);
    let other = World::open();
    let unknown = (shown(ask(&other, "nobody@northwind.example")), items(&other));
    assert_eq!(sent(&other), [""; 0]);
    assert_eq!(known, unknown);
    let text = format!("{:?}", [world.table(), other.table()]);
    assert!(!text.contains("northwind"), "an address is in no key and no value");
    // Nor does it show by how often it may be asked for.
    for _ in 0..5 {
        assert_eq!(shown(ask(&world, address("ana"))), shown(ask(&other, "nobody@x.example")));
    }
}

/// Whoever watches the clock learns nothing: sending takes its time within the time that the
/// answer takes anyway, however slow it is.
#[tokio::test(start_paused = true)]
async fn known_and_unknown_addresses_are_answered_at_the_same_moment() {
    const AFTER: Duration = Duration::from_secs(1);
    let harness = TestHarness::open(Rules::sample()).await;
    let secrets = Arc::new(Secrets::read(&secrets_file()).unwrap());
    let desk = baton_desk::Desk::new(Arc::clone(&harness.services), secrets).answering_after(AFTER);
    let took = async |email: &str| {
        let payload = serde_json::from_value(json!({
            "version": "2.0", "rawPath": "/sign-in", "headers": {},
            "body": json!({ "email": email }).to_string(), "isBase64Encoded": false,
            "requestContext": { "http": { "method": "POST", "path": "/sign-in" } },
        }));
        let begun = tokio::time::Instant::now();
        let reply = desk.handle(payload.unwrap()).await;
        assert_eq!(reply.status_code, 303);
        begun.elapsed().as_millis()
    };
    let unknown = took("nobody@northwind.example").await;
    assert_eq!(took(address("ana")).await, unknown);
    assert_eq!(harness.post.told("sign_in").len(), 1);
    for fate in [Fate::Hang, Fate::Fail, Fate::Late] {
        harness.out.when(move |_| fate);
        assert_eq!(took(address("mia")).await, unknown, "{fate:?}");
    }
}

#[test]
fn an_address_is_sent_three_links_at_once_and_then_one_in_five_minutes() {
    let world = World::open();
    let letters = |count: usize| {
        (0..count).for_each(|_| drop(ask(&world, address("mia")).expect(303)));
        sent(&world).len()
    };
    assert_eq!(letters(5), 3);
    world.advance("5m");
    assert_eq!(letters(2), 4);
    for _ in 0..30 {
        world.advance("5m");
        letters(1);
    }
    assert_eq!(sent(&world).len(), 11, "ten in a day, and one in a tenth of a day");
    ask(&world, address("ana"));
    assert_eq!(sent(&world).len(), 13, "another address is another matter");
}

#[test]
fn what_is_no_address_is_said_on_the_page() {
    let world = World::open();
    let page = ask(&world, "ana.ruiz<script>").expect(422).text;
    assert!(page.contains("not an e-mail address") && page.contains("aria-invalid"));
    assert!(!page.contains("<script>"), "{page}");
    let json = world.call("POST", "/sign-in").json(&json!({"email": "ana.ruiz"})).send();
    assert_eq!(json.problem(), (422, "invalid_command".to_owned()));
}

#[test]
fn whoever_has_left_is_let_in_no_more_and_their_session_ends() {
    let world = world_with_kim();
    let ana = Reader::sign_in(&world, "ana");
    let link = link_for(&world, "ana");
    let queue = ("{ person = \"ana\", weight = 2 }, ", "");
    let inactive = ("id = \"ana\"\n", "id = \"ana\"\nactive = false\n");
    let renamed = ("id = \"ana\"\n", "id = \"anna\"\n");
    for change in [inactive, renamed] {
        let later = World::with(rules_with(&sample_roster(&[queue, change])));
        let answer = ana.at(&later).open("/");
        assert_eq!(leads_to(&answer), "/sign-in", "{change:?}");
        enter(&later, &link).expect(410);
        if change == inactive {
            ask(&later, address("ana")).expect(303);
            assert_eq!(sent(&later), [""; 0]);
        }
    }
    assert_eq!(leads_to(&ana.open("/")), "/board");
}

#[test]
fn a_session_ends_after_seven_days_however_much_it_is_used() {
    let world = World::open();
    let mia = Reader::sign_in(&world, "mia");
    for _ in 0..6 {
        world.advance("24h");
        assert_eq!(leads_to(&mia.open("/")), "/board");
    }
    world.advance("24h");
    assert_eq!(leads_to(&mia.open("/")), "/sign-in");
}

#[test]
fn signing_out_ends_the_session_for_whoever_has_the_cookie() {
    let world = world_with_kim();
    let [ana, elsewhere] = [0, 1].map(|_| Reader::sign_in(&world, "ana"));
    let csrf = ana.csrf();
    assert_eq!(ana.post("/sign-out", "", &[]).status, 403, "another site can't sign her out");
    let out = ana.post("/sign-out", &csrf, &[]);
    assert_eq!(leads_to(&out), "/sign-in");
    assert_eq!(cookie_of(&out, COOKIE).as_deref(), Some(""));
    // The same cookie, kept by somebody else.
    assert_eq!(leads_to(&ana.open("/")), "/sign-in");
    let before = world.table();
    accept(&ana, &csrf).expect(401);
    assert_eq!(world.table(), before);
    assert_eq!(leads_to(&elsewhere.open("/")), "/board", "another session of hers goes on");
    assert_eq!(leads_to(&ana.post("/sign-out", &csrf, &[])), "/sign-in", "twice is once");
}

#[test]
fn a_form_is_taken_with_the_proof_of_its_own_session_alone() {
    let world = world_with_kim();
    let (ana, other, sven) = (
        Reader::sign_in(&world, "ana"),
        Reader::sign_in(&world, "ana"),
        Reader::sign_in(&world, "sven"),
    );
    let (mine, others, svens) = (ana.csrf(), other.csrf(), sven.csrf());
    let before = world.table();
    for wrong in ["", "x", &others, &svens, &mine[..21]] {
        let refused = accept(&ana, wrong);
        assert_eq!(refused.status, 403, "{wrong}");
        let path = format!("/leads/{KIM_ID}/accept");
        let json = ana.call("POST", &path).header("accept", "application/json");
        let json = json.json(&json!({ "csrf": wrong })).send();
        assert_eq!(json.status, 403, "{wrong}");
    }
    let put = ana.call("PUT", &format!("/leads/{KIM_ID}/status"));
    assert_eq!(put.json(&json!({"status": "Working"})).send().status, 403);
    assert_eq!(world.table(), before);
    assert_eq!(leads_to(&accept(&ana, &mine)), format!("/leads/{KIM_ID}?done=accepted"));
    let history = world.history(KIM);
    let last = history.as_array().unwrap().last().unwrap();
    assert_eq!((&last["command"], &last["by"]), (&json!("accept"), &json!("ana")));
}

#[test]
fn another_sites_form_is_refused_whatever_it_carries() {
    let world = world_with_kim();
    let ana = Reader::sign_in(&world, "ana");
    let csrf = ana.csrf();
    let token = world.inbox()[0]["body"].as_str().unwrap().to_owned();
    let token = token.split("/l/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let link = link_for(&world, "ana");
    let before = world.table();
    let forms: [(&str, &[(&str, &str)]); 5] = [
        (&format!("/leads/{KIM_ID}/accept"), &[("csrf", &csrf)]),
        (&format!("/leads/{KIM_ID}/accept"), &[("token", &token)]),
        ("/sign-out", &[("csrf", &csrf)]),
        ("/sign-in", &[("email", address("ana"))]),
        (&link, &[]),
    ];
    for (path, fields) in forms {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "https://baton.example.evil.example"),
        ] {
            let call = ana.call("POST", path).header(name, value);
            let answer = call.header("accept", "application/json").form(fields).send();
            assert_eq!(answer.status, 403, "{path} {name}: {value}");
        }
    }
    assert_eq!(world.table(), before);
    let call = ana.call("POST", &format!("/leads/{KIM_ID}/accept"));
    let call = call.header("sec-fetch-site", "same-origin").header("origin", "null");
    call.form(&[("csrf", &csrf)]).send().expect(303);
}

#[test]
fn everybody_sees_the_leads_of_their_role_and_acts_on_no_others() {
    let world = world_with_kim();
    qualify(&world, "lee", "US");
    let owner = world.lead("email:lee@acme.example")["owner"].clone();
    assert_eq!(owner, "carla");
    let leads = [KIM, "email:lee@acme.example", "email:nobody@acme.example"];
    for (person, seen) in [
        ("ana", [200, 403, 403]),
        ("ben", [403, 403, 403]),
        ("sven", [200, 403, 403]),
        ("carla", [403, 200, 403]),
        ("sofia", [403, 200, 403]),
        ("mia", [200, 200, 404]),
    ] {
        let reader = Reader::sign_in(&world, person);
        let before = world.table();
        let status = |path: String| reader.call("GET", &path).header("accept", "*/*").send().status;
        let ways = ["", "/history", "/ledger"];
        for way in ways {
            let found = leads.map(|lead| status(format!("/leads/{lead}{way}")));
            assert_eq!(found, seen, "{person} {way}");
        }
        let by_email =
            leads.map(|lead| status(format!("/leads?email={}", lead.trim_start_matches("email:"))));
        assert_eq!(by_email, seen, "{person}");
        for (lead, seen) in leads.iter().zip(seen).filter(|(_, seen)| *seen == 403) {
            for word in ["accept", "convert"] {
                let path = format!("/leads/{lead}/{word}");
                let csrf = own_csrf(&reader);
                assert_eq!(reader.post(&path, &csrf, &[]).status, seen, "{person} {path}");
            }
        }
        assert_eq!(world.table(), before, "{person}");
    }
}

#[test]
fn what_is_remembered_of_a_link_and_a_session_says_nothing_and_goes() {
    let world = world_with_kim();
    let ana = Reader::sign_in(&world, "ana");
    ana.post("/sign-out", &ana.csrf(), &[]).expect(303);
    let kinds = ["signed_in", "ended"];
    let table = world.table();
    for kind in kinds {
        let of_kind = |item: &&Value| item["item"]["S"] == kind;
        let items: Vec<_> = table.values().filter(of_kind).collect();
        assert_eq!(items.len(), 1, "{kind}");
        let item = items[0].as_object().unwrap();
        let names: Vec<_> = item.keys().map(String::as_str).collect();
        assert_eq!(names, ["expires_at", "item", "pk", "schema", "sk", "stamp"]);
    }
    let text = format!("{table:?}");
    assert!(!text.contains(&ana.cookie), "no secret is kept");
    let asked = table.values().filter(|item| {
        item["item"]["S"] == "pace" && item["pk"]["S"].as_str().unwrap().starts_with("asked#")
    });
    assert!(asked.clone().count() == 2 && asked.into_iter().all(|i| i["expires_at"].is_object()));
    assert_eq!(world.findings(), [""; 0]);
}
