//! Keys, index names and attribute names: all of them, and nowhere else.
//!
//! No key holds what somebody typed. A source's name has no `#`, and an activity's own id, which
//! may be an address, is in its key as a hash: however odd or long, it reaches no other item, and
//! the key may stay when the person is erased.

use aws_sdk_dynamodb::types::AttributeValue;
use baton_core::id::{LeadId, PersonId, QueueName, SourceId, SourceName};
use baton_core::message::MessageId;
use jiff::civil::Date;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use sha2::{Digest, Sha256};

use super::{Document, Lane};

pub(crate) const PK: &str = "pk";
pub(crate) const SK: &str = "sk";
/// What kind of item it is: one of the `ITEM_…` words.
pub(crate) const ITEM: &str = "item";
/// Version of the item's shape.
pub(crate) const SCHEMA: &str = "schema";
/// The attempt that wrote the item.
pub(crate) const ATTEMPT_ID: &str = "stamp";
/// When the time-to-live of DynamoDB may remove the item, in seconds since 1970.
pub const EXPIRES_AT: &str = "expires_at";

/// Open promises, oldest first: leads with a deadline and messages not yet delivered.
pub(crate) const BY_DUE: &str = "by_due";
/// Its partition key: a hash of the lead's id; of a message, in the other [`Lane`].
pub(crate) const DUE_SHARD: &str = "due_shard";
/// Its sort key, in milliseconds since 1970.
pub(crate) const DUE_AT: &str = "due_at";
/// How often a promise has failed since it was made.
pub(crate) const TRIES: &str = "tries";

/// The open leads of each salesperson, and those without an owner, in the order they are due.
pub(crate) const BY_OWNER: &str = "by_owner";
/// Its partition key: a person's id, or [`NOBODY`]; the sort key is [`DUE_AT`].
pub(crate) const HELD_BY: &str = "held_by";
/// Who holds a lead that waits for an owner: no person's id is this.
pub(crate) const NOBODY: &str = "-";
/// What the board knows of an open lead, in both of these indexes: it follows from the lead.
pub(crate) const ROW: &str = "row";

/// What was decided on a day, in order; and, in partitions of their own, the activities that were
/// recorded on it.
pub(crate) const BY_DAY: &str = "by_day";
/// Its partition key: a date in UTC, or [`fired_day`].
pub(crate) const DAY: &str = "day";
/// Partitions of a day for what activities set off: each takes 1,000 writes a second.
pub(crate) const FIRED_SHARDS: u8 = 8;
/// Its sort key, in milliseconds since 1970.
pub(crate) const AT_MS: &str = "at_ms";

/// A lead's ledger, in the order things happened.
pub(crate) const BY_LEAD: &str = "by_lead";
/// Its partition key.
pub(crate) const LEDGER_OF: &str = "ledger_of";
/// Its sort key, in milliseconds since 1970.
pub(crate) const OCCURRED_MS: &str = "occurred_ms";

pub(crate) const ITEM_LEAD: &str = "lead";
pub(crate) const ITEM_ACTIVITY: &str = "activity";
/// What is left of a lead whose person was erased.
pub(crate) const ITEM_TOMBSTONE: &str = "tombstone";
/// Another name of a lead: which lead that is.
pub(crate) const ITEM_ALIAS: &str = "alias";
/// The promise to remove what is left of one.
pub(crate) const ITEM_ERASING: &str = "erasing";
/// What is left of an activity of theirs.
pub(crate) const ITEM_FORGOTTEN: &str = "forgotten";
/// A line of history.
pub(crate) const ITEM_HISTORY: &str = "history";
pub(crate) const ITEM_MESSAGE: &str = "message";
/// A queue's turn.
pub(crate) const ITEM_CURSOR: &str = "cursor";

/// A delivery nothing could be made of.
pub(crate) const ITEM_QUARANTINE: &str = "quarantine";
/// How much a source has sent, a person been sent, or an address been asked for, lately.
pub(crate) const ITEM_PACE: &str = "pace";
/// That a link to sign in was used.
pub(crate) const ITEM_SIGNED_IN: &str = "signed_in";
/// That a session was ended before its time.
pub(crate) const ITEM_ENDED: &str = "ended";
/// That somebody was sent the funnel before a meeting.
pub(crate) const ITEM_PREPARED: &str = "prepared";

/// One edition of the policy or the roster.
pub(crate) const ITEM_EDITION: &str = "edition";
/// Which edition is in force.
pub(crate) const ITEM_CURRENT: &str = "current";

/// The body of a quarantined delivery.
pub(crate) const BODY: &str = "body";
/// When a source's sending so far is paid off, in milliseconds since 1970.
pub(crate) const PAID_MS: &str = "paid_ms";

/// Partitions of [`BY_DUE`] for each [`Lane`]: each takes 1,000 writes a second.
pub(crate) const DUE_SHARDS: u8 = 8;

/// Sort keys of history begin with this.
pub(crate) const HISTORY_PREFIX: &str = "history#";
/// Sort keys of decisions that nobody is told of begin with this: apart from the history, so that
/// reading that does not pay for them.
pub(crate) const SILENT_PREFIX: &str = "silent#";
/// Sort keys of editions begin with this.
pub(crate) const EDITION_PREFIX: &str = "edition#";
/// Sort keys of messages begin with this.
pub(crate) const MESSAGE_PREFIX: &str = "message#";

/// A primary key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

