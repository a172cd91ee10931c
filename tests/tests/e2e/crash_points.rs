//! Wherever a call breaks, what recovers from it leaves the world in which nothing broke.

use std::io::{Write, stdout};

use baton_tests::crash;

#[test]
fn every_crash_point_ends_in_the_world_without_it() {
    let outcome = crash::every_point();
    let good = outcome.points - outcome.wrong.len();
    let (points, repeated) = (outcome.points, outcome.repeated);
    writeln!(stdout(), "{good} of {points} points, {repeated} messages sent twice").unwrap();
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n\n"));
    assert!(outcome.points > 2000, "the scenes have more calls than that");
}
