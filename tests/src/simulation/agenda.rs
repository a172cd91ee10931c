//! What is to happen, in order of time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use crate::oracle::{Asker, Deed, Said};

/// Something that happens.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    /// A source sends what somebody did.
    Send(Box<Sending>),
    /// Somebody asks for something.
    Act(Box<Act>),
    /// Somebody is to be erased.
    Erase(String),
    /// The inbox hands over an event.
    Deliver(Value),
    /// The timer runs.
    Timer,
    /// New rules are published.
    Publish,
    /// Something stops working.
    Breaks(Part),
    /// It works again.
    Mends(Part),
    /// Everything is looked at.
    Audit,
}

/// An activity on its way, under its source's own id.
#[derive(Clone, Debug)]
pub(super) struct Sending {
    pub(super) id: String,
    pub(super) deed: Deed,
}

/// A command on its way.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub(super) email: String,
    pub(super) said: Said,
    pub(super) by: Asker,
    /// The link's token, if it is not the CRM.
    pub(super) token: Option<String>,
    /// How often the person had been erased when the link was made.
    pub(super) lives: u32,
}

/// What may stop working for hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Store,
    Alerts,
    Bus,
    Timer,
}

#[derive(Default)]
pub(super) struct Agenda {
    planned: BTreeMap<(Timestamp, u64), Happening>,
    count: u64,
    runs: BTreeSet<Timestamp>,
}

impl Agenda {
    pub(super) fn add(&mut self, at: Timestamp, what: Happening) {
        self.count += 1;
        self.planned.insert((at, self.count), what);
    }

    /// The timer runs in the next whole minute, and once.
    pub(super) fn timer(&mut self, at: Timestamp) {
        let minute = Timestamp::from_second((at.as_second() / 60 + 1) * 60).unwrap_or(at);
        if self.runs.insert(minute) {
            self.add(minute, Happening::Timer);
        }
    }

    pub(super) fn next(&mut self) -> Option<(Timestamp, Happening)> {
        self.planned.pop_first().map(|((at, _), what)| (at, what))
    }
}
