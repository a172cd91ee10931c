//! The keys of a query.

use baton_core::text::InvalidValue;
use baton_http::{Problem, Request};

use crate::fields::invalid;

/// The value of a key. Forms send empty fields, which count as left out.
pub(crate) fn text<'a>(request: &'a Request, key: &str) -> Option<&'a str> {
    request.query(key).filter(|text| !text.is_empty())
}

/// The value of a key, parsed.
pub(crate) fn parsed<T>(
    request: &Request,
    key: &str,
    parse: impl Fn(&str) -> Result<T, InvalidValue>,
) -> Result<Option<T>, Problem> {
    text(request, key).map(parse).transpose().map_err(|flaw| invalid(key, flaw))
}

/// Refuses an unknown key: a misspelt one would silently be ignored.
pub(crate) fn only(request: &Request, known: &[&str]) -> Result<(), Problem> {
    match request.query.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some((key, _)) => {
            let expected = format!("only {}", known.join(", "));
            Err(invalid(key, InvalidValue::new("means nothing here", expected)))
        }
    }
}
