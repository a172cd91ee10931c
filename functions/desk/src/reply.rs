//! What the desk answers: the contract's shapes, and failures as problems. The only file of this
//! function that knows status codes.

use std::collections::BTreeMap;

use baton_cloud::{Error, Told, causes};
use baton_core::activity::Entry;
use baton_core::channel::ChannelName;
use baton_core::decision::History;
use baton_core::email::Email;
use baton_core::id::{LeadId, PersonId, QueueName, RuleName};
use baton_core::lead::{Deadline, Lead, Marks, Status};
use baton_core::message::Message;
use baton_core::points::Score;
use baton_core::profile::Scalar;
use baton_core::{Refusal, Roster};
use baton_engine::{Failure, Services, Settings};
use baton_http::Problem;
use jiff::Timestamp;
use serde::Serialize;

use crate::lead::worth_now;

/// A lead, as the contract shows it.
#[derive(Serialize)]
pub(crate) struct LeadView<'a> {
    lead: LeadId,
    email: Option<&'a Email>,
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

pub(crate) fn lead<'a>(lead: &'a Lead, handoff: &Services) -> LeadView<'a> {
    LeadView {
        lead: lead.lead,
        email: lead.who.email(),
        status: lead.status(),
        cycle: lead.cycle(),
        score: handoff.score(lead),
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

/// A decision, and who was told of it.
#[derive(Serialize)]
pub(crate) struct HistoryView {
    #[serde(flatten)]
    line: History,
    told: Vec<ToldView>,
}

/// Somebody who was told.
#[derive(Serialize)]
struct ToldView {
    to: PersonId,
    kind: &'static str,
    /// By which it left, or is expected to leave.
    channels: Vec<ChannelName>,
    delivered_at: Option<Timestamp>,
    /// It was never sent: by then it was no longer true.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Timestamp>,
}

pub(crate) fn history(story: Told, roster: &Roster) -> Vec<HistoryView> {
    let mut told: BTreeMap<u64, Vec<ToldView>> = BTreeMap::new();
    for sent in story.messages {
        let channels = sent.channels(roster);
        let Message::Alert(alert) = sent.message else { continue };
        told.entry(sent.id.version).or_default().push(ToldView {
            channels,
            to: alert.to,
            kind: alert.kind.word(),
            delivered_at: sent.delivered_at,
            withdrawn_at: sent.withdrawn_at,
        });
    }
    // Which editions a decision was made by is on record to decide it again; nobody asks for it yet.
    let view = |line: History| HistoryView {
        told: told.remove(&line.version).unwrap_or_default(),
        line: History { editions: None, ..line },
    };
    story.history.into_iter().map(view).collect()
}

/// Why the score is what it is.
#[derive(Serialize)]
pub(crate) struct LedgerView {
    lead: LeadId,
    now: Timestamp,
    half_life_seconds: i64,
    score: Score,
    entries: Vec<EntryView>,
}

/// An activity, and what is left of its points.
#[derive(Serialize)]
struct EntryView {
    #[serde(flatten)]
    entry: Entry,
    /// Points it still adds to the behaviour score, to a hundredth; their sum is the score.
    worth_now: f64,
}

pub(crate) fn ledger(lead: &Lead, entries: Vec<Entry>, settings: &Settings) -> LedgerView {
    let half_life = settings.rules().policy.scoring.half_life;
    let now = settings.clock.now().max(lead.behaviour.as_of);
    let worth = |entry: &Entry| worth_now(entry, lead, now, half_life);
    let view = |entry: Entry| EntryView {
        worth_now: (worth(&entry) * 100.0).round() / 100.0,
        entry: Entry { editions: None, version: 0, ..entry },
    };
    LedgerView {
        lead: lead.lead,
        now,
        half_life_seconds: half_life.as_secs(),
        score: lead.score(now, half_life),
        entries: entries.into_iter().map(view).collect(),
    }
}

/// No such lead: we never heard of that person.
pub(crate) fn no_lead() -> Problem {
    Problem::new(404, "no_such_lead", "no activity of this lead has ever arrived")
}

/// Why a command had no effect.
pub(crate) fn failure(failure: Failure) -> Problem {
    match failure {
        Failure::NotFound => no_lead(),
        Failure::Refused(gone @ Refusal::Erased) => {
            Problem::new(410, gone.code(), gone.to_string())
        }
        Failure::Refused(refusal) => Problem::new(409, refusal.code(), refusal.to_string()),
        Failure::Error(failed) => error(&failed),
    }
}

/// The world failed: logged once, here, and the asker is asked to try again.
pub(crate) fn error(error: &Error) -> Problem {
    tracing::error!(error = %causes(error), "the desk could not do it");
    Problem::unavailable()
}
