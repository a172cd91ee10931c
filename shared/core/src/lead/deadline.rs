//! Deadlines: what must happen, by when, and when that was promised.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::text::InvalidValue;
use crate::time::later;

/// What must happen, and by when, as events and pages show it. In words: `accept
/// 2026-04-09T07:05:00Z`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What must happen.
    pub kind: DeadlineKind,
    /// When the next step is taken if it has not happened by then.
    pub at: Timestamp,
}

impl Deadline {
    /// Reads the words back.
    ///
    /// # Errors
    ///
    /// A [`InvalidValue`] if that is no kind of deadline and a time.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let read = || {
            let (word, at) = text.split_once(' ')?;
            let kind = DeadlineKind::ALL.into_iter().find(|kind| kind.word() == word)?;
            Some(Self { kind, at: at.parse().ok()? })
        };
        let expected = "a clock and when it ends, such as accept 2026-04-09T07:05:00Z";
        read().ok_or_else(|| InvalidValue::new("is no deadline", expected))
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.at)
    }
}

/// What must happen before a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// An owner is found.
    Route,
    /// The owner accepts.
    Accept,
    /// The owner converts.
    Convert,
    /// The owner converts or extends, having been warned.
    TakeBack,
}

impl DeadlineKind {
    /// Every kind, in the order of the trip.
    pub const ALL: [Self; 4] = [Self::Route, Self::Accept, Self::Convert, Self::TakeBack];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Accept => "accept",
            Self::Convert => "convert",
            Self::TakeBack => "take_back",
        }
    }
}

/// The three moments of a deadline. Nobody works them out from other dates: they are stored when
/// the deadline is set, by the rules of that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countdown {
    /// When it began to run.
    pub started_at: Timestamp,
    /// The promised moment. Trying or telling again does not move it.
    pub promised_at: Timestamp,
    /// When the next step is taken if it has not happened: at first the promised moment, then
    /// whenever it is tried or told again.
    pub due_at: Timestamp,
}

impl Countdown {
    /// A countdown that starts now.
    #[must_use]
    pub fn start(now: Timestamp, within: SignedDuration) -> Self {
        let promised_at = later(now, within);
        Self { started_at: now, promised_at, due_at: promised_at }
    }

    /// The same promise, and the next step is taken after some time from now.
    #[must_use]
    pub fn try_again(self, now: Timestamp, after: SignedDuration) -> Self {
        Self { due_at: later(now, after), ..self }
    }

    /// The same, but never due before that moment.
    #[must_use]
    pub fn not_before(self, at: Timestamp) -> Self {
        let (promised_at, due_at) = (self.promised_at.max(at), self.due_at.max(at));
        Self { promised_at, due_at, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_read_back_from_its_words() {
        for at in ["2026-04-09T07:05:00Z", "2026-04-09T07:05:00.123456789Z"] {
            for kind in DeadlineKind::ALL {
                let deadline = Deadline { kind, at: at.parse().unwrap() };
                assert_eq!(Deadline::parse(&deadline.to_string()), Ok(deadline));
                assert_eq!(serde_json::json!(kind), kind.word());
            }
        }
        for odd in ["", "accept", "accept ", "2026-04-09T07:05:00Z", "nap 2026-04-09T07:05:00Z"] {
            assert!(Deadline::parse(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_promise_stays_where_it_was_when_its_next_step_moves() {
        let now: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
        let day = SignedDuration::from_hours(24);
        let began = Countdown::start(now, day);
        let again = began.try_again(began.due_at, day);
        assert_eq!((again.started_at, again.promised_at), (now, now + day));
        assert_eq!(again.due_at, now + day * 2);
    }
}
