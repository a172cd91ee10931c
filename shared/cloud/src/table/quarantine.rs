//! Deliveries nothing could be made of: kept whole, shown, tried again once the policy is mended.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use baton_core::id::{Identity, SourceName};
use baton_core::pii_scan::mentions;
use baton_core::time::later;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::item::Item;
use super::keys::{self, number, text};
use super::{Table, codec};
use crate::error::Error;

/// How long a delivery waits to be looked at: a quarter, and then it is personal data too old to
/// keep.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// A delivery in quarantine, but for its body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The source that delivered it.
    pub source: SourceName,
    /// Its name: a hash of what was delivered, so that it is kept once.
    pub id: String,
    /// When it first came.
    pub received_at: Timestamp,
    /// Why nothing could be made of it; no personal data.
    pub reasons: Vec<String>,
    /// Whether a machine is suspected: such a delivery is recorded only when a person says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_suspect: bool,
    /// The headers that say how the body reads; gone once it was recorded or erased.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The URL's query, without the secret.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// When it was recorded after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// When it was erased with a person it mentioned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
}

impl Held {
    /// Whether it still waits to be recorded.
    pub fn is_waiting(&self) -> bool {
        self.taken_at.is_none() && self.erased_at.is_none()
    }
}

impl Quarantined {
    fn mentions(&self, who: &Identity) -> bool {
        let said = self.held.query.iter().flat_map(|(key, value)| [key, value]);
        let said = said.chain(self.held.headers.values());
        mentions(&self.body, who) || said.into_iter().any(|text| mentions(text.as_bytes(), who))
    }
}

/// A delivery in quarantine, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Quarantined {
    /// What is known of it.
    pub held: Held,
    /// The body as it came; empty once it was recorded or erased.
    pub body: Vec<u8>,
}

impl Table {
    /// Keeps a delivery: once, however often it is sent.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn quarantine(&self, delivery: &Quarantined) -> Result<(), Error> {
        let Quarantined { held, body } = delivery;
        let mut item = without_body(held)?;
        item.insert(keys::BODY.into(), AttributeValue::B(Blob::new(body.clone())));
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item));
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Err(error) if !is_kept(&error) => Err(Error::aws("PutItem quarantine")(error)),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// One delivery in quarantine.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or the item can't be read.
    pub async fn quarantined(
        &self,
        source: &SourceName,
        id: &str,
    ) -> Result<Option<Quarantined>, Error> {
        let found = self.get(keys::quarantine(source, id), "GetItem quarantine").await?;
        found.map(read).transpose()
    }

    /// The deliveries of a source that wait, oldest first: at most so many, in no order chosen
    /// among more.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn waiting(&self, source: &SourceName, at_most: usize) -> Result<Vec<Held>, Error> {
        let mut pages = self.held_by(source).into_paginator().items().send();
        let mut waiting: Vec<Held> = Vec::new();
        while let Some(item) = pages.next().await {
            waiting.push(read(item.map_err(Error::aws("Query quarantine"))?)?.held);
            if waiting.len() == at_most {
                break;
            }
        }
        waiting.sort_by_key(|held| held.received_at);
        Ok(waiting)
    }

    /// Notes that a delivery was recorded after all; what it said is in the ledger now.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn taken(&self, held: &Held, now: Timestamp) -> Result<(), Error> {
        self.empty(held, TAKEN_AT, now).await
    }

    /// Erases the deliveries of a source that mention a person; gives how many. Of each is left
    /// that it came, so that it is not kept again when it is sent again.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn erase_quarantined(
        &self,
        source: &SourceName,
        who: &Identity,
        now: Timestamp,
    ) -> Result<usize, Error> {
        let mentioning = self.mentioning(source, who).await?;
        for delivery in &mentioning {
            self.empty(&delivery.held, ERASED_AT, now).await?;
        }
        Ok(mentioning.len())
    }

    /// The deliveries of a source that wait and mention a person, whole.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn mentioning(
        &self,
        source: &SourceName,
        who: &Identity,
    ) -> Result<Vec<Quarantined>, Error> {
        let mut pages = self.held_by(source).into_paginator().items().send();
        let mut mentioning = Vec::new();
        while let Some(item) = pages.next().await {
            let delivery = read(item.map_err(Error::aws("Query quarantine"))?)?;
            mentioning.extend(Some(delivery).filter(|delivery| delivery.mentions(who)));
        }
        Ok(mentioning)
    }

    /// What waits in a source's quarantine.
    fn held_by(&self, source: &SourceName) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :source")
            .filter_expression("attribute_not_exists(taken_at) AND attribute_not_exists(erased_at)")
            .expression_attribute_values(":source", text(keys::quarantine_pk(source)))
            .consistent_read(true)
    }

    /// Removes what a delivery says, and notes when and why.
    async fn empty(&self, held: &Held, why: &str, now: Timestamp) -> Result<(), Error> {
        let key = keys::quarantine(&held.source, &held.id);
        self.client
            .update_item()
            .table_name(&self.name)
            .key(keys::PK, text(key.pk))
            .key(keys::SK, text(key.sk))
            .update_expression("SET #why = :now REMOVE #body, #headers, #query")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#why", why)
            .expression_attribute_names("#body", keys::BODY)
            .expression_attribute_names("#headers", "headers")
            .expression_attribute_names("#query", "query")
            .expression_attribute_values(":now", text(now.to_string()))
            .send()
            .await
            .map(drop)
            .map_err(Error::aws("UpdateItem quarantine"))
    }
}

const TAKEN_AT: &str = "taken_at";
const ERASED_AT: &str = "erased_at";

fn is_kept(error: &SdkError<PutItemError>) -> bool {
    error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception)
}

/// A delivery as it is kept, but for its body.
pub(super) fn without_body(held: &Held) -> Result<Item, Error> {
    let key = keys::quarantine(&held.source, &held.id);
    let mut item = codec::item(held, key, keys::ITEM_QUARANTINE)?;
    let expires = later(held.received_at, KEPT);
    item.insert(keys::EXPIRES_AT.into(), number(expires.as_second()));
    Ok(item)
}

fn read(mut item: Item) -> Result<Quarantined, Error> {
    let body = match item.remove(keys::BODY) {
        Some(AttributeValue::B(body)) => body.into_inner(),
        _ => Vec::new(),
    };
    Ok(Quarantined { held: codec::read(item)?, body })
}
