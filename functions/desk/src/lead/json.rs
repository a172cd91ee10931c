//! A lead, its history and its ledger as JSON, in the shapes of the contract.

use std::collections::BTreeMap;

use baton_cloud::LeadHistory;
use baton_core::Roster;
use baton_core::activity::Entry;
use baton_core::channel::ChannelName;
use baton_core::decision::History;
use baton_core::email::Email;
use baton_core::id::{Identity, LeadId, PersonId, QueueName, RuleName};
use baton_core::lead::{Deadline, Lead, Marks, Status};
use baton_core::message::Message;
use baton_core::profile::Scalar;
use baton_core::score::Score;
use baton_engine::{Services, Settings};
use jiff::Timestamp;
use serde::Serialize;

use super::ledger::worth_now;

#[derive(Serialize)]
pub(crate) struct LeadJson<'a> {
    lead: LeadId,
    email: Option<&'a Email>,
    identifiers: Vec<String>,
    status: Status,
    cycle: u32,
    score: Score,
    excluded_by: Option<&'a RuleName>,
    owner: Option<&'a PersonId>,
    supervisor: Option<&'a PersonId>,
    queue: Option<&'a QueueName>,
    deadline: Option<Deadline>,
    marks: Marks<'a>,
    profile: BTreeMap<&'a str, &'a Scalar>,
    version: u64,
}

pub(crate) fn lead<'a>(lead: &'a Lead, services: &Services) -> LeadJson<'a> {
    LeadJson {
        lead: lead.lead,
        email: lead.email(),
        identifiers: lead.names().map(Identity::text).collect(),
        status: lead.status(),
        cycle: lead.cycle(),
        score: services.score(lead),
        excluded_by: lead.excluded.as_ref(),
        owner: lead.owner(),
        supervisor: lead.supervisor(),
        queue: lead.queue(),
        deadline: lead.deadline(),
        marks: lead.marks(),
        profile: lead.profile.iter().collect(),
        version: lead.version,
    }
}

#[derive(Serialize)]
pub(crate) struct HistoryJson {
    #[serde(flatten)]
    line: History,
    told: Vec<ToldJson>,
}

#[derive(Serialize)]
struct ToldJson {
    to: PersonId,
    kind: &'static str,
    /// The channels by which it left, or is expected to leave.
    channels: Vec<ChannelName>,
    delivered_at: Option<Timestamp>,
    /// It was never sent, because it was no longer true.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Timestamp>,
}

pub(crate) fn history(story: LeadHistory, roster: &Roster) -> Vec<HistoryJson> {
    let mut told: BTreeMap<(Option<LeadId>, u64), Vec<ToldJson>> = BTreeMap::new();
    for sent in story.messages {
        let channels = sent.channels(roster);
        let Message::Alert(alert) = sent.message else { continue };
        told.entry((Some(sent.id.lead), sent.id.version)).or_default().push(ToldJson {
            channels,
            to: alert.to,
            kind: alert.kind.word(),
            delivered_at: sent.delivered_at,
            withdrawn_at: sent.withdrawn_at,
        });
    }
    // The editions are stored to decide again; the contract does not show them.
    let view = |line: History| HistoryJson {
        told: told.remove(&(line.lead, line.version)).unwrap_or_default(),
        line: History { editions: None, ..line },
    };
    story.history.into_iter().map(view).collect()
}

#[derive(Serialize)]
pub(crate) struct LedgerJson {
    lead: LeadId,
    now: Timestamp,
    half_life_seconds: i64,
    score: Score,
    entries: Vec<EntryJson>,
}

#[derive(Serialize)]
struct EntryJson {
    #[serde(flatten)]
    entry: Entry,
    /// The points that it still adds to behaviour, to a hundredth. Their sum is the behaviour
    /// score.
    worth_now: f64,
}

pub(crate) fn ledger(lead: &Lead, entries: Vec<Entry>, settings: &Settings) -> LedgerJson {
    let half_life = settings.rules().policy.scoring.half_life;
    let now = settings.clock.now().max(lead.behaviour.as_of);
    let worth = |entry: &Entry| worth_now(entry, lead, now, half_life);
    let view = |entry: Entry| EntryJson {
        worth_now: (worth(&entry) * 100.0).round() / 100.0,
        entry: Entry { editions: None, version: 0, named: Vec::new(), fingerprint: None, ..entry },
    };
    LedgerJson {
        lead: lead.lead,
        now,
        half_life_seconds: half_life.as_secs(),
        score: lead.score(now, half_life),
        entries: entries.into_iter().map(view).collect(),
    }
}
