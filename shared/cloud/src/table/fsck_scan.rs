//! Items of a walk, each where it belongs: under its lead, under its document, or told at once if it
//! is wrong by itself.

use std::collections::BTreeMap;
use std::str::FromStr;

use baton_core::activity::Entry;
use baton_core::alias::Alias;
use baton_core::backoff;
use baton_core::decision::History;
use baton_core::erasure::{LeadRecord, Tombstone};
use baton_core::id::LeadId;
use baton_core::lead::Lead;
use baton_core::message::Message;
use baton_core::turn::QueueTurn;
use baton_reports::board::Row;
use baton_reports::integrity::{
    EntryFacts, Erasing, Finding, LeadItems, MessageFacts, Place, StoredItem, Violation, check_turn,
};
use jiff::Timestamp;

use super::document::Current;
use super::item::Item;
use super::keys::{self, Key};
use super::{
    Document, Edition, Held, Sent, codec, idempotency_marker, quarantine, schema_versions,
};
use crate::error::Error;

/// What an item has for an index or for the store, and what follows from the rest of it.
const OF_THE_STORE: [&str; 10] = [
    "lead",
    keys::DUE_SHARD,
    keys::DUE_AT,
    keys::HELD_BY,
    keys::ROW,
    keys::DAY,
    keys::AT_MS,
    keys::LEDGER_OF,
    keys::OCCURRED_MS,
    keys::EXPIRES_AT,
];

/// What was found on a walk.
#[derive(Debug, Default)]
pub struct FsckScan {
    /// What is held of each lead.
    pub leads: BTreeMap<LeadId, LeadItems>,
    /// What is there of the policy and the roster.
    pub documents: BTreeMap<Document, EditionsFound>,
    /// What is wrong with items by themselves.
    pub findings: Vec<Finding>,
    /// How many of each kind.
    pub counted: BTreeMap<&'static str, usize>,
}

/// The editions of a document.
#[derive(Debug, Default)]
pub struct EditionsFound {
    /// The number of the one in force; 0 if nothing says so.
    pub in_force: u64,
    /// All that are there, in the order of their numbers.
    pub there: Vec<Edition>,
}

/// Where a document says which of its editions is in force.
pub fn place_of(document: Document) -> Place {
    let Key { pk, sk } = keys::current(document);
    Place { pk, sk }
}

impl FsckScan {
    /// Puts an item where it belongs.
    pub fn put(&mut self, item: &Item) {
        let kind = kind(item);
        *self.counted.entry(kind).or_default() += 1;
        let place = place(item);
        self.set_aside(item, &place);
        if self.sort(kind, item, &place).is_none() {
            if let Some(lead) = whose(item) {
                self.leads.entry(lead).or_default().is_partial = true;
            }
            self.say(place, Violation::Unreadable);
        }
    }

    /// A promise that failed again and again, whether or not the rest of the item can be read.
    fn set_aside(&mut self, item: &Item, place: &Place) {
        let tries = number(item, keys::TRIES).filter(|_| item.contains_key(keys::DUE_AT));
        if let Some(tries) = tries.filter(|tries| backoff::is_dead_letter(*tries)) {
            self.say(place.clone(), Violation::SetAside { tries });
        }
    }

    fn say(&mut self, place: Place, violation: Violation) {
        self.findings.push(Finding { place, violation });
    }

    /// `None` if the item can't be read.
    fn sort(&mut self, kind: &str, item: &Item, place: &Place) -> Option<()> {
        if !schema_versions::is_known(kind, item) {
            return None;
        }
        match kind {
            keys::ITEM_LEAD => self.lead(item, place),
            keys::ITEM_TOMBSTONE => self.tombstone(item, place),
            keys::ITEM_ALIAS => self.alias(item, place),
            keys::ITEM_ERASING => self.erasing(item, place),
            keys::ITEM_HISTORY => self.history(item, place),
            keys::ITEM_MESSAGE => self.message(item, place),
            keys::ITEM_ACTIVITY => self.activity(item, place),
            keys::ITEM_FORGOTTEN => self.forgotten(item, place),
            keys::ITEM_QUARANTINE => self.quarantine(item, place),
            keys::ITEM_CURSOR => self.cursor(item, place),
            keys::ITEM_PACE => number::<i64>(item, keys::PAID_MS).map(drop),
            keys::ITEM_SIGNED_IN | keys::ITEM_ENDED | keys::ITEM_PREPARED => {
                idempotency_marker::is_one(item).then_some(())
            }
            keys::ITEM_EDITION => self.edition(item, place),
            keys::ITEM_CURRENT => self.current(item, place),
            _ => None,
        }
    }

    fn held(&mut self, lead: LeadId) -> &mut LeadItems {
        self.leads.entry(lead).or_default()
    }

