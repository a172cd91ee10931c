//! Wherever a call breaks, what recovers from it leaves the world in which nothing broke.

use std::io::{Write, stdout};

use baton_share::Share;
use baton_tests::crash;

#[test]
fn every_crash_point_ends_in_the_world_without_it() {
    let share = Share::from_environment();
    let outcome = crash::points_of(share);
    let good = outcome.tried - outcome.wrong.len();
    let (tried, points, repeated) = (outcome.tried, outcome.points, outcome.repeated);
    let of_all = share.of_all(points);
    writeln!(stdout(), "{good} of {tried} points{of_all}, {repeated} messages sent twice").unwrap();
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n\n"));
    assert!(outcome.points > 2000, "the scenarios have more calls than that");
}
