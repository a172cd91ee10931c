//! Reading a command's fields from what somebody sent: names and texts, as a form or a flat JSON
//! object has them.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, Visitor};

use super::Command;
use crate::text::InvalidValue;

/// What somebody sent: fields by name. A blank one says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The fields of a request.
    pub fn new(fields: BTreeMap<String, String>) -> Self {
        Self(fields)
    }

    /// The names of all fields, blank ones too.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A field with something in it, without the blanks around it.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }
}

/// Which field is wrong, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {flaw}")]
pub struct BodyError {
    /// The field's name; empty if it is about no field.
    pub field: String,
    /// What is wrong with it.
    pub flaw: InvalidValue,
}

/// A command that somebody can send.
pub(super) trait Body: DeserializeOwned + Into<Command> {
    /// Whether it is refused when another deadline runs than the one the asker saw: a field `seen`.
    const HEEDS_SEEN: bool = false;
    /// The fields without which it can't be read.
    const REQUIRED: &'static [Required] = &[];

    /// What a field that is missing should hold.
    fn expected(field: &str) -> &'static str {
        Self::REQUIRED.iter().find(|one| one.field == field).map_or("a text", |one| one.expected)
    }
}

/// A field that a command can't do without.
pub(super) struct Required {
    /// The field's name.
    pub(super) field: &'static str,
    /// What it should hold, as the sender is told.
    pub(super) expected: &'static str,
}

/// Fields that any request may carry beside the command's own: how its sender proves who they are.
/// The deadline they saw belongs to the commands that heed it.
const ENVELOPE: [&str; 2] = ["csrf", "token"];
const SEEN: &str = "seen";

/// Reads the fields of a command of that type.
pub(super) fn read<B: Body>(fields: &Fields) -> Result<Command, BodyError> {
    let is_around = |name: &str| ENVELOPE.contains(&name) || (B::HEEDS_SEEN && name == SEEN);
    let names: Vec<&str> = fields.names().filter(|name| !is_around(name)).collect();
    let reader = Reader { fields, names: names.into_iter(), field: "" };
    match B::deserialize(reader) {
        Ok(body) => Ok(body.into()),
        Err(Wrong::Unknown(field, known)) => Err(unknown(field, known, B::HEEDS_SEEN)),
        Err(Wrong::Missing(field)) => {
            let flaw = InvalidValue::new("is missing", B::expected(&field));
            Err(BodyError { field, flaw })
        }
        Err(Wrong::Invalid(field, flaw)) => Err(BodyError { field, flaw }),
    }
}

fn unknown(field: String, known: &[&'static str], heeds_seen: bool) -> BodyError {
    let mut known = known.to_vec();
    known.push("token");
    known.extend(heeds_seen.then_some(SEEN));
    known.sort_unstable();
    let flaw = InvalidValue::new("means nothing here", format!("only {}", known.join(", ")));
    BodyError { field, flaw }
}

/// Why fields can't be read.
#[derive(Debug)]
enum Wrong {
    Unknown(String, &'static [&'static str]),
    Missing(String),
    Invalid(String, InvalidValue),
}

impl Wrong {
    /// The same, about that field unless it is known which one it is about.
    fn about(self, name: &str) -> Self {
        match self {
            Self::Missing(field) if field.is_empty() => Self::Missing(name.to_owned()),
            Self::Invalid(field, flaw) if field.is_empty() => Self::Invalid(name.to_owned(), flaw),
            Self::Unknown(..) | Self::Missing(_) | Self::Invalid(..) => self,
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    /// A value's own type says what is wrong with it as a [`InvalidValue`] does.
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Invalid(String::new(), InvalidValue::said(&message.to_string()))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::Unknown(field.to_owned(), expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field.to_owned())
    }
}

/// The fields of a request, one after another.
struct Reader<'a, N> {
    fields: &'a Fields,
    names: N,
    field: &'a str,
}

impl<'a, 'de, N: Iterator<Item = &'a str>> de::Deserializer<'de> for Reader<'a, N> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_map(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

impl<'a, 'de, N: Iterator<Item = &'a str>> MapAccess<'de> for Reader<'a, N> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some(name) = self.names.next() else { return Ok(None) };
        self.field = name;
        let name: StrDeserializer<'_, Wrong> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let value = Value(self.fields.text(self.field));
        seed.deserialize(value).map_err(|wrong| wrong.about(self.field))
    }
}

/// A field's text; of a blank field, none.
struct Value<'a>(Option<&'a str>);

impl<'de> de::Deserializer<'de> for Value<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Some(text) => visitor.visit_str(text),
            None => Err(Wrong::Missing(String::new())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Some(_) => visitor.visit_some(self),
            None => visitor.visit_none(),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::{Accept, CommandKind, Extend};

    fn fields(all: &[(&str, &str)]) -> Fields {
        let text = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        Fields::new(all.iter().map(text).collect())
    }

    /// The field, what is wrong and what would be right.
    fn wrong(kind: CommandKind, all: &[(&str, &str)]) -> String {
        kind.read(&fields(all)).unwrap().unwrap_err().to_string()
    }

    #[test]
    fn blanks_say_nothing_and_what_proves_the_sender_is_no_field_of_a_command() {
        let sent = fields(&[("reason", " budget "), ("id", " "), ("token", "t"), ("csrf", "c")]);
        let extend = Extend { reason: "budget".into(), id: None };
        assert_eq!(CommandKind::Extend.read(&sent).unwrap(), Ok(extend.into()));
        let sent = fields(&[("token", "t")]);
        assert_eq!(CommandKind::Accept.read(&sent).unwrap(), Ok(Accept {}.into()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_field_and_what_would_be_right() {
        let extend = CommandKind::Extend;
        let reason = ("reason", "budget");
        assert_eq!(
            wrong(extend, &[("until", "May"), reason]),
            "until: means nothing here; expected only id, reason, seen, token"
        );
        assert_eq!(
            wrong(CommandKind::Accept, &[("seen", "")]),
            "seen: means nothing here; expected only token"
        );
        assert_eq!(
            wrong(extend, &[("reason", " ")]),
            "reason: is missing; expected a reason in a few words"
        );
        assert_eq!(
            wrong(CommandKind::Reassign, &[]),
            "to: is missing; expected a person's id on the roster, or queue: and a queue's name"
        );
        assert_eq!(
            wrong(extend, &[("reason", "\u{7}")]).split(';').next_back(),
            Some(" expected a text of at most 500 bytes")
        );
        let long = "x".repeat(501);
        assert_eq!(
            wrong(extend, &[("reason", &long)]),
            "reason: is 501 bytes long; expected a text of at most 500 bytes"
        );
    }
}
