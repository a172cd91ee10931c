//! The summary's numbers, counted once more from what each lead's own page and history answer, and
//! from the demo's files. Shares nothing with the code that prints them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::input;
use crate::serving::{LEADS, Lead};
use crate::trips::{Trip, text, trips};

const DAY: i64 = 24 * 3600;

/// What is counted, by its name.
#[derive(Default)]
pub(crate) struct Numbers {
    pub(crate) counts: BTreeMap<String, usize>,
    pub(crate) leads: usize,
    pub(crate) most_escalated: usize,
}

impl Numbers {
    fn add(&mut self, what: impl Into<String>) {
        self.add_all(what, 1);
    }

    fn add_all(&mut self, what: impl Into<String>, how_many: usize) {
        *self.counts.entry(what.into()).or_default() += how_many;
    }

    /// Where a lead stands.
    fn stands(&mut self, lead: &Value) {
        self.add(text(&lead["status"]));
        if lead["deadline"]["kind"] == "take_back" {
            self.add("in grace");
        }
        if let Some(rule) = lead["excluded_by"].as_str() {
            self.add(format!("excluded {rule}"));
        }
    }

    /// What people were told of it, on each of their channels.
    fn tells(&mut self, history: &Value) {
        let lines = history.as_array().unwrap().iter();
        let told = lines.flat_map(|line| line["told"].as_array().unwrap());
        for told in told.filter(|told| !told["delivered_at"].is_null()) {
            for channel in told["channels"].as_array().unwrap() {
                self.add(format!("{} {}", text(channel), text(&told["kind"])));
            }
        }
    }

    /// A lead's trips into sales.
    fn went(&mut self, trips: &[Trip]) {
        self.add_all("again", trips.len().saturating_sub(1));
        let escalated: usize = trips.iter().map(|trip| trip.escalated.len()).sum();
        self.add_all("escalations", escalated);
        self.add_all("escalated leads", usize::from(escalated > 0));
        self.most_escalated = self.most_escalated.max(escalated);
        trips.iter().for_each(|trip| self.went_once(trip));
    }

    fn went_once(&mut self, trip: &Trip) {
        let path = match trip.path.as_str() {
            "manual" => "hand",
            "fast_track" => "fast track",
            other => other,
        };
        self.add(format!("by {path}"));
        if let Some((_, took, _)) = trip.accepted_after() {
            self.add("accepted");
            self.add_all("accepted in time", usize::from(took <= DAY));
        }
        self.add_all("warned", trip.warned.len());
        self.add_all("extended", trip.extended.len());
        let Some((_, to, command, reason, _)) = &trip.left else { return };
        self.add(format!("{to}, ever"));
        if command == "reject" {
            self.add("turned down");
            self.add(format!("because {reason}"));
        }
        if to == "returned" {
            self.add(format!("returned by {command}"));
        }
    }
}

/// Counts the 32 days.
pub(crate) fn count() -> Numbers {
    let (facts, unusable) = input::facts();
    let activities: BTreeSet<_> = facts.iter().map(|fact| (&fact.who, &fact.id)).collect();
    let mut numbers = Numbers { leads: LEADS.len(), ..Numbers::default() };
    numbers.add_all("unusable", unusable);
    numbers.add_all("new", activities.len());
    numbers.add_all("sent before", facts.len() - activities.len());
    for Lead { page, history } in LEADS.values() {
        numbers.stands(page);
        numbers.tells(history);
        numbers.went(&trips(history));
    }
    numbers
}
