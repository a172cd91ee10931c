//! What a lead's page is made from, and for whom.

use baton_cloud::{Rules, Told};
use baton_core::activity::Entry;
use baton_core::commands::{Command, CommandKind};
use baton_core::decision::History;
use baton_core::lead::Lead;
use baton_core::roster::Person;
use jiff::Timestamp;

use super::names::Names;
use crate::access::FormProof;
use crate::frame::Nav;
use crate::reader::Reader;

/// Whom a lead's page is for, and what its forms prove themselves with.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    /// Who looks.
    pub(crate) person: Person,
    /// Where else they may go; nowhere, by an alert's link.
    pub(crate) nav: Option<Nav>,
    /// What their forms send along.
    pub(crate) proof: FormProof,
}

/// A lead as its page tells of it.
pub(super) struct LeadView<'a> {
    pub(super) lead: &'a Lead,
    pub(super) told: &'a Told,
    /// The ledger, oldest first.
    pub(super) entries: &'a [Entry],
    pub(super) rules: &'a Rules,
    pub(super) names: Names<'a>,
    pub(super) reader: &'a Reader,
    /// What the viewer can do now.
    pub(super) can: &'a [Command],
}

impl LeadView<'_> {
    /// Whether the viewer can give a command now.
    pub(super) fn can(&self, kind: CommandKind) -> bool {
        self.can.iter().any(|command| command.kind() == kind)
    }

    /// Whether the viewer holds the lead.
    pub(super) fn is_mine(&self) -> bool {
        self.lead.owner().is_some_and(|owner| self.names.is_reader(owner))
    }

    /// As of when scores are told: never before the newest activity.
    pub(super) fn now(&self) -> Timestamp {
        self.reader.now.max(self.lead.behaviour.as_of)
    }

    /// The newest line of the history of which something holds.
    pub(super) fn newest(&self, is_it: impl Fn(&History) -> bool) -> Option<&History> {
        self.told.history.iter().rev().find(|line| is_it(line))
    }
}
