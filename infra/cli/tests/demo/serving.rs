//! A Baton that serves what the demo kept.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::input;

/// When the demo ends, and Baton's clock stands still.
pub(crate) const END: &str = "2026-04-03T08:00:00Z";

/// Every lead that the demo's files name, and its history. They are asked for once for all tests.
pub(crate) static LEADS: LazyLock<BTreeMap<String, Lead>> = LazyLock::new(|| {
    let serving = Serving::of_the_demo();
    let (facts, _) = input::facts();
    let everybody: BTreeSet<String> = facts.into_iter().map(|fact| fact.who).collect();
    let leads = everybody.into_iter().map(|who| {
        let page = serving.get(&format!("/leads/{who}"));
        let history = serving.get(&format!("/leads/{who}/history"));
        (who, Lead { page, history })
    });
    leads.collect()
});

/// A lead as Baton answers it.
pub(crate) struct Lead {
    pub(crate) page: Value,
    pub(crate) history: Value,
}

/// Only one process at a time may have the folder.
static TURN: Mutex<()> = Mutex::new(());

/// The process.
pub(crate) struct Serving {
    child: Child,
    url: String,
    key: String,
    _turn: MutexGuard<'static, ()>,
}

impl Serving {
    pub(crate) fn of_the_demo() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = crate::DEMO.1.path();
        let mut child = Command::new(env!("CARGO_BIN_EXE_baton"))
            .args(["serve", "--listen", "127.0.0.1:0", "--clock", &format!("manual:{END}")])
            .arg("--data")
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut greeting = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut greeting).unwrap();
        child.stdout = Some(out.into_inner());
        let url = greeting[greeting.find("http://").unwrap()..].trim().to_owned();
        let secrets = std::fs::read_to_string(folder.join("secrets.toml")).unwrap();
        let secrets: toml::Table = secrets.parse().unwrap();
        let key = secrets["desk"]["current"].as_str().unwrap().to_owned();
        Self { child, url, key, _turn: turn }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let bearer = format!("Bearer {}", self.key);
        let call = ureq::get(format!("{}{path}", self.url)).header("authorization", &bearer);
        let text = call.call().unwrap().body_mut().with_config().limit(1 << 30).read_to_string();
        serde_json::from_str(&text.unwrap()).unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
