//! Who looks at what is about no one lead: somebody with the desk key, or who has signed in.

use baton_core::Role;
use baton_core::id::PersonId;
use baton_engine::{Session, Settings};
use baton_http::{Problem, Request};

use crate::frame::{BOARD, FUNNEL, Frame, Nav, POLICY, PRIVACY, Tab};
use crate::reader::Reader;
use crate::sign_in::cookie;
use crate::{Desk, reply};

/// Somebody who may look around, as far as their role goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// The CRM or a script: sees everything.
    Desk,
    /// Somebody on the roster.
    Person(SignedIn),
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    /// What they may see.
    pub(crate) role: Role,
}

const NO_KEY: &str = "sign in, or send the desk key as 'Authorization: Bearer KEY'";
const NOT_THE_KEY: &str = "that is not the desk key; send it as 'Authorization: Bearer KEY'";

impl Desk {
    /// Who looks at a page that is about no one lead.
    pub(crate) async fn visitor(&self, request: &Request) -> Result<Visitor, Problem> {
        match request.bearer() {
            Some(key) if self.secrets.is_desk(key) => Ok(Visitor::Desk),
            Some(_) => Err(Problem::unauthorised(NOT_THE_KEY)),
            None => {
                let person = self.signed_in(request).await?;
                person.map(Visitor::Person).ok_or_else(|| Problem::unauthorised(NO_KEY))
            }
        }
    }

    /// Who sends a form of such a page: a session's own forms say so, and no other site knows how.
    pub(crate) async fn sender(
        &self,
        request: &Request,
        csrf: Option<&str>,
    ) -> Result<Visitor, Problem> {
        let visitor = self.visitor(request).await?;
        if let Visitor::Person(person) = &visitor {
            person.must_own(csrf)?;
        }
        Ok(visitor)
    }

    /// Who has signed in, by the cookie of a session that is neither over nor ended.
    pub(crate) async fn signed_in(&self, request: &Request) -> Result<Option<SignedIn>, Problem> {
        for cookie in request.cookies(cookie::session_name(self.is_https())) {
            let session =
                self.handoff.sign_in.session(cookie).await.map_err(|e| reply::error(&e))?;
            if let Some((session, role)) = session {
                return Ok(Some(SignedIn { session, role }));
            }
        }
        Ok(None)
    }

    /// Whether browsers reach us by HTTPS alone.
    pub(crate) fn is_https(&self) -> bool {
        self.handoff.settings().links.base_url().starts_with("https://")
    }
}

impl Visitor {
    /// Refuses who may not, in words for people.
    pub(crate) fn must(&self, may: impl FnOnce(&Role) -> bool) -> Result<(), Problem> {
        match self {
            Self::Person(person) if !may(&person.role) => Err(not_yours()),
            Self::Person(_) | Self::Desk => Ok(()),
        }
    }

    /// What they may see; a program's key has no role and sees everything.
    pub(crate) fn role(&self) -> Option<&Role> {
        match self {
            Self::Desk => None,
            Self::Person(person) => Some(&person.role),
        }
    }

    /// Their clock, and how they write numbers. A program reads in the policy's time zone.
    pub(crate) fn reader(&self, request: &Request, settings: &Settings) -> Reader {
        let rules = settings.rules();
        let person = self.role().and_then(|role| rules.roster.person(&role.person));
        let zone = person.map_or(&rules.policy.time_zone, |person| &person.time_zone);
        Reader::new(request, zone.clone(), settings.clock.now())
    }

    /// What stands around a page of theirs.
    pub(crate) fn frame(&self, here: Option<Tab>, reader: &Reader, settings: &Settings) -> Frame {
        let rules = settings.rules();
        let known = self.role().and_then(|role| rules.roster.person(&role.person));
        match (self, known) {
            (Self::Person(person), Some(known)) => {
                Frame::of(known, Some(person.nav()), here, reader)
            }
            (Self::Person(_) | Self::Desk, _) => Frame::of_desk(here, reader),
        }
    }
}

impl SignedIn {
    /// Who signed in.
    pub(crate) fn person(&self) -> &PersonId {
        &self.role.person
    }

    /// The pages of their role, and the way out.
    pub(crate) fn nav(&self) -> Nav {
        let role = &self.role;
        let tabs = [
            (true, BOARD),
            (role.sees_funnel(), FUNNEL),
            (role.sees_policy(), POLICY),
            (role.keeps_privacy(), PRIVACY),
        ];
        let tabs = tabs.into_iter().filter_map(|(is_theirs, tab)| is_theirs.then_some(tab));
        Nav { tabs: tabs.collect(), csrf: self.session.csrf.clone() }
    }

    /// Refuses a form that another site made, or a page of another session.
    pub(crate) fn must_own(&self, csrf: Option<&str>) -> Result<(), Problem> {
        const DETAIL: &str = "the form is of a page from before you last signed in: open the page \
                              anew and send it again";
        match csrf {
            Some(csrf) if self.session.owns(csrf) => Ok(()),
            Some(_) | None => Err(Problem::new(403, "wrong_csrf", DETAIL)),
        }
    }
}

/// It is there, and somebody else's to see.
pub(crate) fn not_yours() -> Problem {
    const DETAIL: &str = "you see your own leads, a supervisor their team's, and marketing all; \
                          if this should be yours, ask whoever keeps the roster";
    Problem::new(403, "not_yours", DETAIL)
}
