//! The embedded engine without its port: each call is carried out where it is asked for. Its
//! indexes may lag behind the table, as those of DynamoDB do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use baton::local::carry_out;
use baton_cloud::Clock;
use dynoxide::Database;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::wire::Answer;

/// The table, and what its indexes show of it.
pub(crate) struct Store {
    table: Database,
    clock: Clock,
    made: OnceLock<String>,
    indexes: Mutex<Option<Indexes>>,
}

/// The table as it was a while ago: what the indexes show.
struct Indexes {
    shown: Database,
    behind: SignedDuration,
    to_come: VecDeque<Write>,
}

struct Write {
    at: Timestamp,
    operation: String,
    body: String,
}

impl Store {
    pub(crate) fn new(table: Database, clock: Clock) -> Self {
        Self { table, clock, made: OnceLock::new(), indexes: Mutex::default() }
    }

    /// From now on the indexes show the table as it was so long ago. For a table that is empty,
    /// or whose indexes lag already.
    pub(crate) fn lag(&self, behind: SignedDuration) {
        let mut indexes = self.indexes();
        match &mut *indexes {
            Some(indexes) => indexes.behind = behind,
            None => {
                let shown = Database::memory().expect("an engine");
                let made = self.made.get().expect("the table was made");
                succeed(&shown, "CreateTable", made);
                *indexes = Some(Indexes { shown, behind, to_come: VecDeque::new() });
            }
        }
    }

    /// Carries out one operation.
    pub(crate) fn ask(&self, operation: &str, body: &str) -> Answer {
        let is_of_index = operation == "Query" && body.contains("\"IndexName\"");
        if is_of_index && let Some(indexes) = &mut *self.indexes() {
            return indexes.ask(body, self.clock.now());
        }
        let answer = carry_out(&self.table, operation, body);
        let is_done = answer.0 == 200;
        if is_done && operation == "CreateTable" {
            let _ = self.made.set(body.to_owned());
        }
        let is_read = matches!(operation, "BatchGetItem" | "GetItem" | "Query" | "Scan");
        if is_done
            && !is_read
            && let Some(indexes) = &mut *self.indexes()
        {
            let (operation, body) = (operation.to_owned(), body.to_owned());
            indexes.to_come.push_back(Write { at: self.clock.now(), operation, body });
        }
        answer
    }

    /// Everything in the table, as the wire shows it, by key.
    pub(crate) fn dump(&self) -> BTreeMap<String, Value> {
        dump(&self.table)
    }

    fn indexes(&self) -> MutexGuard<'_, Option<Indexes>> {
        self.indexes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Indexes {
    fn ask(&mut self, body: &str, now: Timestamp) -> Answer {
        let seen = now - self.behind;
        while let Some(write) = self.to_come.pop_front_if(|write| write.at <= seen) {
            // What the table took, in the order it took it.
            succeed(&self.shown, &write.operation, &write.body);
        }
        carry_out(&self.shown, "Query", body)
    }
}

/// Everything in a table, as the wire shows it, by key.
pub(crate) fn dump(table: &Database) -> BTreeMap<String, Value> {
    let (mut items, mut from) = (BTreeMap::new(), Value::Null);
    loop {
        let mut scan = json!({ "TableName": "baton" });
        if !from.is_null() {
            scan["ExclusiveStartKey"] = from;
        }
        let page = succeed(table, "Scan", &scan.to_string());
        let mut page: Value = serde_json::from_str(&page).expect("JSON");
        for item in page["Items"].as_array_mut().map(std::mem::take).unwrap_or_default() {
            items.insert(format!("{} {}", item["pk"]["S"], item["sk"]["S"]), item);
        }
        from = page["LastEvaluatedKey"].take();
        if from.is_null() {
            return items;
        }
    }
}

fn succeed(table: &Database, operation: &str, body: &str) -> String {
    let (status, answer) = carry_out(table, operation, body);
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}
