//! The table's endpoint: DynamoDB on one SQLite file, or in memory, served on loopback.
//!
//! A write that was answered outlives the process, however that ends: SQLite syncs its log before
//! the answer leaves. One process at a time holds a data folder, and closing gives it back. The
//! database knows no table and no item; everything goes through an AWS client at its endpoint.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{io, mem};

use dynoxide::Database;
use tokio::sync::oneshot;

use super::data_folder::{self, Lock};
use super::open_error::OpenError;

/// How long a close waits for requests under way. Each takes milliseconds once it has been read,
/// so only a client that stops halfway through sending one is ever cut off.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// Where the data is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// Nowhere: in memory, until it is closed.
    Memory,
    /// In a folder, made on first use for this user alone.
    Folder(PathBuf),
}

/// A running database. Dropping it closes it.
pub struct EmbeddedDynamo {
    endpoint: String,
    server: Option<Server>,
    // The order matters: the database closes before the folder is given up.
    database: Database,
    _lock: Option<Lock>,
}

impl EmbeddedDynamo {
    /// Opens `store`, making it on first use, and serves it on a free loopback port.
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
        let (endpoint, server) = Server::start(database.clone()).map_err(OpenError::Start)?;
        Ok(Self { endpoint, server: Some(server), database, _lock: lock })
    }

    /// `http://127.0.0.1:PORT`, for an AWS client's `endpoint_url`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The database behind the endpoint, for tests and benches that load it without the wire.
    /// Drop it before this, which can only close what nobody else holds. Its
    /// `disable_bulk_loading` leaves the syncing of commits off: never for data that matters.
    #[must_use]
    pub fn database(&self) -> Database {
        self.database.clone()
    }

    /// Answers what is under way, closes the database and gives up the folder.
    pub fn close(self) {
        drop(self);
    }
}

impl Drop for EmbeddedDynamo {
    fn drop(&mut self) {
        if let Some(server) = mem::take(&mut self.server) {
            server.stop();
        }
    }
}

/// The server has a thread and a runtime of its own: its SQLite calls block, and would hold up
/// every other task of a runtime they shared.
struct Server {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Server {
    fn start(database: Database) -> io::Result<(String, Self)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("dynamodb".to_owned())
            .spawn(move || run(listener, database, stopped, &ready))?;
        started.recv().unwrap_or_else(|gone| Err(io::Error::other(gone)))?;
        Ok((endpoint, Self { stop, thread }))
    }

    fn stop(self) {
        // The thread may have ended already, by a panic that was reported.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

fn run(
    listener: TcpListener,
    database: Database,
    stopped: oneshot::Receiver<()>,
    ready: &mpsc::Sender<io::Result<()>>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(error))),
    };
    runtime.block_on(async {
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => {
                let _ = ready.send(Ok(()));
                serve(listener, database, stopped).await;
            }
            Err(error) => drop(ready.send(Err(error))),
        }
    });
    // The runtime ends here, and every connection that still held the database with it.
}

async fn serve(
    listener: tokio::net::TcpListener,
    database: Database,
    stopped: oneshot::Receiver<()>,
) {
    let (begin, closing) = oneshot::channel();
    let shutdown = async move {
        // A dropped sender means stop, too.
        let _ = stopped.await;
        let _ = begin.send(());
    };
    let overdue = async move {
        let _ = closing.await;
        tokio::time::sleep(CLOSE_WITHIN).await;
    };
    tokio::select! {
        ended = dynoxide::server::serve_with_shutdown(listener, database, shutdown) => {
            if let Err(reason) = ended {
                tracing::error!(reason, "the embedded database stopped serving");
            }
        }
        () = overdue => tracing::warn!("the embedded database cut off an unfinished request"),
    }
}

fn in_memory() -> Result<Database, OpenError> {
    Database::memory().map_err(|error| OpenError::Start(io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
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
        client!(aws_sdk_dynamodb, dynamo.endpoint())
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
        // The client keeps its connection: an idle one does not hold up the close.
        dynamo.close();
        let dynamo = EmbeddedDynamo::open(&store).unwrap();
        assert!(has(&client(&dynamo), "b").await);
    }

    #[test]
    fn a_request_that_never_ends_does_not_hold_up_the_close() {
        let dynamo = EmbeddedDynamo::open(&Store::Memory).unwrap();
        let mut stream =
            TcpStream::connect(dynamo.endpoint().trim_start_matches("http://")).unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{").unwrap();
        thread::sleep(Duration::from_millis(50));
        dynamo.close();
        assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
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
