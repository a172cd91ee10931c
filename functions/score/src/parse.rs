//! One activity, from JSON to a value the domain trusts. Every flaw is found, each with its place.

use baton_core::activity::{self, Activity, Fingerprint};
use baton_core::email::Email;
use baton_core::id::{ActivityType, Identity, SourceId, SourceName};
use baton_core::limits;
use baton_core::profile::{Said, Scalar};
use baton_core::text::{InvalidValue, printable, prose};
use baton_http::FieldError;
use baton_intake::data::{storable, storable_number};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// An activity that can't be taken, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Invalid {
    /// The id it was sent with, if that much could be read.
    pub id: Option<String>,
    /// What is wrong, field by field.
    pub errors: Vec<FieldError>,
}

/// Reads one activity of a source.
///
/// # Errors
///
/// [`Invalid`] has everything that is wrong with it.
pub fn activity(value: Value, source: &SourceName, now: Timestamp) -> Result<Activity, Invalid> {
    let fingerprint = Fingerprint::of(&value);
    let Value::Object(map) = value else {
        let flaw =
            InvalidValue::new("is not an object", r#"an activity such as {"id":"…","type":"…"}"#);
        return Err(Invalid { id: None, errors: vec![FieldError::at("", flaw)] });
    };
    let mut fields = Fields { map, errors: Vec::new() };
    let id = fields.required("id", SourceId::parse);
    let kind = fields.required("type", ActivityType::parse);
    let email = fields.text("email", Email::parse);
    let person = fields.text("person_id", SourceId::parse);
    let at = fields.text("occurred_at", |text| time(text, now));
    let profile = fields.profile();
    let data = fields.data();
    fields.nothing_else();
    match (id, kind) {
        (Some(id), Some(kind)) if fields.errors.is_empty() => {
            let (who, person_id) = match email {
                Some(email) => (Identity::Email(email), person),
                // A badge without an address: the person by the source's own id of them, or the
                // activity by its own.
                None => {
                    let id = person.unwrap_or_else(|| id.clone());
                    (Identity::Source { source: source.clone(), id }, None)
                }
            };
            Ok(Activity {
                source: source.clone(),
                id,
                kind,
                occurred_at: at.unwrap_or(now),
                who,
                person_id,
                profile,
                data,
                fingerprint,
            })
        }
        (id, _) => Err(Invalid { id: id.map(|id| id.as_str().to_owned()), errors: fields.errors }),
    }
}

fn time(text: &str, now: Timestamp) -> Result<Timestamp, InvalidValue> {
    const EXPECTED: &str = "an RFC 3339 time with its offset, such as 2026-03-01T09:00:00Z";
    let claimed = text.parse().map_err(|_| InvalidValue::new("is not a time", EXPECTED))?;
    activity::occurred_at(claimed, now)
}

/// The object's fields, taken one by one, and what was wrong with them.
struct Fields {
    map: Map<String, Value>,
    errors: Vec<FieldError>,
}

/// The names of the fields there are.
const NAMES: &str = "one of id, type, occurred_at, email, person_id, profile, data";

impl Fields {
    fn required<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    ) -> Option<T> {
        if self.map.get(name).is_none_or(Value::is_null) {
            self.map.remove(name);
            self.wrong(format!("/{name}"), InvalidValue::new("is missing", "a text"));
            return None;
        }
        self.text(name, parse)
    }

    fn text<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    ) -> Option<T> {
        let parsed = match self.map.remove(name)? {
            Value::Null => return None,
            Value::String(text) if name == "email" && text.trim().is_empty() => return None,
            Value::String(text) => parse(&text),
            // Many tools number their records and their people.
            Value::Number(number) if matches!(name, "id" | "person_id") => {
                parse(&number.to_string())
            }
            other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                Err(InvalidValue::new(format!("is {}", kind(&other)), "a text"))
            }
        };
        parsed.map_err(|flaw| self.wrong(format!("/{name}"), flaw)).ok()
    }

    fn profile(&mut self) -> Said {
        let map = match self.map.remove("profile") {
            None | Some(Value::Null) => return Said::new(),
            Some(Value::Object(map)) => map,
            Some(other) => {
                let flaw =
                    InvalidValue::new(format!("is {}", kind(&other)), "an object of plain values");
                self.wrong("/profile", flaw);
                return Said::new();
            }
        };
        if map.len() > limits::PROFILE_KEYS {
            let problem = format!("has {} keys", map.len());
            let expected = format!("at most {}", limits::PROFILE_KEYS);
            self.wrong("/profile", InvalidValue::new(problem, expected));
            return Said::new();
        }
        let mut said = Said::new();
        for (key, value) in map {
            match profile_field(&key, value) {
                Ok(None) => {}
                Ok(Some(value)) => drop(said.insert(key, value)),
                Err(flaw) => self.errors.push(FieldError::under("/profile", &key, flaw)),
            }
        }
        said
    }

    fn data(&mut self) -> Value {
        let data = self.map.remove("data").unwrap_or(Value::Null);
        if !matches!(data, Value::Null | Value::Object(_)) {
            self.wrong("/data", InvalidValue::new(format!("is {}", kind(&data)), "an object"));
            return Value::Null;
        }
        match storable(&data) {
            Ok(()) => data,
            Err(flaw) => {
                self.wrong("/data", flaw);
                Value::Null
            }
        }
    }

    /// A misspelt field would silently lose what it carries.
    fn nothing_else(&mut self) {
        let names: Vec<String> = self.map.keys().take(limits::PROFILE_KEYS).cloned().collect();
        for name in names {
            let flaw = InvalidValue::new("is not a field of an activity", NAMES);
            self.errors.push(FieldError::under("", &name, flaw));
        }
    }

    fn wrong(&mut self, field: impl Into<String>, flaw: InvalidValue) {
        self.errors.push(FieldError::at(field, flaw));
    }
}

