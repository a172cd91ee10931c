//! How long the desk takes for a page, and how large it is, among 100,000 leads of which 3,000 are
//! open: a real `serve` over a file, asked over one connection, page after page.
//!
//! A few leads come in as activities, are assigned, accepted and let slip; the open ones are copies
//! of them, and the others of one that is nurtured, each under its own id. Five people hold them,
//! so that one of them has some hundreds.

#[path = "support/connection.rs"]
#[expect(dead_code, reason = "what other benchmarks send")]
mod connection;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/house.rs"]
mod house;
#[path = "support/measure.rs"]
#[expect(dead_code, reason = "what other benchmarks measure with")]
mod measure;

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use baton::local::EmbeddedDynamo;
use baton::local_stack::LocalStack;
use baton_cloud::Clock;
use baton_core::commands::{Accept, Actor, CommandRequest};
use baton_core::correlation::Correlation;
use baton_core::profile::Scalar;
use baton_tests::{DESK_KEY, Process, START, activity, be_baton, copy, due_at, lead_id};
use connection::Connection;
use jiff::{SignedDuration, Timestamp};
use measure::{now, say, verdict};
use serde_json::{Value, json};

/// The longest a page may take, for all but one of a hundred.
const P99_MS: f64 = 50.0;
/// The largest a page may be.
const PAGE_KB: f64 = 100.0;

/// Names another number for the leads, for a shorter run.
const LEADS_VARIABLE: &str = "BATON_BENCH_LEADS";
const LEADS: usize = 100_000;
const OPEN: usize = 3_000;
/// Leads of one transaction.
const AT_ONCE: usize = 10_000;
/// Pages asked for before those that are measured, and those.
const WARM_UP: usize = 20;
const PAGES: usize = 300;

const IDLE: &str = "idle@acme.example";

fn main() {
    if be_baton() {
        return;
    }
    let folder = folder::on_disk();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("threads");
    let leads =
        std::env::var(LEADS_VARIABLE).ok().map_or(LEADS, |text| text.parse().expect("a number"));
    let start = now();
    let at = runtime.block_on(settle(&folder.path().join("data"), leads));
    say(&format!("{leads} leads, {OPEN} open: {:.0} s", start.elapsed().as_secs_f64()));
    let clock = format!("manual:{at}");
    let args = ["--clock", &clock].map(OsStr::new);
    let served = Process::serve_in(folder.path(), "desk", &args);
    runtime.block_on(ask(&served));
}

async fn ask(served: &Process) {
    let mut desk = Desk { connection: Connection::to(served.address()).await };
    let first = desk.json("/board?stage=convert&size=100").await;
    say(&format!("stages: {}", first["stages"]));
    let second = first["next"].as_str().expect("another page").to_owned();
    let lead = desk.json("/board?owner=ana&size=1").await["leads"][0]["lead"].clone();
    let lead = lead.as_str().expect("a lead").to_owned();
    for (what, path) in [
        ("everybody's board", "/board".to_owned()),
        ("a team's board", "/board?whose=sven".to_owned()),
        ("one person's board", "/board?owner=ana".to_owned()),
        ("a board with filters", "/board?path=score&queue=emea&late=1".to_owned()),
        ("a stage, page by page", format!("/board?stage=convert&size=100&after={second}")),
        ("a lead", format!("/leads/{lead}")),
    ] {
        desk.measure(what, &path).await;
    }
}

/// Somebody with the desk key.
struct Desk {
    connection: Connection,
}

impl Desk {
    async fn json(&mut self, path: &str) -> Value {
        let answer = self.get(path, "application/json").await;
        serde_json::from_str(answer).expect("JSON")
    }

    async fn get(&mut self, path: &str, accept: &str) -> &str {
        let headers = format!("authorization: Bearer {DESK_KEY}\r\naccept: {accept}\r\n");
        self.connection.ask(&format!("GET {path}"), &headers, "").await
    }

