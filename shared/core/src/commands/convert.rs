//! Rule 9: the lead became a contact or opportunity. Its clock stops, and its owner keeps it. It may
//! still be said of a lead that was returned of late: it was one, and nobody had said so.

use serde::Deserialize;

use super::body::Body;
use super::take_up::{self, Progress};
use super::{Command, Done, Part, Telling, Tone};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::lead::Stage;
use crate::message::EventName;
use crate::refusal::Refusal;

/// It became a contact or opportunity.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convert {}

impl Body for Convert {}

impl From<Convert> for Command {
    fn from(command: Convert) -> Self {
        Self::Convert(command)
    }
}

impl Convert {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        if take_up::recent_end(decision).is_some_and(|ended| ended.last_hold.is_some()) {
            decision.must_have_been_theirs()?;
            return take_up::take_up(decision, Progress::Converted, None, None);
        }
        decision.must_be_in_sales()?;
        let converted = converted(&decision.lead().stage, decision).ok_or(Refusal::NotAccepted)?;
        decision.must_be_theirs()?;
        decision.move_to(converted);
        decision.publish(EventName::Converted);
        decision.write_history(None, None);
        Ok(())
    }
}

/// Where the stage leads; only what somebody has accepted can be converted. Also by a new owner who
/// has yet to accept it: the work was done.
fn converted(stage: &Stage, decision: &DecisionBuilder<'_>) -> Option<Stage> {
    let (trip, hold, work) = match stage {
        Stage::Working { trip, hold, work, .. }
        | Stage::AwaitingAcceptance { trip, hold, earlier_work: Some(work), .. } => {
            (trip.clone(), hold.clone(), *work)
        }
        Stage::AwaitingAcceptance { earlier_work: None, .. }
        | Stage::Nurturing
        | Stage::AwaitingOwner { .. }
        | Stage::Converted { .. }
        | Stage::Returned(_)
        | Stage::Disqualified(_) => return None,
    };
    Some(Stage::Converted { trip, hold: Some(hold), work, at: decision.now() })
}

pub(super) const DONE: Done = Done {
    word: "converted",
    title: &[Part::Text("Converted")],
    text: &[Part::Text("It is a contact or opportunity; no clock runs.")],
};

pub(super) fn tell(_line: &History) -> Telling<'_> {
    let text = Part::Text(" converted it: a contact or opportunity");
    Telling::new(Tone::Stage, [Part::Asker, text])
}
