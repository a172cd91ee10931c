//! The pages around signing in. They do not say who is known.

use askama::Template;
use baton_core::roster::Person;
use baton_http::{Answer, Problem};

use super::next::HOME;
use crate::frame::Frame;
use crate::page::render;

#[derive(Template)]
#[template(path = "sign_in/ask.html")]
struct Ask<'a> {
    frame: Frame,
    next: Option<&'a str>,
    /// What was typed, if it was not an address.
    typed: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "sign_in/sent.html")]
struct Sent {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "sign_in/open.html")]
struct Open<'a> {
    frame: Frame,
    name: &'a str,
    first_name: &'a str,
    token: &'a str,
    next: &'a str,
}

#[derive(Template)]
#[template(path = "sign_in/expired.html")]
struct Expired<'a> {
    frame: Frame,
    next: Option<&'a str>,
}

pub(super) fn ask(next: Option<&str>) -> Result<Answer, Problem> {
    render(200, &Ask { frame: Frame::bare(), next, typed: None })
}

pub(super) fn ask_again(typed: &str, next: Option<&str>) -> Result<Answer, Problem> {
    render(422, &Ask { frame: Frame::bare(), next, typed: Some(typed) })
}

pub(super) fn sent() -> Result<Answer, Problem> {
    render(200, &Sent { frame: Frame::bare() })
}

pub(super) fn open(person: &Person, token: &str, next: Option<&str>) -> Result<Answer, Problem> {
    let name = person.name.as_str();
    let first_name = name.split_whitespace().next().unwrap_or(name);
    let next = next.unwrap_or(HOME);
    render(200, &Open { frame: Frame::bare(), name, first_name, token, next })
}

pub(super) fn expired(next: Option<&str>) -> Result<Answer, Problem> {
    let next = next.filter(|next| *next != HOME);
    render(410, &Expired { frame: Frame::bare(), next })
}
