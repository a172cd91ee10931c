//! What a decision makes known: events for machines, alerts for people.
//!
//! Messages are committed with the decision and delivered after it. An alert keeps the facts it
//! tells, not its text: the text is written for its reader when it is sent.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::correlation::Correlation;
use crate::id::{LeadId, PersonId, QueueName};
use crate::lead::{Deadline, Evidence, Lead, QualifiedBy, Status};
use crate::score::Score;
use crate::time::later;

/// The version of the published shape of an [`Event`].
pub const EVENT_SCHEMA: u32 = 1;

/// Something to make known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// A fact, for the bus.
    Event(Event),
    /// An alert to one person.
    Alert(Box<Alert>),
    /// The news that a person was erased, for the bus.
    Erased(Erased),
}

impl Message {
    /// What it is: `lead.qualified`, `assigned`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Event(event) => event.name.word(),
            Self::Alert(alert) => alert.kind.word(),
            Self::Erased(news) => news.name.word(),
        }
    }

    /// What it follows from, unless it is older than such ids.
    pub fn correlation(&self) -> Option<&Correlation> {
        match self {
            Self::Event(event) => event.correlation.as_ref(),
            Self::Alert(alert) => alert.correlation.as_ref(),
            Self::Erased(news) => Some(&news.correlation),
        }
    }
}

/// A message's name: the lead, the decision that made it, and its place among that decision's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageId {
    /// The lead that the message is about.
    pub lead: LeadId,
    /// The lead's version after the decision.
    pub version: u64,
    /// 0, 1, 2 …
    pub index: u32,
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.lead, self.version, self.index)
    }
}

/// A fact about a lead. Carries no personal data: who needs it asks for the lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The version of this shape: [`EVENT_SCHEMA`].
    pub schema: u32,
    /// The name of what happened.
    pub name: EventName,
    /// The lead that it is about.
    pub lead: LeadId,
    /// When it was decided.
    pub at: Timestamp,
    /// Where the lead stands now.
    pub status: Status,
    /// Which trip into sales.
    pub cycle: u32,
    /// The lead's version after the decision.
    pub version: u64,
    /// The queue it was dealt from.
    pub queue: Option<QueueName>,
    /// Who holds it; after it left sales, who held it.
    pub owner: Option<PersonId>,
    /// Who they report to.
    pub supervisor: Option<PersonId>,
    /// How it qualified.
    pub mql_by: Option<QualifiedBy>,
    /// The promise it runs against.
    pub deadline: Option<Deadline>,
    /// The request, event or run that it follows from; older events have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Correlation>,
}

/// What happened, as the bus calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventName {
    /// It became an MQL; somebody should route it.
    #[serde(rename = "lead.qualified")]
    Qualified,
    /// It got an owner.
    #[serde(rename = "lead.assigned")]
    Assigned,
    /// Nobody was available to take it.
    #[serde(rename = "lead.unrouted")]
    Unrouted,
    /// It was given to somebody else by hand.
    #[serde(rename = "lead.reassigned")]
    Reassigned,
    /// Its owner accepted it.
    #[serde(rename = "lead.accepted")]
    Accepted,
    /// Its owner let it wait too long.
    #[serde(rename = "lead.escalated")]
    Escalated,
    /// Its owner was warned that marketing takes it back.
    #[serde(rename = "lead.warned")]
    Warned,
    /// Its owner got more time.
    #[serde(rename = "lead.extended")]
    Extended,
    /// It became a contact or opportunity.
    #[serde(rename = "lead.converted")]
    Converted,
    /// It went back to marketing.
    #[serde(rename = "lead.returned")]
    Returned,
    /// It was ruled out.
    #[serde(rename = "lead.disqualified")]
    Disqualified,
    /// Two leads turned out to be one person: this id finds the one that goes on.
    #[serde(rename = "lead.merged")]
    Merged,
    /// Its person was erased: systems that keep data about the lead should erase it, too.
    #[serde(rename = "lead.erased")]
    Erased,
}

impl EventName {
    /// The name on the bus: `lead.qualified`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Qualified => "lead.qualified",
            Self::Assigned => "lead.assigned",
            Self::Unrouted => "lead.unrouted",
            Self::Reassigned => "lead.reassigned",
            Self::Accepted => "lead.accepted",
            Self::Escalated => "lead.escalated",
            Self::Warned => "lead.warned",
            Self::Extended => "lead.extended",
            Self::Converted => "lead.converted",
            Self::Returned => "lead.returned",
            Self::Disqualified => "lead.disqualified",
            Self::Merged => "lead.merged",
            Self::Erased => "lead.erased",
        }
    }
}

