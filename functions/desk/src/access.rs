//! Who asks about one lead: a program with the desk key, the holder of the link in an alert, or
//! somebody who has signed in. A link covers its one lead, a session the leads of the person's
//! role.

use baton_core::commands::{Actor, Command, CommandRequest};
use baton_core::id::{LeadId, PersonId};
use baton_core::lead::Lead;
use baton_engine::Link;
use baton_http::{Problem, Request};

use crate::fields::Fields;
use crate::frame::Nav;
use crate::problems::{bad_link, not_yours};
use crate::session::{SignedIn, signed_in};
use crate::{Desk, lead_lookup};

/// The domain decides what they may do; this says who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The CRM or a script.
    Desk,
    /// The holder of a link, and the link's token.
    Link(Link, String),
    Session(Box<SignedIn>),
}

/// The hidden field that proves a form to be one of our pages'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormProof {
    /// `token` or `csrf`.
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

const NO_KEY: &str = "sign in, send the desk key as 'Authorization: Bearer KEY', or open the link \
                      in your alert";

impl Access {
    /// Reads who looks at a lead: from the desk key, else from the token of a link as the bearer or
    /// in the query, else from the cookie of a session.
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

    /// Reads who sends a command. A form with the token of a link is proved by the token. A cookie
    /// is sent along with another site's form, too, so that such a form has to carry the secret of
    /// the session.
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
            // Whoever sees every lead may also speak of somebody nobody has heard of.
            if !person.role.sees_all() {
                access.may_see(&access.find(desk, lead).await?)?;
            }
        }
        Ok(access)
    }

    /// Finds a lead. Whoever sees only some leads gets the same answer for another's lead and for
    /// none.
    pub(crate) async fn find(&self, desk: &Desk, id: LeadId) -> Result<Lead, Problem> {
        lead_lookup::find(&desk.services, id).await.map_err(|problem| match self {
            Self::Session(person) if !person.role.sees_all() && problem.status < 500 => not_yours(),
            Self::Session(_) | Self::Link(..) | Self::Desk => problem,
        })
    }

    /// Refuses a link from before the person was erased, and a lead beyond the role of the person
    /// who has signed in.
    pub(crate) fn may_see(&self, lead: &Lead) -> Result<(), Problem> {
        match self {
            Self::Link(link, _) if link.erasures != lead.erasures() => Err(bad_link()),
            Self::Session(person) if !person.role.may_see(lead) => Err(not_yours()),
            Self::Link(..) | Self::Session(_) | Self::Desk => Ok(()),
        }
    }

    /// A program's key belongs to no person.
    pub(crate) fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Desk => None,
            Self::Link(link, _) => Some(&link.person),
            Self::Session(person) => Some(person.person()),
        }
    }

    /// The tabs and the way out, for somebody who has signed in.
    pub(crate) fn nav(&self) -> Option<Nav> {
        match self {
            Self::Session(person) => Some(person.nav()),
            Self::Link(..) | Self::Desk => None,
        }
    }

    pub(crate) fn proof(&self) -> Option<FormProof> {
        match self {
            Self::Desk => None,
            Self::Link(_, token) => Some(FormProof { name: "token", value: token.clone() }),
            Self::Session(person) => {
                Some(FormProof { name: "csrf", value: person.session.csrf.clone() })
            }
        }
    }

    /// The trip into sales that a link was made for. Other askers mean the newest.
    pub(crate) fn cycle(&self) -> Option<u32> {
        match self {
            Self::Link(link, _) => Some(link.cycle),
            Self::Desk | Self::Session(_) => None,
        }
    }

    pub(crate) fn command_request(&self, command: Command, request: &Request) -> CommandRequest {
        let request_by = |by| CommandRequest::new(command, by, request.correlation.clone());
        match self {
            Self::Desk => request_by(Actor::Crm),
            Self::Session(person) => request_by(Actor::Person(person.person().clone())),
            Self::Link(link, _) => CommandRequest {
                cycle: Some(link.cycle),
                erasures: Some(link.erasures),
                ..request_by(Actor::Person(link.person.clone()))
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
    let settings = desk.services.settings();
    let link = settings.links.read(token, &settings.rules().roster, settings.clock.now());
    match link.filter(|link| link.lead == lead) {
        Some(link) => Ok(Some(Access::Link(link, token.to_owned()))),
        None => Err(bad_link()),
    }
}

async fn by_session(desk: &Desk, request: &Request) -> Result<Access, Problem> {
    let person = signed_in(&desk.services, request).await?;
    let session = |person| Access::Session(Box::new(person));
    person.map(session).ok_or_else(|| Problem::unauthorised(NO_KEY))
}
