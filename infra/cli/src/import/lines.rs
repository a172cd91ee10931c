//! The physical lines of a file, however they end, in bounded memory.

use std::io::{self, BufRead, BufReader, Read};

/// The longest line, in bytes. A row becomes one activity, and those are far smaller.
pub(super) const LINE_BYTES: usize = 64 * 1024;

/// One physical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its number in the file, from 1, as an editor shows it.
    pub(super) number: u64,
    /// What it says, without its end.
    pub(super) bytes: Vec<u8>,
    /// Where the next line begins, in bytes from the start of the file.
    pub(super) end: u64,
    /// Whether it was longer than [`LINE_BYTES`] and is cut.
    pub(super) is_cut: bool,
}

/// Lines that end in LF, CRLF or, as old spreadsheets for the Mac write them, CR.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    number: u64,
    offset: u64,
    after_cr: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        let reader = BufReader::with_capacity(LINE_BYTES, input);
        Self { reader, number: 0, offset: 0, after_cr: false }
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next line; `None` at the end of the file.
    pub(super) fn read(&mut self) -> io::Result<Option<Line>> {
        self.skip_lf()?;
        let (mut bytes, mut is_cut, mut has_begun) = (Vec::new(), false, false);
        loop {
            let buffer = fill(&mut self.reader)?;
            if buffer.is_empty() {
                return Ok(has_begun.then(|| self.line(bytes, is_cut)));
            }
            has_begun = true;
            let found = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = &buffer[..found.unwrap_or(buffer.len())];
            let room = LINE_BYTES - bytes.len();
            bytes.extend_from_slice(&part[..part.len().min(room)]);
            is_cut |= part.len() > room;
            let ends_in_cr = found.is_some_and(|at| buffer[at] == b'\r');
            let used = part.len() + usize::from(found.is_some());
            self.advance(used);
            if found.is_some() {
                self.after_cr = ends_in_cr;
                return Ok(Some(self.line(bytes, is_cut)));
            }
        }
    }

    /// The LF of a CRLF belongs to the line before it.
    fn skip_lf(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.after_cr) && fill(&mut self.reader)?.first() == Some(&b'\n') {
            self.advance(1);
        }
        Ok(())
    }

    fn advance(&mut self, bytes: usize) {
        self.reader.consume(bytes);
        self.offset += bytes as u64;
    }

    fn line(&mut self, bytes: Vec<u8>, is_cut: bool) -> Line {
        self.number += 1;
        Line { number: self.number, bytes, end: self.offset, is_cut }
    }
}

fn fill<R: Read>(reader: &mut BufReader<R>) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // What was just filled: no second read.
    Ok(reader.buffer())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(u64, String)> {
        let mut lines = Lines::new(text);
        std::iter::from_fn(|| lines.read().unwrap())
            .map(|line| (line.number, String::from_utf8(line.bytes).unwrap()))
            .collect()
    }

    #[test]
    fn lines_end_in_whatever_the_spreadsheet_writes() {
        for text in ["a\nb\n\nc", "a\r\nb\r\n\r\nc\r\n", "a\rb\r\rc\r"] {
            let expected = [(1, "a"), (2, "b"), (3, ""), (4, "c")];
            assert_eq!(
                lines(text.as_bytes()),
                expected.map(|(n, t)| (n, t.to_owned())),
                "{text:?}"
            );
        }
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_one_is_whole() {
        let text = [vec![b'x'; 3 * LINE_BYTES], b"\nnext".to_vec()].concat();
        let mut lines = Lines::new(text.as_slice());
        let long = lines.read().unwrap().unwrap();
        assert!(long.is_cut && long.bytes.len() == LINE_BYTES);
        let next = lines.read().unwrap().unwrap();
        assert_eq!((next.number, next.bytes.as_slice(), next.is_cut), (2, &b"next"[..], false));
        assert_eq!(next.end, text.len() as u64);
    }
}
