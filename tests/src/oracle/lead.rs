//! A lead as it must be.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

/// Where a lead stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words of the contract")]
pub enum Status {
    Nurturing,
    Mql,
    Working,
    Converted,
    Returned,
    Disqualified,
}

/// Which promise runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the contract")]
pub enum Kind {
    Route,
    Accept,
    Convert,
    TakeBack,
}

/// The one promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The promise that was made.
    pub kind: Kind,
    /// When; not known while the warning is not sent that starts it.
    pub at: Option<Timestamp>,
}

/// Somebody must be told something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExpectedAlert {
    /// Whom.
    pub to: String,
    /// The kind, in the inbox's word.
    pub kind: &'static str,
    /// Since when: never before.
    pub from: Timestamp,
    /// The lead it tells of, as it was then.
    pub about: About,
}

/// What must not have changed for something to be worth telling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    pub(super) status: Status,
    /// The trip into sales.
    pub cycle: u32,
    pub(super) owner: Option<String>,
    pub(super) assigned_at: Option<Timestamp>,
    pub(super) overdue: u32,
}

/// Points that were earned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Earned {
    pub(super) at: Timestamp,
    pub(super) points: f64,
}

/// Rule 12, but for owner and supervisor, which [`Lead`] has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the contract")]
pub struct Marks {
    pub first_mql_at: Option<Timestamp>,
    pub mql_at: Option<Timestamp>,
    pub mql_by: Option<&'static str>,
    pub score_at_mql: Option<i64>,
    pub assigned_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub warned_at: Option<Timestamp>,
    pub converted_at: Option<Timestamp>,
    pub returned_at: Option<Timestamp>,
    pub returned_reason: Option<String>,
    pub disqualified_at: Option<Timestamp>,
    pub disqualified_reason: Option<String>,
    pub owner: Option<String>,
    pub supervisor: Option<String>,
}

/// A lead, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// Who: an address.
    pub email: String,
    /// Where it stands.
    pub status: Status,
    /// Trips into sales.
    pub cycle: u32,
    /// Points for who it is, as of its newest activity.
    pub fit: i64,
    /// Whether its newest activity found it excluded.
    pub excluded: bool,
    /// Who has it.
    pub owner: Option<String>,
    /// Whom they reported to then.
    pub supervisor: Option<String>,
    /// The queue it was dealt from.
    pub queue: Option<String>,
    /// The one promise.
    pub deadline: Option<Deadline>,
    /// Dates and reasons.
    pub marks: Marks,
    /// Everything that somebody must have been told, in order.
    pub told: Vec<ExpectedAlert>,
    /// Country and title, each with the moment it was said.
    pub(super) country: Option<(Timestamp, String)>,
    pub(super) title: Option<(Timestamp, String)>,
    pub(super) earned: Vec<Earned>,
    pub(super) restarted: Option<Timestamp>,
    pub(super) caps: BTreeMap<(Date, String), i64>,
    pub(super) extended: Vec<String>,
    /// When more time was last granted on this trip.
    pub(super) more_since: Option<Timestamp>,
    /// How and when sales let go of it before it took it again.
    pub(super) ended_before: Option<(Status, Timestamp)>,
    /// What it was before it was reopened.
    pub(super) reopened_from: Option<Status>,
    /// The queue that whoever had it last got it from.
    pub(super) dealt_from: Option<String>,
    pub(super) unrouted: Option<Timestamp>,
    /// How often its owner has let it wait too long.
    pub(super) overdue: u32,
    /// The moment of its newest change: no clock takes it back before that.
    pub latest: Timestamp,
}

impl Lead {
    /// Somebody we hear of for the first time.
    pub(super) fn new(email: &str, now: Timestamp) -> Self {
        Self {
            email: email.to_owned(),
            status: Status::Nurturing,
            cycle: 0,
            fit: 0,
            excluded: false,
            owner: None,
            supervisor: None,
            queue: None,
            deadline: None,
            marks: Marks::default(),
            told: Vec::new(),
            country: None,
            title: None,
            earned: Vec::new(),
            restarted: None,
            caps: BTreeMap::new(),
            extended: Vec::new(),
            more_since: None,
            ended_before: None,
            reopened_from: None,
            dealt_from: None,
            unrouted: None,
            overdue: 0,
            latest: now,
        }
    }

    /// What the newest word says of their country.
    pub fn country(&self) -> Option<&str> {
        self.country.as_ref().map(|(_, country)| country.as_str())
    }

    /// What the newest word says of their title.
    pub fn title(&self) -> Option<&str> {
        self.title.as_ref().map(|(_, title)| title.as_str())
    }

    /// Whether the promise has passed.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.deadline.is_some_and(|deadline| deadline.at.is_some_and(|at| at <= now))
    }

    /// Whether sales has it.
    pub fn is_in_sales(&self) -> bool {
        matches!(self.status, Status::Mql | Status::Working)
    }

    /// Whether it runs against that clock.
    pub fn runs(&self, kind: Kind) -> bool {
        self.deadline.is_some_and(|deadline| deadline.kind == kind)
    }

    /// Something happens to it: a clock that stepped back is taken to stand still.
    pub(super) fn moment(&mut self, now: Timestamp) -> Timestamp {
        self.latest = self.latest.max(now);
        self.latest
    }

    pub(super) fn tell(&mut self, to: &str, kind: &'static str) {
        let about = About {
            status: self.status,
            cycle: self.cycle,
            owner: self.owner.clone(),
            assigned_at: self.marks.assigned_at,
            overdue: self.overdue,
        };
        self.told.push(ExpectedAlert { to: to.to_owned(), kind, from: self.latest, about });
    }
}
