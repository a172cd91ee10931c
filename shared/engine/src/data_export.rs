//! All that is held of a person: what an erasure would remove, read and left where it is.

use baton_cloud::{Error, LeadHistory, Quarantined, Table};
use baton_core::activity::Entry;
use baton_core::erasure::{LeadRecord, Tombstone};
use baton_core::id::{Identity, LeadId};
use baton_core::lead::Lead;
use baton_core::ledger;

use crate::erasure::{may_know, who};
use crate::settings::Settings;

/// What is held of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holding {
    /// The lead, unless there is none.
    pub lead: Option<Lead>,
    /// What is left of one that was erased.
    pub tombstone: Option<Tombstone>,
    /// Every decision about it and everything made known, oldest first.
    pub told: LeadHistory,
    /// Every activity of it, in the order they happened.
    pub ledger: Vec<Entry>,
    /// Deliveries that wait in quarantine and mention them.
    pub quarantined: Vec<Quarantined>,
}

impl Holding {
    /// Whether there is anything to tell, or to erase.
    pub fn is_empty(&self) -> bool {
        self.lead.is_none() && self.quarantined.is_empty()
    }
}

/// Finds all that is held of a person.
#[derive(Clone, Debug)]
pub struct DataExport {
    table: Table,
    settings: Settings,
}

impl DataExport {
    pub(crate) fn new(table: Table, settings: Settings) -> Self {
        Self { table, settings }
    }

    /// Everything held of a person. `named` is who they are, if the asker said so: their lead, if
    /// there is one, knows it too. What an earlier erasure took is not told, though it may not be
    /// removed yet.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn of(&self, id: LeadId, named: Option<&Identity>) -> Result<Holding, Error> {
        let known = self.table.known(id).await?;
        let quarantined = match who(known.as_ref(), named) {
            Some(who) => self.quarantined_about(who).await?,
            None => Vec::new(),
        };
        let lead = match known {
            Some(LeadRecord::Lead(lead)) => *lead,
            Some(LeadRecord::Erased(tombstone)) => {
                let tombstone = Some(tombstone);
                return Ok(Holding { tombstone, quarantined, ..Holding::default() });
            }
            None => return Ok(Holding { quarantined, ..Holding::default() }),
        };
        let (told, entries) =
            futures::future::try_join(self.table.story(id), self.table.ledger(&[id])).await?;
        let told = told.since(lead.erased.as_ref());
        let entries = ledger::since_erasure(&lead, entries);
        let (rules, now) = (self.settings.rules(), self.settings.clock.now());
        let (lead, ledger) = ledger::counted(lead, entries, &rules.policy, now);
        Ok(Holding { lead: Some(lead), tombstone: None, told, ledger, quarantined })
    }

    async fn quarantined_about(&self, who: &Identity) -> Result<Vec<Quarantined>, Error> {
        let rules = self.settings.rules();
        let mut found = Vec::new();
        for source in rules.sources.keys().filter(|source| may_know(source, who)) {
            found.extend(self.table.mentioning(source, who).await?);
        }
        Ok(found)
    }
}
