//! Rows of bars, each made of parts. The parts differ by their fill, so that they do so in print,
//! too, and have a number where there is room.

use askama::Template;

use super::Px;

/// Height of a row in pixels: its words, then its bar.
const ROW: usize = 46;
/// The width, in percent, from which a part shows its number.
const ROOM: f64 = 6.0;
/// The style sheet has so many fills.
const FILLS: usize = 5;

#[derive(Clone, Debug, Template)]
#[template(path = "chart/stacked.html")]
pub(crate) struct Stacked {
    id: &'static str,
    title: &'static str,
    names: Vec<&'static str>,
    rows: Vec<Row>,
    height: usize,
}

#[derive(Clone, Debug)]
struct Row {
    text: String,
    y: usize,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    fill: usize,
    x: Px,
    width: Px,
    number: Option<(Px, usize)>,
}

/// Draws rows on one scale. `names` are the names of their parts.
pub(crate) fn draw(
    id: &'static str,
    title: &'static str,
    names: Vec<&'static str>,
    rows: Vec<(String, Vec<usize>)>,
) -> Stacked {
    let sums = rows.iter().map(|(_, parts)| parts.iter().sum::<usize>());
    let most = sums.max().unwrap_or(0).max(1);
    let height = rows.len() * ROW;
    let rows = rows.into_iter().enumerate();
    let row = |(n, (text, of)): (usize, (String, Vec<usize>))| Row {
        text,
        y: n * ROW,
        parts: parts(&of, most),
    };
    Stacked { id, title, names, rows: rows.map(row).collect(), height }
}

fn parts(of: &[usize], most: usize) -> Vec<Part> {
    let mut at = 0.0;
    let mut parts = Vec::new();
    for (place, &n) in of.iter().enumerate() {
        let width = 100.0 * n as f64 / most as f64;
        let number = (width >= ROOM).then_some((Px(at + width / 2.0), n));
        parts.push(Part { fill: place % FILLS, x: Px(at), width: Px(width), number });
        at += width;
    }
    parts.retain(|part| part.width.0 > 0.0);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_row_is_the_width_and_small_parts_have_no_number() {
        let rows = vec![("a & b".to_owned(), vec![19, 0, 1]), ("c".to_owned(), vec![10, 0, 0])];
        let picture = draw("x", "Title", vec!["one", "two", "three"], rows).to_string();
        assert!(picture.contains("a &#38; b"), "{picture}");
        assert!(picture.contains(r#"class="part p0" x="0%" y="18" width="95%""#), "{picture}");
        assert!(picture.contains(r#"class="part p2" x="95%" y="18" width="5%""#), "{picture}");
        assert!(picture.contains(r#"class="part p0" x="0%" y="64" width="50%""#), "{picture}");
        assert_eq!(picture.matches("part-n").count(), 2, "{picture}");
    }
}
