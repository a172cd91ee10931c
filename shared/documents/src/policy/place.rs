//! Places in a payload as they are written: `"form_response.token"`, `{ label = "Work e-mail" }`.

use baton_core::limits;
use baton_core::text::squashed;
use baton_intake::answers::By;
use baton_intake::place::{Path, Place, Spot};
use toml::de::DeValue;

use super::keys;
use crate::document::{Read, Value};

const SHAPE: &str = "a path in quotes, { label = \"…\" }, { key = \"…\" }, { ref = \"…\" }, \
                     { kind = \"…\" }, { join = […] }, { text = \"…\" }, or a list of these";

/// Reads a place: one spot, or a list of them, best first.
pub(super) fn read(value: Value<'_>) -> Read<Place> {
    place(value, 0)
}

fn place(value: Value<'_>, depth: usize) -> Read<Place> {
    match value.raw() {
        DeValue::Array(_) => {
            let items = value.list(limits::PLACES)?;
            if items.is_empty() {
                return Err(value.wrong("is empty", SHAPE));
            }
            let spots: Vec<Read<Spot>> = items.into_iter().map(|item| spot(item, depth)).collect();
            spots.into_iter().collect::<Read<_>>().map(Place)
        }
        DeValue::String(_)
        | DeValue::Table(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => Ok(Place(vec![spot(value, depth)?])),
    }
}

fn spot(value: Value<'_>, depth: usize) -> Read<Spot> {
    match value.raw() {
        DeValue::String(_) => path(value).map(Spot::Path),
        DeValue::Table(_) => named(value, depth),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_) => Err(value.wrong("is not a place", SHAPE)),
    }
}

/// Reads a path.
pub(super) fn path(value: Value<'_>) -> Read<Path> {
    value.parsed(Path::parse)
}

fn named(value: Value<'_>, depth: usize) -> Read<Spot> {
    let table = value.table(&keys::PLACE)?;
    let same = |text: &str| text.to_owned();
    let spots = [
        table.optional("label", |v| names(v, squashed).map(|n| Spot::Answer(By::Label, n))),
        table.optional("key", |v| names(v, same).map(|n| Spot::Answer(By::Key, n))),
        table.optional("ref", |v| names(v, same).map(|n| Spot::Answer(By::Ref, n))),
        table.optional("kind", |v| names(v, same).map(|n| Spot::Answer(By::Kind, n))),
        table.optional("join", |v| join(v, depth)),
        table.optional("text", |v| v.words().map(Spot::Text)),
    ];
    let mut spots: Vec<Spot> =
        spots.into_iter().collect::<Read<Vec<_>>>()?.into_iter().flatten().collect();
    match (spots.pop(), spots.is_empty()) {
        (Some(spot), true) => Ok(spot),
        _ => Err(value.wrong("does not say one thing", SHAPE)),
    }
}

fn names(value: Value<'_>, plain: fn(&str) -> String) -> Read<Vec<String>> {
    let one = |value: Value<'_>| {
        let name = plain(&value.words()?);
        if name.is_empty() {
            return Err(value.wrong("has neither letters nor digits", "the field's own name"));
        }
        Ok(name)
    };
    match value.raw() {
        DeValue::Array(_) => {
            let names: Vec<Read<String>> =
                value.list(limits::PLACES)?.into_iter().map(one).collect();
            names.into_iter().collect()
        }
        DeValue::String(_)
        | DeValue::Table(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => Ok(vec![one(value)?]),
    }
}

fn join(value: Value<'_>, depth: usize) -> Read<Spot> {
    if depth > 0 {
        return Err(value.wrong("stands inside another `join`", "one `join` of plain places"));
    }
    let parts: Vec<Read<Place>> =
        value.list(limits::PLACES)?.into_iter().map(|part| place(part, depth + 1)).collect();
    let parts = parts.into_iter().collect::<Read<Vec<_>>>()?;
    match parts.len() {
        2.. => Ok(Spot::Join(parts)),
        _ => Err(value.wrong("has fewer than two places", "[\"form_id\", \"id\"]")),
    }
}
