//! The published editions: each that was counted is there, and one is in force.

use super::{Finding, Place, Violation};

/// What is wrong with a document's editions: `in_force` is the number that says which one is, 0 if
/// nothing does, and `there` are the numbers of those that are kept.
pub fn check_documents(place: &Place, in_force: u64, there: &[u64]) -> Vec<Finding> {
    let newest = there.iter().copied().max().unwrap_or_default().max(in_force);
    let missing = (1..=newest).filter(|number| !there.contains(number));
    let finding = |number| Violation::EditionMissing { number };
    let mut found: Vec<_> = missing.map(finding).collect();
    if in_force != newest {
        found.push(Violation::NotInForce { number: newest });
    }
    found.into_iter().map(|violation| Finding { place: place.clone(), violation }).collect()
}
