//! How long it takes to catch up with a day of downtime.
//!
//! 100,000 assigned leads, none accepted, whose deadlines passed while nothing ran. The timer's
//! function then runs again and again, on the machine's clock, until no deadline is left: each lead
//! is read, escalated and committed. All have the same owner and supervisor, who are sent a few
//! letters a minute: that is not waited for. `BATON_BENCH_DUE=10000` in the environment makes it
//! shorter.

#[path = "support/folder.rs"]
mod folder;
#[path = "support/house.rs"]
mod house;
#[path = "support/measure.rs"]
mod measure;

use std::path::Path;

use baton::local::EmbeddedDynamo;
use baton_cloud::Clock;
use baton_core::correlation::Correlation;
use baton_tests::{activity, copy};
use jiff::{SignedDuration, Timestamp};
use measure::{median, now, say, timed, verdict};
use serde_json::{Value, json};

/// Deadlines that passed.
const DUE: u32 = 100_000;
/// Names another number for [`DUE`].
const DUE_VARIABLE: &str = "BATON_BENCH_DUE";

/// The longest that one run may take: the function on AWS is stopped after 55 s.
const RUN_S: f64 = 50.0;
/// Leads of one transaction.
const AT_ONCE: usize = 10_000;
const EMAIL: &str = "due@acme.example";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("threads");
    let due = std::env::var(DUE_VARIABLE).ok().map_or(DUE, |text| text.parse().expect("a number"));
    let folder = folder::on_disk();
    let ((), took) = timed(|| runtime.block_on(settle(folder.path(), due)));
    say(&format!("{due} assigned leads: {:.0} s", took.as_secs_f64()));
    runtime.block_on(catch_up(folder.path(), due));
}

async fn catch_up(folder: &Path, due: u32) {
    let house = house::open(folder, Clock::System).await;
    let (start, mut lapsed, mut runs) = (now(), 0, Vec::new());
    loop {
        let run = now();
        let report = house.tick().await.expect("a sweep");
        assert_eq!(report.failed, 0);
        if report.lapsed == 0 {
            break;
        }
        lapsed += report.lapsed;
        runs.push(run.elapsed().as_secs_f64());
    }
    let took = start.elapsed().as_secs_f64();
    assert_eq!(lapsed, usize::try_from(due).expect("a number"), "each step once");
    let (rate, count) = (f64::from(due) / took, runs.len());
    let longest = runs.iter().copied().fold(0.0, f64::max);
    say(&format!("{due} passed deadlines caught up with: {took:.0} s, {rate:.0}/s"));
    say(&format!("runs of the timer's function: {count}, of {:.1} s each", median(runs)));
    verdict("the longest run", longest, " s", ..=RUN_S);
}

/// Assigned leads, two days ago.
async fn settle(folder: &Path, due: u32) {
    let clock = Clock::System;
    let start = clock.now() - SignedDuration::from_hours(48);
    let house = house::open(folder, Clock::manual(start)).await;
    let mut visit = activity("visit", "event.booth_visited", EMAIL, "DE");
    visit.occurred_at = start;
    house.services().record(visit, &Correlation::none()).await.expect("a record");
    load(house.engine(), due, start);
}

fn load(engine: &EmbeddedDynamo, due: u32, start: Timestamp) {
    let database = engine.database();
    database.enable_bulk_loading().expect("settings");
    let lead = baton_tests::lead_id(EMAIL);
    let key = json!({ "pk": { "S": format!("lead#{lead}") }, "sk": { "S": "lead" } });
    let get = serde_json::from_value(json!({ "TableName": "baton", "Key": key }));
    let got = database.get_item(get.expect("a request")).expect("an answer");
    let item = serde_json::to_value(&got).expect("JSON")["Item"].take();
    let copies: Vec<Value> = (1..due)
        .map(|n| {
            let at = start + SignedDuration::from_millis(i64::from(n));
            copy(&item, EMAIL, &format!("due-{n}@acme.example"), at)
        })
        .collect();
    for some in copies.chunks(AT_ONCE) {
        let some = some.iter().map(|copy| serde_json::from_value(copy.clone()).expect("an item"));
        database.import_items("baton", some.collect(), Default::default()).expect("room");
    }
}
