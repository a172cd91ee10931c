//! The words of the board for each stage.

use baton_core::lead::DeadlineKind;
use baton_core::policy::Clocks;
use baton_reports::board::{Tally, soon_before};
use baton_wording::human_time::span;
use jiff::SignedDuration;

pub(super) fn name(stage: DeadlineKind) -> &'static str {
    match stage {
        DeadlineKind::Route => "Waiting for an owner",
        DeadlineKind::Accept => "To be accepted",
        DeadlineKind::TakeBack => "Going back to marketing",
        DeadlineKind::Convert => "Working",
    }
}

/// The deadline of a stage, and what happens when it passes.
pub(super) fn about(stage: DeadlineKind, clocks: &Clocks) -> String {
    let Clocks { accept_within, escalate_every, convert_within, take_back_after, .. } = clocks;
    match stage {
        DeadlineKind::Route => {
            let again = span(clocks.route_retry_every);
            format!("Nobody is available. Baton tries again every {again}.")
        }
        DeadlineKind::Accept => format!(
            "Within {} of being given; then its owner and supervisor are alerted {}.",
            span(*accept_within),
            often(*escalate_every)
        ),
        DeadlineKind::TakeBack => format!(
            "Warned after {}. Convert or extend, or it goes back {} after the warning.",
            span(*convert_within),
            span(*take_back_after)
        ),
        DeadlineKind::Convert => {
            format!("To become a contact or opportunity within {}.", span(*convert_within))
        }
    }
}

/// The CSS class and the words for how urgent a stage is.
pub(super) fn urgent(tally: &Tally, clocks: &Clocks) -> (&'static str, String) {
    let within = |stage| span(soon_before(stage));
    match tally {
        Tally { stage: DeadlineKind::Route, late: 1.., .. } => {
            ("late", "nobody available".to_owned())
        }
        Tally { late: late @ 1.., .. } => ("late", format!("{late} overdue")),
        Tally { soon: 0, .. } => ("quiet", "none urgent".to_owned()),
        Tally { stage: DeadlineKind::TakeBack, .. } => {
            ("soon", format!("within {}", span(clocks.take_back_after)))
        }
        Tally { stage, soon, .. } => ("soon", format!("{soon} within {}", within(*stage))),
    }
}

/// The words in place of an empty list.
pub(super) fn nothing(stage: Option<DeadlineKind>, is_filtered: bool) -> &'static str {
    match stage {
        _ if is_filtered => "No lead matches.",
        None => "No lead is with sales just now.",
        Some(DeadlineKind::Route) => "Every lead has an owner.",
        Some(DeadlineKind::Accept) => "Nothing waits to be accepted. Well done.",
        Some(DeadlineKind::TakeBack) => "Nothing is about to go back to marketing.",
        Some(DeadlineKind::Convert) => "Nobody is working on a lead just now.",
    }
}

fn often(every: SignedDuration) -> String {
    match every.as_hours() {
        24 => "daily".to_owned(),
        _ => format!("every {}", span(every)),
    }
}
