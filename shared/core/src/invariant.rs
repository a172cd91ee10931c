//! What is true of every lead and every decision: checked before each commit, in production too.

use crate::activity::Note;
use crate::decision::Decision;
use crate::lead::Lead;
use crate::lifecycle;
use crate::limits;
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
    let moved = before.status != lead.status();
    let behaviour = lead.behaviour.at(lead.changed_at, scoring.half_life);
    let floor = (scoring.floor as f64).min(before.behaviour);
    let scanned = decision.entry.as_ref().filter(|entry| entry.note == Some(Note::Scanner));
    let rules = [
        (lead.version == before.version + 1, "a decision makes exactly one version"),
        (lead.changed_at >= before.changed_at, "time does not run backwards"),
        (!moved || lifecycle::connects(before.status, lead.status()), "only arrows of the table"),
        (
            (!moved && before.owner.as_ref() == lead.owner())
                || decision.history.as_ref().is_some_and(|line| !line.silent),
            "a change of status or owner has its history",
        ),
        (decision.history.is_some() || decision.entry.is_some(), "every decision is on record"),
        (!moved || !decision.messages.is_empty(), "a change of status is made known"),
        (behaviour >= floor - ROUNDING, "the behaviour score keeps to its floor"),
        (
            decision.entry.as_ref().is_none_or(|entry| entry.lead == lead.lead),
            "an entry is in its own lead's ledger",
        ),
        (
            decision.aliases.iter().all(|write| {
                write.alias.survivor == lead.lead && lead.answers_to(write.alias.lead)
            }),
            "a lead has every name that leads to it",
        ),
        (
            scanned.is_none_or(|entry| entry.points == 0 && !moved),
            "a scanner's click gives no points and qualifies nobody",
        ),
    ];
    first_broken(&rules)
}

/// Checks a lead on its own: what its types don't say.
///
/// # Errors
///
/// The first invariant that does not hold.
pub fn check_lead(lead: &Lead) -> Result<(), Broken> {
    first_broken(&lead_rules(lead))
}

/// Every rule that does not hold of a lead on its own.
pub fn broken_rules(lead: &Lead) -> impl Iterator<Item = &'static str> {
    lead_rules(lead).into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule)
}

fn lead_rules(lead: &Lead) -> [(bool, &'static str); 4] {
    let trip = lead.stage.trip();
    [
        (lead.behaviour.value.is_finite(), "the behaviour score is a number"),
        (trip.is_none_or(|trip| trip.cycle > 0), "trips are counted from 1"),
        (lead.lead == lead.who.lead_id(), "the id follows from the identity"),
        (lead.identifiers.len() < limits::NAMES, "a lead has a bounded number of names"),
    ]
}

/// Room for the rounding of a sum of decayed terms, in points.
const ROUNDING: f64 = 1e-6;

fn first_broken(rules: &[(bool, &'static str)]) -> Result<(), Broken> {
    rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(Broken(rule)))
}
