//! What a world comes to, and whether two come to the same.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::call_log::Call;
use crate::{ReceivedAlert, TestHarness};

/// What recovery may hold things up.
const HELD_UP: SignedDuration = SignedDuration::from_mins(5);

/// Attributes that differ from one run of the same story to the next, and mean nothing.
const MARKS: [&str; 2] = ["stamp", "correlation"];
/// Numbers that are moments.
const MOMENTS: [&str; 4] = ["due_at", "at_ms", "occurred_ms", "expires_at"];

/// Everything that is so in the end.
pub(super) struct FinalState {
    /// Every item but how much sources have sent lately.
    items: BTreeMap<String, Value>,
    /// Everything that went out, with how often.
    sent: BTreeMap<String, usize>,
}

impl FinalState {
    pub(super) async fn of(harness: &TestHarness) -> Self {
        let mut items = harness.dump().await;
        items.retain(|_, item| item["item"]["S"] != "pace");
        let mut sent = BTreeMap::new();
        for event in harness.post.events() {
            let detail = &event["detail"];
            let name = format!("{} {} {}", detail["lead"], detail["version"], detail["name"]);
            *sent.entry(name).or_default() += 1;
        }
        for ReceivedAlert { lead, kind, to } in harness.told() {
            let name = format!("{lead} {kind} to {to}");
            *sent.entry(name).or_default() += 1;
        }
        Self { items, sent }
    }

    /// What is known of the messages that a call sends: what it says, or, of a call that marks one
    /// as delivered, the record of that one.
    pub(super) fn words_of(&self, call: &Call) -> String {
        match call.marks() {
            Some((lead, message)) => self.items[&format!("\"{lead}\" \"{message}\"")].to_string(),
            None => call.body.clone(),
        }
    }
}

/// How many messages went out twice, which only those may that are repeatable.
pub(super) fn same(
    straight: &FinalState,
    broken: &FinalState,
    repeatable: &[String],
) -> Result<usize, String> {
    let keys = |world: &FinalState| world.items.keys().cloned().collect::<Vec<_>>();
    if keys(straight) != keys(broken) {
        return Err(format!("{:#?}\nbecame\n{:#?}", keys(straight), keys(broken)));
    }
    for (key, item) in &broken.items {
        equal("", &straight.items[key], item).map_err(|why| format!("{key}{why}"))?;
    }
    repeated(straight, broken, repeatable)
}

fn repeated(
    straight: &FinalState,
    broken: &FinalState,
    repeatable: &[String],
) -> Result<usize, String> {
    let mut count = 0;
    for (name, times) in &broken.sent {
        match times - straight.sent.get(name).copied().unwrap_or(0).min(*times) {
            0 => {}
            1 if repeatable.iter().any(|known| is_about(known, name)) => count += 1,
            more => return Err(format!("{name} went out {more} times too often")),
        }
    }
    for (name, times) in &straight.sent {
        let went = broken.sent.get(name).copied().unwrap_or(0);
        if went < *times {
            return Err(format!("{name} went out {went} times, not {times}"));
        }
    }
    Ok(count)
}

/// Whether that is known of that message: it holds every word of its name.
fn is_about(known: &str, name: &str) -> bool {
    name.split([' ', '"'])
        .filter(|word| !["", "to"].contains(word))
        .all(|word| known.contains(word))
}

/// Equal, but for what recovery held up.
fn equal(path: &str, one: &Value, other: &Value) -> Result<(), String> {
    let differ = || Err(format!("{path}: {one} became {other}"));
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys()).filter(|name| !MARKS.contains(&name.as_str()));
            for name in names {
                let (a, b) = (a.get(name), b.get(name));
                let (a, b) = (a.unwrap_or(&Value::Null), b.unwrap_or(&Value::Null));
                equal(&format!("{path}.{name}"), a, b)?;
            }
            Ok(())
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).try_for_each(|(a, b)| equal(path, a, b))
        }
        (Value::String(a), Value::String(b)) if a == b || close(path, a, b) => Ok(()),
        _ if one == other => Ok(()),
        _ => differ(),
    }
}

fn close(path: &str, a: &str, b: &str) -> bool {
    let near = |a: Timestamp, b: Timestamp| a.duration_since(b).abs() <= HELD_UP;
    if let (Ok(a), Ok(b)) = (a.parse(), b.parse()) {
        return near(a, b);
    }
    let Some(name) = path.strip_suffix(".N").and_then(|path| path.rsplit('.').next()) else {
        return false;
    };
    let (Ok(a), Ok(b)) = (a.parse::<f64>(), b.parse::<f64>()) else { return false };
    let unit = if name == "expires_at" { 1.0 } else { 1000.0 };
    match MOMENTS.contains(&name) {
        true => (a - b).abs() <= HELD_UP.as_secs_f64() * unit,
        // What decays, decays in those minutes.
        false => name == "value" && (a - b).abs() < 0.01,
    }
}
