//! A lead: where it stands, what it is worth, and the one promise it is running against.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::erasure::Erasure;
use crate::id::{
    ActivityType, Identity, LeadId, PersonId, QueueName, RuleName, SourceId, SourceName,
};
use crate::points::{Behaviour, Points, Score};
use crate::profile::Profile;
use crate::text::Flaw;

/// Where a lead stands, in the words the CRM shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Marketing's: scored, not ready.
    Nurturing,
    /// Ready for sales, and not accepted yet.
    Mql,
    /// Accepted by a salesperson (SAL).
    Working,
    /// A contact or opportunity (SQL).
    Converted,
    /// Given back to marketing; may qualify again.
    Returned,
    /// Nobody's.
    Disqualified,
}

impl Status {
    /// Every status, in the order of the trip.
    pub const ALL: [Self; 6] = [
        Self::Nurturing,
        Self::Mql,
        Self::Working,
        Self::Converted,
        Self::Returned,
        Self::Disqualified,
    ];

    /// The word in JSON and in the policy.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nurturing => "nurturing",
            Self::Mql => "mql",
            Self::Working => "working",
            Self::Converted => "converted",
            Self::Returned => "returned",
            Self::Disqualified => "disqualified",
        }
    }

    /// Whether sales holds the lead, so that a clock must run.
    pub fn is_in_sales(self) -> bool {
        match self {
            Self::Mql | Self::Working => true,
            Self::Nurturing | Self::Converted | Self::Returned | Self::Disqualified => false,
        }
    }
}

/// The one promise a lead is running against now. In words: `accept 2026-04-09T07:05:00Z`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What must happen.
    pub kind: Clock,
    /// Before when.
    pub at: Timestamp,
}

impl Deadline {
    /// Reads the words back.
    ///
    /// # Errors
    ///
    /// A [`Flaw`] if that is no clock and a time.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let read = || {
            let (word, at) = text.split_once(' ')?;
            let kind = Clock::ALL.into_iter().find(|clock| clock.word() == word)?;
            Some(Self { kind, at: at.parse().ok()? })
        };
        let expected = "a clock and when it ends, such as accept 2026-04-09T07:05:00Z";
        read().ok_or_else(|| Flaw::new("is no deadline", expected))
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.at)
    }
}

/// What must happen before a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// An owner is found.
    Route,
    /// The owner accepts.
    Accept,
    /// The owner converts.
    Convert,
    /// The owner converts or extends, having been warned.
    TakeBack,
}

impl Clock {
    /// Every clock, in the order of the trip.
    pub const ALL: [Self; 4] = [Self::Route, Self::Accept, Self::Convert, Self::TakeBack];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Accept => "accept",
            Self::Convert => "convert",
            Self::TakeBack => "take_back",
        }
    }
}

/// How a lead became an MQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualifiedBy {
    /// The score reached the threshold.
    Score,
    /// A rule, whatever the score.
    FastTrack,
    /// A person said so.
    Manual,
}

/// The dates and reasons stamped on a lead (design rule 12); the newest cycle's, but for
/// `first_mql_at`, which is stamped once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Marks {
    /// When it first became an MQL.
    pub first_mql_at: Option<Timestamp>,
    /// When it last became an MQL.
    pub mql_at: Option<Timestamp>,
    /// How.
    pub mql_by: Option<QualifiedBy>,
    /// Whose activity it was; nobody's if a person said so.
    #[serde(default)]
    pub mql_source: Option<SourceName>,
    /// What spoke for it: the activities that counted, newest first.
    pub evidence: Vec<Evidence>,
    /// The fast-track rule, or the person's reason.
    pub mql_because: Option<String>,
    /// The score at that moment.
    pub score_at_mql: Option<Score>,
    /// When the present or last owner got it.
    pub assigned_at: Option<Timestamp>,
    /// When they accepted it.
    pub accepted_at: Option<Timestamp>,
    /// When they were warned that marketing takes it back.
    pub warned_at: Option<Timestamp>,
    /// When it became a contact or opportunity.
    pub converted_at: Option<Timestamp>,
    /// When it went back to marketing.
    pub returned_at: Option<Timestamp>,
    /// Why.
    pub returned_reason: Option<String>,
    /// When it was ruled out.
    pub disqualified_at: Option<Timestamp>,
    /// Why.
    pub disqualified_reason: Option<String>,
    /// The owner as of the newest of these marks.
    pub owner: Option<PersonId>,
    /// Their supervisor as of then.
    pub supervisor: Option<PersonId>,
}

/// One activity that spoke for a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was done.
    #[serde(rename = "type")]
    pub kind: ActivityType,
    /// In words: "visited our booth".
    pub label: String,
    /// When.
    pub at: Timestamp,
    /// Points it gave.
    pub points: Points,
}

