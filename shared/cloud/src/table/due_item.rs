//! What becomes of a promise that is due: taken up by one of those who found it, kept, withdrawn,
//! or put off. Knows where it is and when it was due, and never has to read what it is about.

use std::fmt;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use baton_core::backoff;
use baton_core::delivery::{self, Delivery};
use baton_core::message::{Message, MessageId};
use baton_core::time::later;
use jiff::Timestamp;

use super::erase::is_gone;
use super::item::Item;
use super::keys::{self, Key};
use super::{REDELIVER_AFTER, Sent, Table, codec};
use crate::error::Error;

/// Where a promise is kept, and when it was due, as the table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueKey {
    pub(super) key: Key,
    pub(super) due_at: String,
}

impl fmt::Display for DueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key.pk, self.key.sk)
    }
}

/// A message that is ours to deliver for a while.
#[derive(Debug)]
pub struct Claim {
    /// Where it is now.
    pub place: DueKey,
    /// The message, if it can be read.
    pub sent: Result<Sent, Error>,
}

/// A promise that failed, and when it is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutOff {
    /// How often it has failed by itself: failures of the store or the network are not counted.
    pub tries: u32,
    /// When it is tried again.
    pub until: Timestamp,
}

/// It is the promise that was found: nobody kept, moved or took it up since.
const IS_AS_FOUND: &str = "due_at = :was";

/// What becomes of a message that has left.
const DELIVERED: &str = "SET delivered_at = :at";
/// … by channels, as an alert does.
const BY_CHANNELS: &str = ", deliveries = :deliveries";
/// … of one that the funnel times.
const ON_A_DAY: &str = ", #day = :day, at_ms = :ms";
/// … of one that nothing is due of any more.
const DONE: &str = " REMOVE due_shard, due_at, tries";
/// … of one that will never leave.
const WITHDRAWN: &str = "SET withdrawn_at = :at REMOVE due_shard, due_at, tries";

impl Table {
    /// Takes up a message: whoever else has found it leaves it alone until it is due again, in a
    /// minute, should we not have delivered it by then. `None` if somebody was faster.
    pub async fn claim(&self, place: &DueKey, now: Timestamp) -> Result<Option<Claim>, Error> {
        let due_at = keys::millis_up(later(now, REDELIVER_AFTER));
        let claimed = self
            .move_promise(place, due_at)
            .update_expression("SET due_at = :due")
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let item = match claimed {
            Ok(claimed) => claimed.attributes.unwrap_or_default(),
            Err(e) if is_another(&e) => return Ok(None),
            Err(e) => return Err(Error::aws("UpdateItem message")(e)),
        };
        let place = DueKey { key: place.key.clone(), due_at: due_at.to_string() };
        Ok(Some(Claim { place, sent: codec::read(item) }))
    }

    /// Puts off a promise that could not be kept for this reason: for a minute if the reason will
    /// pass, else the longer the more often it has failed. Nothing is lost by it, and a decision
    /// about the lead meanwhile makes a promise of its own. `None` if somebody was faster.
    pub async fn put_off(
        &self,
        place: &DueKey,
        why: &Error,
        now: Timestamp,
    ) -> Result<Option<PutOff>, Error> {
        let tries = self.tries(place).await?;
        let (tries, wait) = match why.is_passing() {
            true => (tries, backoff::FIRST_WAIT),
            false => (tries.saturating_add(1), backoff::wait_after(tries.saturating_add(1))),
        };
        let put_off = PutOff { tries, until: later(now, wait) };
        let moved = self
            .move_promise(place, keys::millis_up(put_off.until))
            .update_expression("SET due_at = :due, tries = :tries")
            .expression_attribute_values(":tries", keys::number(tries))
            .send()
            .await;
        match moved {
            Ok(_) => Ok(Some(put_off)),
            Err(e) if is_another(&e) => Ok(None),
            Err(e) => Err(Error::aws("UpdateItem promise")(e)),
        }
    }

