//! Conditions in words, for people who never read the policy itself.

use std::fmt::Write;

use super::condition::{Condition, Field, Test};
use crate::profile::Scalar;

/// Values of a list that are named; of longer ones, how many more there are.
const NAMED: usize = 6;

impl Condition {
    /// What the condition asks, as it stands behind "if": `title has “director” or “vp”`. Nothing,
    /// of one that always holds.
    pub fn in_words(&self) -> String {
        match self {
            Self::All(parts) => joined(parts, " and "),
            Self::Any(parts) if parts.is_empty() => "never".to_owned(),
            Self::Any(parts) => joined(parts, " or "),
            Self::Not(part) => format!("not ({})", part.in_words()),
            Self::Field(field, test) => asked(field, test),
        }
    }
}

/// Parts that are lists themselves stand in brackets.
fn joined(parts: &[Condition], word: &str) -> String {
    let part = |part: &Condition| match part {
        Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 && parts.len() > 1 => {
            format!("({})", part.in_words())
        }
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::Field(..) => {
            part.in_words()
        }
    };
    parts.iter().map(part).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(word)
}

fn asked(field: &Field, test: &Test) -> String {
    let name = name(field);
    match (field, test) {
        (Field::EmailDomain, Test::OneOf(values)) => format!("e-mail address at {}", list(values)),
        (Field::Profile(key), Test::AtLeast(n)) if key == "employees" => {
            format!("company of at least {n} employees")
        }
        (Field::Profile(key), Test::AtMost(n)) if key == "employees" => {
            format!("company of at most {n} employees")
        }
        (_, Test::OneOf(values)) => format!("{name} is {}", list(values)),
        (_, Test::AtLeast(n)) => format!("{name} is at least {n}"),
        (_, Test::AtMost(n)) => format!("{name} is at most {n}"),
        (_, Test::Matches(pattern)) => match plain_words(pattern.as_str()) {
            Some(words) => format!("{name} has {}", either(&words)),
            None => format!("{name} matches {}", pattern.as_str()),
        },
        (_, Test::Exists(true)) => format!("{name} is known"),
        (_, Test::Exists(false)) => format!("{name} is not known"),
    }
}

fn name(field: &Field) -> String {
    match field {
        Field::EmailDomain => "e-mail domain".to_owned(),
        Field::Source => "source".to_owned(),
        Field::Data(path) => format!("answer “{}”", path.join(".")),
        Field::Profile(key) => key.replace('_', " "),
    }
}

fn list(values: &[Scalar]) -> String {
    let named = values.iter().take(NAMED).map(shown).collect::<Vec<_>>();
    match (named.as_slice(), values.len() - named.len()) {
        ([], _) => "nothing".to_owned(),
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} or {last}", first.join(", ")),
        (several, more) => format!("{} or one of {more} more", several.join(", ")),
    }
}

fn shown(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Bool(true) => "yes".to_owned(),
        Scalar::Bool(false) => "no".to_owned(),
    }
}

/// `“a”, “b” or “c”`.
fn either(words: &[String]) -> String {
    let mut told = String::new();
    for (place, word) in words.iter().enumerate() {
        let joint = match place {
            0 => "",
            last if last + 1 == words.len() => " or ",
            _ => ", ",
        };
        let _ = write!(told, "{joint}“{word}”");
    }
    told
}

/// The words that an expression looks for, if that is all it does: `(?i)\b(director|vp)\b`.
fn plain_words(pattern: &str) -> Option<Vec<String>> {
    let bare = pattern.trim_start_matches("(?i)");
    let bare = bare.strip_prefix(r"\b").unwrap_or(bare);
    let bare = bare.strip_suffix(r"\b").unwrap_or(bare);
    let bare = bare.strip_prefix('(').and_then(|b| b.strip_suffix(')')).unwrap_or(bare);
    let bare = bare.strip_prefix("?:").unwrap_or(bare);
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '|' | '&');
    let words = bare.chars().all(is_plain).then(|| bare.split('|').map(str::to_owned));
    words.map(Iterator::collect::<Vec<_>>).filter(|words| words.iter().all(|w| !w.is_empty()))
}
