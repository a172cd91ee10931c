//! Who looks at what is about no one lead: somebody with the desk key, or who has signed in.

use baton_cloud::Settings;
use baton_core::Role;
use baton_http::{Problem, Request};

use crate::Desk;
use crate::frame::{Frame, Tab};
use crate::problems::not_yours;
use crate::reader::Reader;
use crate::session::{SignedIn, signed_in};

/// Somebody who may look around, as far as their role goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// The CRM or a script: sees everything.
    Desk,
    /// Somebody on the roster.
    Person(SignedIn),
}

const NO_KEY: &str = "sign in, or send the desk key as 'Authorization: Bearer KEY'";
const NOT_THE_KEY: &str = "that is not the desk key; send it as 'Authorization: Bearer KEY'";

impl Visitor {
    /// Whoever looks at a page that is about no one lead.
    pub(crate) async fn of_reader(desk: &Desk, request: &Request) -> Result<Self, Problem> {
        match request.bearer() {
            Some(key) if desk.secrets.is_desk(key) => Ok(Self::Desk),
            Some(_) => Err(Problem::unauthorised(NOT_THE_KEY)),
            None => {
                let person = signed_in(&desk.handoff, request).await?;
                person.map(Self::Person).ok_or_else(|| Problem::unauthorised(NO_KEY))
            }
        }
    }

    /// Whoever sends a form of such a page. The forms of a session carry a secret that no other
    /// site knows.
    pub(crate) async fn of_sender(
        desk: &Desk,
        request: &Request,
        csrf: Option<&str>,
    ) -> Result<Self, Problem> {
        let visitor = Self::of_reader(desk, request).await?;
        if let Self::Person(person) = &visitor {
            person.check_csrf(csrf)?;
        }
        Ok(visitor)
    }

    /// Refuses who may not, in words for people.
    pub(crate) fn require(&self, may: impl FnOnce(&Role) -> bool) -> Result<(), Problem> {
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
