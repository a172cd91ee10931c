//! How much a source may send, a person be sent, and an address be asked for: one conditional write
//! per request or message, whichever instance takes it.
//!
//! The generic cell rate algorithm (ITU-T I.371, "virtual scheduling"): every request costs an
//! interval, the item says until when what was sent is paid off, and a source may be ahead of the
//! clock by its burst. One number per source or person, and nobody else's is touched.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use baton_core::id::{PersonId, SourceName};
use baton_core::limits::{self, Limit};
use jiff::Timestamp;

use super::Table;
use super::item::Item;
use super::keys::{self, Key, number};
use crate::error::Error;

/// Whether a request may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may come in now.
    Open,
    /// Not before so many seconds.
    Wait(u32),
}

const MINUTE_MS: i64 = 60_000;

/// One thing in each interval in the long run, and so many at once.
#[derive(Clone, Copy)]
struct Rate {
    interval_ms: i64,
    burst: i64,
    /// Whose counts are as many as there are people in the world: such a count is forgotten once it
    /// is paid off.
    is_passing: bool,
}

impl From<Limit> for Rate {
    fn from(limit: Limit) -> Self {
        let interval_ms = (MINUTE_MS / i64::from(limit.per_minute)).max(1);
        Self { interval_ms, burst: i64::from(limit.burst), is_passing: false }
    }
}

impl Rate {
    /// One in so many minutes, and so many at once.
    fn passing((minutes, burst): (i64, i64)) -> Self {
        Self { interval_ms: minutes * MINUTE_MS, burst, is_passing: true }
    }
}

impl Admission {
    /// Whole seconds, at least one.
    fn wait(ms: i64) -> Self {
        Self::Wait(u32::try_from(ms.max(1).unsigned_abs().div_ceil(1000)).unwrap_or(u32::MAX))
    }
}

impl Table {
    /// Counts a request of a source against its limit.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn admit(
        &self,
        source: &SourceName,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Admission, Error> {
        self.admit_by(&keys::pace(source), limit.into(), now).await
    }

    /// Counts a message to a person against what anybody may be sent.
    pub async fn admit_message(&self, to: &PersonId, now: Timestamp) -> Result<Admission, Error> {
        self.admit_by(&keys::person_pace(to), limits::MESSAGES.into(), now).await
    }

    /// Counts somebody who asks for a link to sign in against what all may ask for.
    pub async fn admit_asker(&self, now: Timestamp) -> Result<Admission, Error> {
        self.admit_by(&keys::asked(), limits::SIGN_INS.into(), now).await
    }

    /// Counts a link to sign in against what one address may be sent, known or not.
    pub async fn admit_sign_in(&self, mark: &str, now: Timestamp) -> Result<Admission, Error> {
        let (soon, day) =
            (Rate::passing(limits::SIGN_INS_EACH), Rate::passing(limits::SIGN_INS_A_DAY));
        match self.admit_by(&keys::asked_for(mark), soon, now).await? {
            Admission::Open => self.admit_by(&keys::asked_for_all_day(mark), day, now).await,
            wait @ Admission::Wait(_) => Ok(wait),
        }
    }

    async fn admit_by(&self, key: &Key, rate: Rate, now: Timestamp) -> Result<Admission, Error> {
        let now = now.as_millisecond();
        let interval = rate.interval_ms;
        let ahead = interval.saturating_mul(rate.burst - 1);
        let expires = rate.is_passing.then(|| 1 + (now + ahead + interval) / 1000);
        // Most of the time there was a pause: what was sent is paid off.
        let paused = "attribute_not_exists(paid_ms) OR paid_ms <= :now";
        let set = match expires {
            None => "SET paid_ms = :paid, #item = :item, #schema = :schema",
            Some(_) => {
                "SET paid_ms = :paid, #item = :item, #schema = :schema, expires_at = :expires"
            }
        };
        let values = [(":now", now), (":paid", now + interval)];
        match self.pay(key, set, paused, values, expires).await? {
            Ok(()) => return Ok(Admission::Open),
            Err(paid) if paid > now + ahead => return Ok(Admission::wait(paid - ahead - now)),
            Err(_) => {}
        }
        let within = "paid_ms > :now AND paid_ms <= :ahead";
        let set = match expires {
            None => "SET paid_ms = paid_ms + :interval, #item = :item, #schema = :schema",
            Some(_) => {
                "SET paid_ms = paid_ms + :interval, #item = :item, #schema = :schema, \
                 expires_at = :expires"
            }
        };
        let values = [(":now", now), (":ahead", now + ahead), (":interval", interval)];
        match self.pay(key, set, within, values, expires).await? {
            Ok(()) => Ok(Admission::Open),
            Err(paid) => Ok(Admission::wait(paid - ahead - now)),
        }
    }

    /// One conditional payment: done, or until when the source has paid.
    async fn pay<const N: usize>(
        &self,
        key: &Key,
        update: &str,
        condition: &str,
        values: [(&str, i64); N],
        expires: Option<i64>,
    ) -> Result<Result<(), i64>, Error> {
        let mut request = self
            .client
            .update_item()
            .table_name(&self.name)
            .key(keys::PK, keys::text(&key.pk))
            .key(keys::SK, keys::text(&key.sk))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_names("#item", keys::ITEM)
            .expression_attribute_names("#schema", keys::SCHEMA)
            .expression_attribute_values(":item", keys::text(keys::ITEM_PACE))
            .expression_attribute_values(":schema", number(1))
            .return_values_on_condition_check_failure(
                aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld,
            );
        let expires = expires.map(|expires| (":expires", expires));
        for (name, value) in values.into_iter().chain(expires) {
            request = request.expression_attribute_values(name, number(value));
        }
        match request.send().await {
            Ok(_) => Ok(Ok(())),
            Err(error) => match unmet(&error) {
                Some(item) => Ok(Err(paid_ms(item))),
                None => Err(Error::aws("UpdateItem pace")(error)),
            },
        }
    }
}

fn unmet(error: &SdkError<UpdateItemError>) -> Option<Option<&Item>> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(e)) => Some(e.item()),
        _ => None,
    }
}

fn paid_ms(item: Option<&Item>) -> i64 {
    let paid = item.and_then(|item| item.get(keys::PAID_MS)?.as_n().ok()?.parse().ok());
    paid.unwrap_or(0)
}
