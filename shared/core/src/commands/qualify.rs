//! A lead becomes marketing-qualified: by hand here; by score and by fast track from
//! [`record`](super::record).

use serde::Deserialize;

use super::body::Body;
use super::{Command, Done, Part, Reason, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::lead::{Countdown, QualifiedBy, Stage, Trip};
use crate::message::EventName;
use crate::refusal::Refusal;

/// Declare it marketing-qualified by hand.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualify {
    /// Why, if they say.
    pub reason: Option<Reason>,
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
        decision.recount();
        begin_trip(decision, QualifiedBy::Manual, self.reason.as_ref().map(Reason::as_str));
        Ok(())
    }
}

/// Takes the arrow to `mql`: a new cycle, a clock for the router, and the marks of rule 12.
pub(super) fn begin_trip(
    decision: &mut DecisionBuilder<'_>,
    by: QualifiedBy,
    because: Option<&str>,
) {
    let now = decision.now();
    let lead = decision.lead();
    let trip = Trip {
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
    };
    let countdown = Countdown::start(now, decision.clocks().route_within);
    decision.move_to(Stage::AwaitingOwner { trip, countdown, house_told_at: None });
    decision.publish(EventName::Qualified);
    decision.write_history(because, None);
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
