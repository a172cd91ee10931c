//! What a life's senders know: what they sent, and what was acknowledged to them.

use std::collections::BTreeSet;

use baton_core::id::LeadId;
use jiff::Timestamp;
use serde_json::Value;

/// What everybody who sends shares.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) commands: Vec<Done>,
    pub(crate) count: Count,
    pub(crate) wrong: Vec<String>,
    /// Answers to anything.
    pub(crate) answers: usize,
    /// The time when nothing more was sent.
    pub(crate) settled_at: Timestamp,
}

/// An activity, as it is sent each time.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) lead: LeadId,
    pub(crate) activity: Value,
    pub(crate) is_sent: bool,
    /// Whether it was ever answered with 200.
    pub(crate) is_acknowledged: bool,
    /// How often it was answered as counted by that very request.
    pub(crate) counted: usize,
}

/// A command that was answered with 200.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) lead: LeadId,
    pub(crate) word: &'static str,
    pub(crate) version: u64,
}

/// Numbers for the end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) kills: usize,
    pub(crate) deliveries: usize,
    /// Deliveries of something delivered before.
    pub(crate) again: usize,
    pub(crate) acknowledged: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) commands: usize,
    pub(crate) commands_lost: usize,
    pub(crate) findings: usize,
}

impl Count {
    pub(crate) fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.deliveries += other.deliveries;
        self.again += other.again;
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.commands += other.commands;
        self.commands_lost += other.commands_lost;
        self.findings += other.findings;
    }
}

impl Journal {
    /// Everybody something was sent about.
    pub(crate) fn leads(&self) -> BTreeSet<LeadId> {
        self.deliveries.iter().map(|delivery| delivery.lead).collect()
    }

    /// The ids of what was acknowledged about a lead.
    pub(crate) fn acknowledged(&self, lead: LeadId) -> impl Iterator<Item = String> {
        let its = self.deliveries.iter().filter(move |delivery| delivery.lead == lead);
        let its = its.filter(|delivery| delivery.is_acknowledged);
        its.map(|delivery| delivery.id.clone())
    }

    /// An answer to a delivery that was, or was not, acknowledged when it was sent.
    pub(crate) fn answered(&mut self, index: usize, was_acknowledged: bool, outcome: &str) {
        let delivery = &mut self.deliveries[index];
        match outcome {
            "duplicate" => {}
            "scored" | "excluded" => delivery.counted += 1,
            other => self.wrong.push(format!("{} was answered {other}", delivery.id)),
        }
        if was_acknowledged && outcome != "duplicate" {
            self.count.lost += 1;
            self.wrong.push(format!("{} was acknowledged, and lost", delivery.id));
        } else if delivery.counted > 1 {
            self.count.doubled += 1;
            self.wrong.push(format!("{} was counted twice", delivery.id));
        }
        self.count.acknowledged += usize::from(!delivery.is_acknowledged);
        delivery.is_acknowledged = true;
    }
}
