//! What the behaviour score is: everything a lead did, in the order in which it was done, by the
//! rules in force, each with what was known of the person by then.
//!
//! The definition. It knows nothing of when anything was heard of, nor of what was counted before.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::mark::{LedgerMark, oldest_that_counts};
use crate::activity::{Activity, Earned, Entry, Note};
use crate::lead::{CapUse, ClickedSecond, Lead};
use crate::policy::Policy;
use crate::policy::condition::RuleInput;
use crate::profile::{Profile, Said, Scalar};
use crate::scanner::{self, Scanned};
use crate::score::{Behaviour, Points};
use crate::scoring;

/// A lead's ledger, counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// The behaviour score.
    pub behaviour: Behaviour,
    /// What the lead remembers of daily caps.
    pub caps: Vec<CapUse>,
    /// What the lead remembers of its clicks.
    pub clicked: Vec<ClickedSecond>,
    /// What the lead remembers of the ledger itself.
    pub mark: LedgerMark,
    /// The seconds, since 1970, of which a mail scanner clicked several links.
    pub scans: BTreeSet<i64>,
    /// What each entry was worth, in the order of the entries given; last, the new activity.
    pub worths: Vec<Worth>,
}

/// What an activity was worth when it was done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worth {
    /// Points by rule.
    pub by_rule: Vec<Earned>,
    /// Points that changed the score.
    pub counted: f64,
    /// Why these are not all that the rules gave.
    pub note: Option<Note>,
}

impl Worth {
    /// The points that the rules gave.
    pub fn points(&self) -> Points {
        self.by_rule.iter().map(|earned| earned.points).sum()
    }

    fn nothing(note: Note) -> Self {
        Self { note: Some(note), ..Self::default() }
    }
}

/// Counts the ledger of a lead, and an activity that is new in it. `entries` may be in any order;
/// the result is the same.
pub fn replay(
    lead: &Lead,
    entries: &[Entry],
    new: Option<&Activity>,
    policy: &Policy,
    now: Timestamp,
) -> Replayed {
    let oldest = oldest_that_counts(now);
    let known = entries.iter().map(|entry| Deed::of(entry, lead, oldest));
    let new = new.map(|activity| Deed::new(activity.clone(), lead, oldest));
    let deeds: Vec<Deed> = known.chain(new).collect();
    let mut order: Vec<usize> = (0..deeds.len()).collect();
    order.sort_by(|a, b| deeds[*a].order().cmp(&deeds[*b].order()));
    let counting = || order.iter().map(|index| &deeds[*index]).filter(|deed| !deed.is_too_old);
    let scanned = Scanned::among(policy, counting().map(|deed| &deed.activity));
    let mut play = Play::begin(lead, policy, scanned);
    let first = counting().next().map(|deed| deed.activity.occurred_at);
    play.state.behaviour = Behaviour::zero(lead.restarted_at.or(first).unwrap_or(now));
    let mut worths = vec![Worth::default(); deeds.len()];
    for index in order {
        worths[index] = play.next(&deeds[index]);
    }
    Replayed { worths, ..play.state }
}

/// Whether an entry may count in the present era. Eras are numbered for each lead.
pub fn is_of_era(entry: &Entry, lead: &Lead) -> bool {
    entry.era == lead.era || entry.lead != lead.lead
}

/// Something in the ledger.
struct Deed {
    activity: Activity,
    /// Whether it counts since the newest restart.
    is_of_era: bool,
    is_too_old: bool,
}

impl Deed {
    fn of(entry: &Entry, lead: &Lead, oldest: i64) -> Self {
        let activity = Activity {
            source: entry.source.clone(),
            id: entry.id.clone(),
            kind: entry.kind.clone(),
            occurred_at: entry.occurred_at,
            who: lead.who.clone(),
            profile: entry.profile.clone(),
            data: entry.data.clone(),
        };
        let deed = Self::new(activity, lead, oldest);
        // What arrived before the restart in the very moment of it is of the era before.
        let is_of_era = deed.is_of_era && is_of_era(entry, lead);
        Self { is_of_era, ..deed }
    }

