//! What is true of every lead and every decision: checked before each commit, in production too.

use crate::activity::Note;
use crate::decision::Decision;
use crate::lead::{Clock, Lead, Status};
use crate::lifecycle;
use crate::policy::Scoring;

/// A broken invariant: a defect of ours, never the caller's. The decision must not be committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invariant broken: {0}")]
pub struct Broken(pub &'static str);

/// Checks a whole decision: the lead it leaves, and the way it got there.
///
/// # Errors
///
/// The first invariant that does not hold.
pub fn check(decision: &Decision, scoring: &Scoring) -> Result<(), Broken> {
    let (before, lead) = (&decision.before, &decision.lead);
    check_lead(lead)?;
    let moved = before.status != lead.status;
    let behaviour = lead.behaviour.at(lead.changed_at, scoring.half_life);
    let floor = (scoring.floor as f64).min(before.behaviour);
    let scanned = decision.entry.as_ref().filter(|entry| entry.note == Some(Note::Scanner));
    let rules = [
        (lead.version == before.version + 1, "a decision makes exactly one version"),
        (lead.changed_at >= before.changed_at, "time does not run backwards"),
        (!moved || lifecycle::connects(before.status, lead.status), "only arrows of the table"),
        (
            (!moved && before.owner == lead.owner) || decision.history.is_some(),
            "a change of status or owner has its history",
        ),
        (!moved || !decision.messages.is_empty(), "a change of status is made known"),
        (behaviour >= floor - ROUNDING, "the behaviour score keeps to its floor"),
        (
            decision.entry.as_ref().is_none_or(|entry| entry.lead == lead.lead),
            "an entry is in its own lead's ledger",
        ),
        (
            scanned.is_none_or(|entry| entry.points == 0 && !moved),
            "a scanner's click gives no points and qualifies nobody",
        ),
    ];
    first_broken(&rules)
}

/// Checks a lead on its own: rule 11 and what the marks must say.
///
/// # Errors
///
/// The first invariant that does not hold.
pub fn check_lead(lead: &Lead) -> Result<(), Broken> {
    first_broken(&lead_rules(lead))
}

/// Every rule that does not hold of a lead on its own.
pub(crate) fn broken_rules(lead: &Lead) -> impl Iterator<Item = &'static str> {
    lead_rules(lead).into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule)
}

/// Rule 11 of the hand-off, for the clock.
pub(crate) const CLOCK_FITS: &str = "a lead in sales has exactly one deadline of its kind";
/// The same for who holds the lead.
pub(crate) const OWNER_FITS: &str = "a lead in sales has an owner, unless it is being routed";

fn lead_rules(lead: &Lead) -> [(bool, &'static str); 11] {
    let clock = lead.deadline.as_ref().map(|deadline| deadline.kind);
    let marks = &lead.marks;
    [
        (clock_fits(lead.status, clock), CLOCK_FITS),
        (owner_fits(lead, clock), OWNER_FITS),
        (lead.behaviour.value.is_finite(), "the behaviour score is a number"),
        ((lead.cycle == 0) == marks.first_mql_at.is_none(), "cycles are counted from the first"),
        (
            lead.status != Status::Nurturing || lead.cycle == 0,
            "nurturing is before the first cycle",
        ),
        (lead.status == Status::Nurturing || marks.mql_at.is_some(), "an MQL is stamped"),
        (
            !matches!(lead.status, Status::Working | Status::Converted)
                || marks.accepted_at.is_some(),
            "work is stamped as accepted",
        ),
        (lead.status != Status::Converted || marks.converted_at.is_some(), "converted is stamped"),
        (
            lead.status != Status::Returned || marks.returned_reason.is_some(),
            "returned has a reason",
        ),
        (
            lead.status != Status::Disqualified || marks.disqualified_reason.is_some(),
            "disqualified has a reason",
        ),
        (lead.lead == lead.who.lead_id(), "the id follows from the identity"),
    ]
}

/// Room for the rounding of a sum of decayed terms, in points.
const ROUNDING: f64 = 1e-6;

fn clock_fits(status: Status, clock: Option<Clock>) -> bool {
    match status {
        Status::Mql => matches!(clock, Some(Clock::Route | Clock::Accept)),
        Status::Working => {
            matches!(clock, Some(Clock::Accept | Clock::Convert | Clock::TakeBack))
        }
        Status::Nurturing | Status::Converted | Status::Returned | Status::Disqualified => {
            clock.is_none()
        }
    }
}

fn owner_fits(lead: &Lead, clock: Option<Clock>) -> bool {
    match lead.status {
        Status::Mql => lead.owner.is_some() == (clock == Some(Clock::Accept)),
        Status::Working | Status::Converted => lead.owner.is_some(),
        Status::Nurturing | Status::Returned | Status::Disqualified => lead.owner.is_none(),
    }
}

fn first_broken(rules: &[(bool, &'static str)]) -> Result<(), Broken> {
    rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(Broken(rule)))
}
