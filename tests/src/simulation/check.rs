//! Whether a lead, as the desk shows it, is what it must be.

use std::fmt::Debug;

use jiff::Timestamp;
use serde_json::Value;

use crate::oracle::{Kind, Lead, Rules, Status, whole};

/// What differs from what must be, in words; nothing if all is well.
pub(super) fn differs(must: &Lead, is: &Value, now: Timestamp, rules: &Rules) -> Option<String> {
    words(must, is).or_else(|| numbers(must, is, now, rules)).or_else(|| moments(must, is))
}

fn words(must: &Lead, is: &Value) -> Option<String> {
    let (lead, marks, profile) = (is, &is["marks"], &is["profile"]);
    let texts = [
        ("status", &lead["status"], Some(word(must.status))),
        ("owner", &lead["owner"], must.owner.as_deref()),
        ("supervisor", &lead["supervisor"], must.supervisor.as_deref()),
        ("queue", &lead["queue"], must.queue.as_deref()),
        ("deadline", &lead["deadline"]["kind"], must.deadline.map(|d| word_of(d.kind))),
        ("mql_by", &marks["mql_by"], must.marks.mql_by),
        ("marks.owner", &marks["owner"], must.marks.owner.as_deref()),
        ("marks.supervisor", &marks["supervisor"], must.marks.supervisor.as_deref()),
        ("returned_reason", &marks["returned_reason"], must.marks.returned_reason.as_deref()),
        (
            "disqualified_reason",
            &marks["disqualified_reason"],
            must.marks.disqualified_reason.as_deref(),
        ),
        ("country", &profile["country"], must.country()),
        ("title", &profile["title"], must.title()),
    ];
    let wrong = texts.into_iter().find(|(_, is, must)| is.as_str() != *must);
    let wrong = wrong.map(|(name, is, must)| says(name, &must, is));
    let excluded = &is["excluded_by"];
    let is_wrong = excluded.is_string() != must.excluded;
    wrong.or_else(|| is_wrong.then(|| says("excluded", &must.excluded, excluded)))
}

fn numbers(must: &Lead, is: &Value, now: Timestamp, rules: &Rules) -> Option<String> {
    let (low, high) = whole(must.behaviour(now, rules));
    let score = &is["score"];
    let behaviour = score["behaviour"].as_i64().unwrap_or(i64::MIN).clamp(low, high);
    let numbers = [
        ("cycle", &is["cycle"], Some(i64::from(must.cycle))),
        ("behaviour", &score["behaviour"], Some(behaviour)),
        ("fit", &score["fit"], Some(must.fit)),
        ("total", &score["total"], Some(behaviour + must.fit)),
        ("score_at_mql", &is["marks"]["score_at_mql"]["total"], must.marks.score_at_mql),
    ];
    let wrong = numbers.into_iter().find(|(_, is, must)| is.as_i64() != *must);
    wrong.map(|(name, is, must)| says(name, &must, is))
}

fn moments(must: &Lead, is: &Value) -> Option<String> {
    let marks = &must.marks;
    let moments = [
        ("first_mql_at", marks.first_mql_at),
        ("mql_at", marks.mql_at),
        ("assigned_at", marks.assigned_at),
        ("accepted_at", marks.accepted_at),
        ("warned_at", marks.warned_at),
        ("converted_at", marks.converted_at),
        ("returned_at", marks.returned_at),
        ("disqualified_at", marks.disqualified_at),
    ];
    let wrong = moments.into_iter().find(|(name, must)| moment(&is["marks"][*name]) != *must);
    let wrong = wrong.map(|(name, must)| says(name, &must, &is["marks"][name]));
    let is_at = &is["deadline"]["at"];
    let at = must.deadline.and_then(|deadline| deadline.at).filter(|at| moment(is_at) != Some(*at));
    wrong.or_else(|| at.map(|at| says("deadline", &at, is_at)))
}

fn says(name: &str, must: &dyn Debug, is: &Value) -> String {
    format!("{name} must be {must:?} and is {is}")
}

fn moment(is: &Value) -> Option<Timestamp> {
    is.as_str()?.parse().ok()
}

/// The contract's word.
pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Nurturing => "nurturing",
        Status::Mql => "mql",
        Status::Working => "working",
        Status::Converted => "converted",
        Status::Returned => "returned",
        Status::Disqualified => "disqualified",
    }
}

fn word_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Route => "route",
        Kind::Accept => "accept",
        Kind::Convert => "convert",
        Kind::TakeBack => "take_back",
    }
}