fn profile_field(key: &str, value: Value) -> Result<Option<Scalar>, InvalidValue> {
    const KEY: &str = "a key of 1 to 64 bytes of printable text";
    const VALUE: &str = "a text of at most 1024 bytes, a number, true or false";
    if key.is_empty() || key.len() > limits::PROFILE_KEY_BYTES {
        return Err(InvalidValue::new(format!("has a key of {} bytes", key.len()), KEY));
    }
    printable(key, KEY)?;
    match value {
        Value::Null => Ok(None),
        Value::Bool(value) => Ok(Some(Scalar::Bool(value))),
        Value::Number(number) => {
            storable_number(&number)?;
            Ok(number.as_f64().map(Scalar::Number))
        }
        Value::String(text) if text.len() > limits::PROFILE_VALUE_BYTES => {
            Err(InvalidValue::new(format!("is {} bytes long", text.len()), VALUE))
        }
        Value::String(text) => prose(&text, VALUE).map(|()| Some(Scalar::Text(text))),
        other @ (Value::Array(_) | Value::Object(_)) => {
            Err(InvalidValue::new(format!("is {}", kind(&other)), VALUE))
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(value: Value) -> Result<Activity, Invalid> {
        let now = "2026-03-01T09:00:00Z".parse().unwrap();
        activity(value, &SourceName::parse("website").unwrap(), now)
    }

    fn fields(value: Value) -> Vec<String> {
        parse(value).unwrap_err().errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn an_activity_with_everything_reads() {
        let activity = parse(json!({
            "id": 17, "type": "form.submitted", "occurred_at": "2026-02-28T10:00:00+01:00",
            "email": " Kim@Acme.example", "profile": {"title": "CTO", "employees": 250, "x": null},
            "data": {"form": "contact"},
        }))
        .unwrap();
        assert_eq!(activity.id.as_str(), "17");
        assert_eq!(activity.occurred_at.to_string(), "2026-02-28T09:00:00Z");
        assert_eq!(activity.who, Identity::parse("email:kim@acme.example").unwrap());
        assert_eq!(activity.profile.len(), 2);
    }

    #[test]
    fn without_an_address_the_sources_own_id_names_the_person() {
        let badge = json!({"id": "scan-1", "type": "event.booth_visited", "person_id": "b77"});
        assert_eq!(parse(badge).unwrap().who, Identity::parse("website:b77").unwrap());
        let bare = json!({"id": "scan-1", "type": "event.booth_visited", "email": ""});
        assert_eq!(parse(bare).unwrap().who, Identity::parse("website:scan-1").unwrap());
    }

    #[test]
    fn every_flaw_is_found_at_once() {
        let flaws = fields(json!({
            "type": "Form Submitted", "occurred_at": "yesterday", "email": "kim",
            "profile": {"a/b": [1]}, "data": [], "emial": "kim@acme.example",
        }));
        let expected =
            ["/id", "/type", "/email", "/occurred_at", "/profile/a~1b", "/data", "/emial"];
        assert_eq!(flaws, expected);
    }

    #[test]
    fn bombs_are_refused() {
        let ok = |extra: Value| {
            let mut value = json!({"id": "1", "type": "form.submitted"});
            value.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            value
        };
        let keys: Map<String, Value> = (0..10_000).map(|n| (format!("k{n}"), n.into())).collect();
        let mut nested = json!({});
        for _ in 0..100 {
            nested = json!({ "n": nested });
        }
        assert_eq!(fields(ok(json!({ "profile": keys }))), ["/profile"]);
        assert_eq!(fields(ok(json!({ "data": nested }))), ["/data"]);
        assert_eq!(fields(ok(json!({ "data": {"n": 1e300} }))), ["/data"]);
        assert_eq!(fields(ok(json!({ "data": {"t": "x".repeat(17_000)} }))), ["/data"]);
        assert_eq!(fields(ok(json!({ "id": "x".repeat(10_000) }))), ["/id"]);
        assert_eq!(fields(ok(json!({ "profile": {"name": "a\u{0}b"} }))), ["/profile/name"]);
        assert_eq!(fields(ok(json!({ "profile": {"name": "a\u{202e}b"} }))), ["/profile/name"]);
        assert_eq!(fields(ok(json!({ "occurred_at": "9999-01-01T00:00:00Z" }))), ["/occurred_at"]);
    }
}
