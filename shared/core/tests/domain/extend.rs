//! More time for a lead in work.

use baton_core::Refusal;
use baton_core::commands::{Actor, Extend};
use baton_core::id::SourceId;
use baton_core::lead::DeadlineKind;
use baton_fixtures::desk::Desk;

fn extend(id: Option<&str>) -> Extend {
    Extend { reason: "budget in May".into(), id: id.map(|id| SourceId::parse(id).unwrap()) }
}

#[test]
fn rule_7_extending_early_never_shortens_the_clock() {
    let mut desk = Desk::accepted();
    desk.pass("1d");
    desk.order(extend(None), Actor::Crm).unwrap();
    assert_eq!(desk.clock(), Some((DeadlineKind::Convert, 29 * 24)));
}

/// A sender whose answer got lost sends again: that is one extension, not two.
#[test]
fn rule_7_a_request_to_extend_that_is_sent_again_extends_once() {
    let mut desk = Desk::accepted();
    for id in ["a", "b"] {
        desk.order(extend(Some(id)), Actor::Crm).unwrap();
        assert_eq!(desk.order(extend(Some(id)), Actor::Crm), Err(Refusal::AlreadyExtended));
    }
    assert_eq!(desk.lead().extensions(), 2);
}
