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

#[cfg(test)]
mod tests {
    use crate::policy::{SAMPLE, parse};

    fn words(when: &str) -> String {
        let rule = format!("[[fast_track]]\nname = \"x\"\ntype = \"x.y\"\nwhen = {when}\n");
        let policy = parse(&format!("{SAMPLE}\n{rule}")).unwrap();
        policy.fast_tracks.last().unwrap().when.in_words()
    }

    #[test]
    fn every_test_of_a_condition_has_words() {
        for (when, told) in [
            (r#"{ country = "DE" }"#, "country is DE"),
            (r#"{ country = ["DE", "FR", "GB"] }"#, "country is DE, FR or GB"),
            (r#"{ email_domain = ["a.example"] }"#, "e-mail address at a.example"),
            ("{ employees = { at_least = 200 } }", "company of at least 200 employees"),
            ("{ employees = { at_most = 50 } }", "company of at most 50 employees"),
            ("{ visits = { at_least = 2.5 } }", "visits is at least 2.5"),
            ("{ visits = { at_most = 2 } }", "visits is at most 2"),
            (
                r#"{ title = { matches = '(?i)\b(director|vp)\b' } }"#,
                "title has “director” or “vp”",
            ),
            (r#"{ title = { matches = '^VP .*$' } }"#, "title matches ^VP .*$"),
            ("{ job_role = { exists = true } }", "job role is known"),
            ("{ phone = { exists = false } }", "phone is not known"),
            (r#"{ source = "tradeshow" }"#, "source is tradeshow"),
            (r#"{ "data.budget.when" = "now" }"#, "answer “budget.when” is now"),
            ("{ newsletter = true }", "newsletter is yes"),
        ] {
            assert_eq!(words(when), told, "{when}");
        }
    }

    #[test]
    fn groups_stand_in_brackets_where_they_are_in_groups() {
        assert_eq!(words(r#"{ country = "DE", title = "CTO" }"#), "country is DE and title is CTO");
        let nested = r#"{ country = "DE", any = [{ title = "CTO" }, { title = "CEO" }] }"#;
        let told = words(nested);
        assert!(told.contains("country is DE") && told.contains("(title is CTO or title is CEO)"));
        assert_eq!(words(r#"{ not = { country = "DE" } }"#), "not (country is DE)");
    }

    #[test]
    fn a_long_list_says_how_many_more_there_are() {
        let list = (1..=24).map(|n| format!("\"{n}.example\"")).collect::<Vec<_>>().join(",");
        let told = words(&format!("{{ email_domain = [{list}] }}"));
        assert!(told.ends_with("5.example, 6.example or one of 18 more"), "{told}");
    }
}
