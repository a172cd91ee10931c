//! A queue's turn: the credits of its people must add up to zero.

use std::collections::BTreeSet;

use baton_core::turn::QueueTurn;

use super::{Finding, Place, Violation};

/// What is wrong with a queue's turn.
pub fn check_turn(place: &Place, turn: &QueueTurn) -> Vec<Finding> {
    let shares = &turn.shares;
    let named = || shares.iter().map(|s| &s.person).chain(turn.absent.iter().map(|s| &s.person));
    let people: BTreeSet<_> = named().collect();
    let owed: i128 = shares.iter().map(|share| i128::from(share.credit)).sum();
    let here = shares.iter().map(|share| share.carried);
    let carried = here.chain(turn.absent.iter().map(|share| share.carried)).chain([turn.forgotten]);
    let carried: i128 = carried.map(i128::from).sum();
    let last = shares.iter().map(|share| share.last);
    let last = last.chain(turn.absent.iter().map(|share| share.last)).max();
    let rules = [
        (turn.dealt > 0 && !shares.is_empty(), "a turn moves when a lead is dealt to somebody"),
        (people.len() == named().count(), "everybody has one turn"),
        (owed == 0, "what everybody is owed adds up to nothing"),
        (carried == 0, "what everybody was owed before adds up to nothing"),
        (shares.iter().all(|share| share.weight > 0), "everybody in a queue has a weight"),
        (last <= Some(turn.dealt), "nobody got a lead that was not dealt yet"),
    ];
    let broken = rules.into_iter().filter(|(holds, _)| !holds);
    let finding = |rule| Finding { place: place.clone(), violation: Violation::TurnWrong(rule) };
    broken.map(|(_, rule)| finding(rule)).collect()
}
