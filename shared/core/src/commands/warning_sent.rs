//! Rule 8: the warning has left us. The period of grace runs from that moment, not from when the
//! warning was due.

use super::{Command, Part, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::lead::{Countdown, Stage, Work, WorkDeadline};
use crate::refusal::Refusal;

/// Note that the owner's warning has left us.
#[derive(Clone, Debug, PartialEq)]
pub struct WarningSent {}

impl From<WarningSent> for Command {
    fn from(command: WarningSent) -> Self {
        Self::WarningSent(command)
    }
}

impl WarningSent {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        let stage = decision.lead().stage.clone();
        let Stage::Working { trip, hold, work, next: WorkDeadline::TakeBack(_) } = stage else {
            return Err(Refusal::AlreadyWarned);
        };
        if work.warned_at.is_some() {
            return Err(Refusal::AlreadyWarned);
        }
        let now = decision.now();
        let work = Work { warned_at: Some(now), ..work };
        let countdown = Countdown::start(now, decision.clocks().take_back_after);
        let next = WorkDeadline::TakeBack(countdown);
        decision.move_to(Stage::Working { trip, hold, work, next });
        Ok(())
    }
}

/// No page tells it: the warning itself stands in the history, with when it left.
pub(super) fn tell(_line: &History) -> Telling<'_> {
    Telling::new(Tone::Plain, [Part::Text("The warning has left")])
}
