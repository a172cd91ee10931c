//! Who asks about a lead: somebody with the desk key, the holder of an alert's link, for its one
//! lead, or somebody who has signed in, for the leads of their role.

use baton_cloud::Link;
use baton_core::commands::{Actor, Command, CommandRequest};
use baton_core::id::{LeadId, PersonId};
use baton_core::lead::Lead;
use baton_http::{Problem, Request};

use crate::fields::Fields;
use crate::frame::Nav;
use crate::problems::{bad_link, not_yours};
use crate::session::{SignedIn, signed_in};
use crate::{Desk, lead_lookup};

/// Somebody who may look, and may ask for things the domain then allows or refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The CRM or a script.
    Desk,
    /// Whoever got the link, and its token.
    Link(Link, String),
    /// Somebody who has signed in.
    Session(Box<SignedIn>),
}

/// What the forms of a page prove themselves with: a hidden field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormProof {
    /// Its name: `token` or `csrf`.
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

const NO_KEY: &str = "sign in, send the desk key as 'Authorization: Bearer KEY', or open the link \
                      in your alert";

impl Access {
    /// Whoever looks at a lead: by the desk key, else by a link's token as the bearer or in the
    /// query, else by the cookie of a session.
    pub(crate) async fn of_reader(
        desk: &Desk,
        request: &Request,
        lead: LeadId,
    ) -> Result<Self, Problem> {
        match by_token(desk, request, None, lead)? {
            Some(access) => Ok(access),
            None => by_session(desk, request).await,
        }
    }

    /// Whoever asks for something to be done with a lead. A form with the token of a link is
    /// proved by the token. With a cookie alone it might come from another site, so that it has to
    /// carry the session's secret, too.
    pub(crate) async fn of_sender(
        desk: &Desk,
        request: &Request,
        fields: &Fields,
        lead: LeadId,
    ) -> Result<Self, Problem> {
        if let Some(access) = by_token(desk, request, fields.text("token"), lead)? {
            return Ok(access);
        }
        let access = by_session(desk, request).await?;
        if let Access::Session(person) = &access {
            person.check_csrf(fields.text("csrf"))?;
            access.may_see(&access.find(desk, lead).await?)?;
        }
        Ok(access)
    }

    /// The lead, or what they may be told of its not being there: whoever sees some leads alone
    /// does not learn which others there are.
    pub(crate) async fn find(&self, desk: &Desk, id: LeadId) -> Result<Lead, Problem> {
        lead_lookup::find(&desk.handoff, id).await.map_err(|problem| match self {
            Self::Session(person) if !person.role.sees_all() && problem.status < 500 => not_yours(),
            Self::Session(_) | Self::Link(..) | Self::Desk => problem,
        })
    }

    /// Refuses a link from before the person behind the lead was erased, and a lead beyond the
    /// role of whoever has signed in.
    pub(crate) fn may_see(&self, lead: &Lead) -> Result<(), Problem> {
        match self {
            Self::Link(link, _) if link.erasures != lead.erasures() => Err(bad_link()),
            Self::Session(person) if !person.role.may_see(lead) => Err(not_yours()),
            Self::Link(..) | Self::Session(_) | Self::Desk => Ok(()),
        }
    }

    /// Which person it is; a program's key is nobody's.
    pub(crate) fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Desk => None,
            Self::Link(link, _) => Some(&link.person),
            Self::Session(person) => Some(person.person()),
        }
    }

    /// The way around and out, for who has signed in.
    pub(crate) fn nav(&self) -> Option<Nav> {
        match self {
            Self::Session(person) => Some(person.nav()),
            Self::Link(..) | Self::Desk => None,
        }
    }

    /// What the forms of a page for them carry.
    pub(crate) fn proof(&self) -> Option<FormProof> {
        match self {
            Self::Desk => None,
            Self::Link(_, token) => Some(FormProof { name: "token", value: token.clone() }),
            Self::Session(person) => {
                Some(FormProof { name: "csrf", value: person.session.csrf.clone() })
            }
        }
    }

    /// The trip into sales that what they do is about, if they know of one alone.
    pub(crate) fn cycle(&self) -> Option<u32> {
        match self {
            Self::Link(link, _) => Some(link.cycle),
            Self::Desk | Self::Session(_) => None,
        }
    }

    /// The order this asker gives.
    pub(crate) fn order(&self, command: Command, request: &Request) -> CommandRequest {
        let order = |by| CommandRequest::new(command, by, request.correlation.clone());
        match self {
            Self::Desk => order(Actor::Crm),
            Self::Session(person) => order(Actor::Person(person.person().clone())),
            Self::Link(link, _) => CommandRequest {
                cycle: Some(link.cycle),
                erasures: Some(link.erasures),
                ..order(Actor::Person(link.person.clone()))
            },
        }
    }
}

fn by_token(
    desk: &Desk,
    request: &Request,
    form_token: Option<&str>,
    lead: LeadId,
) -> Result<Option<Access>, Problem> {
    let bearer = request.bearer();
    if bearer.is_some_and(|key| desk.secrets.is_desk(key)) {
        return Ok(Some(Access::Desk));
    }
    let Some(token) = bearer.or(form_token).or_else(|| request.query("t")) else {
        return Ok(None);
    };
    let settings = desk.handoff.settings();
    let link = settings.links.read(token, &settings.rules().roster, settings.clock.now());
    match link.filter(|link| link.lead == lead) {
        Some(link) => Ok(Some(Access::Link(link, token.to_owned()))),
        None => Err(bad_link()),
    }
}

async fn by_session(desk: &Desk, request: &Request) -> Result<Access, Problem> {
    let person = signed_in(&desk.handoff, request).await?;
    let session = |person| Access::Session(Box::new(person));
    person.map(session).ok_or_else(|| Problem::unauthorised(NO_KEY))
}
