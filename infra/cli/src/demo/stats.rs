//! The demo in numbers: counted from what the functions answered, published and sent, and at the
//! end from what the table holds.

use std::collections::BTreeMap;

use baton_core::id::LeadId;
use baton_core::lead::{QualifiedBy, Status};
use baton_core::message::{Event, EventName};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::wrap::TIE;

/// The counts of the summary.
#[derive(Default)]
pub(super) struct Stats {
    /// Rows of the badge list that could not even be sent.
    pub(super) unusable_rows: usize,
    /// Activities by what became of them: `scored`, `duplicate`, …
    pub(super) outcomes: Counts,
    /// Everybody an activity was about, and where they stand.
    pub(super) leads: BTreeMap<LeadId, LeadState>,
    /// MQLs by path, in the order of [`path`].
    pub(super) qualified: Counts,
    /// MQLs that had been in sales before.
    pub(super) again: usize,
    /// Leads a salesperson accepted.
    pub(super) accepted: usize,
    /// Those of them accepted in time.
    pub(super) accepted_in_time: usize,
    /// Escalations by lead.
    pub(super) escalations: BTreeMap<LeadId, usize>,
    /// Everything else that was published, by its name.
    pub(super) events: BTreeMap<&'static str, usize>,
    /// Alerts by kind: e-mails and short messages.
    pub(super) alerts: BTreeMap<String, (usize, usize)>,
    /// Reasons for turning a lead down.
    pub(super) turned_down: Counts,
    /// Ways back to marketing, by the command that took them.
    pub(super) returned_by: Counts,
    assigned_at: BTreeMap<LeadId, Timestamp>,
}

/// Where a lead stands.
pub(super) struct LeadState {
    pub(super) status: String,
    /// The exclusion rule that holds for it.
    pub(super) excluded_by: Option<String>,
    /// Whether marketing takes it back when its deadline passes.
    pub(super) is_in_grace: bool,
}

/// How often each word came up.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<String, usize>);

impl Stats {
    /// Counts the answer to one activity.
    pub(super) fn answer(&mut self, answer: &Value) {
        let outcome = text(answer, "outcome");
        self.outcomes.add(outcome);
        // A duplicate says nothing new about the lead.
        let is_news = outcome != "duplicate";
        if let Some(lead) = LeadId::parse(text(answer, "lead")).ok().filter(|_| is_news) {
            self.stand(lead, answer);
        }
    }

    /// Where a lead stands, as the newest answer or the desk has it.
    pub(super) fn stand(&mut self, lead: LeadId, seen: &Value) {
        let standing = LeadState {
            status: text(seen, "status").to_owned(),
            excluded_by: seen["excluded_by"].as_str().map(str::to_owned),
            is_in_grace: seen["deadline"]["kind"] == "take_back",
        };
        self.leads.insert(lead, standing);
    }

    /// Counts a published event. `accept_within` is how long the policy gives an owner to accept.
    pub(super) fn event(&mut self, event: &Event, accept_within: SignedDuration) {
        *self.events.entry(event.name.word()).or_default() += 1;
        match event.name {
            EventName::Qualified => {
                self.qualified.add(path(event.mql_by));
                self.again += usize::from(event.cycle > 1);
            }
            EventName::Assigned | EventName::Reassigned => {
                self.assigned_at.insert(event.lead, event.at);
            }
            EventName::Accepted => {
                self.accepted += 1;
                let since =
                    self.assigned_at.get(&event.lead).map(|at| event.at.duration_since(*at));
                self.accepted_in_time += usize::from(since.is_some_and(|it| it <= accept_within));
            }
            EventName::Escalated => *self.escalations.entry(event.lead).or_default() += 1,
            EventName::Unrouted
            | EventName::Warned
            | EventName::Extended
            | EventName::Converted
            | EventName::Returned
            | EventName::Disqualified
            | EventName::Merged
            | EventName::Erased => {}
        }
    }

    /// How often something was published.
    pub(super) fn count(&self, name: EventName) -> usize {
        self.events.get(name.word()).copied().unwrap_or_default()
    }

    /// Counts a lead's history, as the desk shows it.
    pub(super) fn history(&mut self, history: &Value) {
        for line in history.as_array().into_iter().flatten() {
            if line["command"] == "reject" {
                self.turned_down.add(text(line, "reason"));
            }
            for told in line["told"].as_array().into_iter().flatten() {
                self.alert(told);
            }
            if line["to"] == Status::Returned.word() && line["from"] != Status::Returned.word() {
                self.returned_by.add(text(line, "command"));
            }
        }
    }
}

impl Stats {
    /// Counts an alert by channel, whether it was sent alone or in a digest.
    fn alert(&mut self, told: &Value) {
        if told["delivered_at"].is_null() {
            return;
        }
        let (emails, sms) = self.alerts.entry(text(told, "kind").to_owned()).or_default();
        for channel in told["channels"].as_array().into_iter().flatten() {
            *(if channel == "sms" { &mut *sms } else { &mut *emails }) += 1;
        }
    }
}

impl<'a> FromIterator<&'a str> for Counts {
    fn from_iter<T: IntoIterator<Item = &'a str>>(words: T) -> Self {
        let mut counts = Self::default();
        words.into_iter().for_each(|word| counts.add(word));
        counts
    }
}

impl Counts {
    pub(super) fn add(&mut self, word: &str) {
        *self.0.entry(word.to_owned()).or_default() += 1;
    }

    pub(super) fn of(&self, word: &str) -> usize {
        self.0.get(word).copied().unwrap_or_default()
    }

    pub(super) fn total(&self) -> usize {
        self.0.values().sum()
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (word, count) in &other.0 {
            *self.0.entry(word.clone()).or_default() += count;
        }
    }

    /// The word, if there is only one.
    pub(super) fn single(&self) -> Option<&str> {
        let mut words = self.0.keys();
        words.next().filter(|_| words.next().is_none()).map(String::as_str)
    }

    /// "no_budget 3, not_now 3, student 1": the most frequent first.
    pub(super) fn words(&self) -> String {
        self.listed(|word, count| format!("{word}{TIE}{count}"))
    }

    /// "8 by score, 1 by hand": the most frequent first, each word after `before`.
    pub(super) fn told(&self, before: &str) -> String {
        self.listed(|word, count| format!("{count}{TIE}{before}{word}"))
    }

    fn listed(&self, word_count: impl Fn(&str, usize) -> String) -> String {
        let mut counts: Vec<_> = self.0.iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let words = counts.iter().map(|(word, count)| word_count(word, **count));
        words.collect::<Vec<_>>().join(", ")
    }
}

/// How a lead qualified, in words.
pub(super) fn path(by: Option<QualifiedBy>) -> &'static str {
    match by {
        Some(QualifiedBy::FastTrack) => "fast track",
        Some(QualifiedBy::Score) => "score",
        Some(QualifiedBy::Manual) => "hand",
        None => "nobody knows",
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}
