//! One decision, one transaction: lead, ledger, history, outbox and turn, together or not at all.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{
    CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use baton_core::activity::Entry;
use baton_core::alias::{Alias, AliasWrite};
use baton_core::decision::Decision;
use baton_core::id::LeadId;

use super::item::Item;
use super::{Table, codec, keys};
use crate::error::Error;

/// A decision and the mark of the attempt to commit it.
pub struct Commit<'a> {
    /// What was decided.
    pub decision: &'a Decision,
    /// Tells this attempt from others, should its answer be lost.
    pub attempt_id: &'a str,
}

/// Why a decision was not committed.
#[derive(Debug)]
pub enum CommitError {
    /// The activity is in the ledger already: as this entry, written by that attempt.
    Duplicate(Box<Entry>, String),
    /// The activity was in a ledger that was erased.
    Forgotten,
    /// Somebody else changed the lead or the turn: load and decide again.
    Conflict,
    /// The world failed.
    Error(Error),
}

impl From<Error> for CommitError {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// An item is new.
pub(super) const IS_NEW: &str = "attribute_not_exists(pk)";
/// The lead is the one that was read.
pub(super) const IS_VERSION: &str = "version = :was";
/// The turn is the one that was read.
const IS_TURN: &str = "dealt = :was";

impl Table {
    /// Commits a decision in one transaction; every write is conditional.
    pub async fn commit(&self, commit: Commit<'_>) -> Result<(), CommitError> {
        let items = self.writes(&commit)?;
        let sent = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) => Err(explain(error, commit.decision.entry.is_some())),
        }
    }

    fn writes(&self, commit: &Commit<'_>) -> Result<Vec<TransactWriteItem>, Error> {
        let Commit { decision, attempt_id } = commit;
        let lead = &decision.lead;
        let mut items = Vec::with_capacity(4);
        if let Some(entry) = &decision.entry {
            items.push(self.put_new(codec::activity(entry, attempt_id)?));
        }
        items.push(self.put_over(
            codec::lead(lead, attempt_id)?,
            IS_VERSION,
            decision.before.version,
        ));
        if let Some(line) = &decision.history {
            items.push(self.put_new(codec::history(lead.lead, line)?));
        }
        for (id, message) in decision.outbox() {
            items.push(self.put_new(codec::message(id, message, lead.changed_at)?));
        }
        if let Some(cursor) = &decision.turn {
            let was = cursor.dealt.saturating_sub(1);
            items.push(self.put_over(codec::cursor(cursor)?, IS_TURN, was));
        }
        for write in &decision.aliases {
            self.alias(write, &mut items)?;
        }
        Ok(items)
    }

    /// Another name of the lead; of a lead that was merged, with the end of its history.
    fn alias(&self, write: &AliasWrite, items: &mut Vec<TransactWriteItem>) -> Result<(), Error> {
        let AliasWrite { alias, was, history, message, repointed } = write;
        items.push(self.put_over(codec::alias(alias)?, IS_VERSION, *was));
        if let Some(line) = history {
            items.push(self.put_new(codec::history(alias.lead, line)?));
        }
        if let Some(message) = message {
            items.push(self.put_new(codec::message(write.news(), message, alias.at)?));
        }
        for id in repointed {
            items.push(self.repoint(*id, alias));
        }
        Ok(())
    }

    /// An alias of the lead that was merged leads to the one that goes on.
    fn repoint(&self, id: LeadId, merged: &Alias) -> TransactWriteItem {
        let key = keys::lead(id);
        let update = Update::builder()
            .table_name(&self.name)
            .key(keys::PK, keys::text(key.pk))
            .key(keys::SK, keys::text(key.sk))
            .update_expression("SET survivor = :survivor")
            .condition_expression("survivor = :merged")
            .expression_attribute_values(":survivor", keys::text(merged.survivor.to_string()))
            .expression_attribute_values(":merged", keys::text(merged.lead.to_string()));
        let update = update.build().expect("table, key and update are given");
        TransactWriteItem::builder().update(update).build()
    }

    /// Writes the item whatever is there: only for what is newer than anything it could replace.
    pub(super) fn put(&self, item: Item) -> TransactWriteItem {
        self.write(Put::builder(), item)
    }

    pub(super) fn put_new(&self, item: Item) -> TransactWriteItem {
        let put = Put::builder()
            .condition_expression(IS_NEW)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        self.write(put, item)
    }

    /// Replaces the item whose number was `was`; number 0 is an item not written yet.
    pub(super) fn put_over(&self, item: Item, condition: &str, was: u64) -> TransactWriteItem {
        let put = match was {
            0 => Put::builder().condition_expression(IS_NEW),
            _ => Put::builder()
                .condition_expression(condition)
                .expression_attribute_values(":was", keys::number(was)),
        };
        self.write(put, item)
    }

    fn write(&self, put: PutBuilder, item: Item) -> TransactWriteItem {
        let put = put.table_name(&self.name).set_item(Some(item)).build();
        TransactWriteItem::builder().put(put.expect("table and item are given")).build()
    }
}

/// The activity is written first, so its reason for cancelling is the first one.
pub(super) fn explain(error: SdkError<TransactWriteItemsError>, has_entry: bool) -> CommitError {
    let reasons = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(e)) => e.cancellation_reasons(),
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => {
            return CommitError::Conflict;
        }
        _ => return Error::aws("TransactWriteItems")(error).into(),
    };
    if let Some(first) = reasons.first().filter(|r| has_entry && code(r) == CONDITION_FAILED) {
        return duplicate(first);
    }
    let passing = [
        CONDITION_FAILED,
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    ];
    match reasons.iter().any(|reason| passing.contains(&code(reason))) {
        true => CommitError::Conflict,
        false => Error::aws("TransactWriteItems")(error).into(),
    }
}

const CONDITION_FAILED: &str = "ConditionalCheckFailed";

fn code(reason: &CancellationReason) -> &str {
    reason.code().unwrap_or_default()
}

fn duplicate(reason: &CancellationReason) -> CommitError {
    let item = reason.item().cloned().unwrap_or_default();
    if codec::attribute(&item, keys::ITEM) == Some(keys::ITEM_FORGOTTEN) {
        return CommitError::Forgotten;
    }
    let attempt_id = codec::attribute(&item, keys::ATTEMPT_ID).unwrap_or_default().to_owned();
    match codec::read(item) {
        Ok(entry) => CommitError::Duplicate(Box::new(entry), attempt_id),
        Err(error) => error.into(),
    }
}
