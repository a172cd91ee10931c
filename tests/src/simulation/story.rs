//! What happened to each lead, line by line, for whoever reads a violation.

use std::collections::BTreeMap;

use jiff::Timestamp;

#[derive(Default)]
pub(super) struct Story(BTreeMap<String, Vec<String>>);

impl Story {
    pub(super) fn tell(&mut self, lead: &str, at: Timestamp, what: &str) {
        self.0.entry(lead.to_owned()).or_default().push(format!("{at} {what}"));
    }

    pub(super) fn of(&self, lead: &str) -> Vec<String> {
        self.0.get(lead).cloned().unwrap_or_default()
    }
}
