//! What the activities of a time set off, for counting which rules fire.

use baton_reports::rule_stats::{MatchedRules, RuleStats};
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;

use super::day::{AT_ONCE, days};
use super::{Table, codec, keys};
use crate::error::Error;

/// All that is asked of an activity: some of its attributes, and no word of whose it is.
const SET_OFF: &str = "by_rule, fits, fast_track, excluded, qualified";

impl Table {
    /// How often each rule fired for what was recorded from `from` to before `until`. Costs what
    /// was recorded in that time, whatever else there is.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn fired(&self, from: Timestamp, until: Timestamp) -> Result<RuleStats, Error> {
        let shards = days(from, until)
            .flat_map(|day| (0..keys::FIRED_SHARDS).map(move |shard| keys::fired_day(day, shard)));
        let asked = shards.map(|day| self.fired_in(day, from, until)).collect::<Vec<_>>();
        let sums = stream::iter(asked).buffer_unordered(AT_ONCE);
        let add = async |mut all: RuleStats, one: RuleStats| {
            all.add(&one);
            Ok(all)
        };
        sums.try_fold(RuleStats::default(), add).await
    }

    async fn fired_in(
        &self,
        day: String,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<RuleStats, Error> {
        let asked = self.on_day(day, from, until).projection_expression(SET_OFF);
        let mut pages = asked.into_paginator().items().send();
        let mut fired = RuleStats::default();
        while let Some(item) = pages.next().await {
            let matched: MatchedRules = codec::read(item.map_err(Error::aws("Query by_day"))?)?;
            fired.count(&matched);
        }
        Ok(fired)
    }
}
