//! How much of the store's speed the intake leaves: activities over HTTP through `serve`.
//!
//! Reference: the bare store. The same read and the same transaction of two items under the same
//! conditions, sent by the AWS SDK to an engine over a file of its own, from as many tasks as the
//! intake has connections. The two take turns in one run. Sender, server, SDK and engine share
//! the machine: the sender's share counts against the intake.
//!
//! Everybody writes about a few leads in turn, as long as leads get: a read then brings a whole
//! lead, and Baton has all of it to read, to decide on and to write. A new lead is an empty read.

#[path = "support/bare.rs"]
mod bare;
#[path = "support/connection.rs"]
mod connection;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/house.rs"]
mod house;
#[path = "support/measure.rs"]
#[expect(dead_code, reason = "what other benchmarks measure with")]
mod measure;
#[path = "support/turns.rs"]
mod turns;

use std::future::IntoFuture;
use std::path::Path;
use std::sync::Arc;

use bare::Bare;
use baton::local_stack::LocalStack;
use baton::serve::router;
use baton_cloud::Clock;
use baton_core::id::Identity;
use baton_tests::{Process, be_baton};
use connection::Connection;
use measure::{median, say, verdict};
use tokio::net::TcpListener;
use turns::{Worker, rate};

/// The intake's rate, of the bare store's.
const SHARE: f64 = 0.6;

/// Connections of the intake, tasks of the bare store.
const AT_ONCE: [usize; 2] = [8, 32];
/// Leads each of them writes about, in turn.
const LEADS: usize = 8;
/// Activities of each lead before the clock runs: the lead is then as long as it gets.
const WARM_UP: usize = 10;
/// Turns of each of the two.
const ROUNDS: usize = 9;

fn main() {
    if be_baton() {
        return;
    }
    let folder = folder::on_disk();
    let served = Process::serve_in(folder.path(), "intake", &[]);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("threads").block_on(run(&served, &folder.path().join("bare")));
}

async fn run(served: &Process, bare: &Path) {
    let house = house::open(bare, Clock::System).await;
    let beside = address_of(&house).await;
    let client = bare::client(house.engine().http_client());
    for at_once in AT_ONCE {
        let (mut senders, mut bare) = (Vec::new(), Vec::new());
        for number in 0..at_once {
            let name = format!("sender-{number:02}-of-{at_once:02}");
            senders.push(Sender::ready(served.address(), &name).await);
            let before = Sender::ready(&beside, &name).await;
            bare.push(Bare::after(client.clone(), &before.newest(), before.leads()).await);
        }
        compare(at_once, senders, bare).await;
    }
}

/// Where the house of the bare store answers, so that what the store holds was written by Baton.
async fn address_of(house: &Arc<LocalStack>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(axum::serve(listener, router(Arc::clone(house), true)).into_future());
    address
}

/// Somebody who posts activities about leads of their own.
struct Sender {
    connection: Connection,
    name: String,
    sent: usize,
}

impl Sender {
    /// One whose leads are as long as they get.
    async fn ready(address: &str, name: &str) -> Self {
        let connection = Connection::to(address).await;
        let mut sender = Self { connection, name: name.to_owned(), sent: 0 };
        for _ in 0..WARM_UP * LEADS {
            sender.work().await;
        }
        sender
    }

    fn email(&self, lead: usize) -> String {
        format!("kim-{lead}@{}.example", self.name)
    }

    fn newest(&self) -> String {
        format!("{}-{}", self.name, self.sent)
    }

    fn leads(&self) -> Vec<String> {
        let identity = |lead| Identity::parse(&format!("email:{}", self.email(lead)));
        (0..LEADS).map(|lead| identity(lead).expect("an address").lead_id().to_string()).collect()
    }
}

impl Worker for Sender {
    async fn work(&mut self) {
        self.sent += 1;
        let body = format!(
            r#"{{"id":"{}","type":"email.clicked","email":"{}","profile":{{"first_name":"Kim",
            "last_name":"Okafor","title":"Purchasing Manager","company":"Acme Industrial Holdings",
            "country":"DE","employees":120}},"data":{{"campaign":"spring",
            "link":"https://baton.example/prices","visit":{}}}}}"#,
            self.newest(),
            self.email(self.sent % LEADS),
            self.sent
        );
        let answer = self.connection.post(&body).await;
        assert!(answer.contains(r#""outcome":"scored""#), "{answer}");
        assert!(answer.contains(r#""status":"nurturing""#), "{answer}");
    }
}

impl Worker for Bare {
    async fn work(&mut self) {
        self.record().await;
    }
}

async fn compare(at_once: usize, mut senders: Vec<Sender>, mut bare: Vec<Bare>) {
    let (mut intake, mut store, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (back, store_rate) = rate(bare).await;
        bare = back;
        let (back, intake_rate) = rate(senders).await;
        senders = back;
        intake.push(intake_rate);
        store.push(store_rate);
        shares.push(intake_rate / store_rate);
    }
    let [intake, store, share] = [intake, store, shares].map(median);
    say(&format!("{at_once} at once: intake {intake:.0}/s, bare store {store:.0}/s"));
    verdict(&format!("intake to bare store, {at_once} at once"), share, "", SHARE..);
}
