//! An index shows for a while what is done already: it is not done again.

use baton_engine::Rules;
use baton_tests::{Fate, Rig, activity};
use jiff::SignedDuration;

const LATE: SignedDuration = SignedDuration::from_mins(2);

/// Sweeps for as long as the index is behind, and longer.
async fn sweep_on(rig: &Rig) {
    for _ in 0..12 {
        rig.sweep().await;
        rig.pass(SignedDuration::from_secs(20));
    }
}

#[tokio::test]
async fn a_step_that_an_index_still_shows_is_not_taken_again() {
    let rig = Rig::open(Rules::sample()).await;
    rig.lag(LATE);
    rig.post.connect(rig.route.clone());
    let visit = activity("1", "event.booth_visited", "kim@acme.example", "DE");
    let lead = rig.record(visit).await.unwrap().lead.lead;
    rig.pass(SignedDuration::from_hours(24));
    sweep_on(&rig).await;
    assert_eq!(rig.lead(lead).await.escalations(), 1);
    assert_eq!(rig.post.told("accept_overdue").len(), 2, "the owner and the supervisor");
}

#[tokio::test]
async fn a_message_that_an_index_still_shows_is_not_delivered_again() {
    let rig = Rig::open(Rules::sample()).await;
    rig.lag(LATE);
    rig.post.connect(rig.route.clone());
    rig.out.when(|call| if call.operation == "Publish" { Fate::Refuse(403) } else { Fate::Pass });
    rig.record(activity("1", "event.booth_visited", "kim@acme.example", "DE")).await.unwrap();
    rig.out.heal();
    rig.pass(SignedDuration::from_mins(5));
    sweep_on(&rig).await;
    assert_eq!(rig.post.told("assigned").len(), 1);
}
