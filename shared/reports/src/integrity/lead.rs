//! Where a lead stands: what is stamped on it, whether its owner is there, whether it is late.

use baton_core::id::PersonId;
use baton_core::invariant::broken_rules;
use baton_core::lead::Lead;

use super::violation::is_late;
use super::{CheckContext, Found, Place, Violation};

pub(super) fn check(place: &Place, lead: &Lead, context: &CheckContext<'_>, found: &mut Found) {
    let stamped = stamps(lead).into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule);
    for rule in broken_rules(lead).chain(stamped) {
        found.say(place, Violation::MarksWrong(rule));
    }
    if let Some(owner) = lead.owner().filter(|_| lead.status().is_in_sales()) {
        unless_there(place, owner, context, found);
    }
    if let Some(deadline) = lead.deadline().filter(|due| is_late(due.at, context.now)) {
        found.say(place, Violation::Overdue(deadline.kind, deadline.at));
    }
}

fn unless_there(place: &Place, owner: &PersonId, context: &CheckContext<'_>, found: &mut Found) {
    let Some(roster) = context.roster else { return };
    if !roster.person(owner).is_some_and(|person| person.active) {
        found.say(place, Violation::OwnerUnknown(owner.clone()));
    }
}

/// What the dates say, beyond what each commit is held to.
fn stamps(lead: &Lead) -> [(bool, &'static str); 3] {
    let marks = lead.marks();
    let newest = [marks.mql_at, marks.assigned_at, marks.accepted_at, marks.warned_at];
    let ends = [marks.converted_at, marks.returned_at, marks.disqualified_at];
    let stamped = newest.into_iter().chain(ends).chain([marks.first_mql_at, lead.restarted_at]);
    let restarts = lead.erased.map_or(0, |erased| erased.era + 1);
    [
        (marks.first_mql_at <= marks.mql_at, "the first MQL is not after the newest"),
        (
            stamped.flatten().chain([lead.created_at]).all(|at| at <= lead.changed_at),
            "nothing is stamped after the newest decision",
        ),
        (
            lead.restarted_at.is_some() == (lead.era > restarts) || !lead.identifiers.is_empty(),
            "an era begins with a restart",
        ),
    ]
}
