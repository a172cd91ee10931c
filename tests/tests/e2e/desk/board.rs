//! The board: every open lead where it belongs, counted and listed alike, most urgent first.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use baton_tests::{Answer, DESK_KEY, WEBSITE_KEY, World, rules_with, sample_roster};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// An open lead, as its own JSON and the rules have it.
#[derive(Clone, Debug)]
struct Open {
    lead: String,
    stage: String,
    owner: Option<String>,
    queue: Option<String>,
    source: Option<String>,
    path: String,
    promised: Timestamp,
    is_late: bool,
}

/// A month of the sample's people, of whom nobody is there for Japan.
struct Office {
    world: World,
    open: Vec<Open>,
}

/// The same for all who only look.
static OFFICE: LazyLock<Office> = LazyLock::new(Office::open);

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// People of three countries, who qualify in each of the ways there are.
fn people(world: &World, batch: &str, count: usize, from_japan: fn(usize) -> bool) -> Vec<String> {
    let (mut visits, mut forms, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..count {
        let country = if from_japan(n) { "JP" } else { ["DE", "US"][n / 5 % 2] };
        let profile = json!({
            "name": format!("{batch} {n}"), "title": "Director", "employees": 500,
            "country": country,
        });
        let did = |kind: &str| {
            let email = format!("{batch}{n}@acme.example");
            json!({ "id": format!("{batch}{n} {kind}"), "type": kind, "email": email, "profile": profile })
        };
        match n % 5 {
            0 | 1 => visits.push(did("event.booth_visited")),
            2 => forms.push(did("form.demo_requested")),
            3 => forms.extend([did("webinar.attended"), did("form.submitted")]),
            _ => plain.push(did("form.submitted")),
        }
    }
    world.activity(json!(visits));
    world.activity_from(WEBSITE_KEY, json!(forms));
    let told = world.activity_from(WEBSITE_KEY, json!(plain));
    for lead in told["results"].as_array().unwrap() {
        let lead = lead["lead"].as_str().unwrap();
        world.command(lead, "qualify", &json!({ "reason": "=A friend of ours" })).expect(200);
    }
    (0..count).map(|n| format!("email:{batch}{n}@acme.example")).collect()
}

fn is_owned(world: &World, lead: &str) -> bool {
    !world.lead(lead)["owner"].is_null()
}

fn accept(world: &World, leads: &[String]) {
    for lead in leads.iter().filter(|lead| is_owned(world, lead)) {
        world.command(lead, "accept", &Value::Null).expect(200);
    }
}

impl Office {
    fn open() -> Self {
        let away = "id = \"hana\"\naway = [{ from = 2026-01-01, until = 2026-12-31 }]";
        let roster = sample_roster(&[("id = \"hana\"", away)]);
        let world = World::with(rules_with(&roster));
        let old = people(&world, "old", 40, |_| false);
        accept(&world, &old);
        world.advance("716h");
        for lead in &old[10..26] {
            world.command(lead, "extend", &json!({ "reason": "budget" })).expect(200);
        }
        let middle = people(&world, "middle", 70, |_| false);
        accept(&world, &middle[..40]);
        world.advance("25h");
        let new = people(&world, "new", 60, |n| n % 5 == 1);
        accept(&world, &new[..10]);
        world.advance("2h");
        let now = world.advance("1s").parse().unwrap();
        let all = [old, middle, new].concat();
        let mut open: Vec<Open> =
            all.iter().filter_map(|lead| read(&world.lead(lead), now)).collect();
        let rank = |open: &Open| {
            ["route", "accept", "take_back", "convert"].iter().position(|s| *s == open.stage)
        };
        open.sort_by_key(|open| (rank(open), !open.is_late, open.promised, open.lead.clone()));
        Self { world, open }
    }

    fn ask(&self, query: &str) -> Value {
        self.world.get(&format!("/board?{query}")).expect(200).json()
    }

    /// The whole list, a page after the other.
    fn list(&self, query: &str, size: usize) -> Vec<String> {
        let (mut leads, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.ask(&format!("{query}&size={size}&after={after}"));
            let found = ids(&page);
            assert!(found.len() <= size);
            leads.extend(found);
            assert!(leads.len() <= page["of"].as_u64().unwrap() as usize);
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => {
                    assert_eq!(leads.len() as u64, page["of"].as_u64().unwrap());
                    return leads;
                }
            }
        }
    }

    fn expected(&self, is_asked: impl Fn(&Open) -> bool) -> Vec<String> {
        let asked = self.open.iter().filter(|open| is_asked(open));
        asked.map(|open| open.lead.clone()).collect()
    }
}

