//! Lines that fit a terminal.

/// The width of a line, in characters.
const COLUMNS: usize = 100;

/// A space that lines are never broken at.
pub(super) const TIE: char = '\u{a0}';

/// A text in lines: the first begins with `first`, the others with `further`. A word that is
/// longer than a line stays whole.
pub(super) fn fold(first: &str, further: &str, text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut is_empty) = (first.to_owned(), true);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > COLUMNS {
            lines.push(std::mem::replace(&mut line, further.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines.into_iter().map(|line| line.replace(TIE, " ").trim_end().to_owned()).collect()
}

/// A text of several lines as it is, each behind `bar`; folded only if a line is too long.
pub(super) fn frame(bar: &str, text: &str) -> Vec<String> {
    let lines = text.lines().flat_map(|line| match bar.len() + line.chars().count() > COLUMNS {
        true => fold(bar, bar, line),
        false => vec![format!("{bar}{line}").trim_end().to_owned()],
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_keeps_to_its_columns_and_what_is_tied_stays_together() {
        let text = format!("{}Ana{TIE}19", "word ".repeat(19));
        let lines = fold("- ", "  ", &text);
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS));
        assert_eq!(lines.last().map(String::as_str), Some("  Ana 19"));
    }

    #[test]
    fn what_is_framed_keeps_its_own_indent() {
        assert_eq!(frame("| ", "a\n\n  b"), ["| a", "|", "|   b"]);
    }
}
