//! What is known: a lead, its history, its ledger, a queue's turn.

use baton_core::Roster;
use baton_core::activity::Entry;
use baton_core::alias::StoredRecord;
use baton_core::channel::ChannelName;
use baton_core::decision::History;
use baton_core::delivery::{self, Delivery, Progress, read_known};
use baton_core::erasure::{Erasure, LeadRecord};
use baton_core::id::{LeadId, QueueName, SourceId, SourceName};
use baton_core::lead::Lead;
use baton_core::message::{Message, MessageId};
use baton_core::turn::QueueTurn;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::Item;
use super::keys::{self, Key};
use super::{Table, codec};
use crate::error::Error;

/// A message as the table keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// The decision that made it, and its place among that decision's messages.
    pub id: MessageId,
    /// When it was decided.
    pub at: Timestamp,
    /// What it says.
    pub message: Message,
    /// When it left us; `None` while it is still to be delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When it was found to be no longer true, before it could leave: it was never sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// By which channels it left. There is none of an event, of what is still to leave, and of what
    /// releases before this record delivered.
    #[serde(default, deserialize_with = "read_known", skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<Delivery>,
}

impl Sent {
    /// The channels by which an alert left, or is expected to leave; none of any other message.
    pub fn channels(&self, roster: &Roster) -> Vec<ChannelName> {
        let Message::Alert(alert) = &self.message else { return Vec::new() };
        let progress = match (self.delivered_at, self.withdrawn_at) {
            (Some(_), _) => Progress::Left,
            (None, Some(_)) => Progress::Withdrawn,
            (None, None) => Progress::Waiting,
        };
        delivery::channels(&self.deliveries, progress, roster.person(&alert.to))
    }

    /// Whether nothing more is to be done about it.
    pub(super) fn is_settled(&self) -> bool {
        let is_delivered = self.delivered_at.is_some() && delivery::is_whole(&self.deliveries);
        is_delivered || self.withdrawn_at.is_some()
    }
}

/// A lead's whole story, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeadHistory {
    /// Every decision about the lead.
    pub history: Vec<History>,
    /// Everything made known.
    pub messages: Vec<Sent>,
}

impl LeadHistory {
    /// The story without what an erasure took and has not removed yet.
    #[must_use]
    pub fn since(mut self, erased: Option<&Erasure>) -> Self {
        let took = |version| erased.is_some_and(|erased| erased.took_version(version));
        self.history.retain(|line| !took(line.version));
        self.messages.retain(|sent| !took(sent.id.version));
        self
    }
}

/// Aliases that are followed from one to the next.
const ALIASES: usize = 4;

impl Table {
    /// What lies under an id, as of now, with the mark of the attempt that wrote it.
    pub async fn stored(&self, lead: LeadId) -> Result<Option<(StoredRecord, String)>, Error> {
        let Some(item) = self.get(keys::lead(lead), "GetItem lead").await? else {
            return Ok(None);
        };
        let attempt_id = codec::attribute(&item, keys::ATTEMPT_ID).unwrap_or_default().to_owned();
        Ok(Some((codec::stored(item)?, attempt_id)))
    }

    /// What is known of a lead by any of its names, as of now, with the mark of the attempt that
    /// wrote it. Another name than its first costs one read more.
    pub async fn known_and_attempt(
        &self,
        lead: LeadId,
    ) -> Result<Option<(LeadRecord, String)>, Error> {
        let mut id = lead;
        // An alias names a lead; only while somebody merges that does it name an alias.
        for _ in 0..ALIASES {
            match self.stored(id).await? {
                None => return Ok(None),
                Some((StoredRecord::Known(known), attempt_id)) => {
                    return Ok(Some((known, attempt_id)));
                }
                Some((StoredRecord::Alias(alias), _)) => id = alias.survivor,
            }
        }
        Err(Error::Unreadable { subject: format!("alias {lead}: it leads to nobody") })
    }

    /// What is known of a lead, as of now, by any of its names.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or the item can't be read.
    pub async fn known(&self, lead: LeadId) -> Result<Option<LeadRecord>, Error> {
        Ok(self.known_and_attempt(lead).await?.map(|(known, _)| known))
    }

