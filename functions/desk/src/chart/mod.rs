//! Pictures of values, as SVG. Values in, text out.
//!
//! Horizontal places are percentages and vertical ones pixels, so that a chart is as wide as its
//! place and its text is never scaled. Curves, which know no percentages, are drawn in an inner
//! `<svg viewBox="0 0 1000 H" preserveAspectRatio="none">` with strokes that do not scale.

pub(crate) mod bars;
pub(crate) mod clock;
pub(crate) mod dial;
pub(crate) mod ranges;
pub(crate) mod score;
pub(crate) mod stacked;

use std::fmt;

use jiff::Timestamp;

/// How much something presses: a colour that never stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// There is time.
    Calm,
    /// There is little time.
    Soon,
    /// It is overdue.
    Late,
}

impl Urgency {
    /// Its class in the stylesheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Calm => "",
            Self::Soon => "soon",
            Self::Late => "late",
        }
    }
}

/// A length or a place as SVG writes it: at most two decimals, and no zeros behind them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Px(pub(crate) f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = (self.0 * 100.0).round() / 100.0;
        // There is no -0 in a picture.
        write!(f, "{}", if rounded == 0.0 { 0.0 } else { rounded })
    }
}

/// A stretch of time from the left edge of a chart to its right one.
#[derive(Clone, Copy, Debug)]
struct TimeScale {
    from: Timestamp,
    until: Timestamp,
}

impl TimeScale {
    /// Where a moment is, in percent.
    fn x(self, at: Timestamp) -> f64 {
        let whole = self.until.duration_since(self.from).as_secs_f64();
        if whole > 0.0 { 100.0 * at.duration_since(self.from).as_secs_f64() / whole } else { 0.0 }
    }
}

/// How a text at a place in percent is to stand, so as not to leave the chart.
fn anchor(x: f64) -> &'static str {
    match x {
        x if x < 8.0 => "start",
        x if x > 92.0 => "end",
        _ => "middle",
    }
}
