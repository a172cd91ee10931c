//! Bars in a cell of a table. The cell beside them has the number, so they carry no text.

use askama::Template;

use super::Px;

/// A bar for this window, and a thin one for the window before.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "chart/pair.html")]
pub(crate) struct Pair {
    now: Px,
    before: Px,
}

#[derive(Clone, Copy, Debug, Template)]
#[template(path = "chart/bar.html")]
pub(crate) struct Bar {
    part: Px,
}

/// Both on a scale that ends at `most`.
pub(crate) fn pair(now: usize, before: usize, most: usize) -> Pair {
    Pair { now: part(now, most), before: part(before, most) }
}

pub(crate) fn bar(now: usize, most: usize) -> Bar {
    Bar { part: part(now, most) }
}

fn part(n: usize, most: usize) -> Px {
    Px(100.0 * n as f64 / most.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_part_of_the_most_and_nothing_has_none() {
        assert!(pair(3, 12, 12).to_string().contains(r#"width="25%" height="8""#));
        assert!(pair(3, 12, 12).to_string().contains(r#"width="100%" height="3""#));
        assert!(bar(0, 0).to_string().contains(r#"width="0%""#));
    }
}
