//! One value of a document, read as what it should be.

use std::ops::RangeInclusive;

use baton_core::limits;
use baton_core::text::{InvalidValue, printable};
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::table::quoted;
use super::{Keys, Noted, Notes, Read, Table, span};

/// A value, with where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    notes: &'a Notes,
    /// The table it is in, as messages call it.
    table: &'static str,
    key: &'a str,
    node: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    /// The value of `key` in `table`.
    pub(super) fn new(
        notes: &'a Notes,
        table: &'static str,
        key: &'a str,
        node: &'a Spanned<DeValue<'a>>,
    ) -> Self {
        Self { notes, table, key, node }
    }

    /// The value as the document has it.
    pub(crate) fn raw(&self) -> &'a DeValue<'a> {
        self.node.get_ref()
    }

    /// Where it begins.
    pub(crate) fn offset(&self) -> usize {
        self.node.span().start
    }

    /// Notes that the value is wrong: `problem` follows its name.
    pub(crate) fn wrong(&self, problem: &str, expected: impl Into<String>) -> Noted {
        self.wrong_near(problem, expected, None)
    }

    /// As [`Self::wrong`], with the right name that was probably meant.
    pub(crate) fn wrong_near(
        &self,
        problem: &str,
        expected: impl Into<String>,
        nearest: Option<String>,
    ) -> Noted {
        let problem = format!("{} in {} {problem}", quoted(self.key), self.table);
        self.notes.note(self.offset(), problem, expected, nearest)
    }

    /// Notes that the value may not mean what its author thinks: `problem` follows its name.
    pub(crate) fn warn(&self, problem: &str, expected: &str) {
        let problem = format!("{} in {} {problem}", quoted(self.key), self.table);
        self.notes.warn(self.offset(), problem, expected);
    }

    /// Notes that the value is not one of the names that are right.
    pub(crate) fn unknown<'n>(
        &self,
        name: &str,
        kind: &str,
        right: impl IntoIterator<Item = &'n str>,
    ) -> Noted {
        let right: Vec<&str> = right.into_iter().collect();
        let nearest = self.notes.nearest(name, right.iter().copied());
        let expected = format!("{kind}: {}", listed(&right));
        self.wrong_near(&format!("names {}", quoted(name)), expected, nearest)
    }

    fn mistyped(&self, expected: impl Into<String>) -> Noted {
        let kind = match self.raw() {
            DeValue::String(_) => "is text",
            DeValue::Integer(_) => "is a whole number",
            DeValue::Float(_) => "is a fraction",
            DeValue::Boolean(_) => "is true or false",
            DeValue::Datetime(_) => "is a date or time",
            DeValue::Array(_) => "is a list",
            DeValue::Table(_) => "is a table",
        };
        self.wrong(kind, expected)
    }

    /// Text, whatever it says.
    pub(crate) fn text(self) -> Read<&'a str> {
        self.raw().as_str().ok_or_else(|| self.mistyped("text in quotes"))
    }

    /// Text with a form of its own: a name, an address.
    pub(crate) fn parsed<T>(self, parse: impl FnOnce(&str) -> Result<T, InvalidValue>) -> Read<T> {
        let wrong = |flaw: InvalidValue| self.wrong(&flaw.problem, flaw.expected);
        parse(self.text()?).map_err(wrong)
    }

    /// A few words for people: one line, not blank.
    pub(crate) fn words(self) -> Read<String> {
        const EXPECTED: &str = "a few words on one line";
        let words = self.text()?.trim();
        if words.is_empty() {
            return Err(self.wrong("is empty", EXPECTED));
        }
        if words.len() > limits::LABEL_BYTES {
            let expected = format!("{EXPECTED}, at most {} bytes", limits::LABEL_BYTES);
            return Err(self.wrong(&format!("is {} bytes long", words.len()), expected));
        }
        printable(words, EXPECTED).map_err(|flaw| self.wrong(&flaw.problem, EXPECTED))?;
        Ok(words.to_owned())
    }

    /// A whole number within bounds.
    pub(crate) fn integer(self, bounds: RangeInclusive<i64>) -> Read<i64> {
        let expected = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let DeValue::Integer(digits) = self.raw() else {
            return Err(self.mistyped(expected));
        };
        match i64::from_str_radix(digits.as_str(), digits.radix()) {
            Ok(number) if bounds.contains(&number) => Ok(number),
            Ok(_) | Err(_) => Err(self.wrong(&format!("is {digits}"), expected)),
        }
    }

    /// A finite number, whole or not.
    pub(crate) fn number(self) -> Read<f64> {
        let expected = "a number, not in quotes";
        let number = match self.raw() {
            DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
                .ok()
                .map(|number| number as f64),
            DeValue::Float(digits) => digits.as_str().parse().ok(),
            DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => return Err(self.mistyped(expected)),
        };
        let number = number.filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| self.wrong("is not a finite number of this size", expected))
    }

    /// `true` or `false`.
    pub(crate) fn boolean(self) -> Read<bool> {
        self.raw().as_bool().ok_or_else(|| self.mistyped("true or false, not in quotes"))
    }

    /// A span of time within bounds.
    pub(crate) fn span(self, bounds: RangeInclusive<SignedDuration>) -> Read<SignedDuration> {
        let DeValue::String(text) = self.raw() else {
            return Err(self.mistyped(span::SHAPE));
        };
        let Some(span) = span::parse(text) else {
            return Err(self.wrong(&format!("is {}", quoted(text)), span::SHAPE));
        };
        if bounds.contains(&span) {
            return Ok(span);
        }
        let (shortest, longest) = (span::words(*bounds.start()), span::words(*bounds.end()));
        let expected = format!("from {shortest} to {longest}");
        Err(self.wrong(&format!("is {}", quoted(text)), expected))
    }

    /// A date without a time of day.
    pub(crate) fn date(self) -> Read<Date> {
        const EXPECTED: &str = "a date such as 2026-08-01";
        let date = match self.raw() {
            DeValue::String(text) => text.parse().ok(),
            DeValue::Datetime(toml::value::Datetime { date: Some(date), time: None, .. }) => {
                i16::try_from(date.year)
                    .ok()
                    .zip(i8::try_from(date.month).ok().zip(i8::try_from(date.day).ok()))
                    .and_then(|(year, (month, day))| Date::new(year, month, day).ok())
            }
            DeValue::Datetime(_) => return Err(self.wrong("has a time of day", EXPECTED)),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => return Err(self.mistyped(EXPECTED)),
        };
        date.ok_or_else(|| self.wrong("is not a date", EXPECTED))
    }

    /// A time zone by its IANA name.
    pub(crate) fn zone(self) -> Read<TimeZone> {
        const EXPECTED: &str = "an IANA time zone such as \"Europe/Madrid\"";
        let name = self.text()?;
        let zones = TimeZoneDatabase::bundled();
        let known = zones.get(name).ok().filter(|zone| zone.iana_name().is_some());
        known.ok_or_else(|| {
            let names: Vec<String> = zones.available().map(|zone| zone.to_string()).collect();
            let city = |zone: &&String| {
                zone.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name))
            };
            let meant = names.iter().find(city).cloned();
            let meant =
                meant.or_else(|| self.notes.nearest(name, names.iter().map(String::as_str)));
            self.wrong_near(&format!("names {}", quoted(name)), EXPECTED, meant)
        })
    }

    /// A list of at most so many values.
    pub(crate) fn list(self, at_most: usize) -> Read<Vec<Self>> {
        self.items(at_most, "a list in brackets")
    }

    /// The items of a list, however `expected` says it is written.
    pub(super) fn items(self, at_most: usize, expected: &str) -> Read<Vec<Self>> {
        let DeValue::Array(items) = self.raw() else {
            return Err(self.mistyped(expected));
        };
        if items.len() > at_most {
            let problem = format!("has {} entries", items.len());
            return Err(self.wrong(&problem, format!("at most {at_most}")));
        }
        Ok(items.iter().map(|node| Self { node, ..self }).collect())
    }

    /// A table with known keys.
    pub(crate) fn table(self, keys: &'static Keys) -> Read<Table<'a>> {
        let expected =
            || self.mistyped(format!("a table with keys among {}", keys.keys.join(", ")));
        let entries = self.raw().as_table().ok_or_else(expected)?;
        Ok(Table::new(self.notes, keys, self.offset(), entries))
    }

    /// The keys and values of a table in which any key may stand.
    pub(crate) fn entries(self, table: &'static str, expected: &str) -> Read<Vec<(&'a str, Self)>> {
        let entries = self.raw().as_table().ok_or_else(|| self.mistyped(expected))?;
        let entry = |(key, node): (&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>)| {
            (&**key.get_ref(), Self { notes: self.notes, table, key: key.get_ref(), node })
        };
        Ok(entries.iter().map(entry).collect())
    }
}

/// Right names as messages list them, cut if there are many.
pub(crate) fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len() {
        0 => "there is none".to_owned(),
        1..=SHOWN => format!("one of {shown}"),
        more => format!("one of {shown} and {} more", more - SHOWN),
    }
}
