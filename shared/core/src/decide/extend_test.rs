//! Rule 7: more time for a lead.

use super::testing::Desk;
use crate::command::{Actor, Command};
use crate::id::SourceId;
use crate::lead::Clock;
use crate::refusal::Refusal;

#[test]
fn rule_7_extending_early_never_shortens_the_clock() {
    let mut desk = Desk::accepted();
    desk.pass("1d");
    desk.order(Command::Extend { reason: "long cycle".to_owned(), id: None }, Actor::Crm).unwrap();
    assert_eq!(desk.clock(), Some((Clock::Convert, 29 * 24)));
}

/// A sender whose answer got lost sends again: that is one extension, not two.
#[test]
fn rule_7_a_request_to_extend_that_is_sent_again_extends_once() {
    let mut desk = Desk::accepted();
    let extend = |id: &str| Command::Extend {
        reason: "budget in May".to_owned(),
        id: Some(SourceId::parse(id).unwrap()),
    };
    desk.order(extend("a"), Actor::Crm).unwrap();
    assert_eq!(desk.order(extend("a"), Actor::Crm), Err(Refusal::AlreadyExtended));
    desk.order(extend("b"), Actor::Crm).unwrap();
    assert_eq!(desk.order(extend("b"), Actor::Crm), Err(Refusal::AlreadyExtended));
    assert_eq!(desk.lead().extensions, 2);
}