/// Points one capped rule has given on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapUse {
    /// The day, in the policy's time zone.
    pub day: Date,
    /// The rule.
    pub rule: RuleName,
    /// Points given so far.
    pub points: Points,
    /// Points the cap has kept back so far: theirs are the points that a scanner's click returns.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refused: Points,
}

fn is_zero(points: &Points) -> bool {
    *points == 0
}

/// What a lead clicked in one second: several links can only have been a mail scanner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClickedSecond {
    /// The second, since 1970.
    pub second: i64,
    /// A hash of the link; none when there was more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<u64>,
    /// What its clicks have counted in `era`, to be taken back if a scanner made them.
    pub counted: f64,
    /// The era they counted in.
    pub era: u32,
    /// What they used up of daily caps, at most [`crate::limits::CLICKED_CAPS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<CapUse>,
}

/// A lead, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// Its id, which follows from `who`.
    pub lead: LeadId,
    /// What makes it the same lead.
    pub who: Identity,
    /// Where it stands.
    pub status: Status,
    /// Trips into sales so far.
    pub cycle: u32,
    /// What it did, as a decaying sum.
    pub behaviour: Behaviour,
    /// Points for who it is, by the policy of its newest activity.
    pub fit: Points,
    /// The exclusion in force, by the policy of its newest activity.
    pub excluded: Option<RuleName>,
    /// Everything known of the person.
    pub profile: Profile,
    /// The newest activities, newest first, at most [`crate::limits::RECENT_ACTIVITIES`].
    pub recent: Vec<Evidence>,
    /// Daily caps in use, oldest day first, at most [`crate::limits::CAP_ENTRIES`].
    pub caps: Vec<CapUse>,
    /// The seconds in which it clicked links, in the order they were first heard of, at most
    /// [`crate::limits::CLICKED_SECONDS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clicked: Vec<ClickedSecond>,
    /// When the behaviour score last restarted; older activities no longer count.
    pub restarted_at: Option<Timestamp>,
    /// How often it has restarted: only entries of this era add up to the score.
    pub era: u32,
    /// When the person was last erased, if they were: this lead is what came after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erasure>,
    /// The queue it was dealt from.
    pub queue: Option<QueueName>,
    /// Who holds it.
    pub owner: Option<PersonId>,
    /// Who they reported to when they got it.
    pub supervisor: Option<PersonId>,
    /// The promise it is running against.
    pub deadline: Option<Deadline>,
    /// Extensions given in this cycle.
    pub extensions: u32,
    /// The ids of the requests that gave them, where the askers gave one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extended: Vec<SourceId>,
    /// Escalations sent for the present owner.
    pub escalations: u32,
    /// When the house supervisor was last told that nobody was available.
    pub unrouted_told_at: Option<Timestamp>,
    /// Dates and reasons.
    pub marks: Marks,
    /// When the first activity arrived.
    pub created_at: Timestamp,
    /// When the newest decision was made.
    pub changed_at: Timestamp,
    /// Decisions so far; a write that expects another number is refused.
    pub version: u64,
}

impl Lead {
    /// Somebody we hear of for the first time. Version 0: not stored yet.
    pub fn new(who: Identity, now: Timestamp) -> Self {
        Self {
            lead: who.lead_id(),
            who,
            status: Status::Nurturing,
            cycle: 0,
            behaviour: Behaviour::zero(now),
            fit: 0,
            excluded: None,
            profile: Profile::default(),
            recent: Vec::new(),
            caps: Vec::new(),
            clicked: Vec::new(),
            restarted_at: None,
            era: 0,
            erased: None,
            queue: None,
            owner: None,
            supervisor: None,
            deadline: None,
            extensions: 0,
            extended: Vec::new(),
            escalations: 0,
            unrouted_told_at: None,
            marks: Marks::default(),
            created_at: now,
            changed_at: now,
            version: 0,
        }
    }

    /// The score at a moment.
    pub fn score(&self, now: Timestamp, half_life: jiff::SignedDuration) -> Score {
        Score::new(self.behaviour.at(now, half_life), self.fit)
    }

    /// How often the person was erased before, modulo [`crate::erasure::TIMES`].
    pub fn erasures(&self) -> u8 {
        self.erased.map_or(0, |erased| erased.times)
    }

    /// Whether that person holds the lead.
    pub fn is_owned_by(&self, person: &PersonId) -> bool {
        self.owner.as_ref() == Some(person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_read_back_from_its_words() {
        for at in ["2026-04-09T07:05:00Z", "2026-04-09T07:05:00.123456789Z"] {
            for kind in Clock::ALL {
                let deadline = Deadline { kind, at: at.parse().unwrap() };
                assert_eq!(Deadline::parse(&deadline.to_string()), Ok(deadline));
                assert_eq!(serde_json::json!(kind), kind.word());
            }
        }
        for odd in ["", "accept", "accept ", "2026-04-09T07:05:00Z", "nap 2026-04-09T07:05:00Z"] {
            assert!(Deadline::parse(odd).is_err(), "{odd}");
        }
    }
}
