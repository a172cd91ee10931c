//! Time, medians, and one way to say how a figure stands against its target.

use std::io::{self, Write};
use std::ops::{Bound, RangeBounds};
use std::time::{Duration, Instant};

/// Runs `work` and says how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = now();
    let done = work();
    (done, start.elapsed())
}

/// The moment, for a span that `timed` can't enclose.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The middle one; of an even number, the upper of the two.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Prints a figure beside its target, `..=most` or `least..`. A miss does not fail the run: a busy
/// machine is no defect, and whoever reads the figure sees which it was.
pub(crate) fn verdict(what: &str, figure: f64, unit: &str, target: impl RangeBounds<f64>) {
    let bound = match (target.start_bound(), target.end_bound()) {
        (Bound::Unbounded, Bound::Included(most)) => format!("at most {most}{unit}"),
        (Bound::Included(least), Bound::Unbounded) => format!("at least {least}{unit}"),
        _ => "a range".to_owned(),
    };
    let met = if target.contains(&figure) { "met" } else { "MISSED" };
    say(&format!("{what}: {figure:.2}{unit} (target: {bound}) {met}"));
}

/// Prints a line.
pub(crate) fn say(line: &str) {
    writeln!(io::stdout(), "{line}").expect("somebody reads the figures");
}
