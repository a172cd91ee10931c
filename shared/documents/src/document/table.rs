//! A table of a document, and the keys it may hold.

use toml::de::DeTable;

use super::{Keys, Noted, Notes, Read, Value};

/// A table whose keys are known. Unknown keys are noted when it is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a> {
    notes: &'a Notes,
    keys: &'static Keys,
    offset: usize,
    /// `None` for a table that was left out.
    entries: Option<&'a DeTable<'a>>,
}

impl<'a> Table<'a> {
    /// Opens a table that begins at `offset`.
    pub(crate) fn new(
        notes: &'a Notes,
        keys: &'static Keys,
        offset: usize,
        entries: &'a DeTable<'a>,
    ) -> Self {
        for key in entries.keys().filter(|key| !keys.has(key.get_ref())) {
            let problem = format!("unknown key {} in {}", quoted(key.get_ref()), keys.table);
            let expected = format!("one of {}", keys.keys.join(", "));
            let nearest = notes.nearest(key.get_ref(), keys.keys.iter().copied());
            notes.note(key.span().start, problem, expected, nearest);
        }
        Self { notes, keys, offset, entries: Some(entries) }
    }

    /// The value of a key, if it is there.
    pub(crate) fn get(&self, key: &'static str) -> Option<Value<'a>> {
        debug_assert!(self.keys.has(key), "{key} is not listed for {}", self.keys.table);
        let (name, node) = self.entries?.get_key_value(key)?;
        Some(Value::new(self.notes, self.keys.table, name.get_ref(), node))
    }

    /// The value of a key that must be there.
    pub(crate) fn required<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(Value<'a>) -> Read<T>,
    ) -> Read<T> {
        match self.get(key) {
            Some(value) => read(value),
            // The slip has been noted as an unknown key; once is enough.
            None if self.has_slip_of(key) => Err(Noted(())),
            None => {
                let problem = format!("{} has no `{key}`", self.keys.table);
                Err(self.notes.note(self.offset, problem, format!("`{key} = …`"), None))
            }
        }
    }

    fn has_slip_of(&self, key: &'static str) -> bool {
        let all = || self.keys.keys.iter().copied();
        let mut names = self.entries.into_iter().flat_map(toml::map::Map::keys);
        names.any(|name| {
            let name = name.get_ref();
            !self.keys.has(name) && self.notes.nearest(name, all()).as_deref() == Some(key)
        })
    }

    /// The value of a key that may be left out.
    pub(crate) fn optional<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(Value<'a>) -> Read<T>,
    ) -> Read<Option<T>> {
        self.get(key).map(read).transpose()
    }

    /// The value of a key, or what leaving it out means.
    pub(crate) fn or<T>(
        &self,
        key: &'static str,
        default: T,
        read: impl FnOnce(Value<'a>) -> Read<T>,
    ) -> Read<T> {
        self.get(key).map_or(Ok(default), read)
    }

    /// A table inside this one, such as `[score]`; left out, it is one without keys.
    pub(crate) fn section(&self, key: &'static str, keys: &'static Keys) -> Read<Table<'a>> {
        match self.get(key) {
            Some(value) => value.table(keys),
            None => Ok(Table { keys, entries: None, ..*self }),
        }
    }

    /// The tables of a list such as `[[activity]]`, those that are tables.
    pub(crate) fn tables(
        &self,
        key: &'static str,
        keys: &'static Keys,
        at_most: usize,
    ) -> Vec<Table<'a>> {
        let items = self
            .get(key)
            .map(|value| value.items(at_most, &format!("one {} for each", keys.table)));
        let items = items.and_then(Read::ok).unwrap_or_default();
        items.into_iter().filter_map(|item| item.table(keys).ok()).collect()
    }

    /// Notes something wrong with the table, on the line of `key` if it is there.
    pub(crate) fn wrong(&self, key: &'static str, problem: &str, expected: &str) -> Noted {
        let offset = self.get(key).map_or(self.offset, |value| value.offset());
        self.notes.note(offset, format!("{} {problem}", self.keys.table), expected, None)
    }
}

/// A name as messages show it: in backticks, escaped and cut if it is long.
pub(super) fn quoted(name: &str) -> String {
    const SHOWN_CHARS: usize = 48;
    let mut shown: String = name.chars().take(SHOWN_CHARS).flat_map(char::escape_debug).collect();
    if name.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    format!("`{}`", shown.replace("\\\"", "\"").replace("\\'", "'"))
}