/// By the lead's own JSON and the sample policy's clocks; nothing of a lead that is not open.
fn read(lead: &Value, now: Timestamp) -> Option<Open> {
    let stage = text(&lead["deadline"]["kind"])?;
    let at = |value: &Value| value.as_str().unwrap().parse::<Timestamp>().unwrap();
    let marks = &lead["marks"];
    let promised = match stage.as_str() {
        // Nobody was there: what was promised is an owner, at once.
        "route" => at(&marks["mql_at"]),
        "accept" => at(&marks["assigned_at"]) + SignedDuration::from_hours(24),
        _ => at(&lead["deadline"]["at"]),
    };
    Some(Open {
        lead: text(&lead["lead"])?,
        owner: text(&lead["owner"]),
        queue: text(&lead["queue"]),
        source: text(&marks["mql_source"]),
        path: text(&marks["mql_by"])?,
        is_late: promised <= now,
        promised,
        stage,
    })
}

fn ids(page: &Value) -> Vec<String> {
    page["leads"].as_array().unwrap().iter().filter_map(|lead| text(&lead["lead"])).collect()
}

fn tallies(page: &Value) -> BTreeMap<String, (usize, usize)> {
    let tally = |tally: &Value| {
        let count = |name: &str| tally[name].as_u64().unwrap() as usize;
        (text(&tally["stage"]).unwrap(), (count("open"), count("late")))
    };
    page["stages"].as_array().unwrap().iter().map(tally).collect()
}

/// The leads that a page links, in order.
fn linked(page: &Answer) -> Vec<String> {
    let links = page.text.split("<h3><a href=\"/leads/").skip(1);
    links.map(|link| link[..24].to_owned()).collect()
}

const OWNERS: [&str; 4] = ["", "ana", "diego", "hana"];
const QUEUES: [&str; 3] = ["", "emea", "americas"];
const SOURCES: [&str; 3] = ["", "website", "tradeshow"];
const PATHS: [&str; 4] = ["", "score", "fast_track", "manual"];

/// Every way to filter, as a query, and whether a lead is meant by it.
fn filters() -> Vec<(String, impl Fn(&Open) -> bool)> {
    let mut all = Vec::new();
    for owner in OWNERS {
        for (queue, source) in QUEUES.into_iter().flat_map(|q| SOURCES.map(|s| (q, s))) {
            for (path, late) in PATHS.into_iter().flat_map(|p| ["", "1"].map(|late| (p, late))) {
                let query =
                    format!("owner={owner}&queue={queue}&source={source}&path={path}&late={late}");
                let is = |asked: &str, has: Option<&str>| asked.is_empty() || Some(asked) == has;
                all.push((query, move |open: &Open| {
                    is(owner, open.owner.as_deref())
                        && is(queue, open.queue.as_deref())
                        && is(source, open.source.as_deref())
                        && is(path, Some(&open.path))
                        && (late.is_empty() || open.is_late)
                }));
            }
        }
    }
    all
}

#[test]
fn counts_are_the_lengths_of_their_lists_under_every_filter() {
    let office = &*OFFICE;
    let mut longest = BTreeMap::<String, usize>::new();
    for (query, is_asked) in filters() {
        let expected = office.expected(&is_asked);
        assert_eq!(office.list(&query, 100), expected, "{query}");
        for (stage, (open, late)) in tallies(&office.ask(&query)) {
            let of_stage = |open: &Open| open.stage == stage && is_asked(open);
            assert_eq!(open, office.expected(of_stage).len(), "{stage} {query}");
            let is_late = |open: &Open| of_stage(open) && open.is_late;
            assert_eq!(late, office.expected(is_late).len(), "{stage} {query}");
            let longest = longest.entry(stage).or_default();
            *longest = open.max(*longest);
        }
    }
    assert_eq!(longest.len(), 4);
    assert!(longest.values().all(|longest| *longest >= 10), "too few to tell: {longest:?}");
    assert_eq!(office.world.findings(), [""; 0]);
}

#[test]
fn a_stage_is_listed_most_urgent_first_and_what_is_overdue_says_so() {
    let office = &*OFFICE;
    for stage in ["route", "accept", "take_back", "convert"] {
        let expected = office.expected(|open| open.stage == stage);
        assert_eq!(office.list(&format!("stage={stage}"), 7), expected, "{stage}");
        let page = office.ask(&format!("stage={stage}&size=100"));
        for lead in page["leads"].as_array().unwrap() {
            let open = office.open.iter().find(|open| lead["lead"] == *open.lead).unwrap();
            assert_eq!(lead["urgency"] == "late", open.is_late, "{lead}");
            if stage != "route" {
                assert_eq!(lead["due"], open.promised.to_string(), "{lead}");
            }
        }
    }
    let late = office.world.call("GET", "/board?stage=accept").key(DESK_KEY).from_browser();
    let late = late.send().expect(200);
    assert!(late.text.contains("<li class=\"late\">") && late.text.contains(" overdue</strong>"));
}