impl Event {
    /// A fact about the lead as the decision leaves it.
    pub fn about(lead: &Lead, name: EventName, correlation: &Correlation) -> Self {
        let last_hold = lead.stage.last_hold();
        Self {
            schema: EVENT_SCHEMA,
            name,
            lead: lead.lead,
            at: lead.changed_at,
            status: lead.status(),
            cycle: lead.cycle(),
            version: lead.version,
            queue: lead.queue().cloned(),
            owner: last_hold.map(|hold| hold.owner.clone()),
            supervisor: last_hold.and_then(|hold| hold.supervisor.clone()),
            mql_by: lead.stage.trip().map(|trip| trip.mql_by),
            deadline: lead.deadline(),
            correlation: Some(correlation.clone()),
        }
    }
}

/// The fact that a lead's person was erased: its id, and nothing else about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Erased {
    /// The version of this shape: [`EVENT_SCHEMA`].
    pub schema: u32,
    /// Always [`EventName::Erased`].
    pub name: EventName,
    /// The id of the lead that was erased.
    pub lead: LeadId,
    /// When the erasure was decided.
    pub at: Timestamp,
    /// The lead's version after it.
    pub version: u64,
    /// What it follows from.
    pub correlation: Correlation,
}

/// Why somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A lead is theirs: accept it.
    Assigned,
    /// A lead has not been accepted in time.
    AcceptOverdue,
    /// Marketing takes the lead back soon.
    TakeBackWarned,
    /// Marketing has it back, or it was taken from them otherwise.
    TakenBack,
    /// A lead of theirs was given to somebody else.
    HandedOver,
    /// Nobody is available for a lead.
    Unrouted,
}

impl AlertKind {
    /// The word in the inbox and the history.
    pub fn word(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::AcceptOverdue => "accept_overdue",
            Self::TakeBackWarned => "take_back_warned",
            Self::TakenBack => "taken_back",
            Self::HandedOver => "handed_over",
            Self::Unrouted => "unrouted",
        }
    }
}

/// An alert to one person about a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The person who is told.
    pub to: PersonId,
    /// The kind of alert, which says why they are told.
    pub kind: AlertKind,
    /// The facts of that moment.
    pub facts: Facts,
    /// The request, event or run that it follows from; older alerts have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Correlation>,
}

impl Alert {
    /// The alert as it must read when it leaves at `now`. A warning's grace runs from the moment
    /// it is sent (rule 8), so a late one gives a later date; everything else tells what was
    /// decided, when it was decided.
    #[must_use]
    pub fn sent_at(&self, now: Timestamp) -> Self {
        let mut alert = self.clone();
        let late = now.duration_since(self.facts.at);
        if let (AlertKind::TakeBackWarned, Some(deadline), true) =
            (self.kind, &mut alert.facts.deadline, late.is_positive())
        {
            deadline.at = later(deadline.at, late);
            alert.facts.at = now;
        }
        alert
    }
}

/// What an alert may tell, as of the decision. Names and texts are as the lead typed them: who
/// writes the alert makes them harmless.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The lead that it is about.
    pub lead: LeadId,
    /// Which trip into sales; the alert's link is good for this one only.
    pub cycle: u32,
    /// How often the person was erased before; the link is good for this time only.
    #[serde(default, skip_serializing_if = "is_never")]
    pub erasures: u8,
    /// When it was decided.
    pub at: Timestamp,
    /// Whose decision it was.
    pub by: Actor,
    /// Where the lead stands.
    pub status: Status,
    /// The person's name, if they gave one.
    pub name: Option<String>,
    /// Their job title, as typed.
    pub title: Option<String>,
    /// Their company, as typed.
    pub company: Option<String>,
    /// Their country: a code, or as typed.
    pub country: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
    /// How the lead qualified.
    pub mql_by: Option<QualifiedBy>,
    /// When the lead qualified; older alerts don't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mql_at: Option<Timestamp>,
    /// The rule or the reason that qualified it.
    pub mql_because: Option<String>,
    /// The score when it qualified.
    pub score_at_mql: Option<Score>,
    /// What the prospect did, newest first.
    pub evidence: Vec<Evidence>,
    /// Who holds the lead; after it left sales, who held it.
    pub owner: Option<PersonId>,
    /// Who they report to.
    pub supervisor: Option<PersonId>,
    /// When the owner got it.
    pub assigned_at: Option<Timestamp>,
    /// When the owner was to have accepted it.
    pub accept_by: Option<Timestamp>,
    /// When the owner accepted it.
    pub accepted_at: Option<Timestamp>,
    /// What must happen before when.
    pub deadline: Option<Deadline>,
    /// How often it has been escalated for this owner, this time included.
    pub escalations: u32,
    /// How much time an extension adds; `None` when none is left.
    pub extend_by: Option<SignedDuration>,
    /// Why it was returned, disqualified or handed over.
    pub reason: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_never(times: &u8) -> bool {
    *times == 0
}
