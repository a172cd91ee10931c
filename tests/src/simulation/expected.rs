//! What is known of every lead: what the oracle says it is, and who has been told what.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::state::SKEW;
use crate::oracle::{ExpectedAlert, Lead, Past, Shares};

/// Everything that must be so.
#[derive(Default)]
pub(super) struct Expected {
    pub(super) leads: BTreeMap<String, Lead>,
    /// Those who were erased.
    pub(super) pasts: BTreeMap<String, Past>,
    /// Addresses by the system's own ids.
    pub(super) names: HashMap<String, String>,
    /// Activities that count already, by their source's id.
    pub(super) counted: HashSet<String>,
    /// Those whose sender was never answered: they may count.
    pub(super) unsure: HashSet<String>,
    /// How often each lead had been written when somebody last looked.
    pub(super) versions: HashMap<String, u64>,
    pub(super) shares: Shares,
    /// Until when the timer may leave a lead whose step failed.
    pub(super) put_off: HashMap<String, Timestamp>,
    /// What leads were before the present step, where it changed them.
    before: HashMap<String, Lead>,
    /// What left about each lead, in order.
    letters: BTreeMap<String, Vec<Letter>>,
    /// How often a lead's messages went out without the sender learning of it.
    repeatable: HashMap<String, usize>,
    pub(super) repeated: usize,
}

/// A letter, and which of all that must be told it told.
struct Letter {
    at: Timestamp,
    tells: usize,
}

impl Expected {
    /// Something else happens now.
    pub(super) fn begin_step(&mut self) {
        self.before.clear();
    }

    /// A lead is that from now on.
    pub(super) fn put(&mut self, lead: &Lead) {
        let was = self.leads.insert(lead.email.clone(), lead.clone());
        if let Some(was) = was {
            self.before.entry(lead.email.clone()).or_insert(was);
        }
    }

    /// Somebody was erased: nothing more is owed to anybody about them.
    pub(super) fn erase(&mut self, lead: &Lead, now: Timestamp) {
        let past = self.past(&lead.email).erased(lead, now);
        self.pasts.insert(lead.email.clone(), past);
        self.leads.remove(&lead.email);
        self.letters.remove(&lead.email);
        // Nothing of them is written from now on until they do something new.
        self.versions.remove(&lead.email);
    }

    /// What somebody was before.
    pub(super) fn past(&self, email: &str) -> Past {
        self.pasts.get(email).cloned().unwrap_or_default()
    }

    /// A letter about a lead has left; gives what it told.
    pub(super) fn letter(
        &mut self,
        email: &str,
        to: &str,
        kind: &str,
        at: Timestamp,
    ) -> Result<ExpectedAlert, String> {
        let lead = self.leads.get(email).ok_or("nobody may be told of it")?;
        let before = self.before.get(email);
        let is_so = |told: &ExpectedAlert| {
            let is_of_both = || before.filter(|before| before.told.contains(told));
            lead.is_still(told) || is_of_both().is_some_and(|before| before.is_still(told))
        };
        let fits = |told: &ExpectedAlert| told.to == to && told.kind == kind && is_so(told);
        let fitting: Vec<_> = (0..lead.told.len()).filter(|n| fits(&lead.told[*n])).collect();
        let letters = self.letters.entry(email.to_owned()).or_default();
        let is_new = |n: &usize| !letters.iter().any(|letter| letter.tells == *n);
        let new = fitting.iter().copied().find(is_new);
        let Some(tells) = new.or_else(|| fitting.last().copied()) else {
            return Err(format!("{to} is told `{kind}`, which is not so"));
        };
        letters.push(Letter { at, tells });
        let told = lead.told[tells].clone();
        if at + SKEW < told.from {
            return Err(format!("{to} is told `{kind}` at {at}, not after {}", told.from));
        }
        if new.is_none() {
            self.repeated += 1;
            let left = self.repeatable.get_mut(email).filter(|left| **left > 0);
            *left.ok_or(format!("{to} is told `{kind}` twice"))? -= 1;
        }
        Ok(told)
    }

    /// A message about a lead may go out once more.
    pub(super) fn may_repeat(&mut self, lead: &str) {
        *self.repeatable.entry(lead.to_owned()).or_default() += 1;
    }

    /// When somebody was told something about a lead.
    pub(super) fn told_at(&self, lead: &Lead, to: &str, kind: &str) -> Vec<Timestamp> {
        let letters = self.letters.get(&lead.email).into_iter().flatten();
        let fits = |told: &ExpectedAlert| told.to == to && told.kind == kind;
        letters.filter(|l| fits(&lead.told[l.tells])).map(|letter| letter.at).collect()
    }

    /// What somebody should have been told and was not, though it is so still.
    pub(super) fn owed<'b>(&'b self, lead: &'b Lead) -> Option<&'b ExpectedAlert> {
        let is_untold = |n: &usize| !self.is_told(lead, *n) && lead.is_still(&lead.told[*n]);
        (0..lead.told.len()).rfind(is_untold).map(|n| &lead.told[n])
    }

    /// What differs between the alerts that the table keeps, delivered or not, and what must have
    /// been told about a lead and was or was not.
    pub(super) fn account(
        &self,
        lead: &Lead,
        mut kept: Vec<(String, String, bool)>,
    ) -> Option<String> {
        let told = lead.told.iter().enumerate();
        let told =
            told.map(|(n, told)| (told.to.clone(), told.kind.to_owned(), self.is_told(lead, n)));
        let mut told: Vec<_> = told.collect();
        told.sort();
        kept.sort();
        let pairs = told.iter().zip(&kept);
        let is_same = told.len() == kept.len()
            && pairs
                .clone()
                .all(|(told, kept)| told.0 == kept.0 && told.1 == kept.1 && told.2 >= kept.2);
        // Whoever never learnt that it left may say it never did.
        let unknown = pairs.filter(|(told, kept)| told.2 != kept.2).count();
        let may = self.repeatable.get(&lead.email).copied().unwrap_or(0);
        (!is_same || unknown > may).then(|| format!("told {told:?}, and kept {kept:?}"))
    }

    fn is_told(&self, lead: &Lead, n: usize) -> bool {
        let letters = self.letters.get(&lead.email).map_or(&[][..], |letters| letters);
        letters.iter().any(|letter| letter.tells == n)
    }

    /// Until when the timer may leave what it could not do now.
    pub(super) fn put_off(&mut self, lead: &str, now: Timestamp) {
        /// What was mended proceeds by itself within half an hour, by the timer's own clock.
        const AT_MOST: SignedDuration = SignedDuration::from_mins(32);
        self.put_off.insert(lead.to_owned(), now + AT_MOST + SKEW);
    }
}
