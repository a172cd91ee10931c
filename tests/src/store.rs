//! The embedded engine without its port: each call is carried out where it is asked for. Its
//! indexes may lag behind the table, as those of DynamoDB do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use baton_cloud::Clock;
use dynoxide::{Database, DynoxideError};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
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
                carry_out(&shown, "CreateTable", made).expect("the same table");
                *indexes = Some(Indexes { shown, behind, to_come: VecDeque::new() });
            }
        }
    }

    /// Carries out one operation.
    pub(crate) fn ask(&self, operation: &str, body: &str) -> Answer {
        let is_of_index = operation == "Query" && body.contains("\"IndexName\"");
        if is_of_index && let Some(indexes) = &mut *self.indexes() {
            return answer(indexes.ask(body, self.clock.now()));
        }
        let done = carry_out(&self.table, operation, body);
        if done.is_ok() && operation == "CreateTable" {
            let _ = self.made.set(body.to_owned());
        }
        let is_read = matches!(operation, "BatchGetItem" | "GetItem" | "Query" | "Scan");
        if done.is_ok()
            && !is_read
            && let Some(indexes) = &mut *self.indexes()
        {
            let (operation, body) = (operation.to_owned(), body.to_owned());
            indexes.to_come.push_back(Write { at: self.clock.now(), operation, body });
        }
        answer(done)
    }

    /// Everything in the table, as the wire shows it, by key.
    pub(crate) fn dump(&self) -> BTreeMap<String, Value> {
        let key = |item: &Value| format!("{} {}", item["pk"]["S"], item["sk"]["S"]);
        self.items().into_iter().map(|item| (key(&item), item)).collect()
    }

    fn items(&self) -> Vec<Value> {
        let (mut items, mut from) = (Vec::new(), Value::Null);
        loop {
            let mut scan = json!({ "TableName": "baton" });
            if !from.is_null() {
                scan["ExclusiveStartKey"] = from;
            }
            let page = carry_out(&self.table, "Scan", &scan.to_string()).expect("a scan");
            let mut page: Value = serde_json::from_str(&page).expect("JSON");
            items.extend(page["Items"].as_array_mut().map(std::mem::take).unwrap_or_default());
            from = page["LastEvaluatedKey"].take();
            if from.is_null() {
                return items;
            }
        }
    }

    fn indexes(&self) -> MutexGuard<'_, Option<Indexes>> {
        self.indexes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Indexes {
    fn ask(&mut self, body: &str, now: Timestamp) -> Result<String, DynoxideError> {
        let seen = now - self.behind;
        while let Some(write) = self.to_come.pop_front_if(|write| write.at <= seen) {
            let same = "what the table took, in the order it took it";
            carry_out(&self.shown, &write.operation, &write.body).expect(same);
        }
        carry_out(&self.shown, "Query", body)
    }
}

fn answer(done: Result<String, DynoxideError>) -> Answer {
    done.map_or_else(|error| (error.status_code(), error.to_json()), |body| (200, body))
}

fn carry_out(table: &Database, operation: &str, body: &str) -> Result<String, DynoxideError> {
    match operation {
        "CreateTable" => written(table.create_table(read(body))),
        "DescribeTable" => written(table.describe_table(read(body))),
        "GetItem" => written(table.get_item(read(body))),
        "PutItem" => written(table.put_item(read(body))),
        "UpdateItem" => written(table.update_item(read(body))),
        "DeleteItem" => written(table.delete_item(read(body))),
        "BatchGetItem" => written(table.batch_get_item(read(body))),
        "BatchWriteItem" => written(table.batch_write_item(read(body))),
        "Query" => written(table.query(read(body))),
        "Scan" => written(table.scan(read(body))),
        "TransactWriteItems" => written(table.transact_write_items(read(body))),
        other => unreachable!("nothing of ours asks for {other}"),
    }
}

fn read<T: DeserializeOwned>(body: &str) -> T {
    serde_json::from_str(body).expect("what an SDK writes, its service reads")
}

fn written(done: Result<impl Serialize, DynoxideError>) -> Result<String, DynoxideError> {
    done.map(|answer| serde_json::to_string(&answer).expect("JSON"))
}
