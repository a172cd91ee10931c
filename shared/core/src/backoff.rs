//! When something that failed is tried again: after a minute at first, then at growing intervals.
//! What can't succeed then costs little and delays nothing else. Nothing is ever given up.

use jiff::SignedDuration;

/// Failed tries after which an item counts as a dead letter: an alarm rises, and the waits grow. Ten
/// tries a minute apart outlast most faults that pass by themselves.
pub const DEAD_LETTER_TRIES: u32 = 10;

/// How long after each of the first [`DEAD_LETTER_TRIES`] failed tries the next one follows.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(1);
/// The longest wait between two tries: once a fault is mended, the item succeeds within this time.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(30);

/// How long to wait after so many failed tries.
pub fn wait_after(tries: u32) -> SignedDuration {
    let doubled = tries.saturating_sub(DEAD_LETTER_TRIES).min(LONGEST_WAIT.as_mins().ilog2() + 1);
    FIRST_WAIT.saturating_mul(1 << doubled).min(LONGEST_WAIT)
}

/// Whether an item that failed so often is a dead letter.
pub fn is_dead_letter(tries: u32) -> bool {
    tries >= DEAD_LETTER_TRIES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_half_an_hour_and_no_further() {
        let minutes = |tries: [u32; 8]| tries.map(|tries| wait_after(tries).as_mins());
        assert_eq!(minutes([0, 1, 9, 10, 11, 12, 13, 14]), [1, 1, 1, 1, 2, 4, 8, 16]);
        assert_eq!(minutes([15, 16, 17, 20, 100, 10_000, u32::MAX - 1, u32::MAX]), [30; 8]);
        assert!(!is_dead_letter(9) && is_dead_letter(10));
    }
}