    async fn measure(&mut self, what: &str, path: &str) {
        let (mut took, mut bytes) = (Vec::new(), 0);
        for number in 0..WARM_UP + PAGES {
            let start = now();
            bytes = self.get(path, "text/html").await.len();
            if number >= WARM_UP {
                took.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
        took.sort_by(f64::total_cmp);
        say(&format!("{what}: half within {:.1} ms", took[PAGES / 2]));
        verdict(&format!("{what}, 99 of 100 within"), took[PAGES * 99 / 100 - 1], " ms", ..=P99_MS);
        verdict(&format!("{what}, size"), bytes as f64 / 1e3, " kB", ..=PAGE_KB);
    }
}

/// Fills the folder; gives the time it is then.
async fn settle(folder: &Path, leads: usize) -> Timestamp {
    let clock = Clock::manual(START.parse().expect("a time"));
    let office = Office { house: house::open(folder, clock.clone()).await, clock };
    office.house.engine().database().enable_bulk_loading().expect("settings");
    office.did("click", "email.clicked", IDLE, "DE").await;
    let working = office.qualify("working", 30).await;
    office.accept(&working).await;
    office.pass(20 * 24).await;
    let mixed = office.qualify("mixed", 30).await;
    office.accept(&mixed[..15]).await;
    office.pass(25).await;
    let fresh = office.qualify("fresh", 15).await;
    load(office.house.engine(), &[working, mixed, fresh].concat(), leads);
    office.clock.now()
}

struct Office {
    house: Arc<LocalStack>,
    clock: Clock,
}

impl Office {
    async fn pass(&self, hours: i64) {
        self.clock.advance_to(self.clock.now() + SignedDuration::from_hours(hours));
        self.house.tick().await.expect("a sweep");
    }

    async fn did(&self, id: &str, kind: &str, email: &str, country: &str) {
        let mut did = activity(id, kind, email, country);
        did.occurred_at = self.clock.now();
        let said = [
            ("first_name", "Annegret"),
            ("last_name", "Okafor-Lindenberg"),
            ("title", "Director of Purchasing"),
            ("company", "Acme Industrial Holdings"),
            ("phone", "+49 30 1234567"),
            ("country", country),
        ];
        let said = said.map(|(key, text)| (key.to_owned(), Scalar::Text(text.to_owned())));
        did.profile = baton_core::profile::Said::from(said);
        self.house.services().record(did, &Correlation::none()).await.expect("a record");
    }

    /// People who qualify, a third of them by their score.
    async fn qualify(&self, name: &str, count: usize) -> Vec<String> {
        let mut emails = Vec::new();
        for n in 0..count {
            let email = format!("{name}-{n}@acme.example");
            let country = ["DE", "US", "JP"][n / 3 % 3];
            let kinds: &[&str] = match n % 3 {
                0 => &["webinar.attended", "form.submitted", "pricing.viewed", "pricing.viewed"],
                1 => &["email.clicked", "form.demo_requested"],
                _ => &["event.booth_visited"],
            };
            for (step, kind) in kinds.iter().enumerate() {
                self.did(&format!("{name}-{n}-{step}"), kind, &email, country).await;
            }
            emails.push(email);
        }
        emails
    }

    async fn accept(&self, emails: &[String]) {
        for email in emails {
            let order = CommandRequest::new(Accept {}, Actor::Crm, Correlation::none());
            let accepted = self.house.services().execute(lead_id(email), &order).await;
            accepted.expect("an acceptance");
        }
    }
}

/// Copies of the open leads, due a few minutes apart, and of the idle one.
fn load(engine: &EmbeddedDynamo, open: &[String], leads: usize) {
    let items: Vec<(&String, Value)> =
        open.iter().map(|email| (email, item(engine, email))).collect();
    let mut copies = Vec::with_capacity(leads);
    for number in open.len()..OPEN {
        let (email, item) = &items[number % items.len()];
        let at = due_at(item).expect("an open lead");
        let due = at + SignedDuration::from_mins((number / items.len()) as i64);
        copies.push(copy(item, email, &format!("open-{number}@acme.example"), due));
    }
    let idle = item(engine, IDLE).to_string();
    let id = lead_id(IDLE).to_string();
    for number in OPEN..leads {
        let other = format!("idle-{number}@acme.example");
        let copy = idle.replace(&id, &lead_id(&other).to_string()).replace(IDLE, &other);
        copies.push(serde_json::from_str(&copy).expect("JSON"));
    }
    for some in copies.chunks(AT_ONCE) {
        let some = some.iter().map(|copy| serde_json::from_value(copy.clone()).expect("an item"));
        engine.database().import_items("baton", some.collect(), Default::default()).expect("room");
    }
}

fn item(engine: &EmbeddedDynamo, email: &str) -> Value {
    let key = json!({ "pk": { "S": format!("lead#{}", lead_id(email)) }, "sk": { "S": "lead" } });
    let get = serde_json::from_value(json!({ "TableName": "baton", "Key": key }));
    let got = engine.database().get_item(get.expect("a request")).expect("an answer");
    serde_json::to_value(&got).expect("JSON")["Item"].take()
}
