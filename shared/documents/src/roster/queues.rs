//! The queues of a roster, and whose turn counts how much.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::{PersonId, QueueName};
use baton_core::limits;
use baton_core::roster::{Member, Queue};

use super::keys;
use super::people::ParsedPeople;
use crate::document::{Read, Table, Value};

/// The queues read so far.
#[derive(Debug, Default)]
pub(super) struct ParsedQueues {
    /// Those without a mistake.
    pub(super) queues: BTreeMap<QueueName, Queue>,
    /// Every queue that has a name.
    names: BTreeSet<QueueName>,
}

impl ParsedQueues {
    /// Reads every queue.
    pub(super) fn read(root: &Table<'_>, people: &ParsedPeople) -> Self {
        let mut known = Self::default();
        for table in root.tables("queue", &keys::QUEUE, limits::PEOPLE) {
            let name = table.required("name", |v| v.parsed(QueueName::parse));
            let members = table.required("members", |v| members(v, people));
            let Ok(name) = name else { continue };
            if !known.names.insert(name.clone()) {
                table.wrong("name", &format!("is the second named `{name}`"), "each queue once");
            }
            if let Ok(members) = members {
                known.queues.insert(name.clone(), Queue { name, members });
            }
        }
        known
    }

    /// A queue of the roster.
    pub(super) fn named(&self, value: Value<'_>) -> Read<QueueName> {
        let text = value.text()?;
        let name = QueueName::parse(text).ok().filter(|name| self.names.contains(name));
        let right = self.names.iter().map(QueueName::as_str);
        name.ok_or_else(|| value.unknown(text, "a queue of this roster", right))
    }
}

fn members(value: Value<'_>, people: &ParsedPeople) -> Read<Vec<Member>> {
    let items = value.list(limits::PEOPLE)?;
    if items.is_empty() {
        return Err(value.wrong("is empty", "at least one person"));
    }
    let mut seen = BTreeSet::new();
    let mut members = Vec::new();
    for item in items {
        let read = member(item, people).and_then(|member| {
            if seen.insert(member.person.clone()) {
                return Ok(member);
            }
            let problem = format!("has `{}` twice", member.person);
            Err(item.wrong(&problem, "each person once, with a `weight` for a greater share"))
        });
        members.push(read);
    }
    members.into_iter().collect()
}

/// `"ben"`, or `{ person = "ana", weight = 2 }`.
fn member(value: Value<'_>, people: &ParsedPeople) -> Read<Member> {
    if value.raw().is_str() {
        return Ok(Member { person: people.named(value)?, weight: 1 });
    }
    let table = value.table(&keys::MEMBER)?;
    let person: Read<PersonId> = table.required("person", |v| people.named(v));
    let weight = table.or("weight", 1, |v| v.integer(1..=i64::from(limits::WEIGHT)));
    let weight = u32::try_from(weight?).expect("a weight within its limit fits");
    Ok(Member { person: person?, weight })
}
