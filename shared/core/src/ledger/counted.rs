//! The ledger as it is shown: each entry with what it is worth by the rules in force.

use jiff::Timestamp;

use super::mark::is_whole;
use super::replay::{is_of_era, replay};
use crate::activity::Entry;
use crate::lead::Lead;
use crate::policy::Policy;

/// Whether the lead's score is what its ledger says, as far as the lead can know: else whoever
/// shows it reads the ledger first.
pub fn is_up_to_date(lead: &Lead, policy: &Policy, now: Timestamp) -> bool {
    let is_outdated = lead.ledger.as_ref().is_none_or(|mark| mark.is_outdated(policy, now));
    lead.recount_at.is_none() && !is_outdated
}

/// The lead with the score that its ledger gives; as it is, if these are not all of its entries.
#[must_use]
pub fn brought_up_to_date(
    mut lead: Lead,
    entries: &[Entry],
    policy: &Policy,
    now: Timestamp,
) -> Lead {
    if !is_up_to_date(&lead, policy, now) && is_whole(&lead, entries, lead.changed_at, now) {
        replay(&lead, entries, None, policy, now).put_on(&mut lead, policy);
    }
    lead
}

/// The entries that no erasure took. One that was taken may still have to be removed.
#[must_use]
pub fn since_erasure(lead: &Lead, mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.retain(|entry| !lead.erased.is_some_and(|erased| erased.took(entry)));
    entries
}

/// The lead with the score that its ledger gives, and the ledger that gives it.
#[must_use]
pub fn counted(
    lead: Lead,
    entries: Vec<Entry>,
    policy: &Policy,
    now: Timestamp,
) -> (Lead, Vec<Entry>) {
    let lead = brought_up_to_date(lead, &entries, policy, now);
    let entries = as_counted(&lead, entries, policy, now);
    (lead, entries)
}

/// Replaces what each entry of the present era was worth when it arrived by what it is worth.
pub fn as_counted(
    lead: &Lead,
    mut entries: Vec<Entry>,
    policy: &Policy,
    now: Timestamp,
) -> Vec<Entry> {
    let worths = replay(lead, &entries, None, policy, now).worths;
    for (entry, worth) in entries.iter_mut().zip(worths) {
        if is_of_era(entry, lead) {
            entry.points = worth.points();
            (entry.by_rule, entry.counted, entry.note) = (worth.by_rule, worth.counted, worth.note);
        }
    }
    entries
}
