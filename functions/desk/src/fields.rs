//! The fields of a request's body: a flat JSON object or a form.

use std::collections::BTreeMap;
use std::str::FromStr;

use baton_core::commands::{self, BodyError, Command, CommandKind, Reason};
use baton_core::lead::Deadline;
use baton_core::text::InvalidValue;
use baton_http::{FieldError, Problem, Request};
use serde_json::Value;

/// An empty body has no fields.
pub(crate) struct Fields(commands::Fields);

impl Fields {
    pub(crate) fn read(request: &Request) -> Result<Self, Problem> {
        let fields = match request.is_form() {
            true => form_urlencoded::parse(&request.body).into_owned().collect(),
            false if request.body.iter().all(u8::is_ascii_whitespace) => BTreeMap::new(),
            false => of_json(&request.body)?,
        };
        Ok(Self(commands::Fields::new(fields)))
    }

    /// A field that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.text(name)
    }

    pub(crate) fn reason(&self) -> Result<Option<Reason>, Problem> {
        let read = self.text("reason").map(|text| Reason::try_from(text.to_owned())).transpose();
        read.map_err(|flaw| invalid("reason", flaw))
    }

    pub(crate) fn command(&self, kind: CommandKind) -> Result<Command, Problem> {
        let read = kind.read(&self.0).ok_or_else(Problem::no_route)?;
        read.map_err(|BodyError { field, flaw }| invalid(&field, flaw))
    }

    /// Refuses an unknown field: a misspelt one would silently lose its value. Every form may have
    /// `csrf`.
    pub(crate) fn only(&self, allowed: &[&str]) -> Result<(), Problem> {
        let is_known = |key: &str| key == "csrf" || allowed.contains(&key);
        match self.0.names().find(|key| !is_known(key)) {
            None => Ok(()),
            Some(key) => {
                let known = allowed.join(", ");
                let flaw = InvalidValue::new("means nothing here", format!("only {known}"));
                Err(invalid(key, flaw))
            }
        }
    }

    /// A field that is read as a value of another kind, if it is there.
    pub(crate) fn parsed<T: FromStr>(
        &self,
        name: &str,
        expected: &'static str,
    ) -> Result<Option<T>, Problem> {
        let parsed = self.text(name).map(str::parse).transpose();
        parsed.map_err(|_| invalid(name, InvalidValue::new("can't be read", expected)))
    }

    /// The deadline that the asker saw, if they say.
    pub(crate) fn seen(&self) -> Result<Option<Deadline>, Problem> {
        let parsed = self.text("seen").map(Deadline::parse).transpose();
        parsed.map_err(|flaw| invalid("seen", flaw))
    }
}

fn of_json(body: &[u8]) -> Result<BTreeMap<String, String>, Problem> {
    let value = serde_json::from_slice(body).map_err(|e| Problem::not_json(&e))?;
    let Value::Object(map) = value else {
        let flaw = InvalidValue::new("is not an object", r#"an object such as {"reason":"…"}"#);
        return Err(invalid("", flaw));
    };
    let text = |(key, value): (String, Value)| match value {
        // An empty field, so that a misspelt name is still refused.
        Value::Null => Ok((key, String::new())),
        Value::String(text) => Ok((key, text)),
        Value::Number(number) if key == "cycle" => Ok((key, number.to_string())),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(invalid(&key, InvalidValue::new("is not a text", "a text")))
        }
    };
    map.into_iter().map(text).collect()
}

/// A field with a value that can't be taken.
pub(crate) fn invalid(field: &str, flaw: InvalidValue) -> Problem {
    let error = match field {
        "" => FieldError::at("", flaw),
        field => FieldError::under("", field, flaw),
    };
    Problem::fields("invalid_command", vec![error])
}
