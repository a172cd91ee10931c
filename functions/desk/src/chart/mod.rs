//! Charts as SVG.
//!
//! Horizontal positions are percentages and vertical ones pixels, so that a chart fills its place
//! and its text is never scaled. Curves can't use percentages: they are drawn in an inner `<svg
//! viewBox="0 0 1000 H" preserveAspectRatio="none">` with strokes that do not scale.

pub(crate) mod bars;
pub(crate) mod clock;
pub(crate) mod dial;
pub(crate) mod ranges;
pub(crate) mod score;
pub(crate) mod stacked;

use std::fmt;

use baton_reports::board::Urgency;
use jiff::Timestamp;

/// The CSS class of an urgency. Its colour always comes with words.
pub(crate) fn class(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Calm => "",
        Urgency::Soon => "soon",
        Urgency::Late => "late",
    }
}

/// A length or position as SVG writes it: at most two decimals, and no trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Px(pub(crate) f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = (self.0 * 100.0).round() / 100.0;
        // Rounding may give -0, which would be written with its sign.
        write!(f, "{}", if rounded == 0.0 { 0.0 } else { rounded })
    }
}

/// The time that a chart covers, from its left edge to its right one.
#[derive(Clone, Copy, Debug)]
struct TimeScale {
    from: Timestamp,
    until: Timestamp,
}

impl TimeScale {
    /// The position of a moment, in percent.
    fn x(self, at: Timestamp) -> f64 {
        let whole = self.until.duration_since(self.from).as_secs_f64();
        if whole > 0.0 { 100.0 * at.duration_since(self.from).as_secs_f64() / whole } else { 0.0 }
    }
}

/// The `text-anchor` that keeps a text at this position, in percent, within the chart.
fn anchor(x: f64) -> &'static str {
    match x {
        x if x < 8.0 => "start",
        x if x > 92.0 => "end",
        _ => "middle",
    }
}
