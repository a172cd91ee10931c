//! Whether a sweep costs more because more leads wait for nothing.
//!
//! 1,000 leads are due, among 1,000,000 idle ones and among 10,000. Reference: the 10,000. The
//! leads due came in as activities and were assigned; the idle ones are copies of one that
//! nurturing activities made, each under its own id. Two figures: the question for what is due
//! alone, and the whole sweep, in which each due lead is read, escalated, committed and told.
//!
//! The clock stands still and is moved by a day, so that each sweep finds all 1,000 again; a sweep
//! under such a clock takes one lead after another.

#[path = "support/folder.rs"]
mod folder;
#[path = "support/house.rs"]
mod house;
#[path = "support/measure.rs"]
mod measure;

use std::collections::HashMap;
use std::sync::Arc;

use baton::local::EmbeddedDynamo;
use baton::local_stack::LocalStack;
use baton_cloud::{Clock, Lane};
use baton_core::correlation::Correlation;
use baton_core::id::{Identity, LeadId};
use baton_core::limits;
use baton_engine::{SWEEP_LIMIT, Services};
use baton_tests::{START, activity};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use measure::{median, now, say, timed, verdict};

/// The cost among the many, to the cost among the few.
const GROWTH: f64 = 1.3;

/// Leads that are due.
const DUE: usize = 1_000;
/// Idle leads of the one house and of the other.
const FEW: usize = 10_000;
const MANY: usize = 1_000_000;
/// Names another number for [`MANY`], for a shorter run.
const MANY_VARIABLE: &str = "BATON_BENCH_IDLE";

/// Sweeps of each house.
const SWEEPS: usize = 6;
/// Questions before each sweep.
const QUESTIONS: usize = 15;
/// Idle leads of one transaction.
const AT_ONCE: usize = 10_000;
/// How long an assigned lead may wait to be accepted, and again after each escalation.
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("threads");
    let many = std::env::var(MANY_VARIABLE)
        .ok()
        .map_or(MANY, |text| text.replace(['_', ','], "").parse().expect("a number of leads"));
    let towns = [FEW, many].map(|idle| DueLeads::with(&runtime, idle));
    let (mut questions, mut sweeps) = (Figures::default(), Figures::default());
    for round in 0..=SWEEPS {
        towns.iter().for_each(DueLeads::a_day_later);
        for _ in 0..QUESTIONS {
            questions.push(towns.each_ref().map(|leads| leads.ask(&runtime)));
        }
        let took = in_turn(&towns, round, |leads| leads.sweep(&runtime));
        // The first brings what it touches into memory.
        if round > 0 {
            sweeps.push(took);
        }
    }
    questions.report("finding 1,000 due leads", many);
    sweeps.report("sweep of 1,000 due leads", many);
}

/// Of each leads; every other round begins with the other one.
fn in_turn(towns: &[DueLeads; 2], round: usize, measure: impl Fn(&DueLeads) -> f64) -> [f64; 2] {
    let [few, many] = towns;
    match round % 2 {
        0 => [measure(few), measure(many)],
        _ => {
            let many = measure(many);
            [measure(few), many]
        }
    }
}

/// Milliseconds among the few and among the many, measured in turn.
#[derive(Default)]
struct Figures {
    few: Vec<f64>,
    many: Vec<f64>,
    growth: Vec<f64>,
}

impl Figures {
    fn push(&mut self, [few, many]: [f64; 2]) {
        self.few.push(few);
        self.many.push(many);
        self.growth.push(many / few);
    }

    fn report(self, what: &str, idle: usize) {
        let [few, many, growth] = [self.few, self.many, self.growth].map(median);
        say(&format!("{what}: {few:.1} ms among {FEW} idle, {many:.1} ms among {idle}"));
        verdict(&format!("{what}, among {idle} to among {FEW}"), growth, "", ..=GROWTH);
    }
}

/// A house over a file, with leads in it.
struct DueLeads {
    house: Arc<LocalStack>,
    clock: Clock,
    _folder: TempDir,
}

