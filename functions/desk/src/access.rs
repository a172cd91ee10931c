//! Who asks: somebody with the desk key, or the holder of an alert's link, for its one lead.

use baton_cloud::{Link, Secrets, Settings};
use baton_core::command::{Actor, Command, Order};
use baton_core::id::LeadId;
use baton_core::lead::Lead;
use baton_http::{Problem, Request};
use jiff::Timestamp;

/// Somebody who may look, and may ask for things the domain then allows or refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The CRM or a script.
    Desk,
    /// Whoever got the link, and its token.
    Link(Link, String),
}

const NO_KEY: &str = "send the desk key as 'Authorization: Bearer KEY', or open the link in your \
                      alert";
const NO_LINK: &str = "the link is not complete, has expired, or is for another lead: open the \
                       newest alert you have about this lead";

/// Finds out who asks about a lead. A token comes in the query, in a form, or as a bearer key.
pub(crate) fn of(
    request: &Request,
    form_token: Option<&str>,
    lead: LeadId,
    secrets: &Secrets,
    settings: &Settings,
    now: Timestamp,
) -> Result<Access, Problem> {
    let bearer = request.bearer();
    if bearer.is_some_and(|key| secrets.is_desk(key)) {
        return Ok(Access::Desk);
    }
    let token = form_token.or_else(|| request.query("t")).or(bearer);
    let token = token.ok_or_else(|| Problem::unauthorised(NO_KEY))?;
    let link = settings.links.read(token, &settings.rules().roster, now);
    match link.filter(|link| link.lead == lead) {
        Some(link) => Ok(Access::Link(link, token.to_owned())),
        None => Err(Problem::unauthorised(NO_LINK)),
    }
}

impl Access {
    /// Refuses a link from before the person behind the lead was erased.
    pub(crate) fn may_see(&self, lead: &Lead) -> Result<(), Problem> {
        match self {
            Self::Link(link, _) if link.erasures != lead.erasures() => {
                Err(Problem::unauthorised(NO_LINK))
            }
            Self::Link(..) | Self::Desk => Ok(()),
        }
    }

    /// The order this asker gives.
    pub(crate) fn order(&self, command: Command, request: &Request) -> Order {
        let order = |by| Order::new(command, by, request.correlation.clone());
        match self {
            Self::Desk => order(Actor::Crm),
            Self::Link(link, _) => Order {
                cycle: Some(link.cycle),
                erasures: Some(link.erasures),
                ..order(Actor::Person(link.person.clone()))
            },
        }
    }
}
