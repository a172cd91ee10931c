//! Everything due now, oldest first: leads whose deadline has passed, messages not delivered.

use aws_sdk_dynamodb::types::AttributeValue;
use baton_core::id::LeadId;
use futures::future::try_join_all;
use jiff::Timestamp;

use super::item::Item;
use super::keys::{self, Key};
use super::{DueKey, Table, codec};
use crate::error::Error;

/// Which items: each kind is found on its own, so that neither stands in the other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Deadlines of leads, estimates of their scores, and what is left of erased ones.
    Leads,
    /// Messages to be delivered.
    Messages,
}

/// Promises that are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The promises, the one that is due longest first.
    pub items: Vec<Due>,
    /// Whether there were more than were asked for.
    pub is_cut: bool,
}

/// A promise that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Since when it is due.
    pub at: Timestamp,
    /// The lead or the message that it is about.
    pub item: DueItem,
    /// Where it is kept.
    pub place: DueKey,
}

/// What a promise is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueItem {
    /// A lead whose deadline has passed.
    Lead(LeadId),
    /// An erased lead of which something may be left.
    Erasing(LeadId),
    /// A lead whose score is an estimate.
    Recount(LeadId),
    /// A message that has not been delivered, about a lead.
    Message(LeadId),
    /// Nobody can say: the item is not one we wrote.
    Unknown,
}

impl Table {
    /// Promises due at `now`, oldest first, at most `limit` of each shard. Always asks for
    /// everything due, never "since last time": what an index shows late is found a minute later.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn due(&self, lane: Lane, now: Timestamp, limit: i32) -> Result<Batch, Error> {
        let shards = keys::due_shards(lane).map(|shard| self.due_in(shard, now, limit));
        let mut all = Batch { items: Vec::new(), is_cut: false };
        for batch in try_join_all(shards).await? {
            all.items.extend(batch.items);
            all.is_cut |= batch.is_cut;
        }
        all.items.sort_by_key(|due| due.at);
        Ok(all)
    }

    /// When the next promise falls due, if any does before `until`.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn next_due(&self, until: Timestamp) -> Result<Option<Timestamp>, Error> {
        let lanes = [Lane::Leads, Lane::Messages].map(|lane| self.due(lane, until, 1));
        let next = try_join_all(lanes).await?;
        Ok(next.iter().filter_map(|batch| Some(batch.items.first()?.at)).min())
    }

    async fn due_in(&self, shard: u8, now: Timestamp, limit: i32) -> Result<Batch, Error> {
        let found = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(keys::BY_DUE)
            .key_condition_expression("due_shard = :shard AND due_at <= :now")
            .expression_attribute_values(":shard", keys::number(shard))
            .expression_attribute_values(":now", keys::number(now.as_millisecond()))
            .limit(limit)
            .send()
            .await
            .map_err(Error::aws("Query by_due"))?;
        let is_cut = found.last_evaluated_key.is_some();
        let items = found.items.unwrap_or_default().iter().filter_map(due_item).collect();
        Ok(Batch { items, is_cut })
    }
}

/// Every entry of the index has its keys; what else is in it may be anything.
fn due_item(entry: &Item) -> Option<Due> {
    let key = |name| codec::attribute(entry, name).map(str::to_owned);
    let due_at = entry.get(keys::DUE_AT).map(AttributeValue::as_n)?.ok()?.clone();
    let at = due_at.parse().ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    let place = DueKey { key: Key { pk: key(keys::PK)?, sk: key(keys::SK)? }, due_at };
    Some(Due { at: at.unwrap_or(Timestamp::MIN), item: about(entry), place })
}

fn about(entry: &Item) -> DueItem {
    let lead = codec::attribute(entry, "lead").and_then(|lead| LeadId::parse(lead).ok());
    match (codec::attribute(entry, keys::ITEM), lead) {
        (Some(keys::ITEM_LEAD), Some(lead)) => DueItem::Lead(lead),
        (Some(keys::ITEM_ERASING), Some(lead)) => DueItem::Erasing(lead),
        (Some(keys::ITEM_RECOUNT), Some(lead)) => DueItem::Recount(lead),
        (Some(keys::ITEM_MESSAGE), Some(lead)) => DueItem::Message(lead),
        _ => DueItem::Unknown,
    }
}
