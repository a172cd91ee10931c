//! Looking at everything there is: for an operator's check, never on the way of a request.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use baton_core::activity::Entry;
use baton_core::id::LeadId;
use baton_reports::integrity::{LeadItems, Place, StoredItem};

use super::fsck_scan::FsckScan;
use super::keys::{self, Key, text};
use super::{Document, Table};
use crate::error::Error;

impl Table {
    /// Every item, read page by page as cheaply as can be: what changes meanwhile may be seen
    /// half, and is looked at again by whoever finds fault with it.
    pub async fn walk(&self) -> Result<FsckScan, Error> {
        let scan = self.client.scan().table_name(&self.name);
        let mut items = scan.into_paginator().items().send();
        let mut scan = FsckScan::default();
        while let Some(item) = items.next().await {
            scan.put(&item.map_err(Error::aws("Scan"))?);
        }
        Ok(scan)
    }

    /// Everything under a lead's id as of now, with what was known of its ledger: the index that
    /// has the ledger may be behind.
    pub async fn look_at(&self, lead: LeadId, before: &LeadItems) -> Result<FsckScan, Error> {
        let mut scan = self.look_into(keys::lead_pk(lead)).await?;
        let ledger = self.query("ledger_of = :of", lead.to_string()).index_name(keys::BY_LEAD);
        self.put_all(ledger, &mut scan).await?;
        let found: Vec<_> =
            scan.leads.get(&lead).map(|held| places(&held.ledger)).unwrap_or_default();
        for place in places(&before.ledger).into_iter().filter(|place| !found.contains(place)) {
            let key = Key { pk: place.pk, sk: place.sk };
            if let Some(item) = self.get(key, "GetItem activity").await? {
                scan.put(&item);
            }
        }
        scan.leads.retain(|id, _| *id == lead);
        Ok(scan)
    }

    /// One partition, as of now.
    /// Scans the editions of a document.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn look_into_document(&self, document: Document) -> Result<FsckScan, Error> {
        self.look_into(keys::document_pk(document)).await
    }

    pub(super) async fn look_into(&self, pk: String) -> Result<FsckScan, Error> {
        let mut scan = FsckScan::default();
        let partition = self.query("pk = :of", pk).consistent_read(true);
        self.put_all(partition, &mut scan).await?;
        Ok(scan)
    }

    fn query(&self, condition: &str, of: String) -> QueryFluentBuilder {
        let query = self.client.query().table_name(&self.name).key_condition_expression(condition);
        query.expression_attribute_values(":of", text(of))
    }

    async fn put_all(&self, query: QueryFluentBuilder, scan: &mut FsckScan) -> Result<(), Error> {
        let mut items = query.into_paginator().items().send();
        while let Some(item) = items.next().await {
            scan.put(&item.map_err(Error::aws("Query lead"))?);
        }
        Ok(())
    }
}

fn places(ledger: &[StoredItem<Entry>]) -> Vec<Place> {
    ledger.iter().map(|kept| kept.place.clone()).collect()
}
