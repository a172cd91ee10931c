//! Sources as they are written: `[[source]]`, on top of a preset or from nothing.

use std::collections::BTreeMap;

use baton_core::id::{ActivityType, SourceName};
use baton_core::limits::{self, Limit};
use baton_core::text::printable;
use baton_core::tie::SourceIds;
use baton_intake::answers::{Answers, Questions};
use baton_intake::place::Place;
use baton_intake::{Reading, Scheme, Source, TypeRule};

use super::condition::{self, About};
use super::{keys, place, verify};
use crate::document::{self, Read, Table, Value};
use crate::preset::{self, PRESETS};

/// A source in the making: what its preset says, and then what it says itself.
#[derive(Clone, Debug, Default)]
struct Draft {
    verify: Option<Scheme>,
    ids: SourceIds,
    reading: Reading,
    columns: BTreeMap<String, String>,
    limit: Option<Limit>,
    thanks: Option<String>,
}

/// A public form without a limit of its own: a person a second, and a class sent to it at once.
const FORM_LIMIT: Limit = Limit { per_minute: 60, burst: 30 };

pub(super) fn sources(root: &Table<'_>) -> BTreeMap<SourceName, Source> {
    let mut sources = BTreeMap::new();
    for table in root.tables("source", &keys::SOURCE, limits::SOURCES) {
        let Ok(source) = source(&table) else { continue };
        let problem = format!("is the second named `{}`", source.name);
        if sources.insert(source.name.clone(), source).is_some() {
            table.wrong("name", &problem, "a `name` that no other source has");
        }
    }
    sources
}

/// The source that a preset alone makes, under a name.
pub fn preset(preset: &str, name: SourceName) -> Option<Source> {
    let draft = named_preset(preset)?;
    Some(finished(name, Some(preset.to_owned()), draft.verify.clone()?, draft))
}

fn source(table: &Table<'_>) -> Read<Source> {
    let name = table.required("name", |v| v.parsed(SourceName::parse));
    let preset = table.optional("preset", |v| {
        let name = v.text()?;
        let base = named_preset(name);
        base.map(|base| (name.to_owned(), base))
            .ok_or_else(|| v.unknown(name, "a preset", PRESETS.iter().map(|preset| preset.name)))
    });
    let (preset, base) = match preset? {
        Some((name, base)) => (Some(name), base),
        None => (None, Draft::default()),
    };
    let draft = draft(table, base)?;
    let Some(verify) = draft.verify.clone() else {
        let expected = "`verify = { scheme = … }`, or a `preset` that has one";
        return Err(table.wrong("name", "says nothing of who may send", expected));
    };
    let reading = &draft.reading;
    if reading.kind.is_none() && reading.types.is_empty() && reading.type_at.0.is_empty() {
        let problem = "says nothing of what was done";
        return Err(table.wrong("name", problem, "`type = \"form.submitted\"`, or `types`"));
    }
    if reading.email.0.is_empty() && reading.person_id.0.is_empty() {
        let expected = "`email = …`, or `person_id = …` for people without an address";
        return Err(table.wrong("name", "says nothing of who did it", expected));
    }
    Ok(finished(name?, preset, verify, draft))
}

fn finished(name: SourceName, preset: Option<String>, verify: Scheme, draft: Draft) -> Source {
    let Draft { verify: _, ids, reading, columns, limit, thanks } = draft;
    let limit = match verify {
        Scheme::Form(_) => Some(limit.unwrap_or(FORM_LIMIT)),
        Scheme::Hmac(_) | Scheme::Bearer | Scheme::Header(_) | Scheme::Url | Scheme::Sns { .. } => {
            limit
        }
    };
    Source { name, preset, verify, ids, reading, columns, limit, thanks }
}

/// A preset is a source's keys in a text of its own, perhaps on top of another preset.
fn named_preset(name: &str) -> Option<Draft> {
    let text = preset::text(name)?;
    let read = document::read(text, &keys::SOURCE, |table| {
        let base = table.optional("preset", Value::text)?.and_then(named_preset);
        draft(table, base.unwrap_or_default())
    });
    Some(read.expect("a test reads every preset"))
}

/// The keys of the table, over those of the preset. Every key is read, so that all mistakes are
/// told at once.
fn draft(table: &Table<'_>, base: Draft) -> Read<Draft> {
    let verify = table.or("verify", base.verify, |v| verify::read(v).map(Some));
    let ids = table.or("ids", base.ids, ids);
    let reading = reading(table, base.reading);
    let columns = columns(table, base.columns);
    let limit = table.or("limit", base.limit, |v| limit(v).map(Some));
    let thanks = table.or("thanks", base.thanks, |v| address(v).map(Some));
    Ok(Draft {
        verify: verify?,
        ids: ids?,
        reading: reading?,
        columns: columns?,
        limit: limit?,
        thanks: thanks?,
    })
}

/// What the tool's own ids of people mean.
fn ids(value: Value<'_>) -> Read<SourceIds> {
    match value.text()? {
        "badge" => Ok(SourceIds::Badge),
        "person" => Ok(SourceIds::Person),
        other => Err(value.unknown(other, "a kind of ids", ["badge", "person"])),
    }
}

