//! Conditions: which leads and activities a rule is about. Plain data, no language.
//!
//! Total: a missing field or a value of another kind does not match, and nothing fails. How they
//! are written is the reader's business, not this module's.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;

use crate::activity::Activity;
use crate::email::Email;
use crate::profile::{Profile, Scalar};

/// Which leads and activities a rule is about.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All of these hold. An empty list always does.
    All(Vec<Condition>),
    /// At least one of these holds.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
    /// One field passes one test.
    Field(Field, Test),
}

/// Where a value is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// `email_domain`: what is behind the `@`.
    EmailDomain,
    /// `source`: the tool that sent the activity.
    Source,
    /// `data.…`: a value inside the activity's data, by path.
    Data(Vec<String>),
    /// Anything else: a field of the lead's profile.
    Profile(String),
}

/// What is asked of a value.
#[derive(Clone, Debug)]
pub enum Test {
    /// Equals one of these; text without regard to case or surrounding blanks.
    OneOf(Vec<Scalar>),
    /// A number no smaller than this.
    AtLeast(f64),
    /// A number no greater than this.
    AtMost(f64),
    /// Text in which the expression is found.
    Matches(Regex),
    /// The field is there, or is not.
    Exists(bool),
}

/// What a rule's condition is tested against: the lead, and the activity at hand if there is one.
/// Every value is cleaned once, however many rules ask for it.
#[derive(Clone, Debug)]
pub struct RuleInput<'a> {
    domain: Found<'a>,
    profile: Vec<(&'a str, Found<'a>)>,
    activity: Option<&'a Activity>,
}

impl<'a> RuleInput<'a> {
    /// The lead's address, what is known of the lead, and the activity just received.
    pub fn new(
        email: Option<&'a Email>,
        profile: &'a Profile,
        activity: Option<&'a Activity>,
    ) -> Self {
        let domain = email.map_or(Found::Nothing, |email| Found::text(email.domain()));
        let profile = profile.iter().map(|(key, value)| (key, Found::scalar(value))).collect();
        Self { domain, profile, activity }
    }

    /// The value of a profile field. A linear search is faster than a tree here: keys mostly differ
    /// in length already.
    fn known(&self, key: &str) -> Found<'a> {
        let found = self.profile.iter().find(|(known, _)| *known == key);
        found.map_or(Found::Nothing, |(_, value)| *value)
    }
}

impl Condition {
    /// The condition of a rule that has none.
    pub fn always() -> Self {
        Self::All(Vec::new())
    }

    /// Whether the facts fulfil it.
    pub fn holds(&self, facts: &RuleInput<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(facts)),
            Self::Not(part) => !part.holds(facts),
            Self::Field(field, test) => test.passes(field.find(facts)),
        }
    }
}

impl Condition {
    /// Whether it asks for anything in the profile.
    pub(crate) fn asks_profile(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_profile),
            Self::Not(part) => part.asks_profile(),
            Self::Field(field, _) => matches!(field, Field::Profile(_)),
        }
    }

    /// Adds the fields of the profile that it asks for.
    pub(super) fn fields_of_profile(&self, asked: &mut BTreeSet<String>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.fields_of_profile(asked));
            }
            Self::Not(part) => part.fields_of_profile(asked),
            Self::Field(Field::Profile(field), _) => drop(asked.insert(field.clone())),
            Self::Field(Field::EmailDomain | Field::Source | Field::Data(_), _) => {}
        }
    }
}

/// A value as it was found, borrowed: asking allocates nothing.
#[derive(Clone, Copy, Debug)]
enum Found<'a> {
    Nothing,
    Bool(bool),
    Number(f64),
    /// Without surrounding blanks, and not empty.
    Text(&'a str),
    /// Several values, of which one has to pass.
    Several(&'a [Value]),
    /// Something no test but `exists` is about.
    Other,
}

impl Field {
    fn find<'a>(&self, facts: &RuleInput<'a>) -> Found<'a> {
        match self {
            Self::EmailDomain => facts.domain,
            Self::Source => {
                facts.activity.map_or(Found::Nothing, |a| Found::text(a.source.as_str()))
            }
            Self::Data(path) => facts.activity.map_or(Found::Nothing, |a| follow(path, &a.data)),
            Self::Profile(key) => facts.known(key),
        }
    }
}

