//! A small clock for a row of a list, without words.

use askama::Template;
use baton_reports::board::Urgency;
use jiff::Timestamp;

use super::{Px, TimeScale, class};

/// In pixels.
const WIDTH: f64 = 72.0;

#[derive(Clone, Copy, Debug, Template)]
#[template(path = "chart/dial.html")]
pub(crate) struct Dial {
    gone: Px,
    needle: Px,
    class: &'static str,
}

/// Draws the share of the time from `start` to `end` that has passed.
pub(crate) fn draw(start: Timestamp, end: Timestamp, now: Timestamp, urgency: Urgency) -> Dial {
    let part = TimeScale { from: start, until: end }.x(now).clamp(0.0, 100.0) / 100.0;
    let gone = 1.0 + part * (WIDTH - 2.0);
    Dial { gone: Px(gone), needle: Px(gone - 3.5), class: class(urgency) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial(now: &str, urgency: Urgency) -> String {
        let at = |text: &str| text.parse().unwrap();
        draw(at("2026-04-01T00:00Z"), at("2026-04-02T00:00Z"), at(now), urgency).to_string()
    }

    #[test]
    fn the_needle_is_where_the_time_is_and_stays_on_the_dial() {
        for (now, gone) in [
            ("2026-03-31T00:00Z", "1"),
            ("2026-04-01T00:00Z", "1"),
            ("2026-04-01T12:00Z", "36"),
            ("2026-04-09T00:00Z", "71"),
        ] {
            let picture = dial(now, Urgency::Calm);
            assert!(picture.contains(&format!(r#"y="5" width="{gone}""#)), "{picture}");
        }
    }

    #[test]
    fn a_dial() {
        insta::assert_snapshot!(dial("2026-04-01T08:00Z", Urgency::Soon));
    }
}
