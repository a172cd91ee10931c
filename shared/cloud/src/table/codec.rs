//! Values to items and back. The only place that knows what an item looks like.

use aws_sdk_dynamodb::types::AttributeValue;
use baton_core::activity::Entry;
use baton_core::alias::{Alias, StoredRecord};
use baton_core::decision::History;
use baton_core::delivery::Delivery;
use baton_core::erasure::{LeadRecord, Tombstone};
use baton_core::id::{LeadId, PersonId};
use baton_core::lead::Lead;
use baton_core::measure;
use baton_core::message::{Message, MessageId};
use baton_core::time::later;
use baton_core::turn::QueueTurn;
use baton_reports::board::Row;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_dynamo::aws_sdk_dynamodb_1::{
    from_attribute_value, from_item, to_attribute_value, to_item,
};

use super::item::Item;
use super::keys::{self, Key, number, text};
use super::{Lane, schema_versions};
use crate::error::Error;

/// How long an activity is remembered, and so counted only once: two years and a day, a day more
/// than the oldest activity that is taken.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 732);

/// How long a message is left to whoever delivers it, before somebody else does.
pub const REDELIVER_AFTER: SignedDuration = SignedDuration::from_secs(60);

pub(super) fn lead(lead: &Lead, attempt_id: &str) -> Result<Item, Error> {
    let mut item = bare(item(lead, keys::lead(lead.lead), keys::ITEM_LEAD)?);
    item.insert(keys::SCHEMA.into(), number(schema_versions::LEAD));
    item.insert(keys::ATTEMPT_ID.into(), text(attempt_id));
    if let Some(deadline) = lead.deadline() {
        due_item(&mut item, Lane::Leads, lead.lead, deadline.at);
        let holder = lead.owner().map_or(keys::NOBODY, PersonId::as_str);
        item.insert(keys::HELD_BY.into(), text(holder));
    }
    if let Some(row) = Row::of(lead) {
        let row = to_attribute_value(row).map_err(|e| Error::Unwritable(Box::new(e)))?;
        item.insert(keys::ROW.into(), row);
    }
    Ok(item)
}

/// What an index has of an open lead.
pub(super) fn row(row: AttributeValue) -> Result<Row, Error> {
    let unreadable = |_| Error::Unreadable { subject: "a row of the board".to_owned() };
    let row: schema_versions::AnyRow = from_attribute_value(row).map_err(unreadable)?;
    Ok(row.into())
}

pub(super) fn activity(entry: &Entry, attempt_id: &str) -> Result<Item, Error> {
    let mut item = item(entry, keys::activity(&entry.source, &entry.id), keys::ITEM_ACTIVITY)?;
    let expires = later(entry.received_at, RETENTION);
    item.insert(keys::ATTEMPT_ID.into(), text(attempt_id));
    item.insert(keys::LEDGER_OF.into(), text(entry.lead.to_string()));
    item.insert(keys::OCCURRED_MS.into(), number(entry.occurred_at.as_millisecond()));
    let day = keys::fired_day(day(entry.received_at), keys::fired_shard(entry.lead));
    item.insert(keys::DAY.into(), text(day));
    item.insert(keys::AT_MS.into(), number(entry.received_at.as_millisecond()));
    item.insert(keys::EXPIRES_AT.into(), number(expires.as_second()));
    Ok(item)
}

/// Another name of a lead, where a lead of that name would be.
pub(super) fn alias(alias: &Alias) -> Result<Item, Error> {
    Ok(bare(item(alias, keys::lead(alias.lead), keys::ITEM_ALIAS)?))
}

/// Kept as long as an activity from before the erasure would still be taken.
pub(super) fn tombstone(tombstone: &Tombstone) -> Result<Item, Error> {
    let mut item = item(tombstone, keys::lead(tombstone.lead), keys::ITEM_TOMBSTONE)?;
    let expires = later(tombstone.erased.at, RETENTION);
    item.insert(keys::EXPIRES_AT.into(), number(expires.as_second()));
    Ok(item)
}

/// The promise to remove what an erasure took.
pub(super) fn erasing(tombstone: &Tombstone, due: Timestamp) -> Result<Item, Error> {
    let mut item = item(tombstone, keys::erasing(tombstone.lead), keys::ITEM_ERASING)?;
    due_item(&mut item, Lane::Leads, tombstone.lead, due);
    Ok(item)
}

/// What is left of an activity: that it was counted, for as long as it would have been known.
pub(super) fn forgotten(activity: &Item) -> Item {
    let kept = |name: &str| Some((name.to_owned(), activity.get(name)?.clone()));
    let kept = [keys::PK, keys::SK, keys::SCHEMA, keys::EXPIRES_AT].into_iter().filter_map(kept);
    kept.chain([(keys::ITEM.to_owned(), text(keys::ITEM_FORGOTTEN))]).collect()
}