    fn lead(&mut self, item: &Item, place: &Place) -> Option<()> {
        let lead = codec::read_lead(item.clone()).ok()?;
        let attempt_id = codec::attribute(item, keys::ATTEMPT_ID)?;
        let (id, mut wanted) = (lead.lead, codec::lead(&lead, attempt_id).ok()?);
        // What failed is tried again later than it was due, by as much as anybody likes.
        if number::<u32>(item, keys::TRIES).is_some() {
            as_kept(item, &mut wanted, keys::DUE_AT);
        }
        if schema_versions::of(item) == Some(schema_versions::LEAD_BEFORE_STAGES)
            && has_its_row(item, &lead)
        {
            as_kept(item, &mut wanted, keys::ROW);
        }
        let known = self.kept(item, &wanted, place, LeadRecord::Lead(Box::new(lead)));
        known.into_iter().for_each(|kept| self.held(id).known = Some(kept));
        Some(())
    }

    fn tombstone(&mut self, item: &Item, place: &Place) -> Option<()> {
        let tombstone: Tombstone = read(item)?;
        let (id, wanted) = (tombstone.lead, codec::tombstone(&tombstone).ok()?);
        self.nothing_but(item, &wanted, place);
        let known = self.kept(item, &wanted, place, LeadRecord::Erased(tombstone));
        known.into_iter().for_each(|kept| self.held(id).known = Some(kept));
        Some(())
    }

    fn alias(&mut self, item: &Item, place: &Place) -> Option<()> {
        let alias: Alias = read(item)?;
        let (id, wanted) = (alias.lead, codec::alias(&alias).ok()?);
        let alias = self.kept(item, &wanted, place, alias);
        self.held(id).alias = alias;
        Some(())
    }

    fn erasing(&mut self, item: &Item, place: &Place) -> Option<()> {
        let tombstone: Tombstone = read(item)?;
        let due = millis(item, keys::DUE_AT);
        let id = tombstone.lead;
        let wanted = codec::erasing(&tombstone, due.unwrap_or(tombstone.erased.at)).ok()?;
        let erasing = self.kept(item, &wanted, place, Erasing { tombstone, due });
        erasing.into_iter().for_each(|kept| self.held(id).erasing = Some(kept));
        Some(())
    }

    fn history(&mut self, item: &Item, place: &Place) -> Option<()> {
        let line: History = read(item)?;
        let lead = LeadId::parse(codec::attribute(item, "lead")?).ok()?;
        let wanted = codec::history(lead, &line).ok()?;
        let line = self.kept(item, &wanted, place, line);
        self.held(lead).history.extend(line);
        Some(())
    }

    /// When a message is due changes as it is tried; whether it is does not.
    fn message(&mut self, item: &Item, place: &Place) -> Option<()> {
        let sent: Sent = read(item)?;
        let is_settled = sent.is_settled();
        let Sent { id, at, message, delivered_at, .. } = sent;
        let is_due = item.contains_key(keys::DUE_AT);
        let mut wanted = codec::message(id, &message, at).ok()?;
        as_kept(item, &mut wanted, keys::DUE_AT);
        if is_settled || !is_due {
            [keys::DUE_AT, keys::DUE_SHARD].iter().for_each(|name| drop(wanted.remove(*name)));
        }
        if let Some((day, at)) =
            delivered_at.and_then(|at| Some((codec::told_on(&message, at)?, at)))
        {
            wanted.insert(keys::DAY.into(), keys::text(day.to_string()));
            wanted.insert(keys::AT_MS.into(), keys::number(at.as_millisecond()));
        }
        let is_of_erasure = matches!(message, Message::Erased(_));
        let news = MessageFacts { id, at, is_settled, is_due, is_of_erasure };
        let news = self.kept(item, &wanted, place, news);
        self.held(id.lead).messages.extend(news);
        Some(())
    }

    fn activity(&mut self, item: &Item, place: &Place) -> Option<()> {
        let entry: Entry = read(item)?;
        let wanted = codec::activity(&entry, codec::attribute(item, keys::ATTEMPT_ID)?).ok()?;
        let worth = self.kept(item, &wanted, place, EntryFacts::from(&entry));
        self.held(entry.lead).ledger.extend(worth);
        Some(())
    }

    fn forgotten(&mut self, item: &Item, place: &Place) -> Option<()> {
        millis(item, keys::EXPIRES_AT)?;
        self.nothing_but(item, &codec::forgotten(item), place);
        Some(())
    }

    /// What is left of a person must not say more than that.
    fn nothing_but(&mut self, item: &Item, wanted: &Item, place: &Place) {
        if item.keys().any(|name| !wanted.contains_key(name)) {
            self.say(place.clone(), Violation::Leftover);
        }
    }

