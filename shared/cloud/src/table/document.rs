//! The policy and the roster as published: every edition is kept, and one is in force.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{ConditionCheck, TransactWriteItem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commit::IS_NEW;
use super::keys::{self, number, text};
use super::{Table, codec};
use crate::error::Error;

/// A document that is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Document {
    /// How leads are scored, qualified and routed.
    Policy,
    /// Who leads are dealt to.
    Roster,
}

impl Document {
    /// Both documents.
    pub const ALL: [Self; 2] = [Self::Policy, Self::Roster];

    /// The word in keys and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Roster => "roster",
        }
    }
}

/// One edition of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Editions count from 1.
    pub number: u64,
    /// The author's own name for it: its `version`.
    pub version: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// The edition it brings back, if it is one again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<u64>,
    /// The whole document, as it was published.
    pub text: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Current {
    pub(super) edition: u64,
}

impl Table {
    /// The number of the edition in force; 0 if none was published.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or the item can't be read.
    pub async fn number_in_force(&self, document: Document) -> Result<u64, Error> {
        let found = self.get(keys::current(document), "GetItem current").await?;
        let current: Option<Current> = found.map(codec::read).transpose()?;
        Ok(current.map_or(0, |current| current.edition))
    }

    /// One edition.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or the item can't be read.
    pub async fn edition(&self, document: Document, number: u64) -> Result<Option<Edition>, Error> {
        let found = self.get(keys::edition(document, number), "GetItem edition").await?;
        found.map(codec::read).transpose()
    }

    /// Every edition, newest first.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn editions(&self, document: Document) -> Result<Vec<Edition>, Error> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :document AND begins_with(sk, :prefix)")
            .expression_attribute_values(":document", text(keys::document_pk(document)))
            .expression_attribute_values(":prefix", text(keys::EDITION_PREFIX))
            .scan_index_forward(false)
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut editions = Vec::new();
        while let Some(item) = pages.next().await {
            editions.push(codec::read(item.map_err(Error::aws("Query editions"))?)?);
        }
        Ok(editions)
    }

    /// Puts editions into force together, if nobody published another meanwhile, of theirs or of
    /// the one they were read beside: `Ok(false)` then.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn publish(
        &self,
        editions: &[(Document, Edition)],
        beside: Option<(Document, u64)>,
    ) -> Result<bool, Error> {
        let mut writes = Vec::new();
        for (document, edition) in editions {
            let current = Current { edition: edition.number };
            let current = codec::item(&current, keys::current(*document), keys::ITEM_CURRENT)?;
            let key = keys::edition(*document, edition.number);
            let kept = codec::item(edition, key, keys::ITEM_EDITION)?;
            writes.push(self.put_over(kept, IS_EDITION, 0));
            writes.push(self.put_over(current, IS_EDITION, edition.number - 1));
        }
        writes.extend(beside.map(|(document, number)| self.still(document, number)));
        let sent = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if is_overtaken(&error) => Ok(false),
            Err(error) => Err(Error::aws("TransactWriteItems publish")(error)),
        }
    }

    fn still(&self, document: Document, is: u64) -> TransactWriteItem {
        let key = keys::current(document);
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .key(keys::PK, text(key.pk))
            .key(keys::SK, text(key.sk));
        let check = match is {
            0 => check.condition_expression(IS_NEW),
            _ => check
                .condition_expression(IS_EDITION)
                .expression_attribute_values(":was", number(is)),
        };
        let check = check.build().expect("table, key and condition are given");
        TransactWriteItem::builder().condition_check(check).build()
    }
}

/// What was read is still in force.
const IS_EDITION: &str = "edition = :was";

fn is_overtaken(error: &SdkError<TransactWriteItemsError>) -> bool {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    else {
        return false;
    };
    let passing = ["ConditionalCheckFailed", "TransactionConflict"];
    let mut codes = cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
    codes.any(|code| passing.contains(&code))
}
