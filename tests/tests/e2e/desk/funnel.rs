//! The funnel: each number has as many leads behind it as it says, in every shape it comes in.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::LazyLock;

use baton::local::delivery;
use baton_engine::Rules;
use baton_reports::funnel::Window;
use baton_tests::{Request, TestHarness, WEBSITE_KEY, World, activity, encoded};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Reader;

/// A company that a spreadsheet would calculate.
const FORMULA: &str = "=HYPERLINK(\"http://evil.example\",\"Acme\")";

/// Six weeks of the sample's people, some of whom have signed in; for all tests.
static OFFICE: LazyLock<Office> = LazyLock::new(|| {
    let world = office();
    let cookie = |person| (person, Reader::sign_in(&world, person).cookie);
    let cookies = ["mia", "sven", "ana"].map(cookie).into();
    Office { world, cookies }
});

struct Office {
    world: World,
    cookies: BTreeMap<&'static str, String>,
}

impl Deref for Office {
    type Target = World;
    fn deref(&self) -> &World {
        &self.world
    }
}

/// Somebody at a browser.
fn at_browser(person: &str) -> Reader<'static> {
    Reader { baton: &OFFICE, cookie: OFFICE.cookies[person].clone() }
}

fn office() -> World {
    let world = World::open();
    for week in 0..6 {
        let leads: Vec<String> = (0..5).map(|n| arrives(&world, week * 5 + n)).collect();
        world.advance("6h");
        world.command(&leads[0], "accept", &Value::Null).expect(200);
        world.command(&leads[1], "reject", &json!({ "reason": "not_now" })).expect(200);
        world.advance("30h");
        world.command(&leads[2], "accept", &Value::Null).expect(200);
        if week % 2 == 0 {
            world.command(&leads[0], "convert", &Value::Null).expect(200);
            world.command(&leads[3], "return", &json!({ "reason": "=no answer" })).expect(200);
        } else {
            world.command(&leads[3], "reject", &json!({ "reason": "bad_data" })).expect(200);
            world.command(&leads[2], "extend", &json!({ "reason": "budget" })).expect(200);
        }
        world.advance("132h");
    }
    world
}

/// Somebody qualifies: by a visit, by a demo that was asked for, or by a person.
fn arrives(world: &World, n: usize) -> String {
    let email = format!("lead{n}@acme.example");
    let country = ["DE", "US"][n % 2];
    let profile = json!({ "name": format!("Lead {n}"), "company": FORMULA, "country": country });
    let did = |kind: &str| json!({ "id": n.to_string(), "type": kind, "email": email, "profile": profile });
    match n % 5 {
        0 | 1 => drop(world.activity(did("event.booth_visited"))),
        2 | 3 => drop(world.activity_from(WEBSITE_KEY, did("form.demo_requested"))),
        _ => {
            world.activity_from(WEBSITE_KEY, did("form.submitted"));
            let by_hand = json!({ "reason": "a friend" });
            world.command(&format!("email:{email}"), "qualify", &by_hand).expect(200);
        }
    }
    format!("email:{email}")
}

fn funnel(world: &World, query: &str) -> Value {
    world.get(&format!("/funnel?{query}")).expect(200).json()
}

/// Every number of it: now, before, and what is behind.
fn numbers(funnel: &Value) -> Vec<(u64, Option<u64>, String)> {
    let mut found = Vec::new();
    collect(funnel, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<(u64, Option<u64>, String)>) {
    if let Some(behind) = value["behind"].as_object() {
        let pair =
            |(key, value): (&String, &Value)| format!("{key}={}", encoded(value.as_str().unwrap()));
        let query: Vec<_> = behind.iter().map(pair).collect();
        let number = |of: &str| value[of].as_u64().or(value[of]["leads"].as_u64());
        found.push((number("now").unwrap(), number("before"), query.join("&")));
    }
    let inner: Vec<&Value> = match (value.as_array(), value.as_object()) {
        (Some(list), _) => list.iter().collect(),
        (_, Some(map)) => map.values().collect(),
        _ => Vec::new(),
    };
    inner.into_iter().for_each(|value| collect(value, found));
}

/// The query of a window.
fn days(window: &Value) -> String {
    format!("from={}&to={}", window["from"].as_str().unwrap(), window["to"].as_str().unwrap())
}

/// All pages of a list.
fn list(world: &World, query: &str, size: usize) -> Vec<Value> {
    let (mut leads, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/funnel/leads?{query}&size={size}&after={after}");
        let page = world.get(&path).expect(200).json();
        let found = page["leads"].as_array().unwrap();
        assert!(found.len() <= size);
        leads.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => {
                assert_eq!(leads.len() as u64, page["of"].as_u64().unwrap(), "{query}");
                return leads;
            }
        }
    }
}

