//! Several leads at once, for a page that names them.

use aws_sdk_dynamodb::types::KeysAndAttributes;
use baton_core::alias::{Alias, StoredRecord};
use baton_core::erasure::LeadRecord;
use baton_core::id::LeadId;
use baton_core::lead::Lead;
use futures::{StreamExt, TryStreamExt, stream};

use super::keys::{self, text};
use super::{Table, codec};
use crate::chance;
use crate::error::{AwsError, Error};

/// Keys that one request may name (the API reference of `BatchGetItem`).
const AT_ONCE: usize = 100;
/// Requests on their way at once.
const REQUESTS: usize = 4;
/// Requests for the same leads before the store is taken to have too much to do.
const TRIES: u32 = 8;

const OPERATION: &str = "BatchGetItem leads";

impl Table {
    /// These leads, by any of their names and in this order, each once; without those whose person was erased or never heard of. They
    /// are as of a moment ago.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn leads(&self, ids: &[LeadId]) -> Result<Vec<Lead>, Error> {
        let (mut found, aliases) = self.records(ids).await?;
        let mut survivors: Vec<LeadId> = aliases.iter().map(|alias| alias.survivor).collect();
        survivors.sort_unstable();
        survivors.dedup();
        survivors.retain(|id| !ids.contains(id));
        if !survivors.is_empty() {
            found.extend(self.records(&survivors).await?.0);
        }
        let named = |lead: &Lead| ids.iter().position(|id| lead.answers_to(*id));
        found.sort_by_cached_key(named);
        Ok(found)
    }

    async fn records(&self, ids: &[LeadId]) -> Result<(Vec<Lead>, Vec<Alias>), Error> {
        let batches: Vec<_> = ids.chunks(AT_ONCE).map(|ids| self.batch(ids)).collect();
        let found = stream::iter(batches).buffer_unordered(REQUESTS);
        let found: Vec<StoredRecord> = found.try_concat().await?;
        let (mut leads, mut aliases) = (Vec::new(), Vec::new());
        for record in found {
            match record {
                StoredRecord::Known(LeadRecord::Lead(lead)) => leads.push(*lead),
                StoredRecord::Known(LeadRecord::Erased(_)) => {}
                StoredRecord::Alias(alias) => aliases.push(*alias),
            }
        }
        Ok((leads, aliases))
    }

    /// What could not be answered at once is asked for again: a request gets 16 MB at most, and
    /// less while the store is busy.
    async fn batch(&self, ids: &[LeadId]) -> Result<Vec<StoredRecord>, Error> {
        let mut missing = Some(wanted(ids)?);
        let mut found = Vec::with_capacity(ids.len());
        for attempt in 0..TRIES {
            let Some(wanted) = missing.take() else { return Ok(found) };
            if attempt > 0 {
                tokio::time::sleep(chance::wait_before(attempt)).await;
            }
            let request = self.client.batch_get_item().request_items(&self.name, wanted);
            let answer = request.send().await.map_err(Error::aws(OPERATION))?;
            let items = answer.responses.and_then(|mut by_table| by_table.remove(&self.name));
            for item in items.unwrap_or_default() {
                found.push(codec::stored(item)?);
            }
            missing = answer.unprocessed_keys.and_then(|mut left| left.remove(&self.name));
        }
        match missing {
            None => Ok(found),
            Some(_) => {
                Err(Error::of_aws(OPERATION, AwsError::refused(Some("UnprocessedKeys"), 503)))
            }
        }
    }
}

fn wanted(ids: &[LeadId]) -> Result<KeysAndAttributes, Error> {
    let mut wanted = KeysAndAttributes::builder();
    for id in ids {
        let key = keys::lead(*id);
        let key = [(keys::PK, key.pk), (keys::SK, key.sk)];
        wanted =
            wanted.keys(key.into_iter().map(|(name, part)| (name.into(), text(part))).collect());
    }
    wanted.build().map_err(|e| Error::Unwritable(Box::new(e)))
}
