//! When something that failed is tried again: soon at first, and then ever less often, so that what
//! can't succeed costs little and stands in nobody's way; but always, so that nothing is given up.

use jiff::SignedDuration;

/// Failed tries after which a promise is set aside: tried less and less often, and alarmed about.
/// A minute apart, they span what passes by itself.
pub const TRIES: u32 = 10;

/// How long after a failed try the next one follows, at first.
pub const AT_FIRST: SignedDuration = SignedDuration::from_mins(1);
/// The longest it ever takes: what was mended proceeds by itself within this.
pub const AT_MOST: SignedDuration = SignedDuration::from_mins(30);

/// How long to wait after so many failed tries.
pub fn wait_after(tries: u32) -> SignedDuration {
    let doubled = tries.saturating_sub(TRIES).min(AT_MOST.as_mins().ilog2() + 1);
    AT_FIRST.saturating_mul(1 << doubled).min(AT_MOST)
}

/// Whether a promise that failed so often is set aside.
pub fn is_set_aside(tries: u32) -> bool {
    tries >= TRIES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_half_an_hour_and_no_further() {
        let minutes = |tries: [u32; 8]| tries.map(|tries| wait_after(tries).as_mins());
        assert_eq!(minutes([0, 1, 9, 10, 11, 12, 13, 14]), [1, 1, 1, 1, 2, 4, 8, 16]);
        assert_eq!(minutes([15, 16, 17, 20, 100, 10_000, u32::MAX - 1, u32::MAX]), [30; 8]);
        assert!(!is_set_aside(9) && is_set_aside(10));
    }
}