impl DueLeads {
    fn with(runtime: &Runtime, idle: usize) -> Self {
        let folder = folder::on_disk();
        let start = now();
        runtime.block_on(settle(&folder, idle));
        let clock = manual();
        let house = runtime.block_on(house::open(folder.path(), clock.clone()));
        say(&format!(
            "{idle} idle and {DUE} assigned leads: {:.0} s",
            start.elapsed().as_secs_f64()
        ));
        Self { house, clock, _folder: folder }
    }

    fn a_day_later(&self) {
        self.clock.advance_to(self.clock.now() + DAY);
    }

    fn ask(&self, runtime: &Runtime) -> f64 {
        let table = self.house.services().table();
        let question = table.due(Lane::Leads, self.clock.now(), SWEEP_LIMIT);
        let (due, took) = timed(|| runtime.block_on(question));
        assert_eq!(due.expect("a list").items.len(), DUE);
        took.as_secs_f64() * 1e3
    }

    fn sweep(&self, runtime: &Runtime) -> f64 {
        let (swept, took) =
            timed(|| runtime.block_on(self.house.services().sweeper.sweep(&Correlation::none())));
        let swept = swept.expect("a sweep");
        assert_eq!((swept.lapsed, swept.passed, swept.failed), (DUE, 0, 0));
        took.as_secs_f64() * 1e3
    }
}

fn manual() -> Clock {
    Clock::manual(START.parse().expect("a time"))
}

/// The leads that will be due, each qualified and assigned by a visit to a booth.
async fn assign(services: &Services) {
    for number in 0..DUE {
        let (id, email) = (format!("visit-{number}"), format!("due-{number}@acme.example"));
        let visit = activity(&id, "event.booth_visited", &email, "DE");
        services.record(visit, &Correlation::none()).await.expect("a record");
    }
}

/// Fills the store, in a house of its own: loading fast leaves settings behind, which last until
/// the store is closed.
async fn settle(folder: &TempDir, idle: usize) {
    let house = house::open(folder.path(), manual()).await;
    house.engine().database().enable_bulk_loading().expect("settings");
    assign(house.services()).await;
    let email = "idle-0@acme.example";
    for number in 0..limits::RECENT_ACTIVITIES {
        let click = activity(&format!("click-{number}"), "email.clicked", email, "DE");
        house.services().record(click, &Correlation::none()).await.expect("a record");
    }
    load(house.engine(), email, idle);
}

/// Copies the lead as it is stored, all but the attributes that name it. In the order of their
/// keys: SQLite then writes page after page.
fn load(engine: &EmbeddedDynamo, email: &str, idle: usize) {
    let database = engine.database();
    let first = lead_id(email).to_string();
    let key = json!({ "pk": { "S": format!("lead#{first}") }, "sk": { "S": "lead" } });
    let get = serde_json::from_value(json!({ "TableName": "baton", "Key": key }));
    let got = database.get_item(get.expect("a request")).expect("an answer");
    let mut name = serde_json::to_value(&got).expect("JSON")["Item"].take();
    assert_eq!((&name["stage"]["S"], &name["due_at"]), (&json!("nurturing"), &Value::Null));
    let named = |value: &Value| [email, &first].iter().any(|name| value.to_string().contains(name));
    name.as_object_mut().expect("an item").retain(|_, value| named(value));
    let (lead, name) = (got.item.expect("the lead"), name.to_string());

    let mut others: Vec<_> = (1..idle).map(|n| format!("idle-{n}@acme.example")).collect();
    others.sort_by_cached_key(|email| lead_id(email).to_string());
    for some in others.chunks(AT_ONCE) {
        let copy = |other: &String| {
            let name = name.replace(&first, &lead_id(other).to_string()).replace(email, other);
            let mut copy = lead.clone();
            copy.extend(serde_json::from_str::<HashMap<_, _>>(&name).expect("attributes"));
            copy
        };
        let copies = some.iter().map(copy).collect();
        database.import_items("baton", copies, Default::default()).expect("room");
    }
}

fn lead_id(email: &str) -> LeadId {
    Identity::parse(&format!("email:{email}")).expect("an address").lead_id()
}
