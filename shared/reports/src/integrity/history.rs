//! A lead's history and messages: every step from the first version to the newest, each made known.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::decision::History;
use baton_core::lead::{Lead, Status};
use baton_core::lifecycle;

use super::violation::is_late;
use super::{CheckContext, Found, LeadItems, MessageFacts, Place, StoredItem, Violation};

pub(super) fn check(
    place: &Place,
    lead: &Lead,
    held: &LeadItems,
    context: &CheckContext<'_>,
    found: &mut Found,
) {
    let lines = decided(lead, &held.history, |line| line.version, found);
    let news = decided(lead, &held.messages, |news| news.id.version, found);
    let news: Vec<_> = news.into_iter().filter(|kept| !kept.item.is_of_erasure).collect();
    chain(place, lead, &lines, found);
    let told: Vec<_> = lines.into_iter().filter(|kept| !kept.item.silent).collect();
    each_is_told(&told, &news, found);
    let all = held.messages.iter().filter(|kept| !is_taken(lead, kept.item.id.version));
    all.for_each(|kept| delivered(kept, context, found));
}

fn is_taken(lead: &Lead, version: u64) -> bool {
    lead.erased.is_some_and(|erased| erased.took_version(version))
}

/// What decisions of this lead made, oldest first; what it never made is told.
fn decided<'h, T>(
    lead: &Lead,
    kept: &'h [StoredItem<T>],
    version: impl Fn(&T) -> u64,
    found: &mut Found,
) -> Vec<&'h StoredItem<T>> {
    let its = kept.iter().filter(|kept| !is_taken(lead, version(&kept.item)));
    let (mut known, ahead): (Vec<_>, Vec<_>) =
        its.partition(|kept| version(&kept.item) <= lead.version);
    for kept in ahead {
        found.say(&kept.place, Violation::VersionAhead { version: lead.version });
    }
    known.sort_by_key(|kept| version(&kept.item));
    known
}

/// Each line goes on where the one before it ended, and the last one where the lead stands.
fn chain(place: &Place, lead: &Lead, lines: &[&StoredItem<History>], found: &mut Found) {
    let (mut status, mut cycle) = (Status::Nurturing, 0);
    let mut at = lead.created_at;
    for StoredItem { place, item: line, .. } in lines {
        // Sales may begin a trip outside the system: then the line says how it qualified.
        let begins = line.from != line.to && (line.to == Status::Mql || line.path.is_some());
        let rules = [
            (line.from == status, "a decision goes on where the one before it ended"),
            (
                line.from == line.to || lifecycle::connects(line.from, line.to),
                "only arrows of the table",
            ),
            (line.at >= at, "decisions are in the order of their versions"),
            (line.cycle == cycle + u32::from(begins), "a cycle begins with an MQL"),
        ];
        tell(place, &rules, found);
        (status, cycle, at) = (line.to, line.cycle, line.at);
    }
    let owner = lines.last().and_then(|kept| kept.item.owner.as_ref());
    let rules = [
        (lead.status() == status, "the lead stands where its history ends"),
        (lead.owner() == owner, "the lead's owner is the one its history ends with"),
        (lead.cycle() == cycle, "the lead is in the cycle its history ends with"),
    ];
    tell(place, &rules, found);
}

fn tell(place: &Place, rules: &[(bool, &'static str)], found: &mut Found) {
    let broken = rules.iter().filter(|(holds, _)| !holds);
    broken.for_each(|(_, rule)| found.say(place, Violation::HistoryBroken(rule)));
}

/// A decision in the history made messages, numbered from 0, and only such a decision does.
fn each_is_told(
    lines: &[&StoredItem<History>],
    news: &[&StoredItem<MessageFacts>],
    found: &mut Found,
) {
    let mut made: BTreeMap<u64, BTreeSet<u32>> = BTreeMap::new();
    for kept in news {
        made.entry(kept.item.id.version).or_default().insert(kept.item.id.index);
    }
    for kept in lines {
        let indices = made.get(&kept.item.version);
        if !indices.is_some_and(|indices| indices.iter().copied().eq(0..count(indices))) {
            found.say(&kept.place, Violation::NewsMissing);
        }
    }
    let decided: BTreeSet<u64> = lines.iter().map(|kept| kept.item.version).collect();
    for kept in news.iter().filter(|kept| !decided.contains(&kept.item.id.version)) {
        found.say(&kept.place, Violation::DecisionMissing);
    }
}

fn count(indices: &BTreeSet<u32>) -> u32 {
    u32::try_from(indices.len()).unwrap_or(u32::MAX)
}

fn delivered(kept: &StoredItem<MessageFacts>, context: &CheckContext<'_>, found: &mut Found) {
    let news = &kept.item;
    match (news.is_settled, news.is_due) {
        (true, _) => {}
        (false, false) => found.say(&kept.place, Violation::MessageStuck),
        (false, true) if is_late(news.at, context.now) => {
            found.say(&kept.place, Violation::MessageLate(news.at));
        }
        (false, true) => {}
    }
}