    /// `oldest` is the first second that still counts.
    fn new(activity: Activity, lead: &Lead, oldest: i64) -> Self {
        let is_of_era = lead.restarted_at.is_none_or(|restart| activity.occurred_at >= restart);
        let is_too_old = activity.occurred_at.as_second() < oldest;
        Self { activity, is_of_era, is_too_old }
    }

    fn order(&self) -> (Timestamp, &str, &str) {
        let Activity { occurred_at, source, id, .. } = &self.activity;
        (*occurred_at, source.as_str(), id.as_str())
    }
}

/// The count as it goes on.
struct Play<'a> {
    lead: &'a Lead,
    policy: &'a Policy,
    scanned: Scanned,
    /// What the lead is known by of which no entry is left to tell, newest first.
    said_before: Vec<(Timestamp, &'a str, &'a Scalar)>,
    profile: Profile,
    state: Replayed,
}

impl<'a> Play<'a> {
    fn begin(lead: &'a Lead, policy: &'a Policy, scanned: Scanned) -> Self {
        let mut said_before: Vec<_> = lead.profile.words().collect();
        said_before.sort_by_key(|(as_of, ..)| std::cmp::Reverse(*as_of));
        let mark = LedgerMark { rules: policy.scoring_fingerprint(), ..LedgerMark::empty() };
        let behaviour = Behaviour::zero(lead.created_at);
        let (caps, clicked, worths) = (Vec::new(), Vec::new(), Vec::new());
        let scans = scanned.seconds.clone();
        let state = Replayed { behaviour, caps, clicked, mark, scans, worths };
        Self { lead, policy, scanned, said_before, profile: Profile::default(), state }
    }

    fn next(&mut self, deed: &Deed) -> Worth {
        let activity = &deed.activity;
        self.hear(activity);
        if deed.is_too_old {
            return Worth::nothing(Note::TooOld);
        }
        self.state.mark.add(&activity.source, &activity.id, activity.occurred_at);
        if self.scanned.is_by_one(self.policy, activity) {
            scanner::hear(self.policy, &mut self.state.clicked, self.lead.era, activity);
            self.add(deed, 0);
            return Worth::nothing(Note::Scanner);
        }
        let facts = RuleInput::new(self.lead.who.email(), &self.profile, Some(activity));
        let by_rule = scoring::earn(
            self.policy,
            &facts,
            activity,
            &mut self.state.caps,
            activity.occurred_at,
        );
        let points = by_rule.iter().map(|earned| earned.points).sum();
        let (counted, note) = self.add(deed, points);
        scanner::hear(self.policy, &mut self.state.clicked, self.lead.era, activity);
        let (clicked, era) = (&mut self.state.clicked, self.lead.era);
        scanner::remember(self.policy, clicked, era, activity, &by_rule, counted);
        Worth { by_rule, counted, note }
    }

    /// Takes what the activity said, and what was known by then from elsewhere.
    fn hear(&mut self, activity: &Activity) {
        let at = activity.occurred_at;
        while let Some((as_of, key, value)) = self.said_before.pop_if(|(as_of, ..)| *as_of <= at) {
            self.profile.learn(&Said::from([(key.to_owned(), value.clone())]), as_of);
        }
        self.profile.learn(&activity.profile, at);
    }

    fn add(&mut self, deed: &Deed, points: Points) -> (f64, Option<Note>) {
        if !deed.is_of_era {
            return (0.0, Some(Note::BeforeRestart));
        }
        let (at, scoring) = (deed.activity.occurred_at, &self.policy.scoring);
        if points < 0 {
            self.state.mark.fall(at);
        }
        let points = points as f64;
        let (behaviour, counted) =
            self.state.behaviour.add(points, at, scoring.half_life, scoring.floor);
        self.state.behaviour = behaviour;
        (counted, (counted != points).then_some(Note::Floor))
    }
}

impl Replayed {
    /// Makes the count the lead's.
    pub(crate) fn put_on(self, lead: &mut Lead, policy: &Policy) {
        lead.behaviour = self.behaviour;
        lead.caps = self.caps;
        lead.clicked = self.clicked;
        lead.ledger = Some(self.mark);
        lead.recount_at = None;
        let of_a_scan = |second: i64| self.scans.contains(&second);
        scanner::forget_evidence(policy, &mut lead.recent, of_a_scan);
    }
}
