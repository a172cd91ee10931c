//! What belongs to nobody, and what an erasure left.

use baton_core::erasure::Erasure;

use super::violation::is_late;
use super::{CheckContext, Erasing, Found, LeadItems, Place, StoredItem, Violation};

/// Everything under an id that nobody is known by.
pub(super) fn orphans(held: &LeadItems, found: &mut Found) {
    let places = held.history.iter().map(|kept| &kept.place);
    let places = places.chain(held.messages.iter().map(|kept| &kept.place));
    let places = places.chain(held.ledger.iter().map(|kept| &kept.place));
    places.for_each(|place| found.say(place, Violation::Orphan));
}

/// What an erasure took has to be gone, unless there is a promise to remove it.
pub(super) fn check(
    held: &LeadItems,
    erased: Option<&Erasure>,
    context: &CheckContext<'_>,
    found: &mut Found,
) {
    let promised = held.erasing.as_ref().filter(|kept| is_of(kept, erased));
    if let Some(kept) = &held.erasing {
        match (promised, kept.item.due) {
            (Some(_), Some(due)) if is_late(due, context.now) => {
                found.say(&kept.place, Violation::ErasureLate(due));
            }
            (Some(_), _) => {}
            (None, _) => found.say(&kept.place, Violation::Orphan),
        }
    }
    let is_finishing = promised.is_some_and(|kept| kept.item.due.is_some());
    if let (Some(erased), false) = (erased, is_finishing) {
        taken(held, erased).for_each(|place| found.say(place, Violation::Leftover));
    }
}

fn is_of(kept: &StoredItem<Erasing>, erased: Option<&Erasure>) -> bool {
    erased.is_some_and(|erased| erased.version == kept.item.tombstone.version)
}

/// What an erasure took: all of before, and the news of it once that is delivered.
fn taken<'h>(held: &'h LeadItems, erased: &'h Erasure) -> impl Iterator<Item = &'h Place> {
    let history = held.history.iter().filter(|kept| erased.took_version(kept.item.version));
    let messages = held.messages.iter().filter(|kept| {
        let news = &kept.item;
        erased.took_version(news.id.version) || (news.is_of_erasure && news.is_settled)
    });
    let ledger = held.ledger.iter().filter(|kept| kept.item.era <= erased.era);
    let history = history.map(|kept| &kept.place);
    history.chain(messages.map(|kept| &kept.place)).chain(ledger.map(|kept| &kept.place))
}

/// What came after an erasure has a lead of its own, never a tombstone.
pub(super) fn only_a_tombstone(held: &LeadItems, erased: &Erasure, found: &mut Found) {
    let history = held.history.iter().filter(|kept| !erased.took_version(kept.item.version));
    let messages = held
        .messages
        .iter()
        .filter(|kept| !erased.took_version(kept.item.id.version) && !kept.item.is_of_erasure);
    let ledger = held.ledger.iter().filter(|kept| kept.item.era > erased.era);
    let history = history.map(|kept| &kept.place);
    let places = history.chain(messages.map(|kept| &kept.place));
    let places = places.chain(ledger.map(|kept| &kept.place));
    places.for_each(|place| found.say(place, Violation::Orphan));
}
