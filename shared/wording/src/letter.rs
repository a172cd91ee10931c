//! The long text of an alert, line by line, and what each line is. How a line looks is the business
//! of whichever channel shows it.

/// Room for the label of a field.
const LABEL_CHARS: usize = 10;

/// A line of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A sentence, a line of its own: phones fold long lines as they like.
    Sentence(String),
    /// Some distance.
    Gap,
    /// An address to open.
    Link(String),
    /// What the lines below are about.
    Heading(String),
    /// A line below a heading.
    Item(String),
    /// A labelled value below a heading.
    Field(Field),
    /// A row of a table, laid out with blanks.
    Row(String),
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What the value is.
    pub label: String,
    /// How many characters the labels around it take.
    pub label_chars: usize,
    /// The value.
    pub value: String,
    /// Whether the value must not be folded, as an address must not be.
    pub is_whole: bool,
}

/// A letter being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Letter(Vec<Line>);

impl Letter {
    /// What was written.
    pub(super) fn lines(&self) -> &[Line] {
        &self.0
    }

    /// A sentence.
    pub(super) fn say(&mut self, sentence: &str) -> &mut Self {
        self.add(Line::Sentence(sentence.to_owned()))
    }

    /// Some distance.
    pub(super) fn gap(&mut self) -> &mut Self {
        self.add(Line::Gap)
    }

    /// An address to open.
    pub(super) fn link(&mut self, link: &str) -> &mut Self {
        self.add(Line::Link(link.to_owned()))
    }

    /// A heading, after some distance.
    pub(super) fn heading(&mut self, text: &str) -> &mut Self {
        self.gap().add(Line::Heading(text.to_owned()))
    }

    /// A line below a heading.
    pub(super) fn item(&mut self, text: &str) -> &mut Self {
        self.add(Line::Item(text.to_owned()))
    }

    /// A row of a table.
    pub(super) fn row(&mut self, text: &str) -> &mut Self {
        self.add(Line::Row(text.to_owned()))
    }

    /// A labelled value below a heading.
    pub(super) fn field(&mut self, label: &str, value: &str) -> &mut Self {
        self.entry(label, LABEL_CHARS, value)
    }

    /// A labelled value in a table whose labels take so many characters.
    pub(super) fn entry(&mut self, label: &str, chars: usize, value: &str) -> &mut Self {
        self.labelled(label, chars, value, false)
    }

    /// A labelled value that must not be folded.
    pub(super) fn whole_field(&mut self, label: &str, value: &str) -> &mut Self {
        self.labelled(label, LABEL_CHARS, value, true)
    }

    fn labelled(&mut self, label: &str, chars: usize, value: &str, is_whole: bool) -> &mut Self {
        let (label, value) = (label.to_owned(), value.to_owned());
        self.add(Line::Field(Field { label, label_chars: chars, value, is_whole }))
    }

    fn add(&mut self, line: Line) -> &mut Self {
        self.0.push(line);
        self
    }
}
