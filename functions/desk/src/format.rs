//! The format that a request asks for: a page for people, JSON or CSV for programs, at the same
//! address.

use baton_core::text::InvalidValue;
use baton_http::{Problem, Request};

use crate::fields::invalid;
use crate::query;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Page,
    Json,
    Csv,
}

impl Format {
    /// Reads `as=`, for links, else `Accept`, for programs.
    pub(crate) fn of(request: &Request) -> Result<Self, Problem> {
        match query::text(request, "as") {
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some(_) => {
                Err(invalid("as", InvalidValue::new("is not a shape there is", "csv or json")))
            }
            None if request.wants_page() => Ok(Self::Page),
            None if wants_csv(request) => Ok(Self::Csv),
            None => Ok(Self::Json),
        }
    }
}

fn wants_csv(request: &Request) -> bool {
    let accept = request.header("accept").unwrap_or_default();
    let place = |word: &str| accept.find(word).unwrap_or(usize::MAX);
    place("text/csv") < place("application/json")
}
