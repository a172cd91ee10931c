//! A lead becomes marketing-qualified: by hand here; by score and by fast track from
//! [`record`](super::record).

use serde::Deserialize;

use super::body::Body;
use super::{Command, Done, Part, Reason, Recipient, Telling, Tone, assign};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::id::{PersonId, QueueName};
use crate::lead::{Countdown, QualifiedBy, Stage, Trip};
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;

/// Declare it marketing-qualified by hand.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualify {
    /// Why, if they say.
    pub reason: Option<Reason>,
    /// Who has it already, or the queue that it goes to; else the rules name one.
    pub to: Option<Recipient>,
}

impl Body for Qualify {}

impl From<Qualify> for Command {
    fn from(command: Qualify) -> Self {
        Self::Qualify(command)
    }
}

impl Qualify {
    /// A person says so. Exclusions stop rules, not people.
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        let lead = decision.lead();
        match &lead.stage {
            Stage::Nurturing | Stage::Returned(_) => {}
            Stage::AwaitingOwner { .. }
            | Stage::AwaitingAcceptance { .. }
            | Stage::Working { .. } => return Err(Refusal::AlreadyQualified(lead.status())),
            Stage::Converted { .. } => return Err(Refusal::AlreadyConverted),
            Stage::Disqualified(_) => return Err(Refusal::AlreadyDisqualified),
        }
        decision.must_be_theirs()?;
        let queue = self.queue_named(decision)?;
        let reason = self.reason.as_ref().map(Reason::as_str);
        begin(decision, QualifiedBy::Manual, reason, queue);
        if let Some(Recipient::Person(person)) = &self.to {
            give_to(decision, person, reason)?;
        }
        decision.write_history(reason, None);
        Ok(())
    }

    fn queue_named(&self, decision: &DecisionBuilder<'_>) -> Result<Option<QueueName>, Refusal> {
        let Some(Recipient::Queue(queue)) = &self.to else { return Ok(None) };
        let is_known = decision.roster().queues.contains_key(queue);
        is_known.then(|| Some(queue.clone())).ok_or(Refusal::UnknownQueue)
    }
}

/// Whoever is named gets it at once, and has to accept it as any other owner.
fn give_to(
    decision: &mut DecisionBuilder<'_>,
    person: &PersonId,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let known = decision.roster().person(person).ok_or(Refusal::UnknownPerson)?;
    if !known.is_available(decision.now()) {
        return Err(Refusal::Unavailable(person.clone()));
    }
    if let Stage::AwaitingOwner { trip, .. } = decision.lead().stage.clone() {
        let queue = decision.queue_wanted();
        assign::hold(decision, trip, None, person, queue);
        decision.publish(EventName::Assigned);
        decision.tell(person, AlertKind::Assigned, reason);
    }
    Ok(())
}

/// Takes the arrow to `mql` because of an activity.
pub(super) fn begin_trip(
    decision: &mut DecisionBuilder<'_>,
    by: QualifiedBy,
    because: Option<&str>,
) {
    begin(decision, by, because, None);
    decision.write_history(because, None);
}

/// A new cycle, a clock for the router, and the marks of rule 12.
fn begin(
    decision: &mut DecisionBuilder<'_>,
    by: QualifiedBy,
    because: Option<&str>,
    queue: Option<QueueName>,
) {
    let trip = new_trip(decision, by, because);
    let countdown = Countdown::start(decision.now(), decision.clocks().route_within);
    decision.move_to(Stage::AwaitingOwner { trip, countdown, house_told_at: None, queue });
    decision.publish(EventName::Qualified);
}

/// The next trip of the lead, which begins now.
pub(super) fn new_trip(
    decision: &DecisionBuilder<'_>,
    by: QualifiedBy,
    because: Option<&str>,
) -> Trip {
    let now = decision.now();
    let lead = decision.lead();
    Trip {
        cycle: lead.cycle() + 1,
        first_mql_at: lead.stage.trip().map_or(now, |trip| trip.first_mql_at),
        mql_at: now,
        mql_by: by,
        mql_source: decision.by().source().cloned(),
        evidence: lead.recent.clone(),
        mql_because: because.map(str::to_owned),
        score_at_mql: lead.score(now, decision.policy().scoring.half_life),
        extensions: 0,
        extended_by: Vec::new(),
        extended_at: None,
        reported: false,
        let_go: lead.stage.let_go(),
    }
}

pub(super) const DONE: Done = Done {
    word: "qualified",
    title: &[Part::Text("Passed to sales")],
    text: &[Part::Text("It gets an owner within seconds.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    let told = Telling::new(Tone::Stage, [Part::Text("Passed to sales by "), Part::Colleague]);
    told.quoting(line.reason.as_deref())
}
