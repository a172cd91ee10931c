//! The check of a whole table: walks it, holds it against what must be true, and looks again at
//! whatever seems wrong, since a lead may have changed while it was read.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_cloud::{Document, EditionsFound, Error, FsckScan, RETENTION, Table, place_of};
use baton_core::erasure::LeadRecord;
use baton_core::id::LeadId;
use baton_documents::policy;
use baton_reports::integrity::{
    self, CheckContext, EntryFacts, Finding, HalfLives, LeadItems, StoredItem, Violation,
    check_documents, is_judged,
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use crate::rules::{Rules, sample};

/// How often a lead is looked at again that keeps changing.
const LOOKS: usize = 5;
/// Leads looked at again at once.
const AT_ONCE: usize = 8;
/// A lead that changed this lately may have entries that the index does not show yet.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// How long such a lead is left alone before it is looked at again.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// The ledger of a lead that was merged.
type MergedLedger = (LeadId, Vec<StoredItem<EntryFacts>>);

/// What a check came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Integrity {
    /// Everything wrong, by place.
    pub findings: Vec<Finding>,
    /// Items walked, by kind.
    pub walked: BTreeMap<&'static str, usize>,
    /// Leads whose score can't be held against their ledger any more: entries have expired, or
    /// nobody knows the half-life they were scored by.
    pub unjudged: usize,
    /// Leads that seemed wrong and kept changing: nothing is said of them.
    pub moving: usize,
}

/// Checks a whole table. Reads only.
#[derive(Clone, Copy, Debug)]
pub struct Fsck<'t>(pub &'t Table);

impl Fsck<'_> {
    /// Checks the whole table, against these rules or those that are published in it.
    ///
    /// # Errors
    ///
    /// When the store can't be asked.
    pub async fn check(self, rules: Option<&Rules>, now: Timestamp) -> Result<Integrity, Error> {
        let mut scan = self.0.walk().await?;
        let mut findings = std::mem::take(&mut scan.findings);
        findings.extend(self.check_editions(&mut scan).await?);
        let known = Rulebook::of(rules, &scan);
        findings.extend(known.finding());
        let world = known.world(now);
        let mut unjudged = 0;
        let mut suspects = Vec::new();
        let ledgers = merged_ledgers(&scan);
        for (lead, mut held) in scan.leads {
            held.merged = ledgers.get(&lead).cloned().unwrap_or_default();
            if let Some(LeadRecord::Lead(lead)) = held.known.as_ref().map(|kept| &kept.item) {
                unjudged += usize::from(!is_judged(lead, &held, &world));
            }
            if !integrity::check(&held, &world).is_empty() {
                suspects.push((lead, held));
            }
        }
        let looks = stream::iter(suspects).map(|(lead, held)| self.confirm(lead, held, &world));
        let looked: Vec<_> = looks.buffer_unordered(AT_ONCE).try_collect().await?;
        let moving = looked.iter().filter(|look| look.is_none()).count();
        findings.extend(looked.into_iter().flatten().flatten());
        findings.sort_by(|a, b| a.place.cmp(&b.place));
        Ok(Integrity { findings, walked: scan.counted, unjudged, moving })
    }

    /// What is wrong with a lead while it stands still; `None` if it does not.
    async fn confirm(
        self,
        lead: LeadId,
        mut held: LeadItems,
        world: &CheckContext<'_>,
    ) -> Result<Option<Vec<Finding>>, Error> {
        for _ in 0..LOOKS {
            if changed_at(&held).is_some_and(|at| world.now.duration_since(at) < SETTLED_AFTER) {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            let mut scan = self.0.look_at(lead, &held).await?;
            let mut now = scan.leads.remove(&lead).unwrap_or_default();
            now.merged.clone_from(&held.merged);
            let found = integrity::check(&now, world);
            if found.is_empty() || version(&now) == version(&held) {
                return Ok(Some(found));
            }
            held = now;
        }
        Ok(None)
    }

    async fn check_editions(self, scan: &mut FsckScan) -> Result<Vec<Finding>, Error> {
        let mut findings = Vec::new();
        for document in Document::ALL {
            let known = |scan: &FsckScan| wrong_with(document, scan.documents.get(&document));
            if known(scan).is_empty() {
                continue;
            }
            // Somebody may have published meanwhile.
            let mut again = self.0.look_into_document(document).await?;
            findings.extend(known(&again));
            scan.documents.extend(again.documents.remove_entry(&document));
        }
        Ok(findings)
    }
}

