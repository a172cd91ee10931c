//! Conditions as they are written: `{ country = ["DE", "FR"], employees = { at_least = 500 } }`.

use baton_core::limits;
use baton_core::policy::condition::{Condition, Field, Test};
use baton_core::profile::Scalar;
use baton_core::text::printable;
use regex::{Regex, RegexBuilder};
use toml::de::DeValue;

use super::keys;
use crate::document::{Read, Value};

/// What a rule is about, and so what its condition may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// The lead alone. What it is worth or where it goes can't hang on which activity came last.
    Lead,
    /// The activity at hand, and the lead.
    Activity,
}

/// Reads the value of `when`.
pub(super) fn read(value: Value<'_>, about: About) -> Read<Condition> {
    all_fields(value, about, 0)
}

const SHAPE: &str = "a table of fields, such as { country = [\"DE\", \"FR\"] }";

/// A table of fields and groups, all of which must hold.
fn all_fields(value: Value<'_>, about: About, depth: usize) -> Read<Condition> {
    let entries = value.entries(keys::CONDITION.table, SHAPE)?;
    if entries.is_empty() {
        return Err(value.wrong("is empty", SHAPE));
    }
    if depth > limits::CONDITION_DEPTH {
        let expected = format!("at most {} of any, all and not", limits::CONDITION_DEPTH);
        return Err(value.wrong("is nested too deep", expected));
    }
    let parts: Vec<Read<Condition>> =
        entries.into_iter().map(|(key, value)| entry(key, value, about, depth)).collect();
    Ok(all(parts.into_iter().collect::<Read<_>>()?))
}

/// All of these; one alone needs no group around it.
fn all(mut parts: Vec<Condition>) -> Condition {
    match parts.len() {
        1 => parts.remove(0),
        _ => Condition::All(parts),
    }
}

fn entry(key: &str, value: Value<'_>, about: About, depth: usize) -> Read<Condition> {
    match key {
        "any" => group(value, about, depth).map(Condition::Any),
        "all" => group(value, about, depth).map(Condition::All),
        "not" => all_fields(value, about, depth + 1).map(|part| Condition::Not(Box::new(part))),
        "data" => {
            let expected = "the whole path in quotes: \"data.form.plan\" = …";
            Err(value.wrong("is not a field by itself", expected))
        }
        _ => {
            let field = field(key, value, about);
            let tests = tests(value);
            let (field, tests) = (field?, tests?);
            let part = |test| Condition::Field(field.clone(), test);
            Ok(all(tests.into_iter().map(part).collect()))
        }
    }
}

fn group(value: Value<'_>, about: About, depth: usize) -> Read<Vec<Condition>> {
    let items = value.list(limits::CONDITION_VALUES)?;
    if items.is_empty() {
        return Err(value.wrong("is empty", "a list of conditions: [{ … }, { … }]"));
    }
    let parts: Vec<Read<Condition>> =
        items.into_iter().map(|item| all_fields(item, about, depth + 1)).collect();
    parts.into_iter().collect()
}

fn field(key: &str, value: Value<'_>, about: About) -> Read<Field> {
    let field = match key.split_once('.') {
        None if key == "email_domain" => return Ok(Field::EmailDomain),
        None if key == "source" => Field::Source,
        Some(("data", path)) => Field::Data(data_path(path, value)?),
        _ => return profile_field(key, value),
    };
    match about {
        About::Activity => Ok(field),
        About::Lead => {
            let expected = "a field of the lead: this rule is about the lead, not one activity";
            Err(value.wrong("belongs to the activity", expected))
        }
    }
}

fn data_path(path: &str, value: Value<'_>) -> Read<Vec<String>> {
    let keys: Vec<String> = path.split('.').map(str::to_owned).collect();
    if keys.len() > limits::DATA_DEPTH || keys.iter().any(String::is_empty) {
        let expected = format!("1 to {} keys with dots between them", limits::DATA_DEPTH);
        return Err(value.wrong("is not a path", expected));
    }
    Ok(keys)
}