    /// Leaves a promise that can't be kept yet for a minute: nothing has failed.
    pub async fn not_yet(&self, place: &DueKey, now: Timestamp) -> Result<(), Error> {
        let due_at = keys::millis_up(later(now, backoff::FIRST_WAIT));
        let moved = self.move_promise(place, due_at).update_expression("SET due_at = :due");
        match moved.send().await {
            Err(e) if !is_another(&e) => Err(Error::aws("UpdateItem promise")(e)),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Removes a promise that is kept already.
    pub async fn kept(&self, place: &DueKey) -> Result<(), Error> {
        let delete = self
            .deletion(place.key.clone())
            .set_condition_expression(Some(IS_AS_FOUND.to_owned()))
            .expression_attribute_values(":was", AttributeValue::N(place.due_at.clone()));
        // Another promise by now is somebody's to keep.
        is_gone(delete).await.map(drop)
    }

    async fn tries(&self, place: &DueKey) -> Result<u32, Error> {
        let item = self.get(place.key.clone(), "GetItem promise").await?.unwrap_or_default();
        Ok(number(&item, keys::TRIES).unwrap_or(0))
    }

    fn move_promise(&self, place: &DueKey, due_at: i64) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.name)
            .key(keys::PK, keys::text(&place.key.pk))
            .key(keys::SK, keys::text(&place.key.sk))
            .condition_expression(IS_AS_FOUND)
            .expression_attribute_values(":was", AttributeValue::N(place.due_at.clone()))
            .expression_attribute_values(":due", keys::number(due_at))
    }

    /// Takes a message off the list of promises and keeps it as the record of who was told what by
    /// which channel; while a channel still owes it, it stays on the list. What the funnel counts of
    /// it is found by its day from now on. Doing so twice is fine; says whether this was the time
    /// that did.
    pub async fn delivered(
        &self,
        id: MessageId,
        message: &Message,
        deliveries: &[Delivery],
        at: Timestamp,
    ) -> Result<bool, Error> {
        let day = codec::told_on(message, at);
        let parts = [
            (DELIVERED, true),
            (BY_CHANNELS, !deliveries.is_empty()),
            (ON_A_DAY, day.is_some()),
            (DONE, delivery::is_whole(deliveries)),
        ];
        let update: String =
            parts.iter().filter(|(_, is_so)| *is_so).map(|(part, _)| *part).collect();
        let mut settle = self.settle(id, &update, at);
        if !deliveries.is_empty() {
            let deliveries = codec::deliveries(deliveries)?;
            settle = settle.expression_attribute_values(":deliveries", deliveries);
        }
        if let Some(day) = day {
            settle = settle
                .expression_attribute_names("#day", keys::DAY)
                .expression_attribute_values(":day", keys::text(day.to_string()))
                .expression_attribute_values(":ms", keys::number(at.as_millisecond()));
        }
        sent(settle).await
    }

    /// The same for a message that was not sent, for it is no longer true.
    pub async fn withdrawn(&self, id: MessageId, at: Timestamp) -> Result<bool, Error> {
        sent(self.settle(id, WITHDRAWN, at)).await
    }

    fn settle(&self, id: MessageId, update: &str, at: Timestamp) -> UpdateItemFluentBuilder {
        let key = keys::message(id);
        self.client
            .update_item()
            .table_name(&self.name)
            .key(keys::PK, keys::text(key.pk))
            .key(keys::SK, keys::text(key.sk))
            .update_expression(update)
            .condition_expression("attribute_exists(due_at)")
            .expression_attribute_values(":at", keys::text(at.to_string()))
    }
}

async fn sent(settle: UpdateItemFluentBuilder) -> Result<bool, Error> {
    match settle.send().await {
        Ok(_) => Ok(true),
        Err(e) if is_another(&e) => Ok(false),
        Err(e) => Err(Error::aws("UpdateItem message")(e)),
    }
}

fn is_another(error: &SdkError<UpdateItemError>) -> bool {
    error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}

fn number(item: &Item, name: &str) -> Option<u32> {
    item.get(name)?.as_n().ok()?.parse().ok()
}
