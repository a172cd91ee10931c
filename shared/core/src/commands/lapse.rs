//! A deadline has passed: rules 6, 7, 8 and 10.
//!
//! Each lapse takes one step and starts the next clock from now, so that after a downtime every
//! missed step happens once, late, and every period of grace has its full length.

use jiff::SignedDuration;

use super::leave_sales::{self, Exit};
use super::{Command, Part, Telling, Tone, assign};
use crate::builder::DecisionBuilder;
use crate::decision::History;
use crate::id::PersonId;
use crate::lead::{Countdown, DeadlineKind, Hold, Stage, Trip, Work, WorkDeadline};
use crate::message::{AlertKind, EventName};
use crate::refusal::Refusal;
use crate::route;

/// How long to wait for an undelivered warning before looking again.
const WARNING_RECHECK: SignedDuration = SignedDuration::from_hours(1);

/// Why a lead that was not converted in time goes back, in its history and alerts.
const NOT_CONVERTED: &str = "not converted in time";

/// Take the step whose deadline has passed.
#[derive(Clone, Debug, PartialEq)]
pub struct Lapse {}

impl From<Lapse> for Command {
    fn from(command: Lapse) -> Self {
        Self::Lapse(command)
    }
}

impl Lapse {
    pub(super) fn apply(&self, decision: &mut DecisionBuilder<'_>) -> Result<(), Refusal> {
        let now = decision.now();
        let is_due = |(_, countdown): &(DeadlineKind, &Countdown)| countdown.due_at <= now;
        decision.lead().stage.countdown().filter(is_due).ok_or(Refusal::NotDue)?;
        match decision.lead().stage.clone() {
            Stage::AwaitingOwner { .. } => assign::assign(decision)?,
            Stage::AwaitingAcceptance { trip, hold, countdown, earlier_work } => {
                escalate(decision, trip, hold, countdown, earlier_work);
            }
            Stage::Working { trip, hold, work, next: WorkDeadline::Convert(_) } => {
                warn(decision, trip, hold, work);
            }
            Stage::Working { trip, hold, work, next: WorkDeadline::TakeBack(countdown) } => {
                match work.warned_at {
                    Some(_) => take_back(decision),
                    // Nobody loses a lead on a warning that was never sent.
                    None => {
                        let countdown = countdown.try_again(now, WARNING_RECHECK);
                        let next = WorkDeadline::TakeBack(countdown);
                        decision.move_to(Stage::Working { trip, hold, work, next });
                    }
                }
            }
            Stage::Nurturing
            | Stage::Converted { .. }
            | Stage::Returned(_)
            | Stage::Disqualified(_) => return Err(Refusal::NotDue),
        }
        Ok(())
    }
}

/// Rule 6: owner and supervisor hear of it, again and again until someone acts.
fn escalate(
    decision: &mut DecisionBuilder<'_>,
    trip: Trip,
    hold: Hold,
    countdown: Countdown,
    earlier_work: Option<Work>,
) {
    let hold = Hold { escalations: hold.escalations + 1, ..hold };
    let countdown = countdown.try_again(decision.now(), decision.clocks().escalate_every);
    decision.move_to(Stage::AwaitingAcceptance { trip, hold, countdown, earlier_work });
    decision.publish(EventName::Escalated);
    tell_owner_and_supervisor(decision, AlertKind::AcceptOverdue);
    decision.write_history(Some("not accepted in time"), Some(DeadlineKind::Accept));
}

/// Rule 7: owner and supervisor hear that marketing takes the lead back soon.
fn warn(decision: &mut DecisionBuilder<'_>, trip: Trip, hold: Hold, work: Work) {
    let countdown = Countdown::start(decision.now(), decision.clocks().take_back_after);
    let work = Work { warned_at: None, ..work };
    decision.move_to(Stage::Working { trip, hold, work, next: WorkDeadline::TakeBack(countdown) });
    decision.publish(EventName::Warned);
    tell_owner_and_supervisor(decision, AlertKind::TakeBackWarned);
    decision.write_history(Some(NOT_CONVERTED), Some(DeadlineKind::Convert));
}

/// Rule 8: back to marketing.
fn take_back(decision: &mut DecisionBuilder<'_>) {
    let owner = decision.lead().owner().cloned();
    leave_sales::leave(decision, Exit::Return, NOT_CONVERTED);
    let marketing = decision.roster().marketing.iter().cloned();
    for person in owner.into_iter().chain(marketing) {
        decision.tell(&person, AlertKind::TakenBack, Some(NOT_CONVERTED));
    }
    decision.write_history(Some(NOT_CONVERTED), Some(DeadlineKind::TakeBack));
}

/// The two who must hear of a slip; the house stands in for a missing supervisor.
fn tell_owner_and_supervisor(decision: &mut DecisionBuilder<'_>, kind: AlertKind) {
    let lead = decision.lead();
    let mut people: Vec<PersonId> =
        lead.owner().into_iter().chain(lead.supervisor()).cloned().collect();
    if lead.supervisor().is_none() {
        people.extend(route::house_supervisors(decision.roster()));
    }
    people.dedup();
    for person in people {
        decision.tell(&person, kind, None);
    }
}

pub(super) fn tell(line: &History) -> Telling<'_> {
    let owner = Part::Person(line.owner.as_ref());
    match line.clock {
        Some(DeadlineKind::Accept) => Telling::new(
            Tone::Late,
            [Part::Text("Not accepted by "), owner, Part::Text(" in time")],
        ),
        Some(DeadlineKind::Convert) => Telling::new(
            Tone::Late,
            [
                Part::Text("Not converted by "),
                owner,
                Part::Text(" in time: marketing takes it back "),
                Part::Grace,
                Part::Text(" after the warning"),
            ],
        ),
        Some(DeadlineKind::TakeBack) => {
            Telling::new(Tone::Late, [Part::Text("Marketing took it back: not converted in time")])
        }
        Some(DeadlineKind::Route) | None => assign::tell(line),
    }
}