fn profile_field(key: &str, value: Value<'_>) -> Read<Field> {
    const EXPECTED: &str = "a profile field, email_domain, source or \"data.…\"";
    if key == "email" || is_nearly_email_domain(key) {
        let nearest = Some("email_domain".to_owned());
        return Err(value.wrong_near("is not a field conditions know", EXPECTED, nearest));
    }
    if key.is_empty() || key.len() > limits::PROFILE_KEY_BYTES {
        return Err(value.wrong("is not a profile field's name", EXPECTED));
    }
    printable(key, EXPECTED).map_err(|flaw| value.wrong(&flaw.problem, EXPECTED))?;
    debug_assert!(!keys::CONDITION.has(key), "{key} has a meaning of its own");
    Ok(Field::Profile(key.to_owned()))
}

/// Any name may be a profile field's, so a slip can't be told from one; but this one is long
/// enough, and what hangs on it, keeping competitors out, is worth the exception.
fn is_nearly_email_domain(key: &str) -> bool {
    strsim::damerau_levenshtein(&key.to_lowercase(), "email_domain") <= 2
}

/// What is asked of a field: a value, a list of values, or a table of tests.
fn tests(value: Value<'_>) -> Read<Vec<Test>> {
    match value.raw() {
        DeValue::Array(_) => Ok(vec![one_of(value)?]),
        DeValue::Table(_) => test_table(value),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => Ok(vec![Test::OneOf(vec![scalar(value)?])]),
    }
}

fn test_table(value: Value<'_>) -> Read<Vec<Test>> {
    let table = value.table(&keys::TEST)?;
    let tests = [
        table.optional("is", |v| Ok(Test::OneOf(vec![scalar(v)?]))),
        table.optional("one_of", one_of),
        table.optional("at_least", |v| v.number().map(Test::AtLeast)),
        table.optional("at_most", |v| v.number().map(Test::AtMost)),
        table.optional("matches", matches),
        table.optional("exists", |v| v.boolean().map(Test::Exists)),
    ];
    let tests: Vec<Test> =
        tests.into_iter().collect::<Read<Vec<_>>>()?.into_iter().flatten().collect();
    if value.raw().as_table().is_some_and(toml::map::Map::is_empty) {
        return Err(value.wrong("asks nothing", format!("one of {}", keys::TEST.keys.join(", "))));
    }
    Ok(tests)
}

fn one_of(value: Value<'_>) -> Read<Test> {
    let items = value.list(limits::CONDITION_VALUES)?;
    if items.is_empty() {
        return Err(value.wrong("is empty", "a list of values: [\"DE\", \"FR\"]"));
    }
    let scalars: Vec<Read<Scalar>> = items.into_iter().map(scalar).collect();
    scalars.into_iter().collect::<Read<_>>().map(Test::OneOf)
}

fn scalar(value: Value<'_>) -> Read<Scalar> {
    match value.raw() {
        DeValue::String(text) if text.trim().is_empty() => {
            Err(value.wrong("is empty", "text; for a missing field write { exists = false }"))
        }
        DeValue::String(text) => Ok(Scalar::Text(text.trim().to_owned())),
        DeValue::Boolean(value) => Ok(Scalar::Bool(*value)),
        DeValue::Integer(_) | DeValue::Float(_) => value.number().map(Scalar::Number),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
            Err(value.wrong("can't be compared with", "text in quotes, a number, true or false"))
        }
    }
}

fn matches(value: Value<'_>) -> Read<Test> {
    pattern(value).map(Test::Matches)
}

