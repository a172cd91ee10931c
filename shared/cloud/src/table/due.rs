//! Everything due now, oldest first: leads whose deadline has passed, messages not delivered.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use baton_core::id::LeadId;
use baton_core::message::MessageId;
use futures::future::try_join_all;
use jiff::Timestamp;

use super::codec::{self, Item};
use super::{Sent, Table};
use crate::error::Error;
use crate::keys;

/// A promise that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Since when.
    pub at: Timestamp,
    /// What.
    pub item: DueItem,
}

/// What a promise is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueItem {
    /// A lead whose deadline has passed.
    Lead(LeadId),
    /// An erased lead of which something may be left.
    Erasing(LeadId),
    /// A message that has not been delivered: its place in the table.
    Message {
        /// Whose.
        lead: LeadId,
        /// Where.
        sk: String,
    },
}

impl Table {
    /// Promises due at `now`, oldest first, at most `limit` of each shard. Always asks for
    /// everything due, never "since last time": what an index shows late is found a minute later.
    ///
    /// # Errors
    ///
    /// When the store can't be asked. An entry of the index that can't be read is left out.
    pub async fn due(&self, now: Timestamp, limit: i32) -> Result<Vec<Due>, Error> {
        let shards = (0..keys::DUE_SHARDS).map(|shard| self.due_in(shard, now, limit));
        let mut due: Vec<Due> = try_join_all(shards).await?.into_iter().flatten().collect();
        due.sort_by_key(|due| due.at);
        Ok(due)
    }

    /// When the next promise falls due, if any does before `until`.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn next_due(&self, until: Timestamp) -> Result<Option<Timestamp>, Error> {
        Ok(self.due(until, 1).await?.first().map(|due| due.at))
    }

    async fn due_in(&self, shard: u8, now: Timestamp, limit: i32) -> Result<Vec<Due>, Error> {
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
        Ok(found.items.unwrap_or_default().iter().filter_map(promise).collect())
    }

    /// The message at a place, unless it has been delivered meanwhile.
    pub(crate) async fn undelivered(&self, lead: LeadId, sk: &str) -> Result<Option<Sent>, Error> {
        let found = self
            .client
            .get_item()
            .table_name(&self.name)
            .key(keys::PK, keys::text(keys::lead_pk(lead)))
            .key(keys::SK, keys::text(sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(Error::aws("GetItem message"))?;
        match found.item {
            Some(item) if item.contains_key(keys::DUE_AT) => codec::read(item).map(Some),
            Some(_) | None => Ok(None),
        }
    }

    /// Takes a message off the list of promises and keeps it as the record of who was told what.
    /// Doing so twice is fine; says whether this was the time that did.
    pub(crate) async fn delivered(&self, id: MessageId, at: Timestamp) -> Result<bool, Error> {
        self.settle(id, "SET delivered_at = :at REMOVE due_shard, due_at", at).await
    }

    /// The same for a message that was not sent, for it is no longer true.
    pub(crate) async fn withdrawn(&self, id: MessageId, at: Timestamp) -> Result<bool, Error> {
        self.settle(id, "SET withdrawn_at = :at REMOVE due_shard, due_at", at).await
    }

    async fn settle(&self, id: MessageId, update: &str, at: Timestamp) -> Result<bool, Error> {
        let key = keys::message(id);
        let settled = self
            .client
            .update_item()
            .table_name(&self.name)
            .key(keys::PK, keys::text(key.pk))
            .key(keys::SK, keys::text(key.sk))
            .update_expression(update)
            .condition_expression("attribute_exists(due_at)")
            .expression_attribute_values(":at", keys::text(at.to_string()))
            .send()
            .await;
        match settled {
            Ok(_) => Ok(true),
            Err(e) if is_settled(&e) => Ok(false),
            Err(e) => Err(Error::aws("UpdateItem message")(e)),
        }
    }
}

fn is_settled(error: &SdkError<UpdateItemError>) -> bool {
    error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}

fn promise(item: &Item) -> Option<Due> {
    let lead = LeadId::parse(codec::attribute(item, "lead")?).ok()?;
    let at = item.get(keys::DUE_AT).map(AttributeValue::as_n)?.ok()?.parse().ok()?;
    let at = Timestamp::from_millisecond(at).ok()?;
    let item = match codec::attribute(item, keys::ITEM)? {
        keys::ITEM_MESSAGE => {
            DueItem::Message { lead, sk: codec::attribute(item, keys::SK)?.to_owned() }
        }
        keys::ITEM_ERASING => DueItem::Erasing(lead),
        _ => DueItem::Lead(lead),
    };
    Some(Due { at, item })
}
