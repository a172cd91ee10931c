//! A queue's turn: the credits of its people must add up to zero.

use std::collections::BTreeSet;

use baton_core::turn::QueueTurn;

use super::{Finding, Place, Violation};

/// What is wrong with a queue's turn.
pub fn check_turn(place: &Place, turn: &QueueTurn) -> Vec<Finding> {
    let shares = &turn.shares;
    let people: BTreeSet<_> = shares.iter().map(|share| &share.person).collect();
    let owed: i128 = shares.iter().map(|share| i128::from(share.credit)).sum();
    let rules = [
        (turn.dealt > 0 && !shares.is_empty(), "a turn moves when a lead is dealt to somebody"),
        (people.len() == shares.len(), "everybody has one turn"),
        (owed == 0, "what everybody is owed adds up to nothing"),
        (shares.iter().all(|share| share.weight > 0), "everybody in a queue has a weight"),
        (
            shares.iter().all(|share| share.last <= turn.dealt),
            "nobody got a lead that was not dealt yet",
        ),
    ];
    let broken = rules.into_iter().filter(|(holds, _)| !holds);
    let finding = |rule| Finding { place: place.clone(), violation: Violation::TurnWrong(rule) };
    broken.map(|(_, rule)| finding(rule)).collect()
}
