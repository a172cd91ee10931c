//! Signing in without a password, and signing out. Whoever asks gets a link by the channel of their
//! alerts. The link opens a page, and its button starts a session.
//!
//! Nobody learns who is on the roster: every address gets the same answer at the same moment.

pub(crate) mod next;
mod page;

use std::time::Duration;

use baton_cloud::causes;
use baton_core::email::Email;
use baton_core::id::PersonId;
use baton_engine::{Asked, Entered};
use baton_http::{Answer, Problem, Request};

use crate::fields::Fields;
use crate::session::{is_https, signed_in};
use crate::{Desk, cookie, problems};

/// How long after a request for a link it is answered.
pub(crate) const ANSWER_AFTER: Duration = Duration::from_millis(1000);
/// How long sending may take of that, so that the time of the answer tells nothing.
const SEND_WITHIN: Duration = Duration::from_millis(800);

/// `GET /`.
pub(crate) async fn front(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let person = signed_in(&desk.services, request).await?;
    Ok(Answer::see_other(person.map_or("/sign-in", |_| next::HOME)))
}

/// `GET /sign-in`. Somebody who has signed in is redirected.
pub(crate) async fn ask_page(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let next = request.query("next").and_then(next::safe);
    match signed_in(&desk.services, request).await? {
        Some(_) => Ok(Answer::see_other(next.unwrap_or(next::HOME))),
        None => page::ask(next),
    }
}

/// `POST /sign-in`.
pub(crate) async fn ask(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    fields.only(&["email", "next"])?;
    let next = fields.text("next").and_then(next::safe);
    let typed = fields.text("email").unwrap_or_default();
    let address = match Email::parse(typed) {
        Ok(address) => address,
        Err(_) if request.is_form() => return page::ask_again(typed, next),
        Err(flaw) => return Err(crate::fields::invalid("email", flaw)),
    };
    let (asked, ()) =
        tokio::join!(send_link(desk, &address, request), tokio::time::sleep(desk.answer_after));
    asked?;
    let answer = Answer::see_other("/sign-in/sent");
    let is_https = is_https(&desk.services);
    Ok(match next {
        Some(next) => answer.setting(cookie::next(next, is_https)),
        None => answer.setting(cookie::gone(cookie::next_name(is_https), is_https)),
    })
}

/// Sends a link if the address is on the roster. A failure to send is logged and not answered.
async fn send_link(desk: &Desk, address: &Email, request: &Request) -> Result<(), Problem> {
    let asked = desk.services.sign_in.ask(address).await.map_err(|e| problems::error(&e))?;
    match asked {
        Asked::Nothing => {}
        Asked::Wait(seconds) => return Err(problems::too_many_links(seconds)),
        Asked::Letter(person) => send_within(desk, &person, request).await,
    }
    Ok(())
}

async fn send_within(desk: &Desk, person: &PersonId, request: &Request) {
    let sending = desk.services.sign_in.send_link(person, &request.correlation);
    match tokio::time::timeout(SEND_WITHIN, sending).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::error!(error = %causes(&error), "a link to sign in did not leave");
        }
        Err(_) => tracing::error!("a link to sign in took too long to leave"),
    }
}

/// `GET /sign-in/sent`.
pub(crate) fn sent_page() -> Result<Answer, Problem> {
    page::sent()
}

/// `GET /sign-in/{token}`. Mail scanners open links, so that looking at it does not use it up.
pub(crate) async fn open_page(
    desk: &Desk,
    request: &Request,
    token: &str,
) -> Result<Answer, Problem> {
    let role = desk.services.sign_in.may_enter(token).await.map_err(|e| problems::error(&e))?;
    let rules = desk.services.settings().rules();
    let person = role.as_ref().and_then(|role| rules.roster.person(&role.person));
    match person {
        Some(person) => page::open(person, token, going_to(desk, request).as_deref()),
        None => page::expired(going_to(desk, request).as_deref()),
    }
}

/// `POST /sign-in/{token}`: uses the link up.
pub(crate) async fn enter(desk: &Desk, request: &Request, token: &str) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    fields.only(&["next"])?;
    let next = fields.text("next").and_then(next::safe).unwrap_or(next::HOME);
    let entered = desk.services.sign_in.enter(token, &request.correlation).await;
    let Some(Entered { cookie, .. }) = entered.map_err(|e| problems::error(&e))? else {
        return page::expired(Some(next));
    };
    let is_https = is_https(&desk.services);
    Ok(Answer::see_other(next)
        .setting(cookie::session(&cookie, is_https))
        .setting(cookie::gone(cookie::next_name(is_https), is_https)))
}

/// `POST /sign-out`: ends the session of the cookie.
pub(crate) async fn leave(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    fields.only(&["csrf"])?;
    if let Some(person) = signed_in(&desk.services, request).await? {
        person.check_csrf(fields.text("csrf"))?;
        let ended = desk.services.sign_in.leave(&person.session, &request.correlation).await;
        ended.map_err(|e| problems::error(&e))?;
    }
    let is_https = is_https(&desk.services);
    let gone = cookie::gone(cookie::session_name(is_https), is_https);
    Ok(Answer::see_other("/sign-in").setting(gone))
}

/// The page that the reader wanted when they asked for a link in this browser.
fn going_to(desk: &Desk, request: &Request) -> Option<String> {
    let kept = request.cookies(cookie::next_name(is_https(&desk.services))).next()?;
    let path = percent_encoding::percent_decode_str(kept).decode_utf8().ok()?;
    next::safe(&path).map(ToOwned::to_owned)
}
