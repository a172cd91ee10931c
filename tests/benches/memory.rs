//! How much memory `serve` holds once 100,000 activities have come in, in arrays.
//!
//! Reference: the same process before the first one. Read from `/proc`, so on Linux only.

#[path = "support/connection.rs"]
mod connection;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/measure.rs"]
#[expect(dead_code, reason = "what other benchmarks measure with")]
mod measure;

use std::fs;

use baton_core::limits;
use baton_tests::{Process, be_baton};
use connection::Connection;
use measure::{say, verdict};
use tokio::task::JoinSet;

/// Resident after the last answer, in millions of bytes.
const RESIDENT_MB: f64 = 150.0;

/// Connections that post side by side.
const SENDERS: usize = 4;
/// Leads; each gets this many activities, and one in [`VISITING`] visits a booth and qualifies.
const LEADS: usize = 20_000;
const EACH: usize = 5;
const VISITING: usize = 20;

fn main() {
    if be_baton() {
        return;
    }
    if !cfg!(target_os = "linux") {
        say("memory: not measured; it is read from /proc, which only Linux has");
        return;
    }
    let folder = folder::on_disk();
    let served = Process::serve_in(folder.path(), "memory", &[]);
    let before = resident_mb(&served, "VmRSS");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let scored = runtime.expect("a runtime").block_on(post_all(served.address()));
    assert_eq!(scored, LEADS * EACH);
    let [after, most] = ["VmRSS", "VmHWM"].map(|line| resident_mb(&served, line));
    say(&format!("resident before {before:.1} MB, after {scored} activities {after:.1} MB"));
    say(&format!("most that was ever resident (VmHWM): {most:.1} MB"));
    verdict("resident memory after 100,000 activities", after, " MB", ..=RESIDENT_MB);
}

/// Everything is posted; gives how many activities were scored.
async fn post_all(address: &str) -> usize {
    let mut tasks = JoinSet::new();
    for sender in 0..SENDERS {
        let mut connection = Connection::to(address).await;
        tasks.spawn(async move {
            let mut scored = 0;
            for array in (sender..LEADS * EACH / limits::BATCH).step_by(SENDERS) {
                let answer = connection.post(&body(array)).await;
                scored += answer.matches(r#""outcome":"scored""#).count();
            }
            scored
        });
    }
    tasks.join_all().await.into_iter().sum()
}

fn body(array: usize) -> String {
    let first = array * limits::BATCH;
    let activities: Vec<_> = (first..first + limits::BATCH).map(activity).collect();
    format!("[{}]", activities.join(","))
}

fn activity(number: usize) -> String {
    let (lead, turn) = (number % LEADS, number / LEADS);
    let visits = lead % (VISITING * EACH) == turn * VISITING;
    let kind = if visits { "event.booth_visited" } else { "email.clicked" };
    format!(
        r#"{{"id":"activity-{number}","type":"{kind}","email":"kim-{lead}@acme.example",
        "profile":{{"first_name":"Kim","last_name":"Okafor","title":"Purchasing Manager",
        "company":"Acme Industrial Holdings","country":"DE","employees":120}},
        "data":{{"campaign":"spring","link":"https://baton.example/prices","visit":{number}}}}}"#
    )
}

/// A line of the process's status, such as `VmRSS:   61234 kB`.
fn resident_mb(process: &Process, line: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).expect("it runs");
    let line = status.lines().find_map(|text| text.strip_prefix(line)).expect("the line");
    let kibibytes = line.split_whitespace().nth(1).and_then(|number| number.parse().ok());
    kibibytes.map(|kibibytes: f64| kibibytes * 1024.0 / 1e6).expect("a number")
}
