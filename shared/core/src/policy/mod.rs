//! The rules: scoring, fast tracks, exclusions, routing, clocks. Data, parsed once and valid.

pub mod condition;
mod crm_word;
mod defaults;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::id::{ActivityType, PersonId, QueueName, RuleName};
use crate::lead::Status;
use crate::score::Points;
use condition::Condition;

pub use crm_word::CrmWord;

/// A whole, valid policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The author's name for this text; stamped on every decision it leads to.
    pub version: String,
    /// Where a day begins and ends for daily caps.
    pub time_zone: TimeZone,
    /// How points become a score.
    pub scoring: Scoring,
    /// Points for what a prospect does.
    pub activities: ActivityRules,
    /// Which clicks are a mail scanner's.
    pub scanners: Scanners,
    /// Points for who the lead is.
    pub fit: Vec<FitRule>,
    /// Activities that qualify at once.
    pub fast_tracks: Vec<FastTrack>,
    /// People who never qualify by themselves.
    pub exclusions: Vec<Exclusion>,
    /// Which queue a lead goes to: the first rule that matches, else the roster's fallback.
    pub routes: Vec<RouteRule>,
    /// How long everybody has.
    pub clocks: Clocks,
    /// Who gets the funnel by mail, and when.
    pub meeting: Meeting,
    /// Why a salesperson may turn a lead down, and what becomes of it.
    pub reject_reasons: BTreeMap<String, RejectReason>,
    /// What the CRM's own words for a status ask for, in lower case.
    pub crm_words: BTreeMap<String, CrmWord>,
}

/// How points become a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Scoring {
    /// The score at which a lead qualifies.
    pub threshold: Points,
    /// The lowest behaviour score.
    pub floor: Points,
    /// How long until a point is worth half.
    pub half_life: SignedDuration,
    /// Whether the behaviour score restarts from zero when marketing takes a lead back.
    pub restart_on_return: bool,
}

/// Points for one kind of activity.
#[derive(Clone, Debug)]
pub struct ActivityRule {
    /// The rule's name in the ledger.
    pub name: RuleName,
    /// The activity it is about.
    pub kind: ActivityType,
    /// What it gives or takes.
    pub points: Points,
    /// The most it gives one lead in one day.
    pub at_most_per_day: Option<Points>,
    /// When it applies.
    pub when: Condition,
    /// What the prospect did, in words that follow their name: "filled in a form".
    pub label: String,
}

/// Activity rules, found by the activity's type: the number of rules costs nothing.
#[derive(Clone, Debug, Default)]
pub struct ActivityRules {
    rules: Vec<ActivityRule>,
    by_kind: HashMap<ActivityType, Vec<usize>>,
}

impl ActivityRules {
    /// Indexes the rules, keeping their order.
    pub fn new(rules: Vec<ActivityRule>) -> Self {
        let mut by_kind: HashMap<_, Vec<_>> = HashMap::new();
        for (index, rule) in rules.iter().enumerate() {
            by_kind.entry(rule.kind.clone()).or_default().push(index);
        }
        Self { rules, by_kind }
    }

    /// The rules about one kind of activity, in the policy's order.
    pub fn about(&self, kind: &ActivityType) -> impl Iterator<Item = &ActivityRule> {
        self.by_kind.get(kind).into_iter().flatten().map(|&index| &self.rules[index])
    }

    /// All rules, in the policy's order.
    pub fn iter(&self) -> impl Iterator<Item = &ActivityRule> {
        self.rules.iter()
    }
}

/// Which clicks are a mail scanner's: it follows every link, as soon as the mail is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanners {
    /// The activities that are clicks.
    pub types: BTreeSet<ActivityType>,
    /// A click sooner than this after the mail was sent is a scanner's.
    pub after_sending: SignedDuration,
}

/// Points for who the lead is.
#[derive(Clone, Debug)]
pub struct FitRule {
    /// The rule's name.
    pub name: RuleName,
    /// What it gives or takes.
    pub points: Points,
    /// Whom it is about.
    pub when: Condition,
}

/// An activity that qualifies at once, whatever the score.
#[derive(Clone, Debug)]
pub struct FastTrack {
    /// The rule's name, kept as the evidence.
    pub name: RuleName,
    /// The activity it is about.
    pub kind: ActivityType,
    /// When it applies.
    pub when: Condition,
    /// What the prospect did, in words that follow their name: "visited our booth".
    pub label: String,
}

/// People who never qualify by score or fast track.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// The rule's name, shown wherever it stops something.
    pub name: RuleName,
    /// Whom it is about.
    pub when: Condition,
}

/// Where leads of one kind go.
#[derive(Clone, Debug)]
pub struct RouteRule {
    /// The rule's name.
    pub name: RuleName,
    /// What a lead must be for the rule to hold.
    pub when: Condition,
    /// Whose they are.
    pub queue: QueueName,
}

/// How long everybody has.
#[derive(Clone, Debug, PartialEq)]
pub struct Clocks {
    /// From assignment to the first escalation.
    pub accept_within: SignedDuration,
    /// Between one escalation and the next.
    pub escalate_every: SignedDuration,
    /// From acceptance to the warning.
    pub convert_within: SignedDuration,
    /// From the warning, once sent, until marketing takes the lead back.
    pub take_back_after: SignedDuration,
    /// What an extension adds, counted from the moment it is asked for.
    pub extend_by: SignedDuration,
    /// Extensions in one cycle.
    pub extensions_at_most: u32,
    /// From qualifying until routing is tried again because no event brought an owner.
    pub route_within: SignedDuration,
    /// Between tries to route a lead for whom nobody was available.
    pub route_retry_every: SignedDuration,
    /// Between reminders to the house supervisor that nobody was available.
    pub unrouted_remind_every: SignedDuration,
}

/// Who gets the funnel by mail before the meeting in which marketing and sales go through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The readers. If there are none, nothing is sent.
    pub to: BTreeSet<PersonId>,
    /// The day of the first one; the others follow from it.
    pub first: Date,
    /// Days from one to the next, and in the time that each one looks back upon.
    pub every_days: i64,
    /// The hour of that day at which it is sent, in the policy's time zone.
    pub hour: i8,
}

/// Why a salesperson may turn a lead down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectReason {
    /// In words: "Not now, but later".
    pub label: String,
    /// `returned` or `disqualified`.
    pub leads_to: Status,
}
