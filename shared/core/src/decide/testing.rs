//! A small world for tests: build it, do one thing, look at what was decided.

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use crate::activity::Activity;
use crate::commands::{Accept, Actor, Assign, Command, CommandRequest, Lapse, Record, WarningSent};
use crate::correlation::Correlation;
use crate::cursor::Cursor;
use crate::decide::{Context, decide, queue_needed};
use crate::decision::Decision;
use crate::id::{ActivityType, Identity, PersonId, SourceId, SourceName};
use crate::invariant;
use crate::lead::{DeadlineKind, Lead};
use crate::message::{AlertKind, EventName, Message};
use crate::points::Score;
use crate::profile::{Said, Scalar};
use crate::refusal::Refusal;
use crate::{Policy, Roster, policy, roster};

static POLICY: LazyLock<Policy> = LazyLock::new(|| policy::parse(policy::SAMPLE).unwrap());
static ROSTER: LazyLock<Roster> = LazyLock::new(|| roster::parse(roster::SAMPLE).unwrap());

/// One lead, the rules around it, and a clock that the test moves.
pub(crate) struct Desk {
    pub(crate) policy: Policy,
    pub(crate) roster: Roster,
    pub(crate) now: Timestamp,
    pub(crate) lead: Option<Lead>,
    pub(crate) decided: Vec<Decision>,
    cursor: Option<Cursor>,
    seen: HashSet<(String, String)>,
    ids: u32,
}

impl Desk {
    /// 1 March 2026, 09:00 UTC, nothing has happened.
    pub(crate) fn new() -> Self {
        Self {
            policy: POLICY.clone(),
            roster: ROSTER.clone(),
            now: "2026-03-01T09:00:00Z".parse().unwrap(),
            lead: None,
            decided: Vec::new(),
            cursor: None,
            seen: HashSet::new(),
            ids: 0,
        }
    }

    /// A lead that visited the booth and has an owner in `emea`.
    pub(crate) fn assigned() -> Self {
        let mut desk = Self::new();
        desk.does("event.booth_visited", &[("country", "DE")]);
        desk.order(Assign {}, Actor::Router).unwrap();
        desk
    }

    /// The same, accepted by its owner.
    pub(crate) fn accepted() -> Self {
        let mut desk = Self::assigned();
        desk.order(Accept {}, Actor::Crm).unwrap();
        desk
    }

    /// The same, taken back by marketing 31 days later.
    pub(crate) fn returned() -> Self {
        let mut desk = Self::accepted();
        desk.pass("30d");
        desk.lapse().unwrap();
        desk.order(WarningSent {}, Actor::Clock).unwrap();
        desk.pass("24h");
        desk.lapse().unwrap();
        desk
    }

    pub(crate) fn pass(&mut self, time: &str) {
        let span: Span = time.parse().unwrap();
        let days = jiff::SpanRelativeTo::days_are_24_hours();
        self.now += span.to_duration(days).unwrap();
    }

    /// Kim does something now.
    pub(crate) fn does(&mut self, kind: &str, profile: &[(&str, &str)]) -> Score {
        self.ids += 1;
        let activity = activity(&format!("a{}", self.ids), kind, self.now, profile);
        self.record(activity);
        self.score()
    }

    /// An activity arrives. As in the table, `(source, id)` is taken once.
    pub(crate) fn record(&mut self, activity: Activity) {
        let key = (activity.source.to_string(), activity.id.as_str().to_owned());
        if !self.seen.insert(key) {
            return;
        }
        if self.lead.is_none() {
            self.lead = Some(Lead::new(activity.who.clone(), self.now));
        }
        let source = activity.source.clone();
        let order = CommandRequest::new(Record::new(activity), Actor::Source(source), request());
        self.give(&order).unwrap();
    }

    pub(crate) fn lapse(&mut self) -> Result<(), Refusal> {
        self.order(Lapse {}, Actor::Clock)
    }

    pub(crate) fn order(&mut self, command: impl Into<Command>, by: Actor) -> Result<(), Refusal> {
        self.give(&CommandRequest::new(command, by, request()))
    }

    /// Decides, checks every invariant as a commit would, and commits.
    pub(crate) fn give(&mut self, order: &CommandRequest) -> Result<(), Refusal> {
        let lead = self.lead.clone().unwrap();
        let queue = queue_needed(&lead, order, &self.policy, &self.roster, self.now);
        let cursor = self.cursor.as_ref().filter(|c| Some(&c.queue) == queue.as_ref());
        let world = Context {
            policy: &self.policy,
            roster: &self.roster,
            editions: None,
            cursor,
            now: self.now,
        };
        let decision = decide(lead, order, &world)?;
        invariant::check(&decision, &self.policy.scoring).unwrap();
        self.lead = Some(decision.lead.clone());
        self.cursor = decision.cursor.clone().or(self.cursor.take());
        self.decided.push(decision);
        Ok(())
    }

    pub(crate) fn lead(&self) -> &Lead {
        self.lead.as_ref().unwrap()
    }

    pub(crate) fn score(&self) -> Score {
        self.lead().score(self.now, self.policy.scoring.half_life)
    }

    pub(crate) fn owner(&self) -> PersonId {
        self.lead().owner().cloned().unwrap()
    }

    /// The running clock and how long it still runs: `accept 24h`.
    pub(crate) fn clock(&self) -> Option<(DeadlineKind, i64)> {
        let deadline = self.lead().deadline()?;
        Some((deadline.kind, deadline.at.duration_since(self.now).as_hours()))
    }

    /// Whom the newest decision tells what: `ana assigned`.
    pub(crate) fn told(&self) -> Vec<String> {
        let messages = self.decided.last().map_or(&[][..], |decision| &decision.messages);
        let alert = |message: &Message| match message {
            Message::Alert(alert) => Some(format!("{} {}", alert.to, AlertKind::word(alert.kind))),
            Message::Event(_) | Message::Erased(_) => None,
        };
        messages.iter().filter_map(alert).collect()
    }

    /// What the newest decision publishes.
    pub(crate) fn published(&self) -> Vec<&'static str> {
        let messages = self.decided.last().map_or(&[][..], |decision| &decision.messages);
        let event = |message: &Message| match message {
            Message::Event(event) => Some(EventName::word(event.name)),
            Message::Alert(_) | Message::Erased(_) => None,
        };
        messages.iter().filter_map(event).collect()
    }
}

pub(crate) fn activity(id: &str, kind: &str, at: Timestamp, profile: &[(&str, &str)]) -> Activity {
    let text = |(key, value): &(&str, &str)| ((*key).to_owned(), Scalar::Text((*value).to_owned()));
    Activity {
        source: SourceName::parse("website").unwrap(),
        id: SourceId::parse(id).unwrap(),
        kind: ActivityType::parse(kind).unwrap(),
        occurred_at: at,
        who: Identity::parse("email:kim@acme.example").unwrap(),
        profile: profile.iter().map(text).collect::<Said>(),
        data: Value::Null,
    }
}

/// A click in a mail, on a link with a name.
pub(crate) fn click(id: &str, at: Timestamp, link: &str) -> Activity {
    let data = json!({ "link": format!("https://acme.example/{link}") });
    Activity { data, ..activity(id, "email.clicked", at, &[]) }
}

/// What every order here follows from.
pub(crate) fn request() -> Correlation {
    Correlation::parse("JKJaXmPLvHcESHA=").unwrap()
}

pub(crate) fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}
