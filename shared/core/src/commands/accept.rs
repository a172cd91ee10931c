//! Rule 5: the owner takes the lead to work. After a reassignment the new owner accepts it anew.

use serde::Deserialize;

use super::body::Body;
use super::{Command, Done, Part, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::lead::{Countdown, Stage, Work, WorkDeadline};
use crate::message::EventName;
use crate::refusal::Refusal;

/// Take the lead to work.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {}

impl Body for Accept {}

impl From<Accept> for Command {
    fn from(command: Accept) -> Self {
        Self::Accept(command)
    }
}

impl Accept {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        let (trip, hold, earlier_work) = decision.must_await_acceptance()?;
        decision.must_be_theirs()?;
        let now = decision.now();
        let warned_at = earlier_work.and_then(|work| work.warned_at);
        let work = Work { accepted_at: now, warned_at };
        let countdown = Countdown::start(now, decision.clocks().convert_within);
        decision.move_to(Stage::Working {
            trip,
            hold,
            work,
            next: WorkDeadline::Convert(countdown),
        });
        decision.publish(EventName::Accepted);
        decision.write_history(None, None);
        Ok(())
    }
}

pub(super) const DONE: Done = Done {
    word: "accepted",
    title: &[Part::Text("Accepted")],
    text: &[
        Part::Text("There is time until "),
        Part::Deadline,
        Part::Text(" to make it a contact or opportunity."),
    ],
};

pub(super) fn tell(_line: &History) -> Telling<'_> {
    Telling::new(Tone::Stage, [Part::Asker, Part::Text(" accepted it"), Part::ForOwner])
}
