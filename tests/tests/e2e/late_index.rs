//! An index shows for a while what is done already: it is not done again.

use baton_engine::Rules;
use baton_tests::{Fate, TestHarness, activity};
use jiff::SignedDuration;

const LATE: SignedDuration = SignedDuration::from_mins(2);

/// Sweeps for as long as the index is behind, and longer.
async fn sweep_on(harness: &TestHarness) {
    for _ in 0..12 {
        harness.sweep().await;
        harness.pass(SignedDuration::from_secs(20));
    }
}

#[tokio::test]
async fn a_step_that_an_index_still_shows_is_not_taken_again() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.lag(LATE);
    harness.post.connect(harness.route.clone());
    let visit = activity("1", "event.booth_visited", "kim@acme.example", "DE");
    let lead = harness.record(visit).await.unwrap().lead.lead;
    harness.pass(SignedDuration::from_hours(24));
    sweep_on(&harness).await;
    assert_eq!(harness.lead(lead).await.escalations(), 1);
    assert_eq!(harness.post.told("accept_overdue").len(), 2, "the owner and the supervisor");
}

#[tokio::test]
async fn a_message_that_an_index_still_shows_is_not_delivered_again() {
    let harness = TestHarness::open(Rules::sample()).await;
    harness.lag(LATE);
    harness.post.connect(harness.route.clone());
    harness
        .out
        .when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    harness.record(activity("1", "event.booth_visited", "kim@acme.example", "DE")).await.unwrap();
    harness.out.heal();
    harness.pass(SignedDuration::from_mins(5));
    sweep_on(&harness).await;
    assert_eq!(harness.post.told("assigned").len(), 1);
}