fn reading(table: &Table<'_>, base: Reading) -> Read<Reading> {
    let at = |key, base: Place| table.or(key, base, place::read);
    let id = at("id", base.id);
    let email = at("email", base.email);
    let person_id = at("person_id", base.person_id);
    let occurred_at = at("occurred_at", base.occurred_at);
    let type_at = at("type_at", base.type_at);
    let kind = table.or("type", base.kind, |v| v.parsed(ActivityType::parse).map(Some));
    let types = table.or("types", base.types, types);
    let only = table.or("only", base.only, |v| condition::read(v, About::Activity).map(Some));
    let time_zone = table.or("time_zone", base.time_zone, |v| v.zone().map(Some));
    let people = table.or("people", base.people, |v| place::path(v).map(Some));
    let json_in = table.or("json_in", base.json_in, |v| each(v, place::path));
    let answers = table.or("answers", base.answers, |v| answers(v).map(Some));
    let profile = places(table, "profile", base.profile);
    let data = places(table, "data", base.data);
    Ok(Reading {
        json_in: json_in?,
        people: people?,
        only: only?,
        id: id?,
        email: email?,
        person_id: person_id?,
        occurred_at: occurred_at?,
        time_zone: time_zone?,
        types: types?,
        type_at: type_at?,
        kind: kind?,
        answers: answers?,
        profile: profile?,
        data: data?,
    })
}

fn each<T>(value: Value<'_>, read: fn(Value<'_>) -> Read<T>) -> Read<Vec<T>> {
    let items: Vec<Read<T>> = value.list(limits::PLACES)?.into_iter().map(read).collect();
    items.into_iter().collect()
}

fn types(value: Value<'_>) -> Read<Vec<TypeRule>> {
    each(value, |entry| {
        let table = entry.table(&keys::TYPE)?;
        let kind = table.required("type", |v| v.parsed(ActivityType::parse));
        let when = table.required("when", |v| condition::read(v, About::Activity));
        Ok(TypeRule { kind: kind?, when: when? })
    })
}

fn answers(value: Value<'_>) -> Read<Answers> {
    let table = value.table(&keys::ANSWERS)?;
    let path = |key| table.optional(key, place::path);
    let (list, label, key) = (path("list"), path("label"), path("key"));
    let (reference, kind) = (path("ref"), path("kind"));
    let values = table.or("value", Vec::new(), |v| match v.raw().as_str() {
        Some(_) => place::path(v).map(|path| vec![path]),
        None => each(v, place::path),
    });
    let questions = table.optional("questions", questions);
    let key_pattern = table.optional("key_pattern", condition::pattern);
    Ok(Answers {
        list: list?,
        label: label?,
        key: key?,
        reference: reference?,
        kind: kind?,
        value: values?,
        questions: questions?,
        key_pattern: key_pattern?,
    })
}

fn questions(value: Value<'_>) -> Read<Questions> {
    let table = value.table(&keys::QUESTIONS)?;
    let path = |key| table.required(key, place::path);
    let (list, key, label) = (path("list"), path("key"), path("label"));
    Ok(Questions { list: list?, key: key?, label: label? })
}

/// Fields by name, each with its place; those named again replace those of the preset.
fn places(
    table: &Table<'_>,
    key: &'static str,
    mut base: BTreeMap<String, Place>,
) -> Read<BTreeMap<String, Place>> {
    let Some(value) = table.get(key) else { return Ok(base) };
    let mut read = Ok(());
    for (name, value) in fields(value)? {
        match field_name(name, value).and_then(|name| Ok((name, place::read(value)?))) {
            Ok((name, place)) => drop(base.insert(name, place)),
            Err(noted) => read = Err(noted),
        }
    }
    read.map(|()| base)
}

fn columns(
    table: &Table<'_>,
    mut base: BTreeMap<String, String>,
) -> Read<BTreeMap<String, String>> {
    let Some(value) = table.get("columns") else { return Ok(base) };
    let mut read = Ok(());
    for (name, value) in fields(value)? {
        match field_name(name, value).and_then(|name| Ok((name, value.words()?))) {
            Ok((name, column)) => drop(base.insert(name, column)),
            Err(noted) => read = Err(noted),
        }
    }
    read.map(|()| base)
}

fn fields(value: Value<'_>) -> Read<Vec<(&str, Value<'_>)>> {
    let entries = value.entries("[[source]]", "a table of fields and where each is")?;
    if entries.len() > limits::PROFILE_KEYS {
        let problem = format!("has {} fields", entries.len());
        return Err(value.wrong(&problem, format!("at most {}", limits::PROFILE_KEYS)));
    }
    Ok(entries)
}

fn field_name(name: &str, value: Value<'_>) -> Read<String> {
    const SHAPE: &str = "a field's name of 1 to 64 bytes of printable text";
    let fits = (1..=limits::PROFILE_KEY_BYTES).contains(&name.len());
    if fits && printable(name, SHAPE).is_ok() {
        return Ok(name.to_owned());
    }
    Err(value.wrong("is not a field's name", SHAPE))
}

fn limit(value: Value<'_>) -> Read<Limit> {
    let table = value.table(&keys::LIMIT)?;
    let requests = |v: Value<'_>| v.integer(1..=limits::REQUESTS);
    let per_minute = table.required("per_minute", requests);
    let burst = table.optional("burst", requests);
    let fit = |n: i64| u32::try_from(n).expect("a number within its limit fits");
    let per_minute = fit(per_minute?);
    Ok(Limit { per_minute, burst: burst?.map_or(per_minute, fit) })
}

fn address(value: Value<'_>) -> Read<String> {
    const SHAPE: &str = "a page's whole address: https://www.acme.example/thanks";
    let address = value.words()?;
    let plain = address.is_ascii() && !address.contains([' ', '"', '<', '>', '\\']);
    if plain && (address.starts_with("https://") || address.starts_with("http://")) {
        return Ok(address);
    }
    Err(value.wrong("is not a page", SHAPE))
}
