//! Reading a roster. Every mistake is reported, and a roster with a mistake is not used.

mod keys;
mod people;
mod queues;
#[cfg(test)]
mod tests;

use baton_core::{Roster, limits};

use crate::document::{self, Mistakes, Read, Table, Value};

pub use keys::KEYS;

/// The roster used when none is given.
pub const SAMPLE: &str = include_str!("sample.toml");

/// Reads a roster. Every name it uses is then somebody's, or some queue's.
///
/// # Errors
///
/// Every mistake of the text; if it is not TOML, the first thing that is not.
pub fn parse(text: &str) -> Result<Roster, Mistakes> {
    document::read(text, &keys::ROSTER, roster)
}

fn roster(root: &Table<'_>) -> Read<Roster> {
    let version = root.required("version", Value::words);
    let people = people::ParsedPeople::read(root);
    let queues = queues::ParsedQueues::read(root, &people);
    let fallback = root.required("fallback", |value| queues.named(value));
    let marketing = root.or("marketing", Vec::new(), |value| {
        let items = value.list(limits::PEOPLE)?;
        let named: Vec<Read<_>> = items.into_iter().map(|item| people.named(item)).collect();
        named.into_iter().collect()
    });
    Ok(Roster {
        version: version?,
        people: people.people,
        queues: queues.queues,
        fallback: fallback?,
        marketing: marketing?,
    })
}
