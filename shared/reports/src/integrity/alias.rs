//! Another name of a lead: what lies under it ends where the lead that lay there was merged.

use baton_core::alias::Alias;

use super::{CheckContext, Found, LeadItems, StoredItem, Violation, erased, history, ledger};

pub(super) fn check(
    kept: &StoredItem<Alias>,
    held: &LeadItems,
    context: &CheckContext<'_>,
    found: &mut Found,
) {
    let alias = &kept.item;
    erased::check(held, alias.erased.as_ref(), context, found);
    if held.is_partial {
        return;
    }
    let Some(lead) = &alias.kept else {
        let version = alias.erased.map_or(0, |erased| erased.version);
        let since = held.history.iter().filter(|kept| kept.item.version > version);
        since.for_each(|kept| found.say(&kept.place, Violation::Orphan));
        return;
    };
    // The line and the news of the merge are one version further than the lead as it was.
    let mut before = held.clone();
    before.history.retain(|kept| kept.item.version != alias.version);
    before.messages.retain(|kept| kept.item.id.version != alias.version);
    history::check(&kept.place, lead, &before, context, found);
    ledger::check(&kept.place, lead, &before, context, found);
}
