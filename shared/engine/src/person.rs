//! Finding the lead of a person by all that an activity calls them: rule 13.
//!
//! One name costs one read. A second name that the lead is not known by yet costs one read more,
//! and an alias on the way another one.

use baton_cloud::{Error, Table};
use baton_core::activity::Activity;
use baton_core::alias::{FreeName, Joining, StoredRecord};
use baton_core::commands::{Command, CommandRequest, Record};
use baton_core::erasure::{LeadRecord, Tombstone};
use baton_core::id::{Identity, LeadId};
use baton_core::lead::Lead;
use baton_core::merge;
use baton_core::tie::{Tie, TieRules, tie};
use jiff::Timestamp;

use crate::failure::Failure;

/// The lead a request is about, and what else turned out to be the same person's.
pub(crate) struct Found {
    pub(crate) lead: Lead,
    pub(crate) joining: Joining,
    /// The attempt that wrote the lead.
    pub(crate) attempt_id: String,
}

/// What lies under a name's id.
struct Slot {
    name: FreeName,
    tombstone: Option<Tombstone>,
    /// The lead that it leads to, and the attempt that wrote that.
    lead: Option<(Lead, String)>,
}

impl Slot {
    async fn of(table: &Table, who: &Identity) -> Result<Self, Error> {
        let (who, id) = (who.clone(), who.lead_id());
        let free = |version, era, erased| FreeName { who, version, era, erased };
        Ok(match table.stored(id).await? {
            None => Self { name: free(0, 0, None), tombstone: None, lead: None },
            Some((StoredRecord::Known(LeadRecord::Lead(lead)), by)) => {
                let name = free(lead.version, lead.era, lead.erased);
                Self { name, tombstone: None, lead: Some((*lead, by)) }
            }
            Some((StoredRecord::Known(LeadRecord::Erased(tombstone)), _)) => {
                let (version, erased) = (tombstone.version, tombstone.erased);
                let name = free(version, erased.era, Some(erased));
                Self { name, tombstone: Some(tombstone), lead: None }
            }
            Some((StoredRecord::Alias(alias), _)) => {
                let name = free(alias.version, alias.era, alias.erased);
                let lead = match table.known_and_attempt(alias.survivor).await? {
                    Some((LeadRecord::Lead(lead), by)) => Some((*lead, by)),
                    Some((LeadRecord::Erased(_), _)) | None => None,
                };
                Self { name, tombstone: None, lead }
            }
        })
    }

    /// The lead of the name; if there is none, the one that begins with this request.
    fn begin(self, request: &CommandRequest, now: Timestamp) -> Result<(Lead, String), Failure> {
        let nobody = String::new;
        Ok(match (self.lead, self.tombstone) {
            (Some(found), _) => found,
            (None, Some(tombstone)) => (tombstone.answer(request, now)?, nobody()),
            (None, None) => (Lead::new(self.name.who, now), nobody()),
        })
    }
}

/// Finds the lead of an activity's person, or begins it.
pub(crate) async fn of_activity(
    table: &Table,
    activity: &Activity,
    rules: TieRules,
    request: &CommandRequest,
    now: Timestamp,
) -> Result<Found, Failure> {
    let slot = Slot::of(table, &activity.who).await?;
    let second = activity.identifiers().nth(1);
    let is_known = |who: &Identity| slot.lead.as_ref().is_some_and(|(lead, _)| lead.is_called(who));
    let Some(second) = second.filter(|who| !is_known(who)) else {
        return Ok(alone(slot.begin(request, now)?));
    };
    let other = Slot::of(table, &second).await?;
    let (by_address, by_id) = (slot.lead.as_ref(), other.lead.as_ref());
    match tie(activity, rules, by_address.map(|(lead, _)| lead), by_id.map(|(lead, _)| lead)) {
        Tie::Known => Ok(alone(slot.begin(request, now)?)),
        Tie::Conflict(conflict) => {
            let joining = Joining { conflict: Some(conflict), ..Joining::default() };
            Ok(Found { joining, ..alone(slot.begin(request, now)?) })
        }
        Tie::Alias => {
            let (with_lead, free) = if by_id.is_some() { (other, slot) } else { (slot, other) };
            let joining = Joining { name: Some(free.name), ..Joining::default() };
            Ok(Found { joining, ..alone(with_lead.begin(request, now)?) })
        }
        Tie::Merge => merging(table, slot.begin(request, now)?, other.begin(request, now)?).await,
    }
}

fn alone((lead, attempt_id): (Lead, String)) -> Found {
    Found { lead, joining: Joining::default(), attempt_id }
}

async fn merging(
    table: &Table,
    one: (Lead, String),
    other: (Lead, String),
) -> Result<Found, Failure> {
    let (ones, attempts) = (one.0.lead, (one.1, other.1));
    let (lead, loser) = merge::in_order(one.0, other.0);
    let attempt_id = if lead.lead == ones { attempts.0 } else { attempts.1 };
    let ledger = match merge::needs_ledgers(&lead, &loser) {
        true => [table.whole_ledger(&lead).await?, table.whole_ledger(&loser).await?].concat(),
        false => Vec::new(),
    };
    let joining = Joining { lead: Some(Box::new(loser)), ledger, ..Joining::default() };
    Ok(Found { lead, joining, attempt_id })
}

/// Finds the lead that somebody asks something of, by any of its names.
pub(crate) async fn of_id(
    table: &Table,
    id: LeadId,
    request: &CommandRequest,
    now: Timestamp,
) -> Result<Found, Failure> {
    match table.known_and_attempt(id).await? {
        Some((LeadRecord::Lead(lead), by)) => Ok(alone((*lead, by))),
        Some((LeadRecord::Erased(tombstone), _)) => {
            Ok(alone((tombstone.answer(request, now)?, String::new())))
        }
        None => Err(Failure::NotFound),
    }
}

/// The activity that a request is to record, if it is such a request.
pub(crate) fn activity_of(request: &CommandRequest) -> Option<&Activity> {
    let Command::Record(Record { activity }) = &request.command else { return None };
    Some(activity)
}
