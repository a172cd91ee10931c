//! The people of a roster, and who reports to whom.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::commands::Actor;
use baton_core::email::Email;
use baton_core::id::PersonId;
use baton_core::limits;
use baton_core::roster::{Away, Person};
use baton_core::text::InvalidValue;
use jiff::tz::TimeZone;

use super::keys;
use crate::document::{Read, Table, Value};

/// The people read so far.
#[derive(Debug, Default)]
pub(super) struct ParsedPeople {
    /// Those without a mistake.
    pub(super) people: BTreeMap<PersonId, Person>,
    /// Everybody who has an id: a mistake in a person's address doesn't make them a stranger.
    ids: BTreeSet<PersonId>,
}

impl ParsedPeople {
    /// Reads every `[[person]]`, and notes the mistakes in them.
    pub(super) fn read(root: &Table<'_>) -> Self {
        let mut known = Self::default();
        let tables = root.tables("person", &keys::PERSON, limits::PEOPLE);
        let mut places = Vec::new();
        for table in &tables {
            let id = table.required("id", |v| v.parsed(person_id));
            let person = person(table, id.clone());
            let Ok(id) = id else { continue };
            if !known.ids.insert(id.clone()) {
                table.wrong("id", &format!("is the second with the id `{id}`"), "one per person");
            }
            places.push((id.clone(), table));
            if let Ok(person) = person {
                known.people.insert(id, person);
            }
        }
        known.check_supervisors(&places);
        known
    }

    /// Somebody on the roster.
    pub(super) fn named(&self, value: Value<'_>) -> Read<PersonId> {
        let name = value.text()?;
        let id = PersonId::parse(name).ok().filter(|id| self.ids.contains(id));
        let right = self.ids.iter().map(PersonId::as_str);
        id.ok_or_else(|| value.unknown(name, "a person of this roster", right))
    }

    /// Every supervisor is somebody, and nobody is their own, directly or in a circle.
    fn check_supervisors(&self, places: &[(PersonId, &Table<'_>)]) {
        let mut supervisors = BTreeMap::new();
        for (id, table) in places {
            if let Ok(Some(supervisor)) = table.optional("supervisor", |v| self.named(v)) {
                supervisors.insert(id, supervisor);
            }
        }
        let mut checked = BTreeSet::new();
        for (id, _) in places {
            let mut path = vec![id];
            while let Some(next) = path.last().and_then(|last| supervisors.get(last)) {
                if checked.contains(next) {
                    break;
                }
                if let Some(start) = path.iter().position(|id| *id == next) {
                    report_circle(&path[start..], places);
                    break;
                }
                path.push(next);
            }
            checked.extend(path);
        }
    }
}

/// An id that can't be taken for one of our own words in a history, and that the name of an SNS
/// topic can end with: letters, digits, '-' and '_'.
fn person_id(text: &str) -> Result<PersonId, InvalidValue> {
    if text.contains('.') {
        return Err(InvalidValue::new(
            "has a '.', which the name of a topic can't have",
            "'-' or '_'",
        ));
    }
    if Actor::RESERVED.contains(&text) {
        return Err(InvalidValue::new("is a word of Baton's own", "another id"));
    }
    PersonId::parse(text)
}

fn report_circle(circle: &[&PersonId], places: &[(PersonId, &Table<'_>)]) {
    let names: Vec<&str> = circle.iter().chain(circle.first()).map(|id| id.as_str()).collect();
    let problem = format!("reports to themselves: {}", names.join(" → "));
    if let Some((_, table)) = places.iter().find(|(id, _)| circle.first() == Some(&id)) {
        table.wrong("supervisor", &problem, "somebody else, or nobody at the top");
    }
}

fn person(table: &Table<'_>, id: Read<PersonId>) -> Read<Person> {
    let name = table.required("name", Value::words);
    let email = table.required("email", |v| v.parsed(Email::parse));
    let sms = table.optional("sms", |v| v.parsed(sms));
    let time_zone = table.or("time_zone", TimeZone::UTC, Value::zone);
    // Whether that is somebody is checked when everybody is known.
    let supervisor = table.optional("supervisor", Value::text);
    let active = table.or("active", true, Value::boolean);
    let away = table.or("away", Vec::new(), away);
    Ok(Person {
        id: id?,
        name: name?,
        email: email?,
        sms: sms?,
        time_zone: time_zone?,
        supervisor: supervisor?.and_then(|id| PersonId::parse(id).ok()),
        active: active?,
        away: away?,
    })
}

/// A telephone number in E.164 (ITU-T, 2010): `+`, a country code, at most 15 digits in all.
fn sms(text: &str) -> Result<String, InvalidValue> {
    const EXPECTED: &str = "a telephone number such as \"+12025550101\"";
    let digits =
        text.strip_prefix('+').ok_or(InvalidValue::new("does not begin with '+'", EXPECTED))?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(InvalidValue::new("has something other than digits behind the '+'", EXPECTED));
    }
    if !(7..=15).contains(&digits.len()) || digits.starts_with('0') {
        return Err(InvalidValue::new("is no number that can be called from abroad", EXPECTED));
    }
    Ok(text.to_owned())
}

fn away(value: Value<'_>) -> Read<Vec<Away>> {
    let items = value.list(limits::AWAY_RANGES)?;
    let ranges: Vec<Read<Away>> = items.into_iter().map(range).collect();
    ranges.into_iter().collect()
}

fn range(value: Value<'_>) -> Read<Away> {
    let table = value.table(&keys::AWAY)?;
    let from = table.required("from", Value::date);
    let until = table.required("until", Value::date);
    let (from, until) = (from?, until?);
    if until < from {
        return Err(table.wrong("until", "ends before it begins", "`until` on or after `from`"));
    }
    Ok(Away { from, until })
}
