//! Erasing a person: their lead becomes a tombstone in one transaction, and then everything under
//! it goes. What a crash leaves, the sweep removes; it also looks again later, because the index
//! that knows a lead's activities may be behind.

use baton_cloud::{CommitError, Error, Removed, Table, chance};
use baton_core::alias::StoredRecord;
use baton_core::commands::Actor;
use baton_core::correlation::Correlation;
use baton_core::erasure::{LeadRecord, Tombstone, erase, erase_alias};
use baton_core::id::{Identity, LeadId, SourceName};
use baton_core::time::later;
use jiff::{SignedDuration, Timestamp};

use crate::engine::ATTEMPTS;
use crate::failure::Failure;
use crate::outbox::Outbox;
use crate::settings::Settings;

/// How long the removal is left to whoever began it before the sweep goes on.
const GO_ON_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// When the sweep looks whether something was left: far longer than an index is behind.
const LOOK_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// A person who was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// What they were to us.
    pub lead: LeadId,
    /// When they were erased; the first time, if nothing was known of them since.
    pub at: Timestamp,
    /// What this time removed.
    pub removed: Removed,
    /// Deliveries in quarantine that mentioned them.
    pub quarantined: usize,
}

/// Erases people.
#[derive(Clone, Debug)]
pub struct Erasure {
    table: Table,
    outbox: Outbox,
    settings: Settings,
}

impl Erasure {
    pub(crate) fn new(table: Table, outbox: Outbox, settings: Settings) -> Self {
        Self { table, outbox, settings }
    }

    /// Erases a person everywhere: done when it returns, and safe to repeat. `named` is who they
    /// are, if the asker said so: their lead, if there is one, knows it too.
    ///
    /// # Errors
    ///
    /// [`Failure::NotFound`] if nothing is known of them; otherwise the world failed, and the sweep
    /// goes on with what was begun.
    pub async fn erase(
        &self,
        lead: LeadId,
        named: Option<&Identity>,
        by: &Actor,
        correlation: &Correlation,
    ) -> Result<Erased, Failure> {
        let known = self.table.known(lead).await?;
        // First, because afterwards nobody would know whom to look for.
        let mut quarantined = 0;
        for who in names(known.as_ref(), named) {
            quarantined += self.erase_from_quarantine(who).await?;
        }
        if known.is_none() && quarantined == 0 {
            return Err(Failure::NotFound);
        }
        let mut removed = Removed::default();
        let tombstones = self.bury(lead, correlation).await?;
        for tombstone in &tombstones {
            let (lead, version) = (tombstone.lead, tombstone.version);
            tracing::info!(%lead, command = "erase", %by, version, %correlation,
                "lead {lead}: erase, for {correlation}");
            removed += self.table.clear(tombstone).await?.removed;
            let due = later(tombstone.erased.at, LOOK_AGAIN_AFTER);
            self.table.look_again(tombstone, due).await?;
        }
        let Tombstone { lead, erased, .. } = &tombstones[0];
        Ok(Erased { lead: *lead, at: erased.at, removed, quarantined })
    }

    async fn erase_from_quarantine(&self, who: &Identity) -> Result<usize, Error> {
        let now = self.settings.clock.now();
        let rules = self.settings.rules();
        let mut erased = 0;
        for source in rules.sources.keys().filter(|source| may_know(source, who)) {
            erased += self.table.erase_quarantined(source, who, now).await?;
        }
        Ok(erased)
    }

    /// Makes the lead a tombstone, and with it, in one transaction, every other name it has. Gives
    /// the lead's own first.
    async fn bury(&self, id: LeadId, correlation: &Correlation) -> Result<Vec<Tombstone>, Error> {
        for attempt in 1..=ATTEMPTS {
            let lead = match self.table.known(id).await? {
                Some(LeadRecord::Erased(tombstone)) => return Ok(vec![tombstone]),
                Some(LeadRecord::Lead(lead)) => Some(lead),
                None => None,
            };
            let now = self.settings.clock.now();
            let id = lead.as_ref().map_or(id, |lead| lead.lead);
            let mut burials = vec![erase(id, lead.as_deref(), correlation, now)];
            for known in lead.iter().flat_map(|lead| &lead.identifiers) {
                let stored = self.table.stored(known.who.lead_id()).await?;
                if let Some((StoredRecord::Alias(alias), _)) = stored {
                    burials.push(erase_alias(&alias, correlation, now));
                }
            }
            let due = later(burials[0].tombstone.erased.at, GO_ON_AFTER);
            match self.table.bury(&burials, due).await {
                Ok(()) => {
                    let news = burials.iter().map(|one| (one.news(), one.message.clone()));
                    self.outbox.deliver_all(news.collect(), correlation).await;
                    return Ok(burials.into_iter().map(|burial| burial.tombstone).collect());
                }
                Err(CommitError::Error(error)) => return Err(error),
                Err(_) => tokio::time::sleep(chance::wait_before(attempt)).await,
            }
        }
        Err(Error::Contended { lead: id, attempts: ATTEMPTS })
    }

    /// Goes on with an erasure, and takes its promise off once nothing is left: whether there was
    /// one.
    pub(crate) async fn go_on(&self, lead: LeadId) -> Result<bool, Error> {
        let Some(tombstone) = self.table.erasing(lead).await? else { return Ok(false) };
        let cleared = self.table.clear(&tombstone).await?;
        let now = self.settings.clock.now();
        let is_settled = now >= later(tombstone.erased.at, LOOK_AGAIN_AFTER);
        if is_settled && cleared.removed == Removed::default() && !cleared.has_news {
            self.table.erased(&tombstone).await?;
        } else {
            self.table.look_again(&tombstone, later(now, LOOK_AGAIN_AFTER)).await?;
        }
        Ok(true)
    }
}

/// What the person behind a lead is called, as the lead knows and the asker says.
pub(crate) fn names<'k>(
    known: Option<&'k LeadRecord>,
    named: Option<&'k Identity>,
) -> Vec<&'k Identity> {
    match known {
        Some(LeadRecord::Lead(lead)) => lead.names().collect(),
        Some(LeadRecord::Erased(_)) | None => named.into_iter().collect(),
    }
}

/// An address may come from anywhere; a source's own id is nobody else's.
pub(crate) fn may_know(source: &SourceName, who: &Identity) -> bool {
    match who {
        Identity::Email(_) => true,
        Identity::Source { source: own, .. } => own == source,
    }
}
