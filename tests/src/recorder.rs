//! The far end of the bus and of alerts: keeps what arrives, and wakes `route` if connected.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use baton::local::{Published, PutEvent, Subscriber, delivery};
use baton_cloud::Clock;
use baton_route::Route;
use jiff::Timestamp;
use serde_json::{Value, json};

/// An alert as it left.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Letter {
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub to: String,
    /// Why.
    pub kind: String,
    /// About which lead.
    pub lead: String,
    /// What it follows from.
    pub correlation: String,
    /// What a mail of it says.
    pub body: String,
}

/// Keeps what was published and put.
pub struct Recorder {
    clock: Clock,
    letters: Mutex<Vec<Letter>>,
    events: Mutex<Vec<Value>>,
    route: OnceLock<Route>,
    connected: AtomicBool,
}

impl Recorder {
    pub(crate) fn new(clock: Clock) -> Self {
        let connected = AtomicBool::new(false);
        let (letters, events) = (Mutex::default(), Mutex::default());
        Self { clock, letters, events, route: OnceLock::new(), connected }
    }

    /// Lets `route` hear of every lead that qualifies.
    pub fn connect(&self, route: Route) {
        let _ = self.route.set(route);
        self.connected.store(true, Ordering::SeqCst);
    }

    /// Loses every event from now on.
    pub fn disconnect(&self) {
        self.connected.store(false, Ordering::SeqCst);
    }

    /// Alerts, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Alerts after the first so many.
    pub fn letters_after(&self, known: usize) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)[known..].to_vec()
    }

    /// Events after the first so many.
    pub fn events_after(&self, known: usize) -> Vec<Value> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)[known..].to_vec()
    }

    /// Alerts of a kind: when they left, and to whom.
    pub fn told(&self, kind: &str) -> Vec<(String, String)> {
        let letters = self.letters().into_iter().filter(|letter| letter.kind == kind);
        letters.map(|letter| (letter.at.to_string(), letter.to)).collect()
    }

    /// Events in EventBridge's envelope, oldest first.
    pub fn events(&self) -> Vec<Value> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Subscriber for Recorder {
    async fn published(&self, message: Published) {
        let (_, to) = message.topic_arn.rsplit_once("baton-").unwrap_or_default();
        let attribute = |name| message.attributes.get(name).cloned().unwrap_or_default();
        let letter = Letter {
            at: self.clock.now(),
            to: to.to_owned(),
            kind: attribute("kind"),
            lead: attribute("lead"),
            correlation: attribute("correlation"),
            body: message.text_for("email").to_owned(),
        };
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
    }

    async fn put(&self, id: String, event: PutEvent) {
        let envelope = json!({
            "version": "0", "id": id, "detail-type": event.detail_type, "source": event.source,
            "account": "123456789012", "time": self.clock.now().to_string(),
            "region": "eu-central-1", "resources": event.resources, "detail": event.detail,
        });
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(envelope.clone());
        let qualified = envelope["detail-type"] == "lead.qualified";
        if qualified
            && self.connected.load(Ordering::SeqCst)
            && let Some(route) = self.route.get()
        {
            let payload = serde_json::from_value(delivery(&envelope));
            let payload = payload.expect("route reads what we publish");
            let _ = route.handle(payload).await;
        }
    }
}
