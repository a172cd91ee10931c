//! The records of a CSV file: quoted line breaks joined, open quotes contained.
//!
//! A reader of whole files takes an unclosed quote for a field that goes on to the end: one slip
//! would cost every line below it, and memory without bound. Here a record ends after
//! [`RECORD_LINES`] lines at the latest; an open quote costs its own line and reading goes on at
//! the next.

use std::collections::VecDeque;
use std::io::{self, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::encoding::Encoding;
use super::lines::{LINE_BYTES, Line, Lines};
use super::row::BadLine;

/// The most physical lines of one record.
const RECORD_LINES: usize = 100;
/// The most bytes of one record.
const RECORD_BYTES: usize = LINE_BYTES;
const COLUMNS: usize = 512;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line it begins on.
    pub(super) line: u64,
    pub(super) fields: Vec<String>,
    pub(super) encoding: Encoding,
}

/// The next record or bad line; `None` at the end of the file.
pub(super) type Next = io::Result<Option<Result<Record, BadLine>>>;

/// The records of a file.
pub(super) struct Records<R> {
    lines: Lines<R>,
    /// Lines read for a record that turned out not to be one.
    back: VecDeque<Line>,
    parser: Reader,
    output: Vec<u8>,
    ends: Vec<usize>,
    offset: u64,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Self {
        Self {
            lines: Lines::new(input),
            back: VecDeque::new(),
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            // A byte more than can come in, so that there is always room.
            output: vec![0; RECORD_BYTES + RECORD_LINES + 1],
            ends: vec![0; COLUMNS + 1],
            offset: 0,
        }
    }

    /// Bytes of the file that the records so far took.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next record that is not blank. One of several lines must have as many fields as there
    /// are `columns`: with another number of them it is an open quote and the lines below it.
    pub(super) fn read(&mut self, columns: Option<usize>) -> Next {
        loop {
            let Some(first) = self.line()? else {
                self.offset = self.lines.offset();
                return Ok(None);
            };
            self.offset = first.end;
            if first.bytes.trim_ascii().is_empty() && !first.is_cut {
                continue;
            }
            if first.is_cut {
                let reason = format!("is longer than {LINE_BYTES} bytes");
                return Ok(Some(Err(BadLine { line: first.number, reason })));
            }
            match self.record(first, columns)? {
                Ok(record) if record.fields.iter().all(|field| field.trim().is_empty()) => {}
                read => return Ok(Some(read)),
            }
        }
    }

    fn record(
        &mut self,
        first: Line,
        columns: Option<usize>,
    ) -> io::Result<Result<Record, BadLine>> {
        const OPEN_QUOTE: &str = "opens a quote that is not closed";
        const TOO_WIDE: &str = "has more than 512 columns";
        let number = first.number;
        let (mut written, mut count) = (0, 0);
        let mut taken = vec![first];
        self.parser.reset();
        let reason = loop {
            match self.parse(&mut taken, &mut written, &mut count) {
                ReadRecordResult::Record
                    if taken.len() == 1 || columns.is_none_or(|columns| columns == count) =>
                {
                    self.offset = taken.last().map_or(self.offset, |line| line.end);
                    return Ok(self.decoded(number, written, count));
                }
                ReadRecordResult::OutputEndsFull => break TOO_WIDE,
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::OutputFull | ReadRecordResult::End => {
                    break OPEN_QUOTE;
                }
            }
            let Some(next) = self.line()? else { break OPEN_QUOTE };
            let is_too_much = written + next.bytes.len() > RECORD_BYTES;
            let fits = taken.len() < RECORD_LINES && !next.is_cut && !is_too_much;
            taken.push(next);
            if !fits {
                break OPEN_QUOTE;
            }
        };
        self.give_back(taken);
        Ok(Err(BadLine { line: number, reason: reason.to_owned() }))
    }

    /// Reads on through the last of the lines taken.
    fn parse(
        &mut self,
        taken: &mut [Line],
        written: &mut usize,
        count: &mut usize,
    ) -> ReadRecordResult {
        let line = taken.last_mut().expect("a record has a first line");
        line.bytes.push(b'\n');
        let (output, ends) = (&mut self.output[*written..], &mut self.ends[*count..]);
        let (result, _, bytes, fields) = self.parser.read_record(&line.bytes, output, ends);
        line.bytes.pop();
        *written += bytes;
        *count += fields;
        result
    }

    fn decoded(&self, line: u64, written: usize, count: usize) -> Result<Record, BadLine> {
        let bytes = &self.output[..written];
        let reason = "is neither UTF-8 nor Windows-1252 text".to_owned();
        let encoding = Encoding::of(bytes).ok_or(BadLine { line, reason })?;
        let mut start = 0;
        let mut field = |&end: &usize| {
            let field = encoding.decode(&bytes[start..end]);
            start = end;
            field
        };
        let fields = self.ends[..count].iter().map(&mut field).collect();
        Ok(Record { line, fields, encoding })
    }

    fn line(&mut self) -> io::Result<Option<Line>> {
        match self.back.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.read(),
        }
    }

    /// Lines that make no record: all but the first are read again.
    fn give_back(&mut self, taken: Vec<Line>) {
        for line in taken.into_iter().skip(1).rev() {
            self.back.push_front(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = Result<(u64, Vec<String>), (u64, String)>;

    fn read(text: &str, columns: usize) -> Vec<Read> {
        let mut records = Records::new(text.as_bytes(), b',');
        std::iter::from_fn(|| records.read(Some(columns)).unwrap())
            .map(|read| match read {
                Ok(record) => Ok((record.line, record.fields)),
                Err(bad) => Err((bad.line, bad.reason)),
            })
            .collect()
    }

    fn good(line: u64, fields: &[&str]) -> Read {
        Ok((line, fields.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn a_record_has_the_number_of_the_line_it_begins_on() {
        let text = "\n  \na,\"two\r\nlines\"\n,,\n\nb,\"x\"\"y\"";
        assert_eq!(read(text, 2), [good(3, &["a", "two\nlines"]), good(7, &["b", "x\"y"])]);
    }

    #[test]
    fn an_open_quote_costs_its_own_line_only() {
        let open = |line| Err((line, "opens a quote that is not closed".to_owned()));
        let to_the_end = read("a,\"b\nc,d\ne,f\n", 2);
        assert_eq!(to_the_end, [open(1), good(2, &["c", "d"]), good(3, &["e", "f"])]);
        let to_the_next = read("a,\"b\nc,\"d,e\"\nf,g\n", 2);
        assert_eq!(to_the_next, [open(1), good(2, &["c", "d,e"]), good(3, &["f", "g"])]);
    }

    #[test]
    fn a_file_of_open_quotes_is_read_in_bounded_memory_and_time() {
        let text = "\"x\n".repeat(20_001);
        // Every second quote closes the one before it; a record of two fields never comes of it.
        assert_eq!(read(&text, 2).len(), 20_001);
    }

    #[test]
    fn lines_too_long_or_too_wide_are_bad_and_the_next_is_read() {
        let text = format!("{}\n{}\na,b", "x".repeat(LINE_BYTES + 1), ",x".repeat(COLUMNS + 1));
        let found = read(&text, 2);
        assert_eq!(found[0], Err((1, "is longer than 65536 bytes".to_owned())));
        assert_eq!(found[1], Err((2, "has more than 512 columns".to_owned())));
        assert_eq!(found[2], good(3, &["a", "b"]));
    }
}
