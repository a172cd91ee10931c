//! The embedded DynamoDB: one SQLite file, or memory.
//!
//! A write that was answered outlives the process, however that ends: SQLite syncs its log before
//! the answer leaves. One process at a time holds a data folder, and gives it back when the last call is
//! done. The database knows no table and no item; everything goes through an AWS client, by
//! [`InProcess`].

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use dynoxide::Database;

use super::carry_out::carry_out;
use super::data_folder::{self, Lock};
use super::in_process::InProcess;
use super::open_error::OpenError;

/// Where the data is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// Nowhere: in memory, until it is closed.
    Memory,
    /// In a folder, made on first use for this user alone.
    Folder(PathBuf),
}

/// An open database, shared by all who call it.
#[derive(Clone)]
pub struct EmbeddedDynamo(Arc<Opened>);

struct Opened {
    // The order matters: the database closes before the folder is given up.
    database: Database,
    _lock: Option<Lock>,
}

impl EmbeddedDynamo {
    /// Opens `store`, making it on first use.
    ///
    /// # Errors
    ///
    /// As [`OpenError`] says. The file's own content is left as it was found.
    pub fn open(store: &Store) -> Result<Self, OpenError> {
        let (database, lock) = match store {
            Store::Memory => (in_memory()?, None),
            Store::Folder(folder) => {
                let (database, lock) = data_folder::open(folder)?;
                (database, Some(lock))
            }
        };
        Ok(Self(Arc::new(Opened { database, _lock: lock })))
    }

    /// The way of an AWS client's calls to it.
    #[must_use]
    pub fn http_client(&self) -> InProcess {
        InProcess::to_table(self.clone())
    }

    /// Carries out one operation; an error is answered in DynamoDB's own words.
    pub(super) fn answer(&self, operation: &str, body: &str) -> (u16, String) {
        carry_out(&self.0.database, operation, body)
    }

    /// The database itself, for tests and benches that load it without a client. Drop it before
    /// this, which can only close what nobody else holds. Its `disable_bulk_loading` leaves the
    /// syncing of commits off: never for data that matters.
    #[must_use]
    pub fn database(&self) -> Database {
        self.0.database.clone()
    }
}

fn in_memory() -> Result<Database, OpenError> {
    Database::memory().map_err(|error| OpenError::Start(io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};

    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, Put,
        ScalarAttributeType, TransactWriteItem,
    };

    use super::*;

    const TABLE: &str = "things";
    /// Names the data folder to the test that writes until it is killed.
    const WRITER_FOLDER: &str = "BATON_TEST_WRITER_FOLDER";

    fn client(dynamo: &EmbeddedDynamo) -> Client {
        client!(aws_sdk_dynamodb, dynamo.http_client())
    }

    async fn create_table(client: &Client) {
        let id = AttributeDefinition::builder().attribute_name("id");
        let id = id.attribute_type(ScalarAttributeType::S).build().unwrap();
        let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash);
        let create = client.create_table().table_name(TABLE).attribute_definitions(id);
        let create = create.key_schema(key.build().unwrap());
        create.billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
    }

    fn new_item(id: &str) -> TransactWriteItem {
        let put = Put::builder().table_name(TABLE).item("id", AttributeValue::S(id.to_owned()));
        let put = put.condition_expression("attribute_not_exists(id)").build().unwrap();
        TransactWriteItem::builder().put(put).build()
    }

    async fn put_both(client: &Client, one: &str, other: &str) -> bool {
        let write = client.transact_write_items().transact_items(new_item(one));
        match write.transact_items(new_item(other)).send().await {
            Ok(_) => true,
            Err(error) => {
                assert!(error.into_service_error().is_transaction_canceled_exception());
                false
            }
        }
    }

    async fn has(client: &Client, id: &str) -> bool {
        let get = client.get_item().table_name(TABLE).consistent_read(true);
        let get = get.key("id", AttributeValue::S(id.to_owned()));
        get.send().await.unwrap().item.is_some()
    }

    #[tokio::test]
    async fn a_transaction_writes_all_or_nothing() {
        let dynamo = EmbeddedDynamo::open(&Store::Memory).unwrap();
        let client = client(&dynamo);
        create_table(&client).await;
        assert!(put_both(&client, "a", "b").await);
        assert!(!put_both(&client, "c", "b").await);
        assert_eq!([has(&client, "a").await, has(&client, "c").await], [true, false]);
    }

    #[tokio::test]
    async fn a_folder_opened_again_has_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::Folder(folder.path().join("made/on/the/way"));
        let dynamo = EmbeddedDynamo::open(&store).unwrap();
        let first = client(&dynamo);
        create_table(&first).await;
        assert!(put_both(&first, "a", "b").await);
        drop((first, dynamo));
        let dynamo = EmbeddedDynamo::open(&store).unwrap();
        assert!(has(&client(&dynamo), "b").await);
    }

    /// Not a test of its own: the process that the next one kills.
    #[tokio::test]
    async fn writer() {
        let Some(folder) = std::env::var_os(WRITER_FOLDER) else {
            return;
        };
        let dynamo = EmbeddedDynamo::open(&Store::Folder(folder.into())).unwrap();
        let client = client(&dynamo);
        create_table(&client).await;
        for number in 0.. {
            assert!(put_both(&client, &format!("{number} a"), &format!("{number} b")).await);
            writeln!(io::stderr(), "acknowledged {number}").unwrap();
        }
    }

    #[tokio::test]
    async fn a_killed_process_loses_no_acknowledged_transaction_and_halves_none() {
        let folder = tempfile::tempdir().unwrap();
        let (_, module) = module_path!().split_once("::").unwrap();
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", &format!("{module}::writer")])
            .env(WRITER_FOLDER, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(writer.stderr.take().unwrap()).lines();
        let mut acknowledged = 0;
        for line in lines.map(Result::unwrap) {
            let Some(number) = line.strip_prefix("acknowledged ") else {
                continue;
            };
            acknowledged = number.parse::<u32>().unwrap();
            if acknowledged == 100 {
                writer.kill().unwrap();
            }
        }
        writer.wait().unwrap();
        assert!(acknowledged >= 100);

        let dynamo = EmbeddedDynamo::open(&Store::Folder(folder.path().to_owned())).unwrap();
        let client = client(&dynamo);
        for number in 0..=acknowledged {
            assert!(has(&client, &format!("{number} a")).await, "{number} of {acknowledged}");
            assert!(has(&client, &format!("{number} b")).await, "{number} of {acknowledged}");
        }
        let (next, pair) = (acknowledged + 1, ["a", "b"]);
        let [one, other] = pair.map(|half| format!("{next} {half}"));
        assert_eq!(has(&client, &one).await, has(&client, &other).await);
    }
}