    /// The lead, as of now; `None` also if its person was erased.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or the item can't be read.
    pub async fn lead(&self, lead: LeadId) -> Result<Option<Lead>, Error> {
        match self.known(lead).await? {
            Some(LeadRecord::Lead(lead)) => Ok(Some(*lead)),
            Some(LeadRecord::Erased(_)) | None => Ok(None),
        }
    }

    /// Whether an activity was recorded, of somebody known or erased since.
    pub async fn is_recorded(&self, source: &SourceName, id: &SourceId) -> Result<bool, Error> {
        Ok(self.get(keys::activity(source, id), "GetItem activity").await?.is_some())
    }

    /// Whose turn it is in a queue; `None` before the first lead.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or the item can't be read.
    pub async fn cursor(&self, queue: &QueueName) -> Result<Option<QueueTurn>, Error> {
        self.get(keys::cursor(queue), "GetItem cursor").await?.map(codec::read).transpose()
    }

    /// Every decision about a lead, and who was told what, as of now; with those about the leads
    /// that were merged into it, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn whole_story(&self, lead: &Lead) -> Result<LeadHistory, Error> {
        let members = lead.members().map(|id| async move { (id, self.story(id).await) });
        let mut whole = LeadHistory::default();
        for (id, story) in futures::future::join_all(members).await {
            let story = story?.since(lead.erasure_of(id));
            whole.history.extend(story.history);
            whole.messages.extend(story.messages);
        }
        // Stable: a lead's own lines are in the order of their versions.
        whole.history.sort_by_key(|line| line.at);
        whole.messages.sort_by_key(|sent| sent.at);
        Ok(whole)
    }

    /// A lead's ledger with those of the leads that were merged into it, in the order things
    /// happened, without what an erasure took.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn whole_ledger(&self, lead: &Lead) -> Result<Vec<Entry>, Error> {
        let members = lead.members().map(|id| self.ledger(id));
        let ledgers = futures::future::try_join_all(members).await?;
        let mut entries: Vec<Entry> = ledgers.into_iter().flatten().collect();
        entries.retain(|entry| !lead.has_erased(entry));
        in_order(&mut entries);
        Ok(entries)
    }

    /// Every decision under one id, and who was told what, as of now.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn story(&self, lead: LeadId) -> Result<LeadHistory, Error> {
        let history = self.under(lead, keys::HISTORY_PREFIX, "Query history");
        let messages = self.under(lead, keys::MESSAGE_PREFIX, "Query messages");
        let (history, messages) = futures::future::try_join(history, messages).await?;
        let history = history.into_iter().map(codec::read).collect::<Result<_, _>>()?;
        let messages = messages.into_iter().map(codec::read).collect::<Result<_, _>>()?;
        Ok(LeadHistory { history, messages })
    }

    /// A lead's ledger in the order things happened. From an index: an activity may show up a
    /// moment after it was acknowledged.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn ledger(&self, lead: LeadId) -> Result<Vec<Entry>, Error> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(keys::BY_LEAD)
            .key_condition_expression("ledger_of = :lead")
            .expression_attribute_values(":lead", keys::text(lead.to_string()))
            .into_paginator()
            .items()
            .send();
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(item) = pages.next().await {
            entries.push(codec::read(item.map_err(Error::aws("Query by_lead"))?)?);
        }
        in_order(&mut entries);
        Ok(entries)
    }

    pub(super) async fn get(
        &self,
        key: Key,
        operation: &'static str,
    ) -> Result<Option<Item>, Error> {
        let found = self
            .client
            .get_item()
            .table_name(&self.name)
            .key(keys::PK, keys::text(key.pk))
            .key(keys::SK, keys::text(key.sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(Error::aws(operation))?;
        Ok(found.item)
    }

    async fn under(
        &self,
        lead: LeadId,
        prefix: &str,
        operation: &'static str,
    ) -> Result<Vec<Item>, Error> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :lead AND begins_with(sk, :prefix)")
            .expression_attribute_values(":lead", keys::text(keys::lead_pk(lead)))
            .expression_attribute_values(":prefix", keys::text(prefix))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(item.map_err(Error::aws(operation))?);
        }
        Ok(items)
    }
}

/// The order in which things happened; the index leaves it open for what happened at one moment.
fn in_order(entries: &mut [Entry]) {
    entries.sort_by(|a, b| {
        let same_moment = || (&a.source, &a.id).cmp(&(&b.source, &b.id));
        a.occurred_at.cmp(&b.occurred_at).then_with(same_moment)
    });
}
