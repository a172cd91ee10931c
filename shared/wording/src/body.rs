//! The body of a message: its lines, and what kind each line is. The channel that shows a line
//! decides how it looks.

/// Room for the label of a field.
const LABEL_CHARS: usize = 10;

/// A line of a message's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A sentence, a line of its own: phones fold long lines as they like.
    Sentence(String),
    /// An empty line.
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
    /// The value, harmless by now.
    pub value: String,
    /// Whether the value must not be folded, as an address must not be.
    pub is_whole: bool,
}

/// The body of a message, while it is written and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MessageBody(Vec<Line>);

impl MessageBody {
    /// The lines written so far.
    pub(super) fn lines(&self) -> &[Line] {
        &self.0
    }

    /// Adds a sentence.
    pub(super) fn say(&mut self, sentence: &str) -> &mut Self {
        self.add(Line::Sentence(sentence.to_owned()))
    }

    /// Adds an empty line.
    pub(super) fn gap(&mut self) -> &mut Self {
        self.add(Line::Gap)
    }

    /// Adds an address to open.
    pub(super) fn link(&mut self, link: &str) -> &mut Self {
        self.add(Line::Link(link.to_owned()))
    }

    /// Adds an empty line and a heading.
    pub(super) fn heading(&mut self, text: &str) -> &mut Self {
        self.gap().add(Line::Heading(text.to_owned()))
    }

    /// Adds a line below a heading.
    pub(super) fn item(&mut self, text: &str) -> &mut Self {
        self.add(Line::Item(text.to_owned()))
    }

    /// Adds a row of a table.
    pub(super) fn row(&mut self, text: &str) -> &mut Self {
        self.add(Line::Row(text.to_owned()))
    }

    /// Adds a labelled value below a heading.
    pub(super) fn field(&mut self, label: &str, value: &str) -> &mut Self {
        self.entry(label, LABEL_CHARS, value)
    }

    /// Adds a labelled value in a table whose labels take so many characters.
    pub(super) fn entry(&mut self, label: &str, chars: usize, value: &str) -> &mut Self {
        self.labelled(label, chars, value, false)
    }

    /// Adds a labelled value that must not be folded.
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
