//! A lead's ledger: what its entries add up to is its behaviour score.

use std::collections::BTreeMap;

use baton_core::activity::Note;
use baton_core::commands::CommandKind;
use baton_core::decision::History;
use baton_core::lead::Lead;
use baton_core::policy::Policy;
use baton_core::score::{Behaviour, decay};
use jiff::SignedDuration;

use super::{CheckContext, EntryFacts, Found, LeadItems, Place, StoredItem, Violation};

/// What a point was worth after a while, by the version of the policy.
#[derive(Clone, Debug, Default)]
pub struct HalfLives(BTreeMap<String, Option<SignedDuration>>);

impl HalfLives {
    /// Takes note of a policy. Of two that go by one name with different half-lives, neither says
    /// what entries were scored by.
    pub fn learn(&mut self, policy: &Policy) {
        let half_life = policy.scoring.half_life;
        let known = self.0.entry(policy.version.clone()).or_insert(Some(half_life));
        if *known != Some(half_life) {
            *known = None;
        }
    }

    fn of(&self, version: &str) -> Option<SignedDuration> {
        self.0.get(version).copied().flatten()
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
    let Some(sum) = adds_up_to(lead, &entries, held, context) else { return };
    let score = lead.behaviour.value;
    if (score - sum.value).abs() > sum.room {
        found.say(place, Violation::ScoreWrong { score, ledger: sum.value });
    }
}

/// Whether a lead's score can be held against its ledger: none of its entries may have expired, and
/// the half-life by which each was scored has to be known.
pub fn is_judged(lead: &Lead, held: &LeadItems, context: &CheckContext<'_>) -> bool {
    adds_up_to(lead, &its(lead, held), held, context).is_some()
}

fn its<'h>(lead: &Lead, held: &'h LeadItems) -> Vec<&'h StoredItem<EntryFacts>> {
    let era = lead.erased.map_or(0, |erased| erased.era + 1);
    held.ledger.iter().filter(|kept| kept.item.era >= era).collect()
}

fn each(kept: &StoredItem<EntryFacts>, lead: &Lead, found: &mut Found) {
    let entry = &kept.item;
    let counted = match entry.note {
        None => entry.counted == entry.points as f64,
        Some(Note::Floor) => entry.counted.abs() <= (entry.points as f64).abs() + ROUNDING,
        Some(Note::BeforeRestart) => entry.counted == 0.0,
        Some(Note::Scanner) => entry.points == 0,
    };
    let rules = [
        (entry.points == entry.by_rules, "an entry's points are what its rules gave"),
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
    entries: &[&StoredItem<EntryFacts>],
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

/// What leads that were merged into this one did, as far as it counts in its present era.
fn merged<'h>(lead: &'h Lead, held: &'h LeadItems) -> impl Iterator<Item = &'h EntryFacts> {
    let merged = |id| lead.merged_as(id).filter(|merged| merged.counts_in == Some(lead.era));
    held.merged.iter().filter_map(move |(id, ledger)| Some((merged(*id)?, ledger))).flat_map(
        |(merged, ledger)| {
            ledger.iter().map(|kept| &kept.item).filter(move |entry| entry.era == merged.era)
        },
    )
}

/// A sum, and how far rounding may have taken the score from it.
struct Sum {
    value: f64,
    room: f64,
}

/// What the entries of the present era add up to when the newest of them was done; `None` if that
/// can't be told from what is there.
fn adds_up_to(
    lead: &Lead,
    entries: &[&StoredItem<EntryFacts>],
    held: &LeadItems,
    context: &CheckContext<'_>,
) -> Option<Sum> {
    let began = lead.restarted_at.unwrap_or(lead.created_at);
    if context.now.duration_since(began) >= context.remembered {
        return None;
    }
    let restart = lead.restarted_at;
    let counted = entries.iter().map(|kept| &kept.item).filter(|entry| entry.era == lead.era);
    let counted = counted.chain(merged(lead, held));
    let counted = counted.filter(|entry| restart.is_none_or(|at| entry.occurred_at >= at));
    let mut counted: Vec<_> = counted.filter(|entry| entry.counted != 0.0).collect();
    // Only where the half-life changed does the order matter.
    counted.sort_by_key(|entry| entry.received_at);
    let known = counted.iter().map(|entry| Some((*entry, context.half_lives.of(&entry.policy)?)));
    let known: Vec<_> = known.collect::<Option<_>>()?;
    Some(total(lead, &known))
}

fn total(lead: &Lead, counted: &[(&EntryFacts, SignedDuration)]) -> Sum {
    let Some((first, newest)) = counted.first().zip(counted.last()) else {
        return Sum { value: 0.0, room: ROUNDING };
    };
    let begun =
        |value| Behaviour { value, as_of: lead.restarted_at.unwrap_or(first.0.occurred_at) };
    let (mut sum, mut size) = (begun(0.0), begun(0.0));
    for (entry, half_life) in counted {
        sum = add(&sum, entry.counted, entry, *half_life);
        size = add(&size, entry.counted.abs(), entry, *half_life);
    }
    let to_the_lead = decay(lead.behaviour.as_of.duration_since(sum.as_of), newest.1);
    Sum { value: sum.value * to_the_lead, room: ROUNDING + size.value * to_the_lead * PRECISION }
}

/// As [`Behaviour::add`], but for the floor: what an entry counted is what the floor left of it.
fn add(sum: &Behaviour, points: f64, entry: &EntryFacts, half_life: SignedDuration) -> Behaviour {
    let as_of = sum.as_of.max(entry.occurred_at);
    let worth = points * decay(as_of.duration_since(entry.occurred_at), half_life);
    Behaviour { value: sum.at(as_of, half_life) + worth, as_of }
}

/// Room for rounding, in points.
const ROUNDING: f64 = 1e-6;
/// How far sums may differ by rounding, as a share of the numbers added.
const PRECISION: f64 = 1e-9;