    fn quarantine(&mut self, item: &Item, place: &Place) -> Option<()> {
        let held: Held = read(item)?;
        self.by_itself(item, &quarantine::without_body(&held).ok()?, place);
        let says = [keys::BODY, "headers", "query"];
        if !held.is_waiting() && says.iter().any(|name| item.contains_key(*name)) {
            self.say(place.clone(), Violation::Leftover);
        }
        Some(())
    }

    fn cursor(&mut self, item: &Item, place: &Place) -> Option<()> {
        let cursor: QueueTurn = read(item)?;
        self.by_itself(item, &codec::cursor(&cursor).ok()?, place);
        self.findings.extend(check_turn(place, &cursor));
        Some(())
    }

    fn edition(&mut self, item: &Item, place: &Place) -> Option<()> {
        let edition: Edition = read(item)?;
        let document = of(place, |document| keys::edition(document, edition.number))?;
        self.documents.entry(document).or_default().there.push(edition);
        Some(())
    }

    fn current(&mut self, item: &Item, place: &Place) -> Option<()> {
        let Current { edition } = read(item)?;
        let document = of(place, keys::current)?;
        self.documents.entry(document).or_default().in_force = edition;
        Some(())
    }

    fn by_itself(&mut self, item: &Item, wanted: &Item, place: &Place) {
        let kept = self.kept(item, wanted, place, ());
        self.findings.extend(kept.and_then(|kept| kept.finding()));
    }

    /// An item to be held against others, unless its key is not its own: then that is all there is
    /// to say, and whose it is remains open.
    fn kept<T>(
        &mut self,
        item: &Item,
        wanted: &Item,
        place: &Place,
        what: T,
    ) -> Option<StoredItem<T>> {
        if [keys::PK, keys::SK].iter().any(|name| item.get(*name) != wanted.get(*name)) {
            self.say(place.clone(), Violation::Misplaced);
            return None;
        }
        Some(StoredItem { place: place.clone(), astray: astray(item, wanted), item: what })
    }
}

/// Where an item is.
fn place(item: &Item) -> Place {
    let part = |name| codec::attribute(item, name).unwrap_or_default().to_owned();
    Place { pk: part(keys::PK), sk: part(keys::SK) }
}

fn astray(item: &Item, wanted: &Item) -> Vec<&'static str> {
    OF_THE_STORE.into_iter().filter(|name| item.get(*name) != wanted.get(*name)).collect()
}

/// Whether the row beside a lead says what follows from the lead, in whatever shape it is.
fn has_its_row(item: &Item, lead: &Lead) -> bool {
    let row = item.get(keys::ROW).cloned().map(codec::row).transpose();
    row.is_ok_and(|row| row == Row::of(lead))
}

/// An attribute that may be what it is.
fn as_kept(item: &Item, wanted: &mut Item, name: &str) {
    if let Some(value) = item.get(name) {
        wanted.insert(name.to_owned(), value.clone());
    }
}

fn read<T: serde::de::DeserializeOwned>(item: &Item) -> Option<T> {
    let read: Result<T, Error> = codec::read(item.clone());
    read.ok()
}

fn millis(item: &Item, name: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(number(item, name)?).ok()
}

fn number<T: FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// The document whose item would be there.
fn of(place: &Place, key: impl Fn(Document) -> Key) -> Option<Document> {
    Document::ALL.into_iter().find(|document| {
        let Key { pk, sk } = key(*document);
        (&pk, &sk) == (&place.pk, &place.sk)
    })
}

/// Whose an item is that can't be read, as far as it still says so.
fn whose(item: &Item) -> Option<LeadId> {
    let named =
        [keys::LEDGER_OF, "lead"].into_iter().filter_map(|name| item.get(name)?.as_s().ok());
    let keyed = codec::attribute(item, keys::PK).and_then(keys::lead_in);
    named.filter_map(|id| LeadId::parse(id).ok()).next().or(keyed)
}

fn kind(item: &Item) -> &'static str {
    const KINDS: [&str; 16] = [
        keys::ITEM_LEAD,
        keys::ITEM_TOMBSTONE,
        keys::ITEM_ALIAS,
        keys::ITEM_ERASING,
        keys::ITEM_HISTORY,
        keys::ITEM_MESSAGE,
        keys::ITEM_ACTIVITY,
        keys::ITEM_FORGOTTEN,
        keys::ITEM_QUARANTINE,
        keys::ITEM_CURSOR,
        keys::ITEM_PACE,
        keys::ITEM_SIGNED_IN,
        keys::ITEM_ENDED,
        keys::ITEM_PREPARED,
        keys::ITEM_EDITION,
        keys::ITEM_CURRENT,
    ];
    let said = codec::attribute(item, keys::ITEM);
    KINDS.into_iter().find(|kind| said == Some(kind)).unwrap_or("unknown")
}
