//! The one place that asks what time it is.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

/// Where the time comes from. Handed to whoever needs it; nobody else looks at a clock.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until somebody moves it: for scripts and rehearsals.
    Manual(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(Mutex::new(at)))
    }

    /// The time, in whole milliseconds: what the table keeps.
    pub fn now(&self) -> Timestamp {
        let now = match self {
            #[expect(clippy::disallowed_methods, reason = "the edge's one look at the clock")]
            Self::System => Timestamp::now(),
            Self::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        };
        let whole = TimestampRound::new().smallest(Unit::Millisecond).mode(RoundMode::Trunc);
        now.round(whole).unwrap_or(now)
    }

    /// Moves a manual clock forward; it never goes back, and the machine's is never moved.
    pub fn advance_to(&self, to: Timestamp) {
        if let Self::Manual(at) = self {
            let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
            *at = to.max(*at);
        }
    }

    /// Whether somebody has to move it.
    pub fn is_manual(&self) -> bool {
        matches!(self, Self::Manual(_))
    }
}
