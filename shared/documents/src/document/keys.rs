//! The keys a table may hold: one list for the reader, its messages and the reference.

/// The keys one table of a document may hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Keys {
    /// What the table is called in messages and in the reference: `[score]`.
    pub table: &'static str,
    /// Every key it may hold.
    pub keys: &'static [&'static str],
}

impl Keys {
    /// The keys of a table.
    pub(crate) const fn new(table: &'static str, keys: &'static [&'static str]) -> Self {
        Self { table, keys }
    }

    /// Whether the table may hold that key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.keys.contains(&key)
    }
}
