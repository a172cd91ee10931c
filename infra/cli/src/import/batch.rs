//! A batch: as many rows as one request takes.

use baton_core::limits;

use super::row::Row;

/// The most rows of one request. Baton takes more; but a request of this many is answered within
/// seconds even if everybody in it has to be routed and alerted, and little is asked twice if the
/// answer is lost.
const ROWS: usize = 100;
const _: () = assert!(ROWS <= limits::BATCH);

/// A row that was put into a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BatchRow {
    pub(super) line: u64,
}

/// The body of one request, and the rows in it.
#[derive(Debug, Default)]
pub(super) struct Batch {
    rows: Vec<BatchRow>,
    body: Vec<u8>,
}

impl Batch {
    /// Adds a row. When the request is full, gives the serialized row back.
    pub(super) fn add(&mut self, row: &Row) -> Result<(), Overflow> {
        let json = serde_json::to_vec(row).expect("texts, numbers and times become JSON");
        let posted = BatchRow { line: row.line };
        self.push(posted, &json).ok_or(Overflow { posted, json })
    }

    /// A new request that begins with the row that did not fit.
    pub(super) fn starting_with(full: &Overflow) -> Self {
        let mut batch = Self::default();
        batch.push(full.posted, &full.json).expect("a line is far smaller than a request");
        batch
    }

    pub(super) fn rows(&self) -> &[BatchRow] {
        &self.rows
    }

    /// The JSON array.
    pub(super) fn body(&self) -> Vec<u8> {
        [b"[", self.body.as_slice(), b"]"].concat()
    }

    fn push(&mut self, posted: BatchRow, json: &[u8]) -> Option<()> {
        const BRACKETS_AND_COMMA: usize = 3;
        let size = self.body.len() + json.len() + BRACKETS_AND_COMMA;
        if self.rows.len() == ROWS || size > limits::BODY_BYTES {
            return None;
        }
        if !self.rows.is_empty() {
            self.body.push(b',');
        }
        self.body.extend_from_slice(json);
        self.rows.push(posted);
        Some(())
    }
}

/// A row that did not fit.
#[derive(Debug)]
pub(super) struct Overflow {
    posted: BatchRow,
    json: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::rows::{Reading, Rows};
    use baton_core::id::ActivityType;

    fn batches(list: &str) -> Vec<Batch> {
        let kind = ActivityType::parse("event.booth_visited").unwrap();
        let mut batches = vec![Batch::default()];
        for row in Rows::open(list.as_bytes(), Reading::of(kind)).unwrap() {
            let row = row.unwrap();
            let added = batches.last_mut().unwrap().add(&row);
            if let Err(full) = added {
                batches.push(Batch::starting_with(&full));
            }
        }
        batches
    }

    #[test]
    fn a_request_is_never_larger_than_baton_takes() {
        let note = "\u{1}".repeat(20_000);
        let line = |n: usize, note: &str| format!("k{n}@acme.example,{note}\n");
        let short: String = (0..250).map(|n| line(n, "")).collect();
        let long: String = (0..30).map(|n| line(n, &note)).collect();
        for (list, expected) in [(short, 250), (long, 30)] {
            let batches = batches(&format!("email,notes\n{list}"));
            assert!(batches.len() >= 3);
            let mut count = 0;
            for batch in &batches {
                let body = batch.body();
                assert!(body.len() <= limits::BODY_BYTES);
                let items: Vec<serde_json::Value> = serde_json::from_slice(&body).unwrap();
                assert!(items.len() <= ROWS && items.len() == batch.rows().len());
                count += items.len();
            }
            assert_eq!(count, expected);
        }
    }
}
