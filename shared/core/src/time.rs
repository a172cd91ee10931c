//! Sums of moments and lengths of time that can't fail.

use jiff::{SignedDuration, Timestamp};

/// The moment that comes `by` after `at`. Stops at the first and the last moment there are.
pub fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).expect("only a span of calendar units can't be added")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_moves_and_stops_where_time_ends() {
        let (at, hour) = (Timestamp::UNIX_EPOCH, SignedDuration::from_hours(1));
        assert_eq!(later(at, hour).as_second(), 3600);
        assert_eq!(later(at, -hour).as_second(), -3600);
        assert_eq!(later(at, SignedDuration::MAX), Timestamp::MAX);
        assert_eq!(later(at, SignedDuration::MIN), Timestamp::MIN);
    }
}