/// The ledgers of the leads that were merged into others, by the lead that goes on.
fn merged_ledgers(scan: &FsckScan) -> BTreeMap<LeadId, Vec<MergedLedger>> {
    let mut ledgers: BTreeMap<LeadId, Vec<MergedLedger>> = BTreeMap::new();
    for (id, held) in &scan.leads {
        if let Some(alias) = &held.alias {
            let ledger = (*id, held.ledger.clone());
            ledgers.entry(alias.item.survivor).or_default().push(ledger);
        }
    }
    ledgers
}

fn wrong_with(document: Document, editions: Option<&EditionsFound>) -> Vec<Finding> {
    let Some(editions) = editions else { return Vec::new() };
    let there: Vec<u64> = editions.there.iter().map(|edition| edition.number).collect();
    check_documents(&place_of(document), editions.in_force, &there)
}

fn version(held: &LeadItems) -> Option<u64> {
    held.known.as_ref().map(|kept| match &kept.item {
        LeadRecord::Lead(lead) => lead.version,
        LeadRecord::Erased(tombstone) => tombstone.version,
    })
}

fn changed_at(held: &LeadItems) -> Option<Timestamp> {
    held.known.as_ref().map(|kept| match &kept.item {
        LeadRecord::Lead(lead) => lead.changed_at,
        LeadRecord::Erased(tombstone) => tombstone.erased.at,
    })
}

/// The rules in force, if they read, and the half-lives of all that ever were.
struct Rulebook {
    rules: Option<Rules>,
    is_fit: bool,
    half_lives: HalfLives,
}

impl Rulebook {
    fn of(given: Option<&Rules>, scan: &FsckScan) -> Self {
        let mut half_lives = HalfLives::default();
        let policies = scan.documents.get(&Document::Policy);
        let texts = policies.iter().flat_map(|editions| &editions.there);
        // Until something is published, the sample is in force.
        let sample = given.is_none().then_some(policy::SAMPLE);
        let texts = texts.map(|edition| edition.text.as_str()).chain(sample);
        texts.flat_map(policy::parse).for_each(|policy| half_lives.learn(&policy.policy));
        let is_published = given.is_none() || !scan.documents.is_empty();
        let published = is_published.then(|| published(scan)).flatten();
        let is_fit = published.is_some() || !is_published;
        let rules = given.cloned().or(published);
        rules.iter().for_each(|rules| half_lives.learn(&rules.policy));
        Self { rules, is_fit, half_lives }
    }

    fn finding(&self) -> Option<Finding> {
        let unfit =
            || Finding { place: place_of(Document::Policy), violation: Violation::RulesUnfit };
        (!self.is_fit).then(unfit)
    }

    fn world(&self, now: Timestamp) -> CheckContext<'_> {
        let roster = self.rules.as_ref().map(|rules| &rules.roster);
        CheckContext { roster, half_lives: &self.half_lives, remembered: RETENTION, now }
    }
}

fn published(scan: &FsckScan) -> Option<Rules> {
    let text = |document: Document| match scan.documents.get(&document) {
        None => Some(sample(document)),
        Some(editions) => {
            let mut there = editions.there.iter();
            let current = there.find(|edition| edition.number == editions.in_force);
            current.map(|edition| edition.text.as_str())
        }
    };
    let (policy, roster) = (text(Document::Policy)?, text(Document::Roster)?);
    Rules::read(("policy", policy), ("roster", roster)).ok()
}
