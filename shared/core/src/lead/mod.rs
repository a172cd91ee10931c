//! A lead: who it is, what it is worth, and where it stands.

mod deadline;
mod erasure;
mod marks;
mod stage;
mod status;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{ActivityType, Identity, LeadId, PersonId, QueueName, RuleName};
use crate::profile::Profile;
use crate::score::{Behaviour, Points, Score};

pub use deadline::{Countdown, Deadline, DeadlineKind};
pub use erasure::{Erasure, TIMES};
pub use marks::Marks;
pub use stage::{Ended, Hold, LetGo, QualifiedBy, Stage, Trip, Work, WorkDeadline};
pub use status::Status;

/// One activity that spoke for a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was done.
    #[serde(rename = "type")]
    pub kind: ActivityType,
    /// In words: "visited our booth".
    pub label: String,
    /// When the prospect did it.
    pub at: Timestamp,
    /// Points it gave.
    pub points: Points,
}

/// Points one capped rule has given on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapUse {
    /// The day, in the policy's time zone.
    pub day: Date,
    /// The rule that has the cap.
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
    /// Where it stands, and all that is known there.
    pub stage: Stage,
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
            stage: Stage::Nurturing,
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
            created_at: now,
            changed_at: now,
            version: 0,
        }
    }

    /// The score at a moment.
    pub fn score(&self, now: Timestamp, half_life: jiff::SignedDuration) -> Score {
        Score::new(self.behaviour.at(now, half_life), self.fit)
    }

    /// How often the person was erased before, modulo [`TIMES`].
    pub fn erasures(&self) -> u8 {
        self.erased.map_or(0, |erased| erased.times)
    }

    /// Where it stands, in the words the CRM shows.
    pub fn status(&self) -> Status {
        self.stage.status()
    }

    /// Trips into sales so far.
    pub fn cycle(&self) -> u32 {
        self.stage.trip().map_or(0, |trip| trip.cycle)
    }

    /// Who holds it.
    pub fn owner(&self) -> Option<&PersonId> {
        self.stage.hold().map(|hold| &hold.owner)
    }

    /// Who its owner reported to when they got it.
    pub fn supervisor(&self) -> Option<&PersonId> {
        self.stage.hold()?.supervisor.as_ref()
    }

    /// The queue that whoever holds it got it from.
    pub fn queue(&self) -> Option<&QueueName> {
        self.stage.hold().map(|hold| &hold.queue)
    }

    /// What must happen next, and before when.
    pub fn deadline(&self) -> Option<Deadline> {
        self.stage.deadline()
    }

    /// What kind of deadline runs, if one does.
    pub fn deadline_kind(&self) -> Option<DeadlineKind> {
        self.stage.countdown().map(|(kind, _)| kind)
    }

    /// How often its present or last owner let it wait too long.
    pub fn escalations(&self) -> u32 {
        self.stage.last_hold().map_or(0, |hold| hold.escalations)
    }

    /// How often it was given more time on this trip.
    pub fn extensions(&self) -> u32 {
        self.stage.trip().map_or(0, |trip| trip.extensions)
    }

    /// Whether that person holds the lead.
    pub fn is_owned_by(&self, person: &PersonId) -> bool {
        self.owner() == Some(person)
    }
}
