//! Rendering a page, and the page of a problem.

use askama::Template;
use baton_core::correlation::Correlation;
use baton_http::{Answer, Problem};

use crate::frame::Frame;
use crate::problems::NO_LINK;
use crate::words::capital;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    title: &'static str,
    detail: String,
    /// Text and address of the link at the end.
    way_on: (&'static str, &'static str),
    /// For problems that are our fault: what to tell the operators.
    correlation: Option<String>,
}

/// The page of a problem.
pub(crate) fn problem(problem: &Problem, correlation: &Correlation) -> Answer {
    let is_ours = problem.status >= 500;
    let (title, way_on) = heading(problem);
    let page = ProblemPage {
        frame: Frame::bare(),
        title,
        detail: sentence(&problem.detail),
        way_on,
        correlation: is_ours.then(|| correlation.to_string()),
    };
    render(problem.status, &page).unwrap_or_else(Answer::from).telling(problem)
}

/// The title of a problem, and the link that leads on.
fn heading(problem: &Problem) -> (&'static str, (&'static str, &'static str)) {
    let home = ("Go to your leads", "/");
    match problem.status {
        401 if problem.detail == NO_LINK => {
            ("This link is no longer good", ("Sign in to see your leads", "/sign-in"))
        }
        401 => ("You are not signed in", ("Sign in", "/sign-in")),
        403 => ("That is not open to you", home),
        404 => ("There is nothing here", home),
        410 => ("This is gone", home),
        429 => ("That was too much at once", home),
        500.. => ("We could not do this just now", home),
        _ => ("That can’t be done like this", home),
    }
}

/// The detail with a capital first letter and a full stop.
fn sentence(detail: &str) -> String {
    let stop = if detail.ends_with('.') { "" } else { "." };
    format!("{}{stop}", capital(detail))
}

pub(crate) fn render(status: u16, page: &impl Template) -> Result<Answer, Problem> {
    page.render().map(|html| Answer::page(status, html)).map_err(|_| Problem::unavailable())
}