#[test]
fn a_page_goes_on_where_it_was_though_leads_have_left_meanwhile() {
    let office = Office::open();
    let first = office.ask("stage=convert&size=9");
    let next = first["next"].as_str().unwrap().to_owned();
    let before = office.list("stage=convert", 100);
    for lead in [&before[8], &before[3]] {
        office.world.command(lead, "convert", &Value::Null).expect(200);
    }
    let second = office.ask(&format!("stage=convert&size=100&after={next}"));
    assert_eq!(ids(&second), before[9..]);
    assert_eq!(second["of"], before.len() - 2);
}

#[test]
fn page_json_and_csv_say_the_same() {
    let office = &*OFFICE;
    for query in ["stage=accept&size=100", "stage=convert&size=5", "stage=route&path=score&size=9"]
    {
        let json = office.ask(query);
        let asked = || office.world.call("GET", &format!("/board?{query}")).key(DESK_KEY);
        let page = asked().from_browser().send().expect(200);
        assert_eq!(linked(&page), ids(&json), "{query}");
        assert!(page.text.contains(&format!("<span class=\"quiet\">{}</span></h2>", json["of"])));
        let csv = asked().header("accept", "text/csv").send().expect(200);
        let by_name = office.world.get(&format!("/board?{query}&as=csv")).expect(200);
        assert_eq!(csv.text, by_name.text);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert!(csv.header("content-disposition").contains("filename=\"board-2026-"));
        let text = csv.text.strip_prefix('\u{feff}').unwrap();
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let columns = rows.headers().unwrap().clone();
        let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
        let leads = json["leads"].as_array().unwrap();
        assert_eq!(rows.len(), leads.len());
        for (row, lead) in rows.iter().zip(leads) {
            for (column, cell) in columns.iter().zip(row) {
                let told = match &lead[column] {
                    Value::Null => String::new(),
                    Value::String(text) if text.starts_with('=') => format!("'{text}"),
                    Value::String(text) => text.clone(),
                    Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                        lead[column].to_string()
                    }
                };
                assert_eq!(cell, told, "{column} of {lead}");
            }
        }
    }
    let all = office.world.get("/board?as=csv").expect(200);
    assert_eq!(all.text.trim_end().lines().count(), 1 + office.open.len());
}

#[test]
fn somebodys_leads_are_found_without_looking_at_anybody_elses() {
    let office = &*OFFICE;
    let of = |owner: &'static str| move |open: &Open| open.owner.as_deref() == Some(owner);
    assert_eq!(office.list("owner=ana", 100), office.expected(of("ana")));
    let svens = |open: &Open| matches!(open.owner.as_deref(), Some("ana" | "ben"));
    assert_eq!(office.list("whose=sven", 100), office.expected(svens));
    // Sofia's are those of the Americas, and nobody's: she supervises the house.
    assert_eq!(office.list("whose=sofia", 100), office.expected(|open| !svens(open)));
    assert_eq!(office.list("whose=sofia&owner=ana", 100), [""; 0]);
}

#[test]
fn a_question_that_means_nothing_is_told_what_would_mean_something() {
    let world = World::open();
    for (query, told) in [
        ("stag=accept", "/stag means nothing here; expected only whose, stage, owner, queue"),
        ("stage=working", "route, accept, take_back or convert"),
        ("path=luck", "score, fast_track or manual"),
        ("late=yes", "1, or nothing"),
        ("size=0", "a number from 1 to 100"),
        ("size=101", "a number from 1 to 100"),
        ("after=1", "the 'next' of a page of the board"),
        ("owner=%00", "at most 64 lower-case letters"),
        ("whose=me", "all, or the id of somebody to whom others report"),
        ("whose=ana", "the id of somebody to whom others report"),
        ("as=pdf", "csv or json"),
    ] {
        let answer = world.get(&format!("/board?{query}"));
        assert_eq!(answer.problem(), (422, "invalid_command".to_owned()), "{query}");
        assert!(answer.text.contains(told), "{query}: {}", answer.text);
    }
    assert_eq!(world.call("GET", "/board").send().problem().0, 401);
}

#[test]
fn an_empty_board_says_so_in_a_sentence() {
    let world = World::open();
    for (query, told) in [
        ("", "No lead is with sales just now."),
        ("stage=accept", "Nothing waits to be accepted. Well done."),
        ("stage=convert&late=1", "No lead matches. <a href=\"/board\">Show all</a>"),
    ] {
        let page = world.call("GET", &format!("/board?{query}")).key(DESK_KEY).from_browser();
        assert!(page.send().expect(200).text.contains(told), "{query}");
    }
}

#[test]
fn an_erased_person_is_on_no_board() {
    let world = World::open();
    people(&world, "kim", 2, |_| false);
    let kim = ids(&world.get("/board").expect(200).json()).remove(0);
    world.call("DELETE", &format!("/leads/{kim}")).key(DESK_KEY).send().expect(200);
    let left = world.get("/board").expect(200);
    assert_eq!(left.json()["of"], 1);
    assert!(!left.text.contains(kim.as_str()));
}
