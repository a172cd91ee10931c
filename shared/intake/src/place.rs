//! Where in a payload a value sits.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use baton_core::limits;
use baton_core::profile::Scalar;
use baton_core::text::{self, squashed};
use serde_json::Value;

use super::answers::{Answer, By};

pub use crate::path::Path;

/// The places where a value may be, the best first. If there are none, there is no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(pub Vec<Spot>);

/// One place where a value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// At the end of a path.
    Path(Path),
    /// The answer to a question: known by its label, key, ref or kind; the first name that has one.
    Answer(By, Vec<String>),
    /// Several values, with `/` between them; nothing if one is missing.
    Join(Vec<Place>),
    /// A text that is always the same.
    Text(String),
}

/// A payload of one person, and what came with it.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    /// The payload, decoded.
    pub body: &'a Value,
    /// The request's headers, names in lower case.
    pub headers: &'a BTreeMap<String, String>,
    /// The URL's query.
    pub query: &'a [(String, String)],
    /// The person's number in the delivery, from 0.
    pub index: usize,
    /// The answers in the body.
    pub answers: &'a [Answer<'a>],
}

impl Path {
    fn find(&self, payload: &Payload<'_>) -> Option<Value> {
        match self {
            Self::Payload(_) => self.follow(payload.body).cloned(),
            Self::Header(name) => payload.headers.get(name).cloned().map(Value::String),
            Self::Query(name) => {
                let found = payload.query.iter().find(|(key, _)| key == name);
                found.map(|(_, value)| Value::String(value.clone()))
            }
            Self::Index => Some(payload.index.into()),
        }
    }
}

impl Place {
    /// What is in the first place that has something.
    pub fn find(&self, payload: &Payload<'_>) -> Option<Value> {
        self.0.iter().find_map(|spot| spot.find(payload).filter(has_something))
    }

    /// As [`Self::find`], as text.
    pub fn text(&self, payload: &Payload<'_>) -> Option<String> {
        self.0.iter().find_map(|spot| spot.find(payload).and_then(|value| words(&value)))
    }

    /// As [`Self::find`], as a profile's value: cleaned, and cut to what a profile keeps.
    pub fn scalar(&self, payload: &Payload<'_>) -> Option<Scalar> {
        match self.find(payload)? {
            Value::Bool(value) => Some(Scalar::Bool(value)),
            Value::Number(number) => number
                .as_f64()
                .filter(|_| crate::data::storable_number(&number).is_ok())
                .map(Scalar::Number),
            other @ (Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
                let text = text::cleaned(&words(&other)?, limits::PROFILE_VALUE_BYTES);
                (!text.is_empty()).then_some(Scalar::Text(text))
            }
        }
    }
}

impl Spot {
    /// The answer known by any of these labels.
    pub fn label(labels: &[&str]) -> Self {
        Self::Answer(By::Label, labels.iter().map(|label| squashed(label)).collect())
    }

    fn find(&self, payload: &Payload<'_>) -> Option<Value> {
        match self {
            Self::Path(path) => path.find(payload),
            Self::Answer(by, names) => names.iter().find_map(|name| {
                let mut answers = payload.answers.iter();
                let found = answers.find(|a| a.is(*by, name) && has_something(a.value));
                found.map(|answer| answer.value.clone())
            }),
            Self::Join(places) => {
                let parts: Option<Vec<_>> = places.iter().map(|p| p.text(payload)).collect();
                parts.map(|parts| Value::String(parts.join("/")))
            }
            Self::Text(text) => Some(Value::String(text.clone())),
        }
    }
}

fn has_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A value in words: a list with commas, the parts of a compound field with blanks.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) => joined(items.iter(), ", "),
        Value::Object(map) => joined(map.values(), " "),
    };
    (!text.is_empty()).then_some(text)
}

/// The plain values of a list; lists within it say nothing a person would read.
fn joined<'a>(values: impl Iterator<Item = &'a Value>, between: &str) -> String {
    let mut text = String::new();
    for value in values {
        let part = match value {
            Value::String(part) => part.trim().to_owned(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        if !part.is_empty() {
            let between = if text.is_empty() { "" } else { between };
            write!(text, "{between}{part}").expect("a text takes what is written");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn find(path: &str, body: &Value) -> Option<Value> {
        let headers = BTreeMap::from([("ce-id".to_owned(), "e-1".to_owned())]);
        let query = [("list".to_owned(), "spring".to_owned())];
        let payload = Payload { body, headers: &headers, query: &query, index: 3, answers: &[] };
        Place(vec![Spot::Path(Path::parse(path).unwrap())]).find(&payload)
    }

    #[test]
    fn a_path_leads_through_objects_and_lists_and_beside_the_body() {
        let body = json!({"a": {"b": [{"c": 7}]}, "1.3": "x", "empty": " "});
        assert_eq!(find("a.b.0.c", &body), Some(json!(7)));
        assert_eq!(find(r"1\.3", &body), Some(json!("x")));
        assert_eq!(find("@header.CE-Id", &body), Some(json!("e-1")));
        assert_eq!(find("@query.list", &body), Some(json!("spring")));
        assert_eq!(find("@index", &body), Some(json!(3)));
        for nowhere in ["a.b.1.c", "a.b.c", "empty", "z", "@header.x"] {
            assert_eq!(find(nowhere, &body), None, "{nowhere}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for bad in ["", ".", "a..b", "@", "@x", "@header", "@header.", "a\nb"] {
            assert!(Path::parse(bad).is_err(), "{bad}");
        }
        assert!(Path::parse(&"a.".repeat(20)).is_err());
        assert!(Path::parse(&"a".repeat(2000)).is_err());
    }

    #[test]
    fn compound_answers_read_as_words() {
        assert_eq!(words(&json!({"first": "Kim", "last": "Li"})).as_deref(), Some("Kim Li"));
        assert_eq!(words(&json!(["a", 2, null, " "])).as_deref(), Some("a, 2"));
        assert_eq!(words(&json!([[1]])), None);
    }
}
