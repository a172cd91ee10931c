//! A trade-show list, row by row: columns in any order and of any usual name, in bounded memory.
//!
//! Promises that every line of the file is either a [`Row`], a [`BadLine`] with its number and
//! what is wrong, or blank; that nothing in a file makes it panic; and that the same line has the
//! same id every time. Knows nothing of where rows are sent.

use std::collections::BTreeMap;
use std::io::{self, Chain, Cursor, Read};

use baton_core::email::Email;
use baton_core::id::{ActivityType, SourceId};
use baton_core::profile::{Said, Scalar};
use baton_intake::{country, employees};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::columns::{Cells, Columns};
use super::encoding::{Encoding, for_terminal, other_format};
use super::field::Field;
use super::header;
use super::lines::LINE_BYTES;
use super::mapping::Mapping;
use super::records::{Record, Records};
use super::row::Visit;
use super::written_time::{TimeError, WrittenTime};

pub use super::header::NotAList;
pub use super::row::{BadLine, Note, Row};
pub use super::written_time::DateOrder;

/// How a list is read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What everybody on the list did.
    pub kind: ActivityType,
    /// The time zone of times without an offset.
    pub zone: TimeZone,
    /// How 3/4/2026 is read; without it such dates are refused.
    pub date_order: Option<DateOrder>,
    /// What stands between cells; guessed if nobody says.
    pub delimiter: Option<u8>,
    /// The columns that were named.
    pub mapping: Mapping,
}

impl Reading {
    /// A list of people who did this, as lists usually are, with times in UTC.
    pub fn of(kind: ActivityType) -> Self {
        let mapping = Mapping::default();
        Self { kind, zone: TimeZone::UTC, date_order: None, delimiter: None, mapping }
    }
}