fn follow<'a>(path: &[String], data: &'a Value) -> Found<'a> {
    path.iter().try_fold(data, |value, key| value.get(key)).map_or(Found::Nothing, Found::json)
}

impl<'a> Found<'a> {
    /// Forms send an empty text for a field nobody filled in.
    fn text(text: &'a str) -> Self {
        let text = text.trim();
        if text.is_empty() { Self::Nothing } else { Self::Text(text) }
    }

    fn scalar(value: &'a Scalar) -> Self {
        match value {
            Scalar::Bool(value) => Self::Bool(*value),
            Scalar::Number(value) => Self::Number(*value),
            Scalar::Text(text) => Self::text(text),
        }
    }

    fn json(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => number.as_f64().map_or(Self::Other, Self::Number),
            Value::String(text) => Self::text(text),
            Value::Array(values) if values.is_empty() => Self::Nothing,
            Value::Array(values) => Self::Several(values),
            Value::Object(_) => Self::Other,
        }
    }

    fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Text(text) => number_in(text),
            Self::Nothing | Self::Bool(_) | Self::Several(_) | Self::Other => None,
        }
    }

    /// Text is nearly always plain ASCII: seen once, each comparison mostly ends at the length.
    fn is_one_of(self, right: &[Scalar]) -> bool {
        match self {
            Self::Text(text) if text.is_ascii() => right.iter().any(|right| match right {
                Scalar::Text(right) => text.eq_ignore_ascii_case(right),
                Scalar::Bool(_) | Scalar::Number(_) => self.equals(right),
            }),
            Self::Nothing
            | Self::Bool(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Several(_)
            | Self::Other => right.iter().any(|right| self.equals(right)),
        }
    }

    fn equals(self, right: &Scalar) -> bool {
        match (self, right) {
            (Self::Text(text), Scalar::Text(right)) => same_text(text, right),
            (found, Scalar::Number(right)) => found.number() == Some(*right),
            (Self::Bool(value), Scalar::Bool(right)) => value == *right,
            (Self::Text(text), Scalar::Bool(right)) => {
                text.eq_ignore_ascii_case(if *right { "true" } else { "false" })
            }
            (
                Self::Nothing | Self::Bool(_) | Self::Number(_) | Self::Several(_) | Self::Other,
                Scalar::Text(_) | Scalar::Bool(_),
            ) => false,
        }
    }
}

impl Test {
    fn passes(&self, found: Found<'_>) -> bool {
        if let (Found::Several(values), false) = (found, matches!(self, Self::Exists(_))) {
            return values.iter().any(|value| self.passes_alone(Found::json(value)));
        }
        self.passes_alone(found)
    }

    fn passes_alone(&self, found: Found<'_>) -> bool {
        match self {
            Self::OneOf(right) => found.is_one_of(right),
            Self::AtLeast(least) => found.number().is_some_and(|number| number >= *least),
            Self::AtMost(most) => found.number().is_some_and(|number| number <= *most),
            Self::Matches(pattern) => match found {
                Found::Text(text) => pattern.is_match(text),
                Found::Nothing
                | Found::Bool(_)
                | Found::Number(_)
                | Found::Several(_)
                | Found::Other => false,
            },
            Self::Exists(expected) => !matches!(found, Found::Nothing) == *expected,
        }
    }
}

/// The number a text is, with or without commas between thousands.
fn number_in(text: &str) -> Option<f64> {
    let number: f64 = match text.contains(',') {
        true => text.replace(',', "").parse(),
        false => text.parse(),
    }
    .ok()?;
    number.is_finite().then_some(number)
}

/// Equal but for case. `text` is nearly always plain ASCII, and then one comparison decides.
fn same_text(text: &str, right: &str) -> bool {
    fn folded(text: &str) -> impl Iterator<Item = char> {
        text.chars().flat_map(char::to_lowercase)
    }
    if text.is_ascii() { text.eq_ignore_ascii_case(right) } else { folded(text).eq(folded(right)) }
}
