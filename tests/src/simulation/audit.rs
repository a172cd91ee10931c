//! Looks at everything at once: every lead, every ledger, every letter, every promise in the table.

use std::collections::BTreeMap;

use baton_core::id::LeadId;
use baton_core::invariant;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::agenda::Part;
use super::state::{Simulation, Wrong};
use crate::Ask;
use crate::oracle::Lead;

/// Runs of the timer that must be enough for everything to come to rest.
const LAST_RUNS: usize = 40;
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

type Table = BTreeMap<String, Value>;

impl Simulation {
    /// Mends everything, and waits until nobody is owed anything.
    pub(super) async fn come_to_rest(&mut self, end: Timestamp) -> Result<(), Wrong> {
        for part in [Part::Store, Part::Alerts, Part::Bus, Part::Timer] {
            while self.faults.is_broken(part) {
                self.faults.mends(part);
            }
        }
        self.harness.clock.advance_to(end);
        for _ in 0..LAST_RUNS {
            self.harness.pass(SignedDuration::from_mins(3));
            self.agenda.timer(self.now());
            self.timer().await?;
            if !self.owes()
                && !self.erases
                && !self.expected.leads.values().any(|lead| lead.is_due(self.now()))
            {
                break;
            }
        }
        self.harness.pass(SignedDuration::from_mins(3));
        self.faults.next_run(None);
        let report = self.harness.tick().await;
        if report.is_none_or(|report| report.failed > 0) {
            return self.wrong("", format!("the last run of the timer: {report:?}"));
        }
        self.audit(true).await
    }

    /// Everything that must hold, of everything there is.
    pub(super) async fn audit(&mut self, is_last: bool) -> Result<(), Wrong> {
        if self.lags {
            self.harness.lag(SignedDuration::ZERO);
        }
        let emails: Vec<_> = self.expected.leads.keys().cloned().collect();
        for email in emails {
            let lead = self.expected.leads[&email].clone();
            self.settle(&email, vec![lead.clone()], None).await?;
            self.told_in_time(&lead)?;
            self.adds_up(&email).await?;
        }
        let table = self.harness.dump().await;
        self.promises(&table, is_last).await?;
        self.forgotten(&table, is_last)?;
        if is_last { self.accounts(&table) } else { Ok(()) }
    }

    /// In fair weather nobody waits for an hour to be told.
    fn told_in_time(&self, lead: &Lead) -> Result<(), Wrong> {
        let Some(owed) = self.expected.owed(lead) else { return Ok(()) };
        let waits = self.now().duration_since(owed.from.max(self.mended_at)) > AN_HOUR;
        match waits && self.faults.is_fair() {
            true => self.wrong(&lead.email, format!("not told in time: {owed:?}")),
            false => Ok(()),
        }
    }

    /// The ledger is why the score is what it is.
    async fn adds_up(&mut self, email: &str) -> Result<(), Wrong> {
        self.faults.look_away(true);
        let ledger = self.harness.http(&Ask::ledger(email)).await.body;
        self.faults.look_away(false);
        let entries = ledger["entries"].as_array().cloned().unwrap_or_default();
        let worth: f64 = entries.iter().filter_map(|entry| entry["worth_now"].as_f64()).sum();
        let behaviour = ledger["score"]["behaviour"].as_f64().unwrap_or(f64::NAN);
        // Half a point of rounding, and half a hundredth for each entry.
        let room = 0.5 + 0.01 * (entries.len() as f64 + 1.0);
        match (worth - behaviour).abs() <= room {
            true => Ok(()),
            false => self.wrong(email, format!("{worth} in the ledger, {behaviour} in the score")),
        }
    }

    /// Every item of the table: the core's own invariants, and a promise for each message that
    /// was not delivered.
    async fn promises(&mut self, table: &Table, is_last: bool) -> Result<(), Wrong> {
        for item in table.values() {
            let is_promised = item["due_at"].is_object();
            let id = item["lead"]["S"].as_str().unwrap_or_default();
            let lead = self.expected.names.get(id).cloned().unwrap_or_default();
            match item["item"]["S"].as_str().unwrap_or_default() {
                "message" if is_promised == is_settled(item) => {
                    return self.wrong(&lead, format!("settled or promised: {item}"));
                }
                "message" if is_last && is_promised => {
                    return self.wrong(&lead, format!("never delivered: {item}"));
                }
                "lead" => self.invariants(&lead, id, item).await?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Nothing in the table mentions those who were erased and did not come back.
    fn forgotten(&self, table: &Table, is_last: bool) -> Result<(), Wrong> {
        let is_over = self.now().duration_since(self.erased_at.max(self.mended_at)) > AN_HOUR;
        let is_due = is_last || (is_over && !self.erases && self.faults.is_fair());
        let text = if is_due { format!("{table:?}") } else { String::new() };
        let erased =
            self.expected.pasts.keys().filter(|email| !self.expected.leads.contains_key(*email));
        for email in erased {
            if text.contains(email.as_str()) {
                return self.wrong(email, "is erased, and still in the table".to_owned());
            }
        }
        Ok(())
    }

    /// Whoever had to be told something was, or it is said that it was no longer so; and the
    /// other way round.
    fn accounts(&self, table: &Table) -> Result<(), Wrong> {
        let mut kept: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for item in table.values().filter(|item| item["item"]["S"] == "message") {
            let alert = &item["message"]["M"]["alert"]["M"];
            let lead = self.expected.names.get(item["lead"]["S"].as_str().unwrap_or_default());
            if let (Some(to), Some(lead)) = (alert["to"]["S"].as_str(), lead) {
                let kind = alert["kind"]["S"].as_str().unwrap_or_default().to_owned();
                let is_delivered = item["delivered_at"].is_object();
                kept.entry(lead.clone()).or_default().push((to.to_owned(), kind, is_delivered));
            }
        }
        for (email, lead) in &self.expected.leads {
            let kept = kept.remove(email).unwrap_or_default();
            if let Some(wrong) = self.expected.account(lead, kept) {
                return self.wrong(email, wrong);
            }
        }
        Ok(())
    }

    async fn invariants(&mut self, lead: &str, id: &str, item: &Value) -> Result<(), Wrong> {
        self.faults.look_away(true);
        let stored = self.harness.lead(LeadId::parse(id).expect("an id")).await;
        self.faults.look_away(false);
        if stored.deadline().is_some() != item["due_at"].is_object() {
            return self.wrong(lead, "a deadline without its clock, or the other way".to_owned());
        }
        match invariant::check_lead(&stored) {
            Ok(()) => Ok(()),
            Err(broken) => self.wrong(lead, broken.to_string()),
        }
    }
}

/// It left, or it was no longer so.
fn is_settled(item: &Value) -> bool {
    item["delivered_at"].is_object() || item["withdrawn_at"].is_object()
}
