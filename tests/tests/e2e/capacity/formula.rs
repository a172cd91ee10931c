//! What a request costs by Amazon's manual, reckoned from the items: the developer guide's "DynamoDB
//! item sizes and formats", "DynamoDB read and write operations" and, for indexes, "Provisioned
//! throughput considerations for Global Secondary Indexes". What it does not say: whether a
//! transaction's factor of two is an index's too. Captures of the service say that it is not
//! (<https://github.com/nubo-db/dynoxide/pull/188>).

use std::collections::BTreeMap;

use baton_tests::Metered;
use serde_json::Value;

/// Capacity that was used, in units, by whose: the table's, or an index's by its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Units {
    pub(super) reads: f64,
    pub(super) writes: BTreeMap<String, f64>,
}

const TABLE: &str = "table";
const READ_BYTES: usize = 4096;
const WRITE_BYTES: usize = 1024;

/// An index: its name, its keys, and what else it keeps; everything, if nothing is said.
struct Index {
    name: &'static str,
    keys: [&'static str; 2],
    kept: &'static [&'static str],
}

const INDEXES: [Index; 4] = [
    Index { name: "by_due", keys: ["due_shard", "due_at"], kept: &["item", "lead", "row"] },
    Index { name: "by_owner", keys: ["held_by", "due_at"], kept: &["item", "lead", "row"] },
    Index { name: "by_day", keys: ["day", "at_ms"], kept: &[] },
    Index { name: "by_lead", keys: ["ledger_of", "occurred_ms"], kept: &[] },
];

/// What the manual says a request costs.
pub(super) fn by_the_manual(metered: &Metered) -> Units {
    let Metered { request, answer, before, after } = metered;
    let asked: Value = serde_json::from_str(&request.body).unwrap();
    let mut units = Units::default();
    match request.operation.as_str() {
        "GetItem" => units.reads = pages(size(&answer["Item"]), READ_BYTES),
        "Query" => {
            let found = answer["Items"].as_array().into_iter().flatten().map(size).sum();
            let share = if asked["ConsistentRead"] == true { 1.0 } else { 0.5 };
            units.reads = share * pages(found, READ_BYTES);
        }
        "TransactWriteItems" => {
            for write in asked["TransactItems"].as_array().unwrap() {
                let item = &write["Put"]["Item"];
                units.write(2.0, before.get(&key(item)), item, after.get(&key(item)));
            }
        }
        "UpdateItem" => {
            let key = key(&asked["Key"]);
            let now = after.get(&key);
            units.write(1.0, before.get(&key), now.unwrap_or(&Value::Null), now);
        }
        other => unreachable!("nobody said what {other} costs"),
    }
    units
}

/// What the engine says a request cost: nothing, of one that failed.
pub(super) fn by_the_engine(metered: &Metered) -> Units {
    let consumed = &metered.answer["ConsumedCapacity"];
    let mut units = Units::default();
    for table in consumed.as_array().map_or(std::slice::from_ref(consumed), Vec::as_slice) {
        let of = |part: &Value| part["CapacityUnits"].as_f64().unwrap_or_default();
        let indexes = table["GlobalSecondaryIndexes"].as_object().into_iter().flatten();
        let parts = indexes.map(|(name, part)| (name.clone(), of(part)));
        let parts = parts.chain([(TABLE.to_owned(), of(&table["Table"]))]);
        for (name, consumed) in parts.filter(|(_, consumed)| *consumed > 0.0) {
            match metered.request.operation.as_str() {
                "GetItem" | "Query" => units.reads += consumed,
                _ => *units.writes.entry(name).or_default() += consumed,
            }
        }
    }
    units
}

impl Units {
    pub(super) fn add(&mut self, other: &Self) {
        self.reads += other.reads;
        for (name, units) in &other.writes {
            *self.writes.entry(name.clone()).or_default() += units;
        }
    }

    /// A write of one item: what was there, what was to be there, and what is. A write whose
    /// condition failed costs what it would have cost, and no index hears of it.
    fn write(&mut self, factor: f64, was: Option<&Value>, wanted: &Value, is: Option<&Value>) {
        let larger = was.map_or(0, size).max(size(wanted));
        *self.writes.entry(TABLE.to_owned()).or_default() += factor * pages(larger, WRITE_BYTES);
        for index in &INDEXES {
            let units = index.units(was, is);
            if units > 0.0 {
                *self.writes.entry(index.name.to_owned()).or_default() += units;
            }
        }
    }
}

impl Index {
    /// Nothing where its entry stays the same, one write where it comes, goes or changes, and two
    /// where it moves: one to delete it, one to put it elsewhere.
    fn units(&self, was: Option<&Value>, is: Option<&Value>) -> f64 {
        let (was, is) = (was.and_then(|item| self.entry(item)), is.and_then(|i| self.entry(i)));
        match (was, is) {
            (None, None) => 0.0,
            (Some(one), None) | (None, Some(one)) => pages(size(&one), WRITE_BYTES),
            (Some(was), Some(is)) if was == is => 0.0,
            (Some(was), Some(is)) if self.keys.iter().all(|key| was[key] == is[key]) => {
                pages(size(&was).max(size(&is)), WRITE_BYTES)
            }
            (Some(was), Some(is)) => pages(size(&was), WRITE_BYTES) + pages(size(&is), WRITE_BYTES),
        }
    }

    fn entry(&self, item: &Value) -> Option<Value> {
        if self.keys.iter().any(|key| item[key].is_null()) {
            return None;
        }
        let item = item.as_object()?.iter();
        let keeps = |name: &str| {
            self.kept.is_empty()
                || [&["pk", "sk"], &self.keys, self.kept].iter().any(|names| names.contains(&name))
        };
        Some(item.filter(|(name, _)| keeps(name)).map(|(n, v)| (n.clone(), v.clone())).collect())
    }
}

/// The size of an item as DynamoDB counts it, in bytes.
pub(super) fn size(item: &Value) -> usize {
    item.as_object().into_iter().flatten().map(|(name, value)| name.len() + of(value)).sum()
}

fn of(value: &Value) -> usize {
    let (kind, value) = value.as_object().and_then(|map| map.iter().next()).unwrap();
    match kind.as_str() {
        "S" => value.as_str().unwrap().len(),
        "N" => of_number(value.as_str().unwrap()),
        "BOOL" | "NULL" => 1,
        "L" => 3 + value.as_array().unwrap().iter().map(|value| 1 + of(value)).sum::<usize>(),
        "M" => {
            let entries = value.as_object().unwrap().iter();
            3 + entries.map(|(name, value)| 1 + name.len() + of(value)).sum::<usize>()
        }
        other => unreachable!("none of our items has a {other}"),
    }
}

/// "Approximately … 1 byte per two significant digits, plus 1 byte"; one more below zero.
fn of_number(text: &str) -> usize {
    let digits = text.trim_start_matches('-').trim_start_matches(['0', '.']);
    let digits = digits.chars().filter(char::is_ascii_digit).collect::<String>();
    let significant = digits.trim_end_matches('0').len();
    significant.div_ceil(2).max(1) + 1 + usize::from(text.starts_with('-'))
}

fn pages(bytes: usize, page: usize) -> f64 {
    bytes.div_ceil(page).max(1) as f64
}

fn key(item: &Value) -> String {
    format!("{} {}", item["pk"]["S"], item["sk"]["S"])
}
