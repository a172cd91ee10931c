//! A plain-text e-mail, line by line: our own lines start at the margin or after two blanks, and
//! what doesn't fit goes on further in, so that no text of a lead can pass for one of them.

/// The longest line; only a link or an address may be longer.
pub(super) const COLUMNS: usize = 78;

/// Where a sentence goes on.
const SENTENCE_INDENT: &str = "    ";
/// Room for the label of a field.
const LABEL_CHARS: usize = 10;

/// An e-mail being written.
#[derive(Default)]
pub(super) struct Letter(Vec<String>);

impl Letter {
    /// A sentence on a line of its own: phones fold long lines as they like.
    pub(super) fn say(&mut self, sentence: &str) -> &mut Self {
        self.fold(sentence, "", SENTENCE_INDENT)
    }

    /// An empty line.
    pub(super) fn gap(&mut self) -> &mut Self {
        self.0.push(String::new());
        self
    }

    /// Something that must not be folded, on a line of its own.
    pub(super) fn whole(&mut self, text: &str) -> &mut Self {
        self.0.push(text.to_owned());
        self
    }

    /// A heading, after an empty line.
    pub(super) fn heading(&mut self, text: &str) -> &mut Self {
        self.gap().whole(text)
    }

    /// A line below a heading.
    pub(super) fn item(&mut self, text: &str) -> &mut Self {
        self.fold(text, "  ", SENTENCE_INDENT)
    }

    /// A labelled value below a heading.
    pub(super) fn field(&mut self, label: &str, value: &str) -> &mut Self {
        self.entry(label, LABEL_CHARS, value)
    }

    /// A labelled value in a table whose labels take so many characters.
    pub(super) fn entry(&mut self, label: &str, chars: usize, value: &str) -> &mut Self {
        let further = " ".repeat(labelled("", chars).len());
        self.fold(value, &labelled(label, chars), &further)
    }

    /// A labelled value that must not be folded.
    pub(super) fn whole_field(&mut self, label: &str, value: &str) -> &mut Self {
        self.whole(&format!("{}{value}", labelled(label, LABEL_CHARS)))
    }

    /// The e-mail.
    pub(super) fn finish(self) -> String {
        let mut text = self.0.join("\n");
        text.push('\n');
        text
    }

    fn fold(&mut self, text: &str, first: &str, further: &str) -> &mut Self {
        let room = COLUMNS - further.chars().count().max(first.chars().count());
        let mut line = first.to_owned();
        let mut width = 0;
        for word in text.split_whitespace().flat_map(|word| pieces(word, room)) {
            let length = word.chars().count();
            if width > 0 && line.chars().count() + 1 + length > COLUMNS {
                self.0.push(std::mem::replace(&mut line, further.to_owned()));
                width = 0;
            }
            if width > 0 {
                line.push(' ');
            }
            line.push_str(&word);
            width += length;
        }
        self.0.push(line);
        self
    }
}

fn labelled(label: &str, chars: usize) -> String {
    format!("  {label:<chars$}  ")
}

/// A word, in pieces if it is longer than a line.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    chars.chunks(room).map(|piece| piece.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_goes_on_further_in() {
        let mut letter = Letter::default();
        letter.say(&"word ".repeat(20)).field("Company", &"x".repeat(100)).item("short");
        let text = letter.finish();
        assert!(text.lines().all(|line| line.chars().count() <= COLUMNS));
        let starts: Vec<_> =
            text.lines().map(|line| line.len() - line.trim_start().len()).collect();
        assert_eq!(starts, [0, 4, 2, 14, 2]);
    }

    #[test]
    fn a_link_stays_in_one_piece() {
        let link = format!("https://baton.example/{}", "x".repeat(100));
        let mut letter = Letter::default();
        letter.whole(&link);
        assert_eq!(letter.finish(), format!("{link}\n"));
    }
}
