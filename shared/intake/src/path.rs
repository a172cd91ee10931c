//! A way through a payload to one of its values.

use baton_core::limits;
use baton_core::text::{InvalidValue, printable};
use serde_json::Value;

/// A way through a payload: `form_response.token`, `items.0.id`, `@header.ce-id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// Key by key from the payload's top; a number is a place in a list.
    Payload(Vec<String>),
    /// A header of the request, in lower case.
    Header(String),
    /// A key of the URL's query.
    Query(String),
    /// The person's number in the payload, from 0.
    Index,
}

const SHAPE: &str = "a path such as payload.email, items.0.id, @header.ce-id or @index";

impl Path {
    /// Reads a path. A dot that belongs to a key is written `\.`.
    ///
    /// # Errors
    ///
    /// When a key is empty, or there are too many.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        if text.len() > limits::PATH_BYTES {
            return Err(InvalidValue::new(format!("is {} bytes long", text.len()), SHAPE));
        }
        printable(text, SHAPE)?;
        match text.strip_prefix('@').map(|rest| rest.split_once('.')) {
            None => Ok(Self::Payload(steps(text)?)),
            Some(Some(("header", name))) if !name.is_empty() => {
                Ok(Self::Header(name.to_ascii_lowercase()))
            }
            Some(Some(("query", name))) if !name.is_empty() => Ok(Self::Query(name.to_owned())),
            Some(None) if text == "@index" => Ok(Self::Index),
            Some(_) => Err(InvalidValue::new("is none of @header.…, @query.… and @index", SHAPE)),
        }
    }

    /// What is at the end of the path in the body, if anything is.
    pub fn follow<'a>(&self, body: &'a Value) -> Option<&'a Value> {
        let Self::Payload(steps) = self else { return None };
        let step = |value: &'a Value, step: &String| match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            Value::Object(map) => map.get(step),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        };
        steps.iter().try_fold(body, step)
    }

    /// As [`Self::follow`], to change what is there.
    pub fn follow_mut<'a>(&self, body: &'a mut Value) -> Option<&'a mut Value> {
        let Self::Payload(steps) = self else { return None };
        let step = |value: &'a mut Value, step: &String| match value {
            Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
            Value::Object(map) => map.get_mut(step),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        };
        steps.iter().try_fold(body, step)
    }
}

fn steps(text: &str) -> Result<Vec<String>, InvalidValue> {
    let mut steps = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'.') => {
                steps.last_mut().expect("there is a first step").push('.');
                chars.next();
            }
            '.' => steps.push(String::new()),
            other => steps.last_mut().expect("there is a first step").push(other),
        }
    }
    if steps.len() > limits::DATA_DEPTH || steps.iter().any(String::is_empty) {
        let expected = format!("1 to {} keys with dots between them", limits::DATA_DEPTH);
        return Err(InvalidValue::new("is not a path", expected));
    }
    Ok(steps)
}
