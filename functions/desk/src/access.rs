//! Who asks about a lead: somebody with the desk key, the holder of an alert's link, for its one
//! lead, or somebody who has signed in, for the leads of their role.

use baton_core::commands::{Actor, Command, CommandRequest};
use baton_core::id::{LeadId, PersonId};
use baton_core::lead::Lead;
use baton_engine::Link;
use baton_http::{Problem, Request};

use crate::Desk;
use crate::fields::Fields;
use crate::frame::Nav;
use crate::visitor::{SignedIn, not_yours};

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
pub(crate) struct Proof {
    /// Its name: `token` or `csrf`.
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

const NO_KEY: &str = "sign in, send the desk key as 'Authorization: Bearer KEY', or open the link \
                      in your alert";
/// What is said of a link that opens nothing.
pub(crate) const NO_LINK: &str = "the link is not complete, has expired, or is for another lead: open the \
                                  newest alert you have about this lead";

impl Desk {
    /// Who looks at a lead: by the desk key, a link's token as the bearer or in the query, or the
    /// cookie of a session, in this order.
    pub(crate) async fn access(&self, request: &Request, lead: LeadId) -> Result<Access, Problem> {
        match self.access_by_token(request, None, lead)? {
            Some(access) => Ok(access),
            None => self.access_by_session(request).await,
        }
    }

    /// Who asks for something to be done with a lead, and what their form proves: with a token of
    /// their link it is theirs, and with a cookie alone it may be any other site's.
    pub(crate) async fn asker(
        &self,
        request: &Request,
        fields: &Fields,
        lead: LeadId,
    ) -> Result<Access, Problem> {
        if let Some(access) = self.access_by_token(request, fields.text("token"), lead)? {
            return Ok(access);
        }
        let access = self.access_by_session(request).await?;
        if let Access::Session(person) = &access {
            person.must_own(fields.text("csrf"))?;
            access.may_see(&self.find_for(&access, lead).await?)?;
        }
        Ok(access)
    }

    fn access_by_token(
        &self,
        request: &Request,
        form_token: Option<&str>,
        lead: LeadId,
    ) -> Result<Option<Access>, Problem> {
        let bearer = request.bearer();
        if bearer.is_some_and(|key| self.secrets.is_desk(key)) {
            return Ok(Some(Access::Desk));
        }
        let Some(token) = bearer.or(form_token).or_else(|| request.query("t")) else {
            return Ok(None);
        };
        let settings = self.handoff.settings();
        let link = settings.links.read(token, &settings.rules().roster, settings.clock.now());
        match link.filter(|link| link.lead == lead) {
            Some(link) => Ok(Some(Access::Link(link, token.to_owned()))),
            None => Err(Problem::unauthorised(NO_LINK)),
        }
    }

    async fn access_by_session(&self, request: &Request) -> Result<Access, Problem> {
        let person = self.signed_in(request).await?;
        let session = |person| Access::Session(Box::new(person));
        person.map(session).ok_or_else(|| Problem::unauthorised(NO_KEY))
    }
}

impl Access {
    /// Refuses a link from before the person behind the lead was erased, and a lead beyond the
    /// role of whoever has signed in.
    pub(crate) fn may_see(&self, lead: &Lead) -> Result<(), Problem> {
        match self {
            Self::Link(link, _) if link.erasures != lead.erasures() => {
                Err(Problem::unauthorised(NO_LINK))
            }
            Self::Session(person) if !person.role.may_see(lead) => Err(not_yours()),
            Self::Link(..) | Self::Session(_) | Self::Desk => Ok(()),
        }
    }

    /// What they are told of a lead that is not there: whoever sees some leads alone does not learn
    /// of the others which there are.
    pub(crate) fn told(&self, problem: Problem) -> Problem {
        match self {
            Self::Session(person) if !person.role.sees_all() && problem.status < 500 => not_yours(),
            Self::Session(_) | Self::Link(..) | Self::Desk => problem,
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
    pub(crate) fn proof(&self) -> Option<Proof> {
        match self {
            Self::Desk => None,
            Self::Link(_, token) => Some(Proof { name: "token", value: token.clone() }),
            Self::Session(person) => {
                Some(Proof { name: "csrf", value: person.session.csrf.clone() })
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
