//! The rules of a policy: who earns, qualifies, is kept out, and goes where.

use std::collections::BTreeSet;

use baton_core::id::{ActivityType, QueueName, RuleName};
use baton_core::limits;
use baton_core::policy::condition::Condition;
use baton_core::policy::{ActivityRule, Exclusion, FastTrack, FitRule, RouteRule};
use baton_core::score::Points;

use super::condition::{self, About};
use super::keys;
use crate::document::{Keys, Read, Table, Value};

pub(super) fn activities(root: &Table<'_>) -> Vec<ActivityRule> {
    all(root, "activity", &keys::ACTIVITY, activity, |rule| &rule.name)
}

pub(super) fn fit(root: &Table<'_>) -> Vec<FitRule> {
    all(root, "fit", &keys::FIT, fit_rule, |rule| &rule.name)
}

pub(super) fn fast_tracks(root: &Table<'_>) -> Vec<FastTrack> {
    all(root, "fast_track", &keys::FAST_TRACK, fast_track, |rule| &rule.name)
}

pub(super) fn exclusions(root: &Table<'_>) -> Vec<Exclusion> {
    all(root, "exclusion", &keys::EXCLUSION, exclusion, |rule| &rule.name)
}

pub(super) fn routes(root: &Table<'_>) -> Vec<RouteRule> {
    all(root, "route", &keys::ROUTE, route, |rule| &rule.name)
}

/// All rules of one kind, each with a name of its own.
fn all<T>(
    root: &Table<'_>,
    key: &'static str,
    keys: &'static Keys,
    read: fn(&Table<'_>) -> Read<T>,
    name: fn(&T) -> &RuleName,
) -> Vec<T> {
    let mut names = BTreeSet::new();
    let mut rules = Vec::new();
    for table in root.tables(key, keys, limits::RULES) {
        let Ok(rule) = read(&table) else { continue };
        if !names.insert(name(&rule).clone()) {
            table.wrong("name", &format!("is the second named `{}`", name(&rule)), OWN_NAME);
        }
        rules.push(rule);
    }
    rules
}

const OWN_NAME: &str = "a `name` that no other rule of its kind has";

fn activity(table: &Table<'_>) -> Read<ActivityRule> {
    let kind = table.required("type", |v| v.parsed(ActivityType::parse));
    let points = table.required("points", points);
    let at_most_per_day = table.optional("at_most_per_day", |v| v.integer(1..=limits::RULE_POINTS));
    let name = table.optional("name", |v| v.parsed(RuleName::parse));
    let label = table.optional("label", Value::words);
    let when = table.or("when", Condition::always(), |v| condition::read(v, About::Activity));
    let kind = kind?;
    Ok(ActivityRule {
        name: name?.unwrap_or_else(|| rule_name(&kind)),
        points: points?,
        at_most_per_day: at_most_per_day?,
        when: when?,
        label: label?.unwrap_or_else(|| in_words(kind.as_str())),
        kind,
    })
}

fn fit_rule(table: &Table<'_>) -> Read<FitRule> {
    let name = table.required("name", |v| v.parsed(RuleName::parse));
    let points = table.required("points", points);
    let when = table.required("when", |v| condition::read(v, About::Lead));
    Ok(FitRule { name: name?, points: points?, when: when? })
}

fn fast_track(table: &Table<'_>) -> Read<FastTrack> {
    let kind = table.required("type", |v| v.parsed(ActivityType::parse));
    let name = table.optional("name", |v| v.parsed(RuleName::parse));
    let label = table.optional("label", Value::words);
    let when = table.or("when", Condition::always(), |v| condition::read(v, About::Activity));
    let kind = kind?;
    Ok(FastTrack {
        name: name?.unwrap_or_else(|| rule_name(&kind)),
        when: when?,
        label: label?.unwrap_or_else(|| in_words(kind.as_str())),
        kind,
    })
}

fn exclusion(table: &Table<'_>) -> Read<Exclusion> {
    let name = table.required("name", |v| v.parsed(RuleName::parse));
    let when = table.required("when", |v| condition::read(v, About::Lead));
    Ok(Exclusion { name: name?, when: when? })
}

fn route(table: &Table<'_>) -> Read<RouteRule> {
    let queue = table.required("queue", |v| v.parsed(QueueName::parse));
    let name = table.optional("name", |v| v.parsed(RuleName::parse));
    let when = table.or("when", Condition::always(), |v| condition::read(v, About::Lead));
    let queue = queue?;
    let same_name = || RuleName::parse(queue.as_str()).expect("names are alike in form");
    Ok(RouteRule { name: name?.unwrap_or_else(same_name), when: when?, queue })
}

fn points(value: Value<'_>) -> Read<Points> {
    value.integer(-limits::RULE_POINTS..=limits::RULE_POINTS)
}

fn rule_name(kind: &ActivityType) -> RuleName {
    RuleName::parse(kind.as_str()).expect("names are alike in form")
}

/// `event.booth_visited` as "event booth visited": what an alert says for want of a label.
pub(super) fn in_words(name: &str) -> String {
    name.replace(['.', '_', '-'], " ")
}
