//! The letter before the meeting: to whom the policy names, once, with what is theirs to see.

use baton_documents::{policy, roster};
use baton_engine::Rules;
use baton_tests::{Fate, TestHarness, activity};
use jiff::{SignedDuration, Timestamp};

/// A Monday morning, an hour before the letter is due.
const BEFORE: &str = "2026-03-16T06:00:00Z";
const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn pass_to(harness: &TestHarness, time: &str) {
    let now = harness.services.settings().clock.now();
    harness.pass(time.parse::<Timestamp>().unwrap().duration_since(now));
}

async fn harness() -> TestHarness {
    let meeting = "to = [\"mia\", \"sofia\", \"sven\"]\nfirst = 2026-03-02\nhour = 7";
    let policy = policy::SAMPLE.replace("to = []", meeting);
    let rules = Rules::read(("policy", &policy), ("roster", roster::SAMPLE)).unwrap();
    let harness = TestHarness::open(rules).await;
    harness.post.connect(harness.route.clone());
    // Of Sven's team, and of Sofia's, in the days that the letter looks back on.
    pass_to(&harness, "2026-03-10T09:00:00Z");
    for (name, country) in [("kim", "DE"), ("lee", "DE"), ("max", "US")] {
        let who = format!("{name}@acme.example");
        harness.record(activity(name, "event.booth_visited", &who, country)).await.unwrap();
    }
    pass_to(&harness, BEFORE);
    harness.minutes(2).await;
    harness
}

/// Who got a letter, and what it says first.
fn letters(harness: &TestHarness) -> Vec<(String, String)> {
    let letters = harness.post.letters().into_iter();
    let letters = letters.filter(|letter| letter.kind == "meeting");
    let mut told: Vec<_> = letters
        .map(|letter| {
            assert_eq!(letter.lead, "", "it is about no lead");
            (letter.to, letter.body)
        })
        .collect();
    told.sort();
    told
}

fn mqls(body: &str) -> &str {
    let line = body.lines().find(|line| line.contains("Became MQLs")).unwrap();
    line.split_whitespace().nth(2).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_is_sent_what_is_theirs_to_see_once() {
    let harness = harness().await;
    assert_eq!(letters(&harness), []);
    harness.pass(HOUR);
    harness.minutes(3).await;
    let told = letters(&harness);
    let counted: Vec<_> = told.iter().map(|(to, body)| (to.as_str(), mqls(body))).collect();
    assert_eq!(counted, [("mia", "3"), ("sofia", "1"), ("sven", "2")]);
    assert!(told[0].1.contains("/funnel?from=2026-03-02&to=2026-03-15"), "{}", told[0].1);
    harness.pass(HOUR * 20);
    harness.minutes(2).await;
    assert_eq!(letters(&harness).len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_could_not_be_sent_theirs_is_sent_it_later_and_after_a_day_no_more() {
    let harness = harness().await;
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(500) } else { Fate::Pass });
    harness.pass(HOUR);
    harness.minutes(2).await;
    assert_eq!(letters(&harness), []);
    harness.out.heal();
    harness.minutes(1).await;
    assert_eq!(letters(&harness).len(), 3);

    pass_to(&harness, "2026-03-31T07:00:00Z");
    harness.minutes(2).await;
    assert_eq!(letters(&harness).len(), 3, "the meeting is over");
}
