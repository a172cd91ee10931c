//! A lead's ledger: the score that follows from its entries is the one the lead has.

use std::collections::BTreeMap;

use baton_core::activity::{Entry, Note};
use baton_core::commands::CommandKind;
use baton_core::decision::History;
use baton_core::lead::Lead;
use baton_core::ledger;
use baton_core::policy::Policy;
use baton_core::score::Behaviour;

use super::{CheckContext, Found, LeadItems, Place, StoredItem, Violation};

/// Policies, found by what tells how they score.
#[derive(Clone, Debug, Default)]
pub struct Policies(BTreeMap<u64, Policy>);

impl Policies {
    /// Takes note of a policy.
    pub fn learn(&mut self, policy: Policy) {
        self.0.insert(policy.scoring_fingerprint(), policy);
    }
}

pub(super) fn check(
    place: &Place,
    lead: &Lead,
    held: &LeadItems,
    context: &CheckContext<'_>,
    found: &mut Found,
) {
    let entries = its(lead, held);
    entries.iter().for_each(|kept| each(kept, lead, found));
    count(place, lead, &entries, held, found);
    let Some((score, ledger)) = scores(lead, &entries, context) else { return };
    if (score - ledger).abs() > ROUNDING {
        found.say(place, Violation::ScoreWrong { score, ledger });
    }
}

/// Whether a lead's score can be held against its ledger: the rules it was
/// counted by have to be known, none of its entries may have expired, and no recount may be due.
pub fn is_judged(lead: &Lead, held: &LeadItems, context: &CheckContext<'_>) -> bool {
    let has_done_nothing = lead.ledger.is_some_and(|mark| mark.entries == 0);
    (has_done_nothing && its(lead, held).is_empty()) || rules_of(lead, context).is_some()
}

/// The rules that the lead's score was counted by, if its ledger still has to give that score.
fn rules_of<'c>(lead: &Lead, context: &CheckContext<'c>) -> Option<&'c Policy> {
    let policy = context.policies.0.get(&lead.ledger?.rules)?;
    let now = context.now.max(lead.changed_at);
    ledger::is_up_to_date(lead, policy, now).then_some(policy)
}

fn its<'h>(lead: &Lead, held: &'h LeadItems) -> Vec<&'h StoredItem<Entry>> {
    let era = lead.erased.map_or(0, |erased| erased.era + 1);
    held.ledger.iter().filter(|kept| kept.item.era >= era).collect()
}

fn each(kept: &StoredItem<Entry>, lead: &Lead, found: &mut Found) {
    let entry = &kept.item;
    let counted = match entry.note {
        None => entry.counted == entry.points as f64,
        Some(Note::Floor) => entry.counted.abs() <= (entry.points as f64).abs() + ROUNDING,
        Some(Note::BeforeRestart) => entry.counted == 0.0,
        Some(Note::Scanner) => entry.points == 0,
        Some(Note::TooOld) => false,
    };
    let by_rules: i64 = entry.by_rule.iter().map(|earned| earned.points).sum();
    let rules = [
        (entry.points == by_rules, "an entry's points are what its rules gave"),
        (counted, "an entry counts its points, unless it says why not"),
        (entry.era <= lead.era, "an entry counts in an era the lead has reached"),
    ];
    let broken = rules.into_iter().filter(|(holds, _)| !holds);
    broken.for_each(|(_, rule)| found.say(&kept.place, Violation::EntryWrong(rule)));
}

/// Each entry made a version of the lead, and so did each decision that no activity led to. Others
/// did, too, of which nothing is kept.
fn count(
    place: &Place,
    lead: &Lead,
    entries: &[&StoredItem<Entry>],
    held: &LeadItems,
    found: &mut Found,
) {
    let began = lead.erased.map_or(0, |erased| erased.version);
    let by_others = |kept: &&StoredItem<History>| {
        kept.item.version > began && kept.item.command != CommandKind::Record
    };
    let decided = held.history.iter().filter(by_others).count();
    let (made, versions) = ((entries.len() + decided) as u64, lead.version.saturating_sub(began));
    if made > versions {
        found.say(place, Violation::CountWrong { made, versions });
    }
}

/// The lead's score and the one that its ledger gives, at the moment of the check; `None` if the
/// two need not be the same.
fn scores(
    lead: &Lead,
    entries: &[&StoredItem<Entry>],
    context: &CheckContext<'_>,
) -> Option<(f64, f64)> {
    if lead.ledger?.entries == 0 && entries.is_empty() {
        return Some((lead.behaviour.value, 0.0));
    }
    let (policy, now) = (rules_of(lead, context)?, context.now.max(lead.changed_at));
    let entries: Vec<Entry> = entries.iter().map(|kept| kept.item.clone()).collect();
    let counted = ledger::replay(lead, &entries, None, policy, now);
    let at = |behaviour: Behaviour| behaviour.at(now, policy.scoring.half_life);
    Some((at(lead.behaviour), at(counted.behaviour)))
}

/// Room for the rounding of a long sum, in points.
const ROUNDING: f64 = 1e-3;
