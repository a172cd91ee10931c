//! A queue's turn: what everybody is owed adds up to nothing.

use std::collections::BTreeSet;

use baton_core::cursor::Cursor;

use super::{Finding, Place, Violation};

/// What is wrong with a queue's turn.
pub fn check_turn(place: &Place, cursor: &Cursor) -> Vec<Finding> {
    let turns = &cursor.turns;
    let people: BTreeSet<_> = turns.iter().map(|turn| &turn.person).collect();
    let owed: i128 = turns.iter().map(|turn| i128::from(turn.credit)).sum();
    let rules = [
        (cursor.dealt > 0 && !turns.is_empty(), "a turn moves when a lead is dealt to somebody"),
        (people.len() == turns.len(), "everybody has one turn"),
        (owed == 0, "what everybody is owed adds up to nothing"),
        (turns.iter().all(|turn| turn.weight > 0), "everybody in a queue has a weight"),
        (
            turns.iter().all(|turn| turn.last <= cursor.dealt),
            "nobody got a lead that was not dealt yet",
        ),
    ];
    let broken = rules.into_iter().filter(|(holds, _)| !holds);
    let finding = |rule| Finding { place: place.clone(), violation: Violation::TurnWrong(rule) };
    broken.map(|(_, rule)| finding(rule)).collect()
}
