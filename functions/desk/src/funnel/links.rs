//! The addresses of the funnel's pages.

use baton_core::id::PersonId;
use baton_reports::funnel::{Drilldown, Window};

/// The funnel of a window.
pub(super) fn home(window: Window, team: Option<&PersonId>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("from", &window.from.to_string());
    query.append_pair("to", &window.to.to_string());
    if let Some(team) = team {
        query.append_pair("team", team.as_str());
    }
    format!("/funnel?{}", query.finish())
}

/// The list behind a number, as a page or a download.
pub(super) fn address(
    path: &str,
    window: Window,
    behind: &Drilldown,
    more: &[(&str, &str)],
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(behind.pairs());
    query.append_pair("from", &window.from.to_string());
    query.append_pair("to", &window.to.to_string());
    query.extend_pairs(more);
    format!("{path}?{}", query.finish())
}
