//! What the board says of a stage.

use baton_core::board::{Tally, soon_before};
use baton_core::lead::Clock;
use baton_core::policy::Clocks;
use baton_core::when::span;
use jiff::SignedDuration;

/// A stage, for people.
pub(super) fn name(stage: Clock) -> &'static str {
    match stage {
        Clock::Route => "Waiting for an owner",
        Clock::Accept => "To be accepted",
        Clock::TakeBack => "Going back to marketing",
        Clock::Convert => "Working",
    }
}

/// What is promised of a stage.
pub(super) fn about(stage: Clock, clocks: &Clocks) -> String {
    let Clocks { accept_within, escalate_every, convert_within, take_back_after, .. } = clocks;
    match stage {
        Clock::Route => {
            let again = span(clocks.route_retry_every);
            format!("Nobody is available. Baton tries again every {again}.")
        }
        Clock::Accept => format!(
            "Within {} of being given; then its owner and supervisor are alerted {}.",
            span(*accept_within),
            often(*escalate_every)
        ),
        Clock::TakeBack => format!(
            "Warned after {}. Convert or extend, or it goes back {} after the warning.",
            span(*convert_within),
            span(*take_back_after)
        ),
        Clock::Convert => {
            format!("To become a contact or opportunity within {}.", span(*convert_within))
        }
    }
}

/// How pressing a stage is, and in which class.
pub(super) fn urgent(tally: &Tally, clocks: &Clocks) -> (&'static str, String) {
    let within = |stage| span(soon_before(stage));
    match tally {
        Tally { stage: Clock::Route, late: 1.., .. } => ("late", "nobody available".to_owned()),
        Tally { late: late @ 1.., .. } => ("late", format!("{late} overdue")),
        Tally { soon: 0, .. } => ("quiet", "none urgent".to_owned()),
        Tally { stage: Clock::TakeBack, .. } => {
            ("soon", format!("within {}", span(clocks.take_back_after)))
        }
        Tally { stage, soon, .. } => ("soon", format!("{soon} within {}", within(*stage))),
    }
}

/// Said instead of a list that is empty.
pub(super) fn nothing(stage: Option<Clock>, is_filtered: bool) -> &'static str {
    match stage {
        _ if is_filtered => "No lead matches.",
        None => "No lead is with sales just now.",
        Some(Clock::Route) => "Every lead has an owner.",
        Some(Clock::Accept) => "Nothing waits to be accepted. Well done.",
        Some(Clock::TakeBack) => "Nothing is about to go back to marketing.",
        Some(Clock::Convert) => "Nobody is working on a lead just now.",
    }
}

fn often(every: SignedDuration) -> String {
    match every.as_hours() {
        24 => "daily".to_owned(),
        _ => format!("every {}", span(every)),
    }
}