pub(super) fn history(lead: LeadId, line: &History) -> Result<Item, Error> {
    let key = match line.silent {
        true => keys::silent(lead, line.version),
        false => keys::history(lead, line.version),
    };
    let mut item = item(line, key, keys::ITEM_HISTORY)?;
    item.insert("lead".into(), text(lead.to_string()));
    if line.silent {
        let expires = later(line.at, RETENTION);
        item.insert(keys::EXPIRES_AT.into(), number(expires.as_second()));
        return Ok(item);
    }
    item.insert(keys::DAY.into(), text(day(line.at).to_string()));
    item.insert(keys::AT_MS.into(), number(line.at.as_millisecond()));
    Ok(item)
}

/// The date of a partition of [`keys::BY_DAY`].
pub(super) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// On which day a delivered message is found: the alerts that the funnel counts, by when they left.
pub(super) fn told_on(message: &Message, delivered_at: Timestamp) -> Option<Date> {
    let Message::Alert(alert) = message else { return None };
    measure::of_alert(alert, delivered_at).map(|_| day(delivered_at))
}

pub(super) fn message(id: MessageId, message: &Message, at: Timestamp) -> Result<Item, Error> {
    let mut item = bare(item(&Stored { id, at, message }, keys::message(id), keys::ITEM_MESSAGE)?);
    let due = later(at, REDELIVER_AFTER);
    item.insert("lead".into(), text(id.lead.to_string()));
    due_item(&mut item, Lane::Messages, id.lead, due);
    Ok(item)
}

/// By which channels a message left.
pub(super) fn deliveries(deliveries: &[Delivery]) -> Result<AttributeValue, Error> {
    to_attribute_value(deliveries).map_err(|e| Error::Unwritable(Box::new(e)))
}

pub(super) fn cursor(cursor: &QueueTurn) -> Result<Item, Error> {
    item(cursor, keys::cursor(&cursor.queue), keys::ITEM_CURSOR)
}

#[derive(Serialize)]
struct Stored<'a> {
    id: MessageId,
    at: Timestamp,
    message: &'a Message,
}

pub(super) fn item(value: &impl Serialize, key: Key, kind: &str) -> Result<Item, Error> {
    let mut item: Item = to_item(value).map_err(|e| Error::Unwritable(Box::new(e)))?;
    item.retain(|_, value| !value.is_null());
    item.insert(keys::PK.into(), text(key.pk));
    item.insert(keys::SK.into(), text(key.sk));
    item.insert(keys::ITEM.into(), text(kind));
    item.insert(keys::SCHEMA.into(), number(schema_versions::OTHERS));
    Ok(item)
}

/// The item without the nulls in its maps: a missing value is read as `None` too. The marks of a
/// new lead are all null, and their 200 bytes would make most leads cost two write units.
fn bare(mut item: Item) -> Item {
    item.values_mut().for_each(forget_nulls);
    item
}

fn forget_nulls(value: &mut AttributeValue) {
    if let AttributeValue::M(map) = value {
        map.retain(|_, value| !value.is_null());
        map.values_mut().for_each(forget_nulls);
    }
}

fn due_item(item: &mut Item, lane: Lane, lead: LeadId, due: Timestamp) {
    item.insert(keys::DUE_SHARD.into(), number(keys::due_shard(lane, lead)));
    item.insert(keys::DUE_AT.into(), number(keys::millis_up(due)));
}

/// Reads an item back. Attributes that are the store's own business are ignored.
pub(super) fn read<T: DeserializeOwned>(item: Item) -> Result<T, Error> {
    let subject = subject(&item);
    from_item(item).map_err(|_| Error::Unreadable { subject })
}

/// Reads a lead, of whatever schema it was written in.
pub(super) fn read_lead(item: Item) -> Result<Lead, Error> {
    let subject = subject(&item);
    match schema_versions::of(&item) {
        Some(schema_versions::LEAD) => read(item),
        Some(schema_versions::LEAD_BEFORE_STAGES) => {
            let lead: schema_versions::LeadBeforeStages = read(item)?;
            lead.upgrade().ok_or(Error::Unreadable { subject })
        }
        Some(_) | None => Err(Error::Unreadable { subject }),
    }
}

/// What an item is, for a log. An activity is told by its lead: its key says nothing to anybody.
fn subject(item: &Item) -> String {
    let of = |name| attribute(item, name).unwrap_or("?");
    match of(keys::ITEM) {
        keys::ITEM_ACTIVITY => format!("an activity of lead {}", of(keys::LEDGER_OF)),
        kind => format!("{kind} {} {}", of(keys::PK), of(keys::SK)),
    }
}

/// Reads what is under a lead's own key.
pub(super) fn stored(item: Item) -> Result<StoredRecord, Error> {
    Ok(match attribute(&item, keys::ITEM) {
        Some(keys::ITEM_TOMBSTONE) => StoredRecord::Known(LeadRecord::Erased(read(item)?)),
        Some(keys::ITEM_ALIAS) => StoredRecord::Alias(Box::new(read(item)?)),
        Some(_) | None => StoredRecord::Known(LeadRecord::Lead(Box::new(read_lead(item)?))),
    })
}

/// A text attribute of an item.
pub(super) fn attribute<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}
