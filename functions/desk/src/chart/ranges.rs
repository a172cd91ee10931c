//! Median and 90th percentile of durations, on a logarithmic scale from a minute to forty days.

use askama::Template;

use super::{Px, anchor};

/// Height of a row in pixels: its words, then two lines.
const ROW: usize = 52;
const MINUTE: f64 = 60.0;
const DAY: f64 = 24.0 * 3600.0;
/// The ends of the scale, in seconds.
const FROM: f64 = MINUTE;
const UNTIL: f64 = 40.0 * DAY;
const TICKS: [(f64, &str); 5] =
    [(MINUTE, "1 min"), (3600.0, "1 h"), (DAY, "1 d"), (7.0 * DAY, "7 d"), (30.0 * DAY, "30 d")];

/// Median and 90th percentile, in seconds.
pub(crate) type Range = Option<(f64, f64)>;

#[derive(Clone, Debug, Template)]
#[template(path = "chart/ranges.html")]
pub(crate) struct Ranges {
    id: &'static str,
    title: &'static str,
    ticks: Vec<Tick>,
    rows: Vec<Row>,
    bottom: usize,
}

#[derive(Clone, Debug)]
struct Tick {
    x: Px,
    text: &'static str,
    anchor: &'static str,
}

#[derive(Clone, Debug)]
struct Row {
    text: &'static str,
    y: usize,
    now: Option<(Px, Px)>,
    before: Option<(Px, Px)>,
}

/// Draws a row for each: a line for this window, and a thin one for the window before.
pub(crate) fn draw(
    id: &'static str,
    title: &'static str,
    rows: &[(&'static str, Range, Range)],
) -> Ranges {
    let tick = |(seconds, text): (f64, _)| {
        let x = x(seconds);
        Tick { x, text, anchor: anchor(x.0) }
    };
    let places = |range: Range| range.map(|(median, p90)| (x(median), x(p90)));
    let row = |(n, &(text, now, before)): (usize, &(&'static str, Range, Range))| Row {
        text,
        y: n * ROW,
        now: places(now),
        before: places(before),
    };
    Ranges {
        id,
        title,
        ticks: TICKS.map(tick).into(),
        rows: rows.iter().enumerate().map(row).collect(),
        bottom: rows.len() * ROW,
    }
}

fn x(seconds: f64) -> Px {
    let place = (seconds.clamp(FROM, UNTIL) / FROM).ln() / (UNTIL / FROM).ln();
    Px(100.0 * place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shorter_or_longer_than_the_scale_is_at_its_ends() {
        assert_eq!([0.0, 60.0, 40.0 * DAY, 1e9].map(|s| x(s).0), [0.0, 0.0, 100.0, 100.0]);
    }

    #[test]
    fn a_row_without_durations_has_its_words_and_no_line() {
        let rows = [("one", Some((3600.0, DAY)), None), ("two", None, None)];
        let picture = draw("speed", "Title", &rows).to_string();
        assert_eq!(picture.matches("<circle").count(), 1, "{picture}");
        assert!(picture.contains(r#"cx="37.35%" cy="26""#), "{picture}");
        assert!(picture.contains(">two</text>"), "{picture}");
    }
}
