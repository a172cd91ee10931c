//! What the panels of a lead's page read.

use baton_cloud::LeadHistory;
use baton_core::activity::Entry;
use baton_core::commands::{Command, CommandKind};
use baton_core::decision::History;
use baton_core::lead::Lead;
use baton_core::roster::Person;
use baton_engine::Rules;
use jiff::Timestamp;

use super::names::Names;
use crate::access::FormProof;
use crate::frame::Nav;
use crate::reader::Reader;

#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    pub(crate) person: Person,
    /// None if they came by the link of an alert.
    pub(crate) nav: Option<Nav>,
    pub(crate) proof: FormProof,
}

pub(super) struct LeadView<'a> {
    pub(super) lead: &'a Lead,
    pub(super) told: &'a LeadHistory,
    /// The ledger, oldest first.
    pub(super) entries: &'a [Entry],
    pub(super) rules: &'a Rules,
    pub(super) names: Names<'a>,
    pub(super) reader: &'a Reader,
    /// The commands of the viewer that would be carried out now.
    pub(super) can: &'a [Command],
}

impl LeadView<'_> {
    pub(super) fn can(&self, kind: CommandKind) -> bool {
        self.can.iter().any(|command| command.kind() == kind)
    }

    pub(super) fn is_mine(&self) -> bool {
        self.lead.owner().is_some_and(|owner| self.names.is_reader(owner))
    }

    /// When scores are computed for: never before the newest activity.
    pub(super) fn now(&self) -> Timestamp {
        self.reader.now.max(self.lead.behaviour.as_of)
    }

    pub(super) fn newest(&self, is_it: impl Fn(&History) -> bool) -> Option<&History> {
        self.told.history.iter().rev().find(|line| is_it(line))
    }
}