pub(crate) fn lead_pk(lead: LeadId) -> String {
    format!("lead#{lead}")
}

/// Whose partition that is: only to say what can't be read, never to read it.
pub(crate) fn lead_in(pk: &str) -> Option<LeadId> {
    LeadId::parse(pk.strip_prefix("lead#")?).ok()
}

pub(crate) fn lead(lead: LeadId) -> Key {
    Key { pk: lead_pk(lead), sk: ITEM_LEAD.to_owned() }
}

pub(crate) fn erasing(lead: LeadId) -> Key {
    Key { pk: lead_pk(lead), sk: ITEM_ERASING.to_owned() }
}

/// Bytes of the hash in an activity's key: 128 bits, of which no two ids share all.
const ID_HASH_BYTES: usize = 16;

pub(crate) fn activity(source: &SourceName, id: &SourceId) -> Key {
    let digest = Sha256::digest(id.as_str().as_bytes());
    let hash = hex::encode(&digest[..ID_HASH_BYTES]);
    Key { pk: format!("activity#{source}#{hash}"), sk: ITEM_ACTIVITY.to_owned() }
}

/// Zero-padded, so that the order of keys is the order of decisions.
pub(crate) fn history(lead: LeadId, version: u64) -> Key {
    Key { pk: lead_pk(lead), sk: format!("{HISTORY_PREFIX}{version:012}") }
}

/// The same, of a decision that nobody is told of.
pub(crate) fn silent(lead: LeadId, version: u64) -> Key {
    Key { pk: lead_pk(lead), sk: format!("{SILENT_PREFIX}{version:012}") }
}

/// What sorts behind everything below a prefix that is before a version, and before all else.
pub(crate) fn before_version(prefix: &str, version: u64) -> String {
    format!("{prefix}{version:012}")
}

pub(crate) fn message(id: MessageId) -> Key {
    let MessageId { lead, version, index } = id;
    Key { pk: lead_pk(lead), sk: format!("{MESSAGE_PREFIX}{version:012}#{index:04}") }
}

pub(crate) fn cursor(queue: &QueueName) -> Key {
    Key { pk: format!("queue#{queue}"), sk: ITEM_CURSOR.to_owned() }
}

pub(crate) fn document_pk(document: Document) -> String {
    format!("document#{}", document.word())
}

pub(crate) fn edition(document: Document, number: u64) -> Key {
    Key { pk: document_pk(document), sk: format!("{EDITION_PREFIX}{number:012}") }
}

pub(crate) fn current(document: Document) -> Key {
    Key { pk: document_pk(document), sk: ITEM_CURRENT.to_owned() }
}

pub(crate) fn quarantine_pk(source: &SourceName) -> String {
    format!("quarantine#{source}")
}

pub(crate) fn quarantine(source: &SourceName, id: &str) -> Key {
    Key { pk: quarantine_pk(source), sk: id.to_owned() }
}

pub(crate) fn pace(source: &SourceName) -> Key {
    Key { pk: format!("pace#{source}"), sk: ITEM_PACE.to_owned() }
}

pub(crate) fn person_pace(person: &PersonId) -> Key {
    Key { pk: format!("person#{person}"), sk: ITEM_PACE.to_owned() }
}

/// All who asked for a link to sign in.
pub(crate) fn asked() -> Key {
    Key { pk: "asked".to_owned(), sk: ITEM_PACE.to_owned() }
}

/// Those who asked for one for an address, by its mark.
pub(crate) fn asked_for(mark: &str) -> Key {
    Key { pk: format!("asked#{mark}"), sk: ITEM_PACE.to_owned() }
}

/// The same, over a day.
pub(crate) fn asked_for_all_day(mark: &str) -> Key {
    Key { pk: format!("asked#{mark}"), sk: "day".to_owned() }
}

pub(crate) fn signed_in(mark: &str) -> Key {
    Key { pk: format!("signed_in#{mark}"), sk: ITEM_SIGNED_IN.to_owned() }
}

pub(crate) fn prepared(person: &PersonId, day: Date) -> Key {
    Key { pk: format!("person#{person}"), sk: format!("{ITEM_PREPARED}#{day}") }
}

pub(crate) fn ended(mark: &str) -> Key {
    Key { pk: format!("ended#{mark}"), sk: ITEM_ENDED.to_owned() }
}

/// The shards of a lane.
pub(crate) fn due_shards(lane: Lane) -> std::ops::Range<u8> {
    match lane {
        Lane::Leads => 0..DUE_SHARDS,
        Lane::Messages => DUE_SHARDS..2 * DUE_SHARDS,
    }
}

pub(crate) fn due_shard(lane: Lane, lead: LeadId) -> u8 {
    due_shards(lane).start + lead.bytes()[0] % DUE_SHARDS
}

/// Where the activities of a day are, in one of [`FIRED_SHARDS`] by their lead.
pub(crate) fn fired_day(day: Date, shard: u8) -> String {
    format!("fired#{day}#{shard}")
}

pub(crate) fn fired_shard(lead: LeadId) -> u8 {
    lead.bytes()[0] % FIRED_SHARDS
}

/// Milliseconds since 1970, rounded up: nothing is ever found before it is due.
pub(crate) fn millis_up(at: Timestamp) -> i64 {
    let up = TimestampRound::new().smallest(Unit::Millisecond).mode(RoundMode::Ceil);
    at.round(up).unwrap_or(at).as_millisecond()
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}
