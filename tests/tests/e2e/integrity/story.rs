//! A table that has something of everything, and nothing wrong with it.

use std::collections::BTreeMap;

use baton_cloud::{Document, Held, Quarantined};
use baton_core::activity::Activity;
use baton_core::commands::{Accept, Actor, Command, CommandRequest, Convert};
use baton_core::id::{Identity, LeadId, SourceName};
use baton_core::limits::Limit;
use baton_documents::policy;
use baton_engine::{Draft, Publisher};
use baton_tests::{TestHarness, activity, request};
use jiff::SignedDuration;
use serde_json::Value;

use super::LONG_AGO;
use super::plant::{Plant, n};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const NAMES: [&str; 8] = ["kim", "max", "lee", "amy", "con", "eve", "zoe", "oli"];

/// The harness, and its table as it was when nothing was wrong.
pub(super) struct Story {
    harness: TestHarness,
    table: BTreeMap<String, Value>,
}

fn who(name: &str) -> Identity {
    Identity::parse(&format!("email:{name}@acme.example")).unwrap()
}

fn lead_id(name: &str) -> LeadId {
    who(name).lead_id()
}

async fn does(harness: &TestHarness, name: &str, id: &str, kind: &str) {
    let occurred_at = harness.clock.now();
    let done = activity(id, kind, &format!("{name}@acme.example"), "DE");
    harness.record(Activity { occurred_at, ..done }).await.unwrap();
}

async fn command(harness: &TestHarness, name: &str, command: impl Into<Command>) {
    let order = CommandRequest::new(command, Actor::Crm, request());
    harness.services.execute(lead_id(name), &order).await.unwrap();
}

async fn erase(harness: &TestHarness, name: &str) {
    harness
        .services
        .erasure
        .erase(lead_id(name), Some(&who(name)), &Actor::Crm, &request())
        .await
        .unwrap();
}

/// Two editions of the rules, a delivery from quarantine, and a source that sent something.
async fn beside_the_leads(harness: &TestHarness) {
    let (table, now) = (harness.services.table(), harness.clock.now());
    for version in ["one", "two"] {
        let named = format!("version = \"{version}\" # ");
        let text = policy::SAMPLE.replacen("version = ", &named, 1);
        let draft = Draft { document: Document::Policy, name: "mine.toml", text: &text };
        Publisher(table).publish_drafts(&[draft], now).await.unwrap();
    }
    let source = SourceName::parse("website").unwrap();
    let limit = Limit { per_minute: 60, burst: 60 };
    table.admit(&source, limit, now).await.unwrap();
    let held = Held {
        source,
        id: "d0117dab998efa8b".to_owned(),
        received_at: now,
        reasons: vec!["no address".to_owned()],
        is_suspect: false,
        headers: BTreeMap::new(),
        query: Vec::new(),
        taken_at: None,
        erased_at: None,
    };
    let delivery = Quarantined { held: held.clone(), body: b"{}".to_vec() };
    table.quarantine(&delivery).await.unwrap();
    table.taken(&held, now).await.unwrap();
}

impl Story {
    /// Kim is in her second cycle after a return, Max is being nurtured, Lee is worked, Amy waits
    /// to be accepted, Con converted; Eve was erased, Zoe came back after it, Oli is being erased.
    pub(super) async fn play() -> Self {
        let harness = TestHarness::published().await;
        harness.post.connect(harness.route.clone());
        beside_the_leads(&harness).await;
        does(&harness, "kim", "k-1", "event.booth_visited").await;
        does(&harness, "kim", "k-2", "form.submitted").await;
        command(&harness, "kim", Accept {}).await;
        for days in [30, 1] {
            harness.pass(DAY * days);
            harness.sweep().await;
        }
        does(&harness, "kim", "k-3", "form.submitted").await;
        for name in ["eve", "zoe"] {
            does(&harness, name, name, "event.booth_visited").await;
            erase(&harness, name).await;
        }
        harness.minutes(30).await;
        does(&harness, "zoe", "z-2", "form.submitted").await;
        does(&harness, "kim", "k-4", "event.booth_visited").await;
        does(&harness, "max", "m-1", "form.submitted").await;
        for name in ["lee", "con", "amy", "oli"] {
            does(&harness, name, name, "event.booth_visited").await;
        }
        command(&harness, "lee", Accept {}).await;
        command(&harness, "con", Accept {}).await;
        command(&harness, "con", Convert {}).await;
        erase(&harness, "oli").await;
        harness.minutes(3).await;
        let table = harness.dump().await;
        Self { harness, table }
    }

    /// What is wrong now, with names for ids.
    pub(super) fn findings(&self) -> Vec<String> {
        let named =
            |line: String| NAMES.iter().fold(line, |line, name| line.replace(&self.id(name), name));
        self.harness.findings().into_iter().map(named).collect()
    }

    pub(super) fn plant(&self, plant: &Plant) {
        let (operation, body) = plant.request();
        self.harness.ask(operation, &body);
    }

    /// Makes the table what it was.
    pub(super) async fn restore(&self) {
        let now = self.harness.dump().await;
        for (key, item) in &now {
            if !self.table.contains_key(key) {
                self.plant(&Plant::new(item).gone());
            }
        }
        for (key, item) in &self.table {
            if now.get(key) != Some(item) {
                self.plant(&Plant::new(item));
            }
        }
    }

    pub(super) fn id(&self, name: &str) -> String {
        lead_id(name).to_string()
    }

    /// The item at a key.
    pub(super) fn at(&self, pk: &str, sk: &str) -> Plant {
        Plant::new(&self.table[&format!("\"{pk}\" \"{sk}\"")])
    }

    pub(super) fn lead(&self, name: &str) -> Plant {
        self.at(&format!("lead#{}", self.id(name)), "lead")
    }

    /// A lead's decision, counted from 0.
    pub(super) fn history(&self, name: &str, number: usize) -> Plant {
        let prefix = format!("\"lead#{}\" \"history#", self.id(name));
        Plant::new(self.all(|key, _| key.starts_with(&prefix))[number])
    }

    /// A message of the decision, both counted from 0.
    pub(super) fn message(&self, name: &str, decision: usize, index: usize) -> Plant {
        let prefix = format!("\"lead#{}\" \"message#", self.id(name));
        let version = self.history(name, decision).version();
        let prefix = format!("{prefix}{version:012}");
        Plant::new(self.all(|key, _| key.starts_with(&prefix))[index])
    }

    /// The first alert about a lead, as if it were due a minute after the story began.
    pub(super) fn due(&self, name: &str) -> Plant {
        let shard = 8 + i64::from(lead_id(name).bytes()[0] % 8);
        self.message(name, 1, 1).with("due_shard", n(shard)).with("due_at", n(LONG_AGO))
    }

    pub(super) fn entry(&self, name: &str, number: usize) -> Plant {
        let of = self.id(name);
        Plant::new(self.all(|_, item| item["ledger_of"]["S"] == of)[number])
    }

    pub(super) fn forgotten(&self) -> Plant {
        Plant::new(self.all(|_, item| item["item"]["S"] == "forgotten")[0])
    }

    pub(super) fn taken(&self) -> Plant {
        Plant::new(self.all(|_, item| item["item"]["S"] == "quarantine")[0])
    }

    fn all(&self, is: impl Fn(&str, &Value) -> bool) -> Vec<&Value> {
        let found = self.table.iter().filter(|(key, item)| is(key, item));
        found.map(|(_, item)| item).collect()
    }
}
