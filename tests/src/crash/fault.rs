//! The ways a call breaks.

use std::fmt;

use super::call_log::Call;
use crate::{Fate, Request};

/// How one call breaks, however often the SDK tries it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It never arrives.
    Lost,
    /// The service has a fault of its own each time.
    Error,
    /// The service is asked too much each time.
    Throttled,
    /// Another transaction has an item, once.
    Conflict,
    /// It is carried out, the answer gets lost, and the SDK asks again.
    AnswerLost,
    /// It is carried out, and nothing more is ever heard of it.
    Silence,
    /// It is carried out once the SDK has stopped waiting for it.
    Late,
    /// The function dies before it.
    Killed,
    /// The function dies after it was carried out.
    KilledAfter,
}

impl Fault {
    const OF_WRITES: [Self; 9] = [
        Self::Lost,
        Self::Error,
        Self::Throttled,
        Self::Conflict,
        Self::AnswerLost,
        Self::Silence,
        Self::Late,
        Self::Killed,
        Self::KilledAfter,
    ];
    /// A read that was carried out leaves nothing behind.
    const OF_READS: [Self; 5] =
        [Self::Lost, Self::Error, Self::Throttled, Self::Silence, Self::Killed];

    /// The ways in which a call can break that differ.
    pub(super) fn of(call: &Call) -> impl Iterator<Item = Self> + use<> {
        let all = if call.is_write { &Self::OF_WRITES[..] } else { &Self::OF_READS[..] };
        let is_out = call.is_send();
        all.iter().copied().filter(move |fault| *fault != Self::Conflict || !is_out)
    }

    /// What becomes of an attempt at the call.
    pub(crate) fn fate(self, request: &Request) -> Fate {
        match (self, request.attempt) {
            (Self::Lost, _) => Fate::Lose,
            (Self::Error, _) => Fate::Fail,
            (Self::Throttled, _) => Fate::Throttle,
            (Self::Conflict, 1) => Fate::Conflict,
            (Self::AnswerLost, 1) => Fate::LoseAnswer,
            (Self::Silence, 1) => Fate::HangAfter,
            (Self::Silence, _) => Fate::Lose,
            (Self::Late, 1) => Fate::Late,
            (Self::Conflict | Self::AnswerLost | Self::Late, _) => Fate::Pass,
            (Self::Killed, _) => Fate::Kill,
            (Self::KilledAfter, _) => Fate::KillAfter,
        }
    }

    /// Whether what was asked for is done, and the asker does not know it.
    pub(super) fn hides_what_was_done(self) -> bool {
        match self {
            Self::AnswerLost | Self::Silence | Self::Late | Self::KilledAfter => true,
            Self::Lost | Self::Error | Self::Throttled | Self::Conflict | Self::Killed => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost => "never arrives",
            Self::Error => "meets a fault of the service",
            Self::Throttled => "is throttled",
            Self::Conflict => "meets another transaction",
            Self::AnswerLost => "loses its answer",
            Self::Silence => "is carried out and never answered",
            Self::Late => "arrives too late",
            Self::Killed => "is where the function dies",
            Self::KilledAfter => "is the last the function did",
        })
    }
}
