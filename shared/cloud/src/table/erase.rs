//! Erasing: one transaction leaves a tombstone and a promise, and then whatever was under the lead
//! goes, item by item. Doing any of it twice is fine.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use baton_core::activity::Entry;
use baton_core::erasure::{Erasure, ErasureDecision, Tombstone};
use baton_core::id::LeadId;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::commit::{self, CommitError, IS_VERSION};
use super::item::Item;
use super::keys::{self, Key, text};
use super::{Table, codec};
use crate::error::Error;

/// Items erased at once.
const AT_ONCE: usize = 16;

/// What an erasure removed, in items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Activities: the ledger.
    pub activities: usize,
    /// Decisions: the history.
    pub history: usize,
    /// Messages, delivered or not: who was told what.
    pub messages: usize,
}

/// What one round of removing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cleared {
    pub removed: Removed,
    /// Whether the news of it still waits to be delivered.
    pub has_news: bool,
}

/// The item is of the erasure that was read, and not of a later one.
const IS_THIS: &str = "version = :version";
/// The message was delivered.
const IS_DELIVERED: &str = "attribute_not_exists(due_at)";
/// The entry is still the one that was read: of that lead and in that era.
const IS_ENTRY: &str = "ledger_of = :lead AND era = :era";

impl Table {
    /// Replaces a lead by what is left of it, with the promise to remove the rest and the news, in
    /// one transaction.
    pub async fn bury(&self, burial: &ErasureDecision, due: Timestamp) -> Result<(), CommitError> {
        let ErasureDecision { was, tombstone, message } = burial;
        let items = vec![
            self.put_over(codec::tombstone(tombstone)?, IS_VERSION, *was),
            self.put(codec::erasing(tombstone, due)?),
            self.put_new(codec::message(burial.news(), message, tombstone.erased.at)?),
        ];
        let sent = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        sent.map(drop).map_err(|error| commit::explain(error, false))
    }

    /// The erasure of a lead that is not finished, if there is one.
    pub async fn erasing(&self, lead: LeadId) -> Result<Option<Tombstone>, Error> {
        self.get(keys::erasing(lead), "GetItem erasing").await?.map(codec::read).transpose()
    }

    /// Looks again later whether an erasure left something.
    pub async fn look_again(&self, tombstone: &Tombstone, due: Timestamp) -> Result<(), Error> {
        let put = self.client.put_item().table_name(&self.name);
        let put = put.set_item(Some(codec::erasing(tombstone, due)?)).condition_expression(IS_THIS);
        let version = keys::number(tombstone.version);
        match put.expression_attribute_values(":version", version).send().await {
            Err(error) if !is_overtaken(&error) => Err(Error::aws("PutItem erasing")(error)),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Takes the promise off: nothing is left.
    pub async fn erased(&self, tombstone: &Tombstone) -> Result<(), Error> {
        let promise = self.deletion(keys::erasing(tombstone.lead)).condition_expression(IS_THIS);
        let version = keys::number(tombstone.version);
        is_gone(promise.expression_attribute_values(":version", version)).await.map(drop)
    }

    /// Removes everything an erasure took from under a lead; what came after it stays.
    pub async fn clear(&self, tombstone: &Tombstone) -> Result<Cleared, Error> {
        is_gone(self.deletion(keys::recount(tombstone.lead))).await?;
        let removed = Removed {
            activities: self.forget_activities(tombstone).await?,
            history: self.delete_from(tombstone, keys::HISTORY_PREFIX).await?
                + self.delete_from(tombstone, keys::SILENT_PREFIX).await?,
            messages: self.delete_from(tombstone, keys::MESSAGE_PREFIX).await?,
        };
        let news =
            self.deletion(keys::message(tombstone.news())).condition_expression(IS_DELIVERED);
        Ok(Cleared { removed, has_news: !is_gone(news).await? })
    }

    /// Leaves of each activity in the ledger only that it was counted.
    async fn forget_activities(&self, tombstone: &Tombstone) -> Result<usize, Error> {
        let ledger = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(keys::BY_LEAD)
            .key_condition_expression("ledger_of = :lead")
            .expression_attribute_values(":lead", text(tombstone.lead.to_string()));
        let items = self.items(ledger, "Query by_lead");
        let forgotten = items.map(async |item| self.forget(&tombstone.erased, item?).await);
        forgotten.buffer_unordered(AT_ONCE).try_fold(0, async |sum, n| Ok(sum + n)).await
    }

    /// Leaves of an activity only that it was counted: its own id may be an address, and its key is
    /// a hash of that.
    async fn forget(&self, erased: &Erasure, item: Item) -> Result<usize, Error> {
        let left = codec::forgotten(&item);
        let entry: Entry = codec::read(item)?;
        if !erased.took(&entry) {
            return Ok(0);
        }
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(left))
            .condition_expression(IS_ENTRY)
            .expression_attribute_values(":lead", text(entry.lead.to_string()))
            .expression_attribute_values(":era", keys::number(entry.era));
        match put.send().await {
            Ok(_) => Ok(1),
            // The index shows what is gone already.
            Err(error) if is_overtaken(&error) => Ok(0),
            Err(error) => Err(Error::aws("PutItem activity")(error)),
        }
    }

    /// Deletes what lies under a lead, below a prefix and before an erasure's version.
    async fn delete_from(&self, tombstone: &Tombstone, prefix: &str) -> Result<usize, Error> {
        let upto = keys::before_version(prefix, tombstone.version);
        let taken = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :lead AND sk BETWEEN :prefix AND :upto")
            .projection_expression("pk, sk")
            .expression_attribute_values(":lead", text(keys::lead_pk(tombstone.lead)))
            .expression_attribute_values(":prefix", text(prefix))
            .expression_attribute_values(":upto", text(upto))
            .consistent_read(true);
        let items = self.items(taken, "Query erased");
        let deleted = items.map(async |item| is_gone(self.deletion(key(&item?))).await);
        let deleted = deleted.buffer_unordered(AT_ONCE);
        deleted.try_fold(0, async |sum, gone| Ok(sum + usize::from(gone))).await
    }

    fn items(
        &self,
        query: QueryFluentBuilder,
        operation: &'static str,
    ) -> impl futures::Stream<Item = Result<Item, Error>> {
        let pages = query.into_paginator().items().send();
        stream::unfold(pages, move |mut pages| async move {
            let item = pages.next().await?;
            Some((item.map_err(Error::aws(operation)), pages))
        })
    }

    pub(super) fn deletion(&self, key: Key) -> DeleteItemFluentBuilder {
        let delete = self.client.delete_item().table_name(&self.name);
        delete.key(keys::PK, text(key.pk)).key(keys::SK, text(key.sk))
    }
}

/// Deletes an item, unless it is not as the condition says: whether it is gone now.
pub(super) async fn is_gone(delete: DeleteItemFluentBuilder) -> Result<bool, Error> {
    match delete.send().await {
        Ok(_) => Ok(true),
        Err(error) if is_otherwise(&error) => Ok(false),
        Err(error) => Err(Error::aws("DeleteItem")(error)),
    }
}

fn key(item: &Item) -> Key {
    let part = |name| codec::attribute(item, name).unwrap_or_default().to_owned();
    Key { pk: part(keys::PK), sk: part(keys::SK) }
}

fn is_overtaken(error: &SdkError<PutItemError>) -> bool {
    error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception)
}

fn is_otherwise(error: &SdkError<DeleteItemError>) -> bool {
    error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception)
}
