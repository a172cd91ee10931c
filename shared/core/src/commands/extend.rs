//! Rule 7: more time for a lead in work, for a reason.
//!
//! Never shortens a clock. A request that is sent again, because its answer got lost, extends
//! nothing.

use serde::Deserialize;

use super::body::{Body, Required};
use super::{Command, Done, Part, Reason, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::id::SourceId;
use crate::lead::{Countdown, Stage, WorkDeadline};
use crate::message::EventName;
use crate::refusal::Refusal;

/// Ask for more time.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extend {
    /// What the time is needed for.
    pub reason: Reason,
    /// The asker's own id of this request, if they give one: it extends once.
    pub id: Option<SourceId>,
}

impl Body for Extend {
    const HEEDS_SEEN: bool = true;
    const REQUIRED: &'static [Required] = &[Reason::REQUIRED];
}

impl From<Extend> for Command {
    fn from(command: Extend) -> Self {
        Self::Extend(command)
    }
}

impl Extend {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        let (mut trip, hold, work, running) = decision.must_be_in_work()?;
        decision.must_be_theirs()?;
        if self.id.as_ref().is_some_and(|id| trip.extended_by.contains(id)) {
            return Err(Refusal::AlreadyExtended);
        }
        decision.must_be_as_seen()?;
        let clocks = decision.clocks();
        if trip.extensions >= clocks.extensions_at_most {
            return Err(Refusal::NoExtensionsLeft(trip.extensions));
        }
        trip.extensions += 1;
        trip.extended_by.extend(self.id.clone());
        trip.extended_at = Some(decision.now());
        let countdown = Countdown::start(decision.now(), clocks.extend_by);
        let next = match running {
            WorkDeadline::Convert(running) => countdown.not_before(running.due_at),
            WorkDeadline::TakeBack(_) => countdown,
        };
        decision.move_to(Stage::Working { trip, hold, work, next: WorkDeadline::Convert(next) });
        decision.publish(EventName::Extended);
        decision.write_history(Some(self.reason.as_str()), None);
        Ok(())
    }
}

pub(super) const DONE: Done = Done {
    word: "extended",
    title: &[Part::Text("Extended")],
    text: &[Part::Text("The clock runs until "), Part::Deadline, Part::Text(" now.")],
};

pub(super) fn tell(line: &History) -> Telling<'_> {
    Telling::with_reason(Tone::Plain, " asked for more time", line)
}
