//! A lead becomes marketing-qualified: by score, by fast track or by a person.

use super::Turn;
use crate::command::Actor;
use crate::id::SourceName;
use crate::lead::{Clock, QualifiedBy, Status};
use crate::lifecycle::{Step, follow};
use crate::message::EventName;
use crate::refusal::Refusal;

/// A person says so. Exclusions stop rules, not people.
pub(super) fn by_hand(turn: &mut Turn<'_>, reason: Option<&str>) -> Result<(), Refusal> {
    match turn.lead().status {
        Status::Nurturing | Status::Returned => {}
        status @ (Status::Mql | Status::Working) => return Err(Refusal::AlreadyQualified(status)),
        Status::Converted => return Err(Refusal::AlreadyConverted),
        Status::Disqualified => return Err(Refusal::AlreadyDisqualified),
    }
    turn.must_be_theirs()?;
    qualify(turn, QualifiedBy::Manual, reason);
    Ok(())
}

/// Takes the arrow to `mql`: a new cycle, a clock for the router, and the marks of rule 12.
pub(super) fn qualify(turn: &mut Turn<'_>, by: QualifiedBy, because: Option<&str>) {
    let now = turn.now;
    let score = turn.lead().score(now, turn.world.policy.scoring.half_life);
    let source = source_of(&turn.order.by).cloned();
    let lead = turn.lead_mut();
    let Some(status) = follow(lead.status, Step::Qualify) else { return };
    lead.status = status;
    lead.cycle += 1;
    lead.extensions = 0;
    lead.extended.clear();
    lead.escalations = 0;
    lead.unrouted_told_at = None;
    let first = lead.marks.first_mql_at.or(Some(now));
    lead.marks = crate::lead::Marks {
        first_mql_at: first,
        mql_at: Some(now),
        mql_by: Some(by),
        mql_source: source,
        evidence: lead.recent.clone(),
        mql_because: because.map(str::to_owned),
        score_at_mql: Some(score),
        ..Default::default()
    };
    turn.run_clock(Clock::Route, turn.world.policy.clocks.route_within);
    turn.publish(EventName::Qualified);
    turn.note(because, None);
}

fn source_of(actor: &Actor) -> Option<&SourceName> {
    match actor {
        Actor::Source(source) => Some(source),
        Actor::Person(_) | Actor::Crm | Actor::Router | Actor::Clock => None,
    }
}