#[test]
fn each_number_has_as_many_leads_behind_it_as_it_says() {
    for query in ["", "team=sven"] {
        let funnel = funnel(&OFFICE, query);
        let (now, before) = (days(&funnel["window"]), days(&funnel["before"]));
        let mut looked_at = 0;
        for (n, n_before, behind) in numbers(&funnel) {
            if n > 0 {
                let found = list(&OFFICE, &format!("{behind}&{now}"), 5).len() as u64;
                assert_eq!(found, n, "{behind}");
                looked_at += 1;
            }
            if let Some(n) = n_before.filter(|n| *n > 0) {
                let found = list(&OFFICE, &format!("{behind}&{before}"), 100).len() as u64;
                assert_eq!(found, n, "{behind} before");
            }
        }
        assert!(looked_at > 20, "{query}: {looked_at} numbers are not nought");
        let near = funnel["near"].as_array().unwrap().len();
        let team = if query.contains("team") { "&team=sven" } else { "" };
        assert_eq!(list(&OFFICE, &format!("what=near{team}"), 3).len(), near);
        assert!(near > 0);
    }
}

#[test]
fn a_list_is_newest_first_and_names_the_leads() {
    let returned = list(&OFFICE, "what=returned&days=42", 2);
    let at: Vec<_> = returned.iter().map(|lead| lead["at"].as_str().unwrap()).collect();
    assert!(at.len() > 5 && at.is_sorted_by(|a, b| a >= b), "{at:?}");
    for lead in &returned {
        assert!(lead["name"].as_str().unwrap().starts_with("Lead "), "{lead}");
        let told = OFFICE.lead(lead["lead"].as_str().unwrap());
        assert_eq!(told["status"], lead["status"]);
    }
}

fn csv(world: &World, path: &str) -> Vec<BTreeMap<String, String>> {
    let answer = world.get(path).expect(200);
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"funnel-"));
    let text = answer.text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_csv_has_every_number_of_the_json() {
    let funnel = funnel(&OFFICE, "days=28");
    let mut told: Vec<(u64, Option<u64>)> =
        numbers(&funnel).into_iter().map(|(now, before, _)| (now, before)).collect();
    // The share's whole is a step of its own.
    let accepted = &funnel["in_time"]["accepted"];
    let whole = (accepted["now"].as_u64().unwrap(), accepted["before"].as_u64());
    told.remove(told.iter().position(|number| *number == whole).unwrap());
    let rows = csv(&OFFICE, "/funnel?days=28&as=csv");
    let of_leads = rows.iter().filter(|row| row["unit"] == "leads");
    let mut found: Vec<(u64, Option<u64>)> = of_leads
        .map(|row| (row["value"].parse().unwrap(), row["value_before"].parse().ok()))
        .collect();
    told.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, told);
    for speed in funnel["speeds"].as_array().unwrap() {
        let is_it = |row: &&BTreeMap<String, String>| {
            row["section"] == "speeds"
                && row["column"] == "median"
                && speed["behind"]["what"] == row["row"].as_str()
        };
        let row = rows.iter().find(is_it).unwrap();
        assert_eq!(row["value"].parse().ok(), speed["now"]["median_seconds"].as_f64());
    }
}

#[test]
fn no_cell_is_a_formula() {
    let rows = csv(&OFFICE, "/funnel?as=csv");
    let companies: Vec<_> =
        rows.iter().filter(|row| row["column"] == "company").map(|row| &row["value"]).collect();
    assert!(!companies.is_empty() && companies.iter().all(|cell| cell.starts_with("'=HYPER")));
    let returned = csv(&OFFICE, "/funnel/leads?what=returned&days=42&as=csv");
    let reasons = returned.iter().map(|row| row["reason"].as_str());
    assert!(reasons.filter(|reason| *reason == "'=no answer").count() > 1);
    let cells = returned.iter().flat_map(BTreeMap::values);
    let is_formula = |cell: &&String| cell.starts_with(['=', '+', '-', '@']);
    assert_eq!(cells.filter(is_formula).count(), 0);
}

#[test]
fn the_page_links_each_number_that_is_not_nought_and_is_not_long() {
    let mia = at_browser("mia");
    let page = mia.open("/funnel?days=28").expect(200).text;
    assert!(page.len() < 100_000, "{} bytes", page.len());
    let funnel = funnel(&OFFICE, "days=28");
    let links: Vec<&str> = page.split("<a class=\"n\" href=\"").skip(1).collect();
    assert!(links.len() > 40, "{} links", links.len());
    assert!(!links.iter().any(|rest| rest.split_once('>').unwrap().1.starts_with("0<")));
    for link in links.iter().step_by(9) {
        let (path, rest) = link.split_once("\">").unwrap();
        let number = rest.split_once('<').unwrap().0;
        let list = mia.open(&path.replace("&#38;", "&")).expect(200).text;
        let heading = format!("<span class=\"quiet\">{number}</span></h1>");
        assert!(list.contains(&heading), "{path}: not {number}");
    }
    let mqls = funnel["steps"][0]["now"].to_string();
    assert!(page.contains(&format!("<span class=\"big\">{mqls}</span>")));
    assert!(!page.contains("=HYPERLINK(\""), "what a stranger typed is text");
}

