//! What can happen once: a link to sign in is used, a session is ended, somebody is told of a meeting.
//! Remembered for as long as it could happen again, and then the store forgets it by itself.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use baton_core::id::PersonId;
use jiff::Timestamp;
use jiff::civil::Date;

use super::item::Item;
use super::keys::{self, Key, number, text};
use super::{Table, schema_versions};
use crate::chance;
use crate::error::Error;

/// Something that can happen once, by its mark: no secret, and nothing of a prospect's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdempotencyMarker<'m> {
    /// A link to sign in was used.
    SignedIn(&'m str),
    /// A session was ended before its time.
    Ended(&'m str),
    /// Somebody was sent the funnel before a meeting.
    Prepared(&'m PersonId, Date),
}

/// An attempt whose answer got lost was the first one all the same.
const IS_FIRST: &str = "attribute_not_exists(pk) OR stamp = :stamp";

impl IdempotencyMarker<'_> {
    fn key(self) -> Key {
        match self {
            Self::SignedIn(mark) => keys::signed_in(mark),
            Self::Ended(mark) => keys::ended(mark),
            Self::Prepared(person, day) => keys::prepared(person, day),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::SignedIn(_) => keys::ITEM_SIGNED_IN,
            Self::Ended(_) => keys::ITEM_ENDED,
            Self::Prepared(..) => keys::ITEM_PREPARED,
        }
    }
}

impl Table {
    /// Remembers that it happened, at least until a moment: whether it had not before.
    pub async fn happens(
        &self,
        what: IdempotencyMarker<'_>,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let attempt_id = chance::attempt_id();
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item(what, until, &attempt_id)))
            .condition_expression(IS_FIRST)
            .expression_attribute_values(":stamp", text(attempt_id));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if has_happened(&error) => Ok(false),
            Err(error) => Err(Error::aws("PutItem once")(error)),
        }
    }

    /// Whether it happened.
    pub async fn has_happened(&self, what: IdempotencyMarker<'_>) -> Result<bool, Error> {
        Ok(self.get(what.key(), "GetItem once").await?.is_some())
    }
}

fn item(what: IdempotencyMarker<'_>, until: Timestamp, attempt_id: &str) -> Item {
    let Key { pk, sk } = what.key();
    let all = [
        (keys::PK, text(pk)),
        (keys::SK, text(sk)),
        (keys::ITEM, text(what.word())),
        (keys::SCHEMA, number(schema_versions::OTHERS)),
        (keys::ATTEMPT_ID, text(attempt_id)),
        (keys::EXPIRES_AT, number(until.as_second() + 1)),
    ];
    all.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Whether that is all there is of it: nothing says who, and the store will forget it.
pub(super) fn is_one(item: &Item) -> bool {
    let kept = [keys::PK, keys::SK, keys::ITEM, keys::SCHEMA, keys::ATTEMPT_ID, keys::EXPIRES_AT];
    kept.iter().all(|name| item.contains_key(*name)) && item.len() == kept.len()
}

fn has_happened(error: &SdkError<PutItemError>) -> bool {
    error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception)
}
