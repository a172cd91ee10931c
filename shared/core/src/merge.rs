//! Two leads of one person become one: which of them goes on, and what it takes over.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use crate::activity::Entry;
use crate::lead::{CapUse, Identifier, Lead, Merged, Stage, Status, Trip};
use crate::limits;
use crate::score::{Behaviour, Points, decay};

/// Puts the two in order: the one that goes on, and the one that is merged into it. The one further
/// on goes on; of two that stand alike, the one assigned first, then the one known first.
pub fn in_order(one: Lead, other: Lead) -> (Lead, Lead) {
    let rank = |lead: &Lead| {
        let assigned_at = lead.marks().assigned_at.unwrap_or(Timestamp::MAX);
        (place(lead.status()), assigned_at, lead.created_at, lead.who.email().is_none(), lead.lead)
    };
    if rank(&one) <= rank(&other) { (one, other) } else { (other, one) }
}

fn place(status: Status) -> u8 {
    match status {
        Status::Converted => 0,
        Status::Working => 1,
        Status::Mql => 2,
        Status::Disqualified => 3,
        Status::Returned => 4,
        Status::Nurturing => 5,
    }
}

/// Whether the ledgers must be read to merge the two: where only one of them restarted later, what
/// the other did before is in its score and no longer counts.
pub fn needs_ledgers(one: &Lead, other: &Lead) -> bool {
    one.restarted_at != other.restarted_at
}

/// Takes over what the other lead has. The trip, the owner and the deadline are the survivor's.
/// `ledger` has the entries of both if [`needs_ledgers`] asks for them.
pub(crate) fn absorb(
    survivor: &mut Lead,
    loser: Lead,
    ledger: &[Entry],
    (half_life, floor): (SignedDuration, Points),
    now: Timestamp,
) {
    let survivor_cycle = survivor.cycle();
    let becomes_cycle = survivor_cycle.max(loser.cycle());
    survivor.behaviour = behaviour(survivor, &loser, ledger, half_life, floor);
    renumber(survivor, &loser, becomes_cycle);
    survivor.restarted_at = survivor.restarted_at.max(loser.restarted_at);
    survivor.profile.absorb(&loser.profile);
    survivor.created_at = survivor.created_at.min(loser.created_at);
    survivor.caps = caps(&survivor.caps, &loser.caps);
    survivor.clicked.extend(loser.clicked.iter().cloned());
    let too_many = survivor.clicked.len().saturating_sub(limits::CLICKED_SECONDS);
    survivor.clicked.drain(..too_many);
    survivor.recent.extend(loser.recent.iter().cloned());
    survivor.recent.sort_by_key(|known| Reverse(known.at));
    survivor.recent.truncate(limits::RECENT_ACTIVITIES);
    let merged = Merged {
        cycle: loser.cycle(),
        survivor_cycle,
        becomes_cycle,
        era: loser.era,
        counts_in: Some(survivor.era),
    };
    names(survivor, loser, merged, now);
}

/// The loser's names become the survivor's; what was merged into it goes on counting if it did.
fn names(survivor: &mut Lead, loser: Lead, merged: Merged, now: Timestamp) {
    let (era, becomes) = (survivor.era, merged.becomes_cycle);
    let (who, erased, tied_at) = (loser.who, loser.erased, now);
    survivor.identifiers.push(Identifier { who, tied_at, erased, merged: Some(merged) });
    survivor.identifiers.extend(loser.identifiers.into_iter().map(|known| {
        let merged = known.merged.map(|before| Merged {
            counts_in: before.counts_in.filter(|counts| *counts == loser.era).map(|_| era),
            // Trips are counted from 1: 0 is none of the survivor's.
            survivor_cycle: 0,
            becomes_cycle: if before.becomes_cycle == merged.cycle { becomes } else { 0 },
            ..before
        });
        Identifier { merged, ..known }
    }));
}

/// What both did adds up; what either did before the later restart no longer counts.
fn behaviour(
    survivor: &Lead,
    loser: &Lead,
    ledger: &[Entry],
    half_life: SignedDuration,
    floor: Points,
) -> Behaviour {
    let as_of = survivor.behaviour.as_of.max(loser.behaviour.as_of);
    let restart = survivor.restarted_at.max(loser.restarted_at);
    let part = |lead: &Lead| match lead.restarted_at == restart {
        true => lead.behaviour.at(as_of, half_life),
        false => {
            let its = ledger.iter().filter(|entry| lead.answers_to(entry.lead));
            let its = its.filter(|entry| lead.counts(entry) && Some(entry.occurred_at) >= restart);
            let worth = |entry: &Entry| {
                entry.counted * decay(as_of.duration_since(entry.occurred_at), half_life)
            };
            its.map(worth).sum()
        }
    };
    let lowest = (floor as f64).min(survivor.behaviour.at(as_of, half_life));
    Behaviour { value: (part(survivor) + part(loser)).max(lowest), as_of }
}

/// The trip that goes on is counted after all trips of both.
fn renumber(survivor: &mut Lead, loser: &Lead, cycle: u32) {
    let first = loser.stage.trip().map(|trip| trip.first_mql_at);
    let Some(trip) = trip_mut(&mut survivor.stage) else { return };
    trip.cycle = cycle;
    trip.first_mql_at = first.map_or(trip.first_mql_at, |first| first.min(trip.first_mql_at));
}

fn trip_mut(stage: &mut Stage) -> Option<&mut Trip> {
    match stage {
        Stage::Nurturing => None,
        Stage::AwaitingOwner { trip, .. }
        | Stage::AwaitingAcceptance { trip, .. }
        | Stage::Working { trip, .. }
        | Stage::Converted { trip, .. } => Some(trip),
        Stage::Returned(ended) | Stage::Disqualified(ended) => Some(&mut ended.trip),
    }
}

/// What both used up of a cap on one day, the newest days first to stay.
fn caps(one: &[CapUse], other: &[CapUse]) -> Vec<CapUse> {
    let mut caps = one.to_vec();
    for used in other {
        match caps.binary_search_by(|known| (known.day, &known.rule).cmp(&(used.day, &used.rule))) {
            Ok(index) => {
                caps[index].points += used.points;
                caps[index].refused += used.refused;
            }
            Err(index) => caps.insert(index, used.clone()),
        }
    }
    caps.drain(..caps.len().saturating_sub(limits::CAP_ENTRIES));
    caps
}
