//! Where a lead stands: its clock, its owner, and what is stamped on it.

use super::breach::is_late;
use super::{Breach, Found, Place, World};
use crate::id::PersonId;
use crate::invariant::{CLOCK_FITS, OWNER_FITS, broken_rules};
use crate::lead::{Lead, Status};

pub(super) fn check(place: &Place, lead: &Lead, world: &World<'_>, found: &mut Found) {
    for rule in broken_rules(lead) {
        found.say(place, breach(rule, lead));
    }
    let broken = marks(lead).into_iter().filter(|(holds, _)| !holds);
    broken.for_each(|(_, rule)| found.say(place, Breach::MarksWrong(rule)));
    if let Some(owner) = lead.owner.as_ref().filter(|_| lead.status.is_in_sales()) {
        unless_there(place, owner, world, found);
    }
    if let Some(deadline) = lead.deadline.as_ref().filter(|due| is_late(due.at, world.now)) {
        found.say(place, Breach::Overdue(deadline.kind, deadline.at));
    }
}

fn breach(rule: &'static str, lead: &Lead) -> Breach {
    match (rule, &lead.deadline, &lead.owner) {
        (CLOCK_FITS, None, _) => Breach::ClockMissing,
        (CLOCK_FITS, Some(deadline), _) => Breach::ClockWrong(deadline.kind),
        (OWNER_FITS, _, None) => Breach::OwnerMissing,
        (OWNER_FITS, _, Some(owner)) => Breach::OwnerWrong(owner.clone()),
        (rule, ..) => Breach::MarksWrong(rule),
    }
}

fn unless_there(place: &Place, owner: &PersonId, world: &World<'_>, found: &mut Found) {
    let Some(roster) = world.roster else { return };
    if !roster.person(owner).is_some_and(|person| person.active) {
        found.say(place, Breach::OwnerUnknown(owner.clone()));
    }
}

/// What the marks say, beyond what each commit is held to.
fn marks(lead: &Lead) -> [(bool, &'static str); 11] {
    let (marks, status) = (&lead.marks, lead.status);
    let newest = [marks.mql_at, marks.assigned_at, marks.accepted_at, marks.warned_at];
    let ends = [marks.converted_at, marks.returned_at, marks.disqualified_at];
    let stamped = newest.into_iter().chain(ends).chain([marks.first_mql_at, lead.restarted_at]);
    let restarts = lead.erased.map_or(0, |erased| erased.era + 1);
    let is_held = lead.owner.is_some();
    [
        (
            marks.mql_at.is_some() == marks.mql_by.is_some()
                && marks.mql_at.is_some() == marks.score_at_mql.is_some(),
            "when, how and at which score it became an MQL are stamped together",
        ),
        (marks.first_mql_at <= marks.mql_at, "the first MQL is not after the newest"),
        (
            marks.converted_at.is_some() == (status == Status::Converted),
            "converted, and only then, is stamped as converted",
        ),
        (
            marks.returned_at.is_some() == (status == Status::Returned),
            "returned, and only then, is stamped as returned",
        ),
        (
            marks.disqualified_at.is_some() == (status == Status::Disqualified),
            "disqualified, and only then, is stamped as disqualified",
        ),
        (status != Status::Mql || marks.accepted_at.is_none(), "an MQL has yet to be accepted"),
        (marks.warned_at.is_none() || marks.accepted_at.is_some(), "only work is warned about"),
        (
            !is_held || (marks.assigned_at.is_some() && marks.owner == lead.owner),
            "the owner is stamped, with the time",
        ),
        (
            is_held || (lead.supervisor.is_none() && lead.queue.is_none()),
            "what nobody holds has no supervisor and no queue",
        ),
        (
            stamped.flatten().chain([lead.created_at]).all(|at| at <= lead.changed_at),
            "nothing is stamped after the newest decision",
        ),
        (lead.restarted_at.is_some() == (lead.era > restarts), "an era begins with a restart"),
    ]
}
