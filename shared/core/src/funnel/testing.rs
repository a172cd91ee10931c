//! Lines of history for tests, and every number of a funnel with the leads behind it.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Behind, Book, Delivered, Funnel, Line, Question, What, Window};
use crate::commands::{Actor, CommandKind};
use crate::decision::History;
use crate::id::{Identity, LeadId, PersonId, SourceName};
use crate::lead::{DeadlineKind, Lead, QualifiedBy, Status, testing};
use crate::{Policy, Roster, policy, roster};

static POLICY: LazyLock<Policy> = LazyLock::new(|| policy::parse(policy::SAMPLE).unwrap());
static ROSTER: LazyLock<Roster> = LazyLock::new(|| roster::parse(roster::SAMPLE).unwrap());

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

/// The usual fortnight on 8 April 2026 at noon.
pub(crate) fn question() -> Question<'static> {
    let now = at("2026-04-08T12:00:00Z");
    let window = Window::last(14, "2026-04-08".parse().unwrap());
    Question { window, team: None, policy: &POLICY, roster: &ROSTER, now }
}

pub(crate) fn ask(question: &Question<'_>, lines: &[Line], alerts: &[Delivered]) -> Funnel {
    Funnel::of(question, &Book::open(question, lines, alerts), &[])
}

pub(crate) fn lead(name: &str) -> LeadId {
    Identity::parse(&format!("email:{name}@acme.example")).unwrap().lead_id()
}

/// One lead's trip, line by line.
pub(crate) struct Trip {
    name: String,
    holder: Option<(&'static str, Option<&'static str>)>,
    status: Status,
    mql_at: Option<Timestamp>,
    assigned_at: Option<Timestamp>,
    pub(crate) lines: Vec<Line>,
}

impl Trip {
    pub(crate) fn of(name: &str) -> Self {
        let (name, status) = (name.to_owned(), Status::Nurturing);
        Self { name, holder: None, status, mql_at: None, assigned_at: None, lines: Vec::new() }
    }

    pub(crate) fn qualifies(mut self, time: Timestamp, source: &str, path: QualifiedBy) -> Self {
        self.mql_at = Some(time);
        (self.holder, self.assigned_at) = (None, None);
        let by = match path {
            QualifiedBy::Manual => Actor::Crm,
            QualifiedBy::Score | QualifiedBy::FastTrack => {
                Actor::Source(SourceName::parse(source).unwrap())
            }
        };
        let line = History { by, path: Some(path), ..self.line(time, Status::Mql, "record") };
        self.push(line)
    }

    pub(crate) fn goes_to(
        mut self,
        time: Timestamp,
        who: &'static str,
        head: Option<&'static str>,
    ) -> Self {
        self.holder = Some((who, head));
        self.assigned_at = Some(time);
        let line = self.line(time, self.status, "assign");
        self.push(line)
    }

    pub(crate) fn does(self, time: Timestamp, command: &str, to: Status) -> Self {
        let line = self.line(time, to, command);
        self.push(line)
    }

    pub(crate) fn lapses(self, time: Timestamp, clock: DeadlineKind, to: Status) -> Self {
        let line = History { clock: Some(clock), ..self.line(time, to, "lapse") };
        self.push(line)
    }

    pub(crate) fn because(mut self, reason: &str) -> Self {
        self.lines.last_mut().unwrap().history.reason = Some(reason.to_owned());
        self
    }

    fn line(&self, time: Timestamp, to: Status, command: &str) -> History {
        let holder = self.holder.map(|(who, _)| person(who));
        let holds = matches!(to, Status::Mql | Status::Working | Status::Converted);
        let last = self.lines.last().map(|line| &line.history);
        let begins = self.status != Status::Mql && to == Status::Mql;
        History {
            at: time,
            from: self.status,
            to,
            command: CommandKind::named(command).unwrap(),
            clock: None,
            by: Actor::Clock,
            reason: None,
            owner: holder.clone().filter(|_| holds),
            held_by: holder.filter(|_| !holds),
            supervisor: self.holder.and_then(|(_, head)| head.map(person)),
            queue: None,
            assigned_at: self.assigned_at,
            mql_at: self.mql_at,
            path: None,
            cycle: last.map_or(0, |last| last.cycle) + u32::from(begins),
            policy: "test".to_owned(),
            editions: None,
            silent: false,
            version: last.map_or(0, |last| last.version) + 1,
        }
    }

    fn push(mut self, line: History) -> Self {
        self.status = line.to;
        self.lines.push(Line { lead: lead(&self.name), history: line });
        self
    }
}

/// A lead that is being worked until some time.
pub(crate) fn working(name: &str, until: Timestamp, clock: DeadlineKind) -> Lead {
    let who = Identity::parse(&format!("email:{name}@acme.example")).unwrap();
    let then = at("2026-03-01T00:00:00Z");
    let hold = testing::hold("ana", "sven", then);
    let countdown = testing::until(then, until);
    let stage = testing::stage(clock, hold, testing::work(then), countdown);
    Lead { stage, ..Lead::new(who, then) }
}

/// Every number of a funnel, now and before, and the leads behind it, as its JSON tells.
pub(crate) fn numbers(funnel: &Funnel) -> Vec<(u64, Option<u64>, Behind)> {
    let mut found = Vec::new();
    collect(&serde_json::to_value(funnel).unwrap(), &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<(u64, Option<u64>, Behind)>) {
    if let Some(map) = value.get("behind").and_then(Value::as_object) {
        let mut behind = Behind::all(What::Qualified);
        for (key, value) in map {
            let within = SignedDuration::from_hours(24);
            assert!(behind.take(key, value.as_str().unwrap(), within).unwrap(), "{key}");
        }
        let leads = |of: &str| value[of].as_u64().or(value[of]["leads"].as_u64());
        found.push((leads("now").unwrap(), leads("before"), behind));
    }
    match value {
        Value::Array(list) => list.iter().for_each(|one| collect(one, found)),
        Value::Object(map) => map.values().for_each(|one| collect(one, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
