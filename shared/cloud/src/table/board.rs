//! The leads that sales holds, as the indexes have them: eventually consistent, and good for
//! showing only.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use baton_core::id::PersonId;
use baton_core::limits::BOARD_LEADS;
use baton_reports::board::{Row, Scope};
use futures::{StreamExt, TryStreamExt, stream};

use super::keys::{self, number, text};
use super::{Lane, Table, codec};
use crate::error::Error;

/// Partitions of an index asked at once.
const AT_ONCE: usize = 8;

/// Leads with a running deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// At most [`BOARD_LEADS`], those that are due first; in no order.
    pub rows: Vec<Row>,
    /// Whether there are more.
    pub is_cut: bool,
}

impl Table {
    /// The leads of somebody with a running deadline. Costs what these leads weigh, about a read
    /// unit for twenty of them, and nothing for any other.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or a row can't be read.
    pub async fn open(&self, scope: &Scope) -> Result<Open, Error> {
        let questions = match scope {
            Scope::All => keys::due_shards(Lane::Leads).map(|shard| self.of_shard(shard)).collect(),
            Scope::Of { people, unowned } => {
                let people = people.iter().map(PersonId::as_str);
                let holders = people.chain(unowned.then_some(keys::NOBODY));
                holders.map(|holder| self.of_holder(holder)).collect::<Vec<_>>()
            }
        };
        let found = stream::iter(questions).map(rows).buffer_unordered(AT_ONCE);
        let mut rows: Vec<Row> = found.try_concat().await?;
        let is_cut = rows.len() > BOARD_LEADS;
        if is_cut {
            rows.sort_by_key(|row| row.due);
            rows.truncate(BOARD_LEADS);
        }
        Ok(Open { rows, is_cut })
    }

    fn of_shard(&self, shard: u8) -> QueryFluentBuilder {
        let query = self.rows_in(keys::BY_DUE, "due_shard = :of");
        query.expression_attribute_values(":of", number(shard))
    }

    fn of_holder(&self, holder: &str) -> QueryFluentBuilder {
        let query = self.rows_in(keys::BY_OWNER, "held_by = :of");
        query.expression_attribute_values(":of", text(holder))
    }

    pub(super) fn rows_in(&self, index: &str, condition: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .index_name(index)
            .key_condition_expression(condition)
            .projection_expression("#row")
            .expression_attribute_names("#row", keys::ROW)
    }
}

/// One partition's rows in the order they are due, a few more than [`BOARD_LEADS`] at most. What
/// has none is no lead: the promise to finish an erasure.
pub(super) async fn rows(query: QueryFluentBuilder) -> Result<Vec<Row>, Error> {
    let mut pages = query.into_paginator().send();
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await {
        let found = page.map_err(Error::aws("Query open leads"))?.items.unwrap_or_default();
        let found = found.into_iter().filter_map(|mut item| item.remove(keys::ROW));
        for row in found {
            rows.push(codec::row(row)?);
        }
        if rows.len() > BOARD_LEADS {
            break;
        }
    }
    Ok(rows)
}
