//! What pages share: how one is rendered, and how a problem is told to somebody with a browser.

use askama::Template;
use baton_core::lead::Lead;
use baton_http::{Answer, Problem};

use crate::frame::Frame;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: Frame,
    title: &'a str,
    detail: &'a str,
}

/// A problem, for somebody looking at a browser.
pub(crate) fn problem(problem: &Problem) -> Answer {
    let page = ProblemPage { frame: Frame::bare(), title: problem.title, detail: &problem.detail };
    render(problem.status, &page).unwrap_or_else(Answer::from).telling(problem)
}

/// A page, made.
pub(crate) fn render(status: u16, page: &impl Template) -> Result<Answer, Problem> {
    page.render().map(|html| Answer::page(status, html)).map_err(|_| Problem::unavailable())
}

/// What the person is called, as far as anybody knows.
pub(crate) fn name_of(lead: &Lead) -> String {
    let profile = &lead.profile;
    let parts = [profile.text("first_name"), profile.text("last_name")];
    let full = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match profile.text("name") {
        Some(name) => name.to_owned(),
        None if !full.is_empty() => full,
        None => lead.who.email().map_or("A lead without a name".to_owned(), ToString::to_string),
    }
}