#[test]
fn a_supervisor_sees_their_team_marketing_all_and_a_salesperson_nothing() {
    let (sven, mia) = (at_browser("sven"), at_browser("mia"));
    let ana = at_browser("ana");
    let as_json = |reader: &Reader<'_>, query: &str| {
        reader.open(&format!("/funnel?days=28&as=json&{query}")).expect(200).json()
    };
    let (all, team) = (as_json(&mia, ""), as_json(&sven, ""));
    assert_eq!(all, as_json(&mia, "team="));
    assert_eq!(team, as_json(&mia, "team=sven"));
    assert!(team["steps"][0]["now"].as_u64() < all["steps"][0]["now"].as_u64());
    assert!(team["near"].as_array().unwrap().iter().all(|lead| lead["supervisor"] == "sven"));
    sven.open("/funnel?team=sofia").expect(403);
    sven.open("/funnel/leads?what=qualified&team=sofia").expect(403);
    let theirs = sven.open("/funnel/leads?what=qualified&days=28&as=json").expect(200).json();
    assert_eq!(theirs["of"], team["steps"][0]["now"]);
    for path in ["/funnel", "/funnel/leads?what=near"] {
        ana.open(path).expect(403);
        assert_eq!(OFFICE.call("GET", path).send().status, 401);
    }
}

#[test]
fn what_means_nothing_is_refused_and_says_what_would() {
    for (path, field) in [
        ("/funnel?form=2026-03-01", "form"),
        ("/funnel?from=2026-03-01", "to"),
        ("/funnel?from=2026-03-02&to=2026-03-01", "to"),
        ("/funnel?from=2025-01-01&to=2026-03-01", "to"),
        ("/funnel?days=0", "days"),
        ("/funnel?days=14&from=2026-03-01&to=2026-03-02", "days"),
        ("/funnel?as=pdf", "as"),
        ("/funnel/leads", "what"),
        ("/funnel/leads?what=sold", "what"),
        ("/funnel/leads?what=returned&way=lost", "way"),
        ("/funnel/leads?what=cohort&cohort=monday", "cohort"),
        ("/funnel/leads?what=qualified&after=there", "after"),
        ("/funnel/leads?what=qualified&size=101", "size"),
    ] {
        let answer = OFFICE.get(path).expect(422).json();
        assert_eq!(answer["errors"][0]["field"], format!("/{field}"), "{path}");
    }
}

/// What is asked of the table for a window, and how much of it is found.
async fn cost(harness: &TestHarness, from: &str, to: &str) -> (Vec<String>, usize) {
    harness.table.taken();
    let window = Window::new(from.parse().unwrap(), to.parse().unwrap()).unwrap();
    let (now, table) = (harness.clock.now(), harness.services.table());
    let reach = window.reach(&TimeZone::UTC, now);
    let happened = table.happened(reach.start, reach.end).await.unwrap();
    let near = table.near(now).await.unwrap();
    let calls =
        harness.table.taken().into_iter().map(|request: Request| request.operation).collect();
    (calls, happened.lines.len() + happened.alerts.len() + near.len())
}

#[tokio::test]
async fn the_funnel_costs_what_happened_in_its_days_and_not_what_leads_there_are() {
    let harness = TestHarness::open(Rules::sample()).await;
    let (from, to) = ("2026-02-22", "2026-02-28");
    let (calls, found) = cost(&harness, from, to).await;
    // The week before begins on a Sunday, whose own week is a cohort, too: 21 days, and today; and
    // eight shards of deadlines.
    assert_eq!((calls, found), (vec!["Query".to_owned(); 22 - 1 + 8], 0));
    for n in 0..60 {
        let email = format!("old{n}@acme.example");
        let visit = activity(&n.to_string(), "event.booth_visited", &email, "DE");
        harness.record(visit).await.unwrap();
    }
    for event in harness.post.events() {
        harness.route.handle(serde_json::from_value(delivery(&event)).unwrap()).await.unwrap();
    }
    let (calls, found) = cost(&harness, from, to).await;
    assert_eq!(calls.len(), 29, "as many questions, though there are leads");
    assert!(found >= 120, "what happened today is in the newest cohort: {found}");
    let (calls, found) = cost(&harness, "2025-02-22", "2025-02-28").await;
    assert_eq!(found, 0, "what happened at other times costs nothing");
    assert!(calls.len() < 100, "{}", calls.len());
}