/// The rows of a list.
pub struct Rows<R> {
    records: Records<Chain<Cursor<Vec<u8>>, R>>,
    columns: Columns,
    reading: Reading,
    /// Bytes before the first record: a byte order mark.
    skipped: u64,
    /// Records that begin above this line are passed over.
    from_line: u64,
    failure: Option<io::Error>,
    is_done: bool,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl<R: Read> Rows<R> {
    /// Reads the header, guesses the delimiter.
    ///
    /// # Errors
    ///
    /// [`NotAList`] says what it is instead, and what would be right.
    pub fn open(mut input: R, reading: Reading) -> Result<Self, NotAList> {
        let mut head = Vec::new();
        input.by_ref().take(LINE_BYTES as u64).read_to_end(&mut head)?;
        if head.trim_ascii().is_empty() || head == BYTE_ORDER_MARK {
            return Err(NotAList::Empty);
        }
        if let Some(what) = other_format(&head) {
            return Err(NotAList::OtherFormat(what));
        }
        let skipped = if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        head.drain(..skipped);
        let Reading { mapping, delimiter, .. } = &reading;
        let delimiter = delimiter.unwrap_or_else(|| header::delimiter(&head, mapping));
        let mut records = Records::new(Cursor::new(head).chain(input), delimiter);
        let columns = header::columns(&mut records, mapping)?;
        let skipped = skipped as u64;
        let (from_line, failure, is_done) = (0, None, false);
        Ok(Self { records, columns, reading, skipped, from_line, failure, is_done })
    }

    /// The same rows, but for those above a line.
    #[must_use]
    pub fn from_line(self, from_line: u64) -> Self {
        Self { from_line, ..self }
    }

    /// Bytes of the file that the rows so far took.
    pub fn offset(&self) -> u64 {
        self.skipped + self.records.offset()
    }

    /// Whether a column says when people were scanned.
    pub fn has_times(&self) -> bool {
        self.columns.has(Field::Time) || self.columns.has(Field::Date)
    }

    /// Why the rows ended before the file did, if they did.
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    fn row(&self, record: &Record) -> Result<Row, BadLine> {
        let line = record.line;
        let bad = |reason: String| BadLine { line, reason };
        self.fits(record).map_err(bad)?;
        let mut cells = self.columns.cells(&record.fields);
        let mut notes = Vec::new();
        if record.encoding == Encoding::Windows1252 {
            notes.push(Note::Windows1252);
        }
        let id = cells.take(Field::ScanId);
        let scan_id = id.map(SourceId::parse).transpose();
        let scan_id = scan_id.map_err(|problem| bad(format!("has a scan id that {problem}")))?;
        let (email, person_id) = who(&mut cells, scan_id.is_some()).map_err(bad)?;
        if email.is_none() {
            notes.push(Note::NoEmail);
        }
        let (time, occurred_at) = self.time(&mut cells, &mut notes).map_err(bad)?;
        let rest: Vec<(&str, &str)> = cells.others().collect();
        let profile = profile(&mut cells, &mut notes);
        let data: BTreeMap<String, String> =
            cells.others().map(|(key, text)| (key.to_owned(), text.to_owned())).collect();
        let kind = self.reading.kind.clone();
        let id = scan_id.unwrap_or_else(|| {
            let (email, person_id) = (email.as_ref(), person_id.as_ref());
            Visit { kind: &kind, email, person_id, time, rest: &rest }.id()
        });
        Ok(Row { line, notes, id, kind, occurred_at, email, person_id, profile, data })
    }

    /// A line with more cells than there are columns has them in the wrong columns.
    fn fits(&self, record: &Record) -> Result<(), String> {
        let columns = self.columns.count();
        let surplus = record.fields.iter().skip(columns).any(|field| !field.trim().is_empty());
        if surplus {
            let cells = record.fields.len();
            return Err(format!(
                "has {cells} cells and the header {columns}; text with a delimiter in it belongs \
                 in quotes"
            ));
        }
        Ok(())
    }

    fn time(
        &self,
        cells: &mut Cells<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<(Option<WrittenTime>, Option<Timestamp>), String> {
        let Reading { zone, date_order, .. } = &self.reading;
        let (date, time) = (cells.take(Field::Date), cells.take(Field::Time));
        let text = match (date, time) {
            (None, None) => {
                if self.has_times() {
                    notes.push(Note::NoTime);
                }
                return Ok((None, None));
            }
            (Some(date), None) => date.to_owned(),
            (None, Some(time)) => time.to_owned(),
            // "Scan date" and "scan time", or a time that has its date already.
            (Some(date), Some(time)) => match WrittenTime::read(time, *date_order) {
                Err(TimeError::Unrecognised) => format!("{date} {time}"),
                Ok(_) | Err(TimeError::Impossible | TimeError::Ambiguous) => {
                    cells.keep(Field::Date);
                    time.to_owned()
                }
            },
        };
        let written = WrittenTime::read(&text, *date_order);
        let at = written.and_then(|written| Ok((Some(written), Some(written.at(zone)?))));
        at.map_err(|unclear| unclear_time(&text, unclear))
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        loop {
            match self.records.read(Some(self.columns.count())) {
                Ok(Some(Err(bad))) if bad.line >= self.from_line => return Some(Err(bad)),
                Ok(Some(Ok(record))) if record.line >= self.from_line => {
                    return Some(self.row(&record));
                }
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => {
                    self.failure = Some(error);
                    break;
                }
            }
        }
        self.is_done = true;
        None
    }
}

/// Who it is: an address, else the badge's own id, else the scan's.
fn who(
    cells: &mut Cells<'_>,
    has_scan_id: bool,
) -> Result<(Option<Email>, Option<SourceId>), String> {
    if let Some(text) = cells.take(Field::Email).filter(|text| !is_no_address(text)) {
        let email = Email::parse(&address(text));
        let email = email.map_err(|problem| format!("has an e-mail that {problem}"))?;
        return Ok((Some(email), None));
    }
    match cells.take(Field::BadgeId).map(SourceId::parse).transpose() {
        Ok(None) if !has_scan_id => Err("has no e-mail and no badge id".to_owned()),
        Ok(person) => Ok((None, person)),
        Err(problem) => Err(format!("has no e-mail, and a badge id that {problem}")),
    }
}

/// What people write instead of an address.
fn is_no_address(text: &str) -> bool {
    const WORDS: &[&str] = &["none", "na", "no email", "no e-mail", "unknown", "not provided", "x"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The address itself: without the name before it, and without spaces, seen and unseen.
fn address(text: &str) -> String {
    let inner = text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}');
    inner.unwrap_or(text).chars().filter(|&c| !is_space(c)).collect()
}

fn profile(cells: &mut Cells<'_>, notes: &mut Vec<Note>) -> Said {
    let mut said = Said::new();
    for (field, key) in [
        (Field::Name, "name"),
        (Field::FirstName, "first_name"),
        (Field::LastName, "last_name"),
        (Field::Title, "title"),
        (Field::Company, "company"),
        (Field::Phone, "phone"),
    ] {
        if let Some(text) = cells.take(field) {
            said.insert(key.to_owned(), Scalar::Text(text.to_owned()));
        }
    }
    if let Some(text) = cells.take(Field::Country) {
        let value = country::code(text).unwrap_or_else(|| {
            notes.push(Note::UnknownCountry);
            text.to_owned()
        });
        said.insert("country".to_owned(), Scalar::Text(value));
    }
    if let Some(text) = cells.take(Field::Employees) {
        let value = employees::at_least(text);
        if value.is_none_or(|number| number.to_string() != text) {
            // "201-500" is 201 to the rules; what was written is kept as well.
            cells.keep(Field::Employees);
        }
        if let Some(number) = value {
            said.insert("employees".to_owned(), Scalar::Number(f64::from(number)));
        }
    }
    let own = cells.take_profile().into_iter();
    said.extend(own.map(|(key, text)| (key.to_owned(), Scalar::Text(text.to_owned()))));
    said
}

fn unclear_time(text: &str, unclear: TimeError) -> String {
    let text = for_terminal(text);
    match unclear {
        TimeError::Unrecognised => format!(
            "has a time that can't be read, '{text}'; such as 2026-03-31 14:05 or \
             2026-03-31T14:05:00+02:00 would be right"
        ),
        TimeError::Impossible => format!("has a time that there isn't, '{text}'"),
        TimeError::Ambiguous => format!(
            "has a date that can be read two ways, '{text}'; say --date-order day-first or \
             month-first, or write it like 2026-03-31 14:05"
        ),
    }
}

#[cfg(test)]
#[path = "rows_test.rs"]
mod tests;