/// A regular expression, bounded in length and in what it compiles to.
pub(super) fn pattern(value: Value<'_>) -> Read<Regex> {
    let pattern = value.text()?;
    let length = pattern.chars().count();
    if !(1..=limits::PATTERN_CHARS).contains(&length) {
        let expected = format!("a regular expression of 1 to {} characters", limits::PATTERN_CHARS);
        return Err(value.wrong(&format!("has {length} characters"), expected));
    }
    let regex = RegexBuilder::new(pattern).size_limit(limits::PATTERN_COMPILED_BYTES).build();
    regex.map_err(|error| {
        let expected = "a regular expression, such as '(?i)\\bdirector\\b' in single quotes";
        value.wrong(&format!("does not compile: {}", reason(&error)), expected)
    })
}

/// The regex crate draws a picture over several lines; its last line says what is wrong.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim().trim_start_matches("error: ").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use crate::policy;

    fn mistakes(rules: &str) -> String {
        let text = format!("version = \"1\"\n{rules}");
        policy::parse(&text).unwrap_err().render("policy.toml")
    }

    fn of(whens: &[&str]) -> String {
        let rules = whens.iter().map(|when| {
            format!(
                "[[activity]]\ntype = 'a'\npoints = 1\nname = '{}'\nwhen = {when}\n",
                when.len()
            )
        });
        mistakes(&rules.collect::<String>())
    }

    #[test]
    fn a_condition_that_asks_nothing_is_refused() {
        insta::assert_snapshot!(of(&[
            "{}",
            "3",
            "{ x = [] }",
            "{ x = {} }",
            "{ any = [] }",
            "{ not = {} }",
            "{ x = '  ' }",
        ]));
    }

    #[test]
    fn a_misspelt_or_mistyped_test_is_refused() {
        insta::assert_snapshot!(of(&[
            "{ x = { atleast = 3 } }",
            "{ x = { at_least = '3', at_most = nan } }",
            "{ x = { is = [1], one_of = 1, exists = 'no' } }",
            "{ x = [1, { y = 2 }, 2026-01-01] }",
            "{ all = { x = 1 } }",
            "{ not = [{ x = 1 }] }",
        ]));
    }

    #[test]
    fn an_expression_that_does_not_compile_or_grows_too_large_is_refused() {
        insta::assert_snapshot!(of(&[
            "{ x = { matches = '(director' } }",
            "{ x = { matches = '(?=x)' } }",
            "{ x = { matches = '((a{99}){99}){99}' } }",
            "{ x = { matches = '' } }",
            "{ x = { matches = 5 } }",
        ]));
        assert!(
            of(&[&format!("{{ x = {{ matches = '{}' }} }}", "x".repeat(501))])
                .contains("1 to 500 characters")
        );
    }

    #[test]
    fn a_field_that_can_only_be_a_slip_is_refused() {
        insta::assert_snapshot!(of(&[
            "{ email = 'kim@acme.example' }",
            "{ email_domian = 'acme.example' }",
            "{ data = { plan = 'pro' } }",
            "{ data.plan = 'pro' }",
            "{ 'data.a..b' = 'pro' }",
            "{ '' = 'pro' }",
        ]));
    }

    #[test]
    fn a_rule_about_the_lead_does_not_look_at_one_activity() {
        insta::assert_snapshot!(mistakes(
            r#"
[[fit]]
name = "x"
points = 1
when = { source = "website" }
[[exclusion]]
name = "x"
when = { any = [{ not = { "data.x" = 1 } }] }
[[route]]
queue = "x"
when = { source = "website", country = "DE" }
"#
        ));
    }

    #[test]
    fn conditions_nest_to_a_limit() {
        let nested = |depth| {
            let inner = "{ x = 1 }".to_owned();
            (0..depth).fold(inner, |inner, _| format!("{{ not = {inner} }}"))
        };
        let text =
            |depth| format!("version = '1'\n[[route]]\nqueue = 'x'\nwhen = {}", nested(depth));
        assert!(policy::parse(&text(8)).is_ok());
        assert!(policy::parse(&text(9)).unwrap_err().to_string().contains("nested too deep"));
    }
}
