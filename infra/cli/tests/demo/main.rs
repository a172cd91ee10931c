//! `baton demo`, as a newcomer runs it: what it prints, and whether its numbers are right.

#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that can't go on has failed"
)]

mod count;
mod funnel;
mod input;
mod score;
mod screen;
mod serving;
mod trips;

use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;

/// What the demo prints, and the folder of its data. It runs once for all tests.
static DEMO: LazyLock<(String, TempDir)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Command::new(env!("CARGO_BIN_EXE_baton"));
    let ran = demo.args(["demo", "--keep"]).arg(folder.path()).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    (String::from_utf8(ran.stdout).unwrap(), folder)
});

/// What it prints.
fn printed() -> &'static str {
    &DEMO.0
}

/// The last screen, without where the data is and how long it took.
fn summary() -> &'static str {
    let from = printed().find("32 days in numbers").unwrap();
    let to = printed().rfind("Look around: ").unwrap();
    printed()[from..to].trim()
}

/// Without regard to where lines are folded.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_summary_is_what_an_independent_count_finds() {
    let counted = screen::of(&count::count());
    assert_eq!(on_one_line(summary()), on_one_line(&counted));
}

#[test]
fn the_summary_is_this_one() {
    const PINNED: &str = "\
32 days in numbers, 2 March 2026 to 3 April 2026

  activities   976 received: 910 new, 59 sent before, 7 unusable
  leads        460, of whom excluded: student 12, competitor 8
  qualified    96: by fast track 52, score 39, hand 5; 4 of them for the 2nd time
  accepted     82, 70 of them within 24 h
  turned down  13: no_budget 3, not_now 3, bad_data 2, wrong_person 2, competitor 1, duplicate 1,
               not_a_fit 1
  escalations  27 about 14 leads, up to 5 about one
  day 30       20 warned, 4 extended, 6 taken back a day later
  left sales   19 converted, 6 disqualified, 20 returned: 8 turned down, 6 given back, 6 taken back
  now          368 nurturing, 1 mql, 50 working (6 in grace), 19 converted, 16 returned, 6
               disqualified
  alerts sent             e-mail   SMS
    accept_overdue            54    54
    assigned                  97    97
    handed_over                1     1
    take_back_warned          40    40
    taken_back                13     7
    unrouted                   2     2";
    assert_eq!(summary(), PINNED);
}

#[test]
fn the_story_fits_a_terminal_and_has_a_line_or_two_for_each_day() {
    let lines: Vec<&str> = printed().lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() <= 100));
    let story = lines.iter().position(|line| line.starts_with("32 days in numbers")).unwrap();
    assert!((60..=120).contains(&story), "the story has {story} lines");
    assert!(summary().lines().count() + 2 <= 24, "the summary is more than a screen");
    assert!(!printed().contains('\u{1b}'), "there are terminal codes in it");
}

#[test]
fn a_newcomer_sees_an_alert_as_it_was_sent_and_a_reminder() {
    for words in ["by e-mail", "Subject: New lead: ", "| Why now", "by SMS", "/l/"] {
        assert!(printed().contains(words), "{words}");
    }
}

#[test]
fn data_is_kept_in_a_new_folder_only() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let demo = Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(["demo", "--keep"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!demo.status.success() && demo.stdout.is_empty());
    assert!(String::from_utf8(demo.stderr).unwrap().contains("is not empty"));
}
