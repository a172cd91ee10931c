//! What happened in a time, for the funnel: decisions and first alerts, as the index by day has them.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use baton_core::id::LeadId;
use baton_core::lead::{DeadlineKind, Lead};
use baton_core::message::Message;
use baton_core::time::later;
use baton_reports::board::Row;
use baton_reports::funnel::{HistoryLine, NEAR_LIMIT, SentAlert};
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::board::rows;
use super::item::Item;
use super::keys::{self, number, text};
use super::{Lane, Sent, Table, codec};
use crate::error::Error;

/// Questions asked at once.
pub(super) const AT_ONCE: usize = 8;

/// What happened in a time, in no order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Happened {
    /// Every decision of that time, about any lead.
    pub lines: Vec<HistoryLine>,
    /// Alerts that say how long a new MQL waited for its owner to hear of it.
    pub alerts: Vec<SentAlert>,
}

impl Table {
    /// What happened from `from` to before `until`. Costs what happened in that time, whatever
    /// else there is; eventually consistent.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn happened(&self, from: Timestamp, until: Timestamp) -> Result<Happened, Error> {
        if from >= until {
            return Ok(Happened::default());
        }
        let asked = days(from, until).map(|day| self.happened_on(day.to_string(), from, until));
        let found = stream::iter(asked.collect::<Vec<_>>()).buffer_unordered(AT_ONCE);
        let add = async |mut all: Happened, one: Happened| {
            all.lines.extend(one.lines);
            all.alerts.extend(one.alerts);
            Ok(all)
        };
        found.try_fold(Happened::default(), add).await
    }

    async fn happened_on(
        &self,
        day: String,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Happened, Error> {
        let mut pages = self.on_day(day, from, until).into_paginator().items().send();
        let mut happened = Happened::default();
        while let Some(item) = pages.next().await {
            happened.take(item.map_err(Error::aws("Query by_day"))?)?;
        }
        Ok(happened)
    }

    /// What has a partition of the index by day to itself, from `from` to before `until`.
    pub(super) fn on_day(
        &self,
        day: String,
        from: Timestamp,
        until: Timestamp,
    ) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .index_name(keys::BY_DAY)
            .key_condition_expression("#day = :day AND at_ms BETWEEN :from AND :last")
            .expression_attribute_names("#day", keys::DAY)
            .expression_attribute_values(":day", text(day))
            .expression_attribute_values(":from", number(from.as_millisecond()))
            .expression_attribute_values(":last", number(until.as_millisecond() - 1))
    }

    /// Leads that marketing takes back within [`NEAR_LIMIT`]. Costs what falls due until then.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn near(&self, now: Timestamp) -> Result<Vec<Lead>, Error> {
        let until = later(now, NEAR_LIMIT);
        let shards = keys::due_shards(Lane::Leads).map(|shard| self.due_by(shard, until));
        let found = stream::iter(shards.collect::<Vec<_>>()).map(rows).buffer_unordered(AT_ONCE);
        let mut rows: Vec<Row> = found.try_concat().await?;
        rows.retain(|row| matches!(row.stage, DeadlineKind::Convert | DeadlineKind::TakeBack));
        self.leads(&rows.iter().map(|row| row.lead).collect::<Vec<_>>()).await
    }

    fn due_by(&self, shard: u8, until: Timestamp) -> QueryFluentBuilder {
        self.rows_in(keys::BY_DUE, "due_shard = :of AND due_at <= :until")
            .expression_attribute_values(":of", number(shard))
            .expression_attribute_values(":until", number(keys::millis_up(until)))
    }
}

impl Happened {
    fn take(&mut self, item: Item) -> Result<(), Error> {
        match codec::attribute(&item, keys::ITEM) {
            Some(keys::ITEM_HISTORY) => {
                let lead = codec::attribute(&item, "lead").and_then(|id| LeadId::parse(id).ok());
                let history = codec::read(item)?;
                self.lines.extend(lead.map(|lead| HistoryLine { lead, history }));
            }
            Some(keys::ITEM_MESSAGE) => {
                let Sent { id, message, delivered_at, .. } = codec::read(item)?;
                if let (Message::Alert(alert), Some(at)) = (message, delivered_at) {
                    self.alerts.push(SentAlert { id, alert: *alert, at });
                }
            }
            Some(_) | None => {}
        }
        Ok(())
    }
}

/// The dates in UTC that a time touches.
pub(super) fn days(from: Timestamp, until: Timestamp) -> impl Iterator<Item = Date> {
    let last = codec::day(until - Span::new().milliseconds(1));
    codec::day(from).series(Span::new().days(1)).take_while(move |day| *day <= last)
}
