//! What would have left this machine: alerts to people, and published events. The local end of SNS
//! and EventBridge.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use baton_cloud::Clock;
use baton_route::Route;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::files::private;
use crate::local::{Published, PutEvent, Subscriber, delivery};

/// The most messages, and events, that are kept in memory; the files keep them all.
const KEPT: usize = 20_000;

/// Leads routed at once, as a deployment bounds what it takes out of the inbox: leads of one queue
/// take turns, so more would only stand in each other's way.
const ROUTERS: usize = 2;

/// An alert, on one channel, as its reader would get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxMessage {
    /// When it would have been sent.
    pub at: Timestamp,
    /// The reader: a person's id on the roster.
    pub to: String,
    /// `email` or `sms`.
    pub channel: String,
    /// The kind of alert: `assigned`, `accept_overdue`, `sign_in`, …
    pub kind: String,
    /// The lead that it is about, if it is about one.
    pub lead: Option<String>,
    /// The subject; an SMS has none.
    pub subject: String,
    /// The text as the reader sees it.
    pub body: String,
}

/// An event as it was put on the bus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedEvent {
    /// When it was published.
    pub at: Timestamp,
    /// Its id on the bus.
    pub id: String,
    /// What happened: `lead.qualified`, …
    #[serde(rename = "detail-type")]
    pub detail_type: String,
    /// The function that published it.
    pub source: String,
    /// The event itself, as JSON.
    pub detail: Value,
}

/// The inbox, the bus, and who listens on it.
pub(crate) struct LocalInbox {
    clock: Clock,
    topic_prefix: String,
    messages: Mutex<Log<InboxMessage>>,
    events: Mutex<Log<PublishedEvent>>,
    route: Mutex<Option<Route>>,
    routers: Arc<Semaphore>,
}

impl LocalInbox {
    /// An inbox that keeps what arrives in `folder`, if there is one.
    pub(crate) fn open(
        clock: Clock,
        topic_prefix: String,
        folder: Option<&Path>,
    ) -> io::Result<Self> {
        Ok(Self {
            clock,
            topic_prefix,
            messages: Mutex::new(Log::open(folder.map(|f| f.join("inbox.jsonl")).as_deref())?),
            events: Mutex::new(Log::open(folder.map(|f| f.join("events.jsonl")).as_deref())?),
            route: Mutex::default(),
            routers: Arc::new(Semaphore::new(ROUTERS)),
        })
    }

    /// Connects the bus to the function that listens on it.
    pub(crate) fn connect(&self, route: Route) {
        *self.route() = Some(route);
    }

    /// Lets go of that function, whose calls come back here: neither would ever be dropped.
    pub(crate) fn disconnect(&self) {
        *self.route() = None;
    }

    fn route(&self) -> MutexGuard<'_, Option<Route>> {
        self.route.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn messages(&self) -> Vec<InboxMessage> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).kept()
    }

    pub(crate) fn events(&self) -> Vec<PublishedEvent> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).kept()
    }
}

impl Subscriber for LocalInbox {
    /// Keeps one inbox message for each channel that the published message has a text for: the
    /// sender chose the channels by what its reader has.
    async fn published(&self, message: Published) {
        let at = self.clock.now();
        let to = message.topic_arn.strip_prefix(&self.topic_prefix);
        let to = to.unwrap_or(&message.topic_arn).to_owned();
        let attribute = |name| message.attributes.get(name).cloned();
        let subject = message.subject.clone().unwrap_or_default();
        let in_inbox = |channel: &str, body: &str| InboxMessage {
            at,
            to: to.clone(),
            channel: channel.to_owned(),
            kind: attribute("kind").unwrap_or_default(),
            lead: attribute("lead"),
            subject: if channel == "email" { subject.clone() } else { String::new() },
            body: body.to_owned(),
        };
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        message.bodies.iter().for_each(|(channel, body)| messages.keep(in_inbox(channel, body)));
    }

    /// Keeps the event and hands it to `route`, as SQS hands on what the bus gave it. With a manual
    /// clock the sender waits until the function is done, so that scripts are exact.
    async fn put(&self, id: String, event: PutEvent) {
        let at = self.clock.now();
        let PutEvent { source, detail_type, detail, .. } = event;
        let envelope = json!({
            "version": "0", "id": &id, "detail-type": &detail_type, "source": &source,
            "account": "000000000000", "time": at.to_string(), "region": "us-east-1",
            "resources": event.resources, "detail": &detail,
        });
        let kept = PublishedEvent { at, id, detail_type, source, detail };
        let wakes_route = kept.detail_type == "lead.qualified";
        self.events.lock().unwrap_or_else(PoisonError::into_inner).keep(kept);
        let route = self.route().clone();
        if let (true, Some(route)) = (wakes_route, route) {
            let call = call(route, envelope, Arc::clone(&self.routers));
            if self.clock.is_manual() { call.await } else { drop(tokio::spawn(call)) }
        }
    }
}

async fn call(route: Route, envelope: Value, routers: Arc<Semaphore>) {
    let _one_of_few = routers.acquire().await;
    let payload = match serde_json::from_value(delivery(&envelope)) {
        Ok(payload) => payload,
        Err(error) => return tracing::error!(%error, "route can't read the event"),
    };
    // The function logs its failures, and the lead's deadline tries again.
    let _ = route.handle(payload).await;
}

/// A list that is also kept in a file, one JSON value a line.
struct Log<T> {
    lines: VecDeque<T>,
    file: Option<File>,
}

impl<T: Clone + Serialize + DeserializeOwned> Log<T> {
    fn open(path: Option<&Path>) -> io::Result<Self> {
        let Some(path) = path else { return Ok(Self { lines: VecDeque::new(), file: None }) };
        let file = private().create(true).read(true).append(true).open(path)?;
        let mut log = Self { lines: VecDeque::new(), file: None };
        let mut text = Vec::new();
        let mut reader = BufReader::new(&file);
        while reader.read_until(b'\n', &mut text)? > 0 {
            // A line cut by a crash is skipped; the message is delivered again by the sweep.
            if let Ok(line) = serde_json::from_slice(&text) {
                log.keep(line);
            }
            if !text.ends_with(b"\n") {
                writeln!(&file)?;
            }
            text.clear();
        }
        log.file = Some(file);
        Ok(log)
    }

    fn keep(&mut self, line: T) {
        if let (Some(file), Ok(text)) = (&mut self.file, serde_json::to_string(&line))
            && let Err(error) = writeln!(file, "{text}")
        {
            tracing::error!(%error, "the local inbox can't be written");
        }
        self.lines.push_back(line);
        if self.lines.len() > KEPT {
            self.lines.pop_front();
        }
    }

    fn kept(&self) -> Vec<T> {
        self.lines.iter().cloned().collect()
    }
}
