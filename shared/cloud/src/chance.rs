//! The one place that throws dice: waiting times and marks that tell two writers, or two requests,
//! apart.

use std::time::Duration;

use baton_core::correlation::Correlation;

/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_millis(500);
/// The first wait is at most this.
const FIRST_WAIT: Duration = Duration::from_millis(8);

/// A mark for one attempt to commit. If a later read shows it, the attempt had succeeded.
pub fn attempt_id() -> String {
    #[expect(clippy::disallowed_methods, reason = "the edge's own chance")]
    let number = fastrand::u64(..);
    format!("{number:016x}")
}

/// Bytes that nothing else has had: they tell two things apart and keep nothing secret.
pub fn nonce<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::disallowed_methods, reason = "the edge's own chance")]
    fastrand::fill(&mut bytes);
    bytes
}

/// An id for what comes in without one.
pub fn correlation() -> Correlation {
    #[expect(clippy::disallowed_methods, reason = "the edge's own chance")]
    let number = fastrand::u128(..);
    Correlation::parse(&format!("{number:032x}")).expect("32 digits")
}

/// How long to wait before try `attempt` (1, 2, …): full jitter over a doubling bound, as in
/// AWS's "Exponential backoff and jitter".
pub fn wait_before(attempt: u32) -> Duration {
    let bound = FIRST_WAIT.saturating_mul(1 << attempt.min(10)).min(LONGEST_WAIT);
    #[expect(clippy::disallowed_methods, reason = "the edge's own chance")]
    let share = fastrand::f64();
    bound.mul_f64(share)
}
