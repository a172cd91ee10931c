//! A restart in the middle of anything changes nothing, however the process ended.

use std::fs;
use std::path::Path;

use baton_tests::{Baton, Process, START, World, be_baton};
use serde_json::{Value, json};

use crate::session::{KIM, event, letter, play};

/// Not a test of its own: the process that the others start.
#[test]
fn serve() {
    be_baton();
}

fn start(folder: &Path) -> Process {
    let clock = format!("manual:{START}");
    Process::serve_in(folder, "restart::serve", &["--clock".as_ref(), clock.as_ref()])
}

/// Everything a caller can see of the end.
fn seen(baton: &Baton) -> Value {
    json!({
        "lead": baton.lead(KIM), "history": baton.history(KIM), "ledger": baton.ledger(KIM),
        "inbox": baton.inbox().iter().map(letter).collect::<Vec<_>>(),
        "events": baton.events().iter().map(event).collect::<Vec<_>>(),
        "now": baton.call("GET", "/local/clock").send().json(),
    })
}

#[test]
fn a_restart_after_every_step_changes_nothing_whether_stopped_or_killed() {
    let world = World::open();
    let straight = play(|_| world.clone());

    let folder = tempfile::tempdir().unwrap();
    let mut running = Some(start(folder.path()));
    let restarted = play(|number| {
        let process = running.take().unwrap();
        if number % 2 == 0 {
            process.kill();
        } else {
            assert!(process.interrupt().lines().any(|line| line == "Stopped."));
        }
        let process = running.insert(start(folder.path()));
        (**process).clone()
    });
    for (restarted, straight) in restarted.iter().zip(&straight) {
        assert_eq!(restarted, straight);
    }
    assert_eq!(seen(running.as_ref().unwrap()), seen(&world));
}

#[test]
fn what_was_answered_outlives_a_kill_and_counts_once_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let visit = json!({"id": "1", "type": "form.submitted", "email": "kim@acme.example"});
    let process = start(folder.path());
    assert_eq!(process.activity(visit.clone())["outcome"], "scored");
    process.kill();
    let process = start(folder.path());
    let again = process.activity(visit);
    assert_eq!((&again["outcome"], &again["points"]), (&"duplicate".into(), &30.into()));
    assert_eq!(process.lead(KIM)["score"]["behaviour"], 30);
}

#[test]
fn deadlines_missed_while_it_was_down_are_met_once_it_is_up() {
    let folder = tempfile::tempdir().unwrap();
    let process = start(folder.path());
    process
        .activity(json!({"id": "1", "type": "event.booth_visited", "email": "kim@acme.example"}));
    process.kill();
    // The clock is a file; three days pass while nothing runs.
    let data = folder.path().join("data");
    fs::write(data.join("clock"), "2026-03-04T09:00:00Z").unwrap();
    let process = start(folder.path());
    let lead = process.lead(KIM);
    assert_eq!(lead["deadline"], json!({"kind": "accept", "at": "2026-03-05T09:00:00Z"}));
    let overdue = process.inbox().into_iter().filter(|letter| letter["kind"] == "accept_overdue");
    let told: Vec<_> =
        overdue.filter(|l| l["channel"] == "email").map(|l| l["to"].clone()).collect();
    assert_eq!(told, ["hana", "sofia"]);
}

/// The line that a kill cuts short must not take the next one with it, nor keep us from starting.
#[test]
fn a_letter_cut_by_a_kill_loses_no_other_letter() {
    let half_a_character = &"{\"body\":\"Zoë".as_bytes()[..12];
    for cut in [br#"{"at":"2026-03-01T09:00:00Z","to":"an"#, half_a_character] {
        let folder = tempfile::tempdir().unwrap();
        let process = start(folder.path());
        process
            .activity(json!({"id": "1", "type": "event.booth_visited", "email": "a@acme.example"}));
        let told = |baton: &Baton| baton.inbox().iter().map(letter).collect::<Vec<_>>();
        let before = told(&process);
        process.kill();
        let inbox = folder.path().join("data/inbox.jsonl");
        fs::write(&inbox, [&fs::read(&inbox).unwrap(), cut].concat()).unwrap();

        let process = start(folder.path());
        assert_eq!(told(&process), before);
        process
            .activity(json!({"id": "2", "type": "event.booth_visited", "email": "b@acme.example"}));
        let after = told(&process);
        process.kill();
        assert_eq!(told(&start(folder.path())), after);
    }
}

/// A kill may fall between emptying the clock's file and writing it.
#[test]
fn an_emptied_clock_file_does_not_keep_it_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    start(folder.path()).kill();
    fs::write(folder.path().join("data/clock"), "").unwrap();
    start(folder.path()).call("GET", "/health").send().expect(200);
}
