//! Who asks about something that is not one lead: a program with the desk key, or somebody who has
//! signed in.

use baton_core::Role;
use baton_engine::Settings;
use baton_http::{Problem, Request};

use crate::Desk;
use crate::frame::{Frame, Tab};
use crate::problems::not_yours;
use crate::reader::Reader;
use crate::session::{SignedIn, signed_in};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// The CRM or a script, which sees everything.
    Desk,
    Person(SignedIn),
}

const NO_KEY: &str = "sign in, or send the desk key as 'Authorization: Bearer KEY'";
const NOT_THE_KEY: &str = "that is not the desk key; send it as 'Authorization: Bearer KEY'";

impl Visitor {
    pub(crate) async fn of_reader(desk: &Desk, request: &Request) -> Result<Self, Problem> {
        match request.bearer() {
            Some(key) if desk.secrets.is_desk(key) => Ok(Self::Desk),
            Some(_) => Err(Problem::unauthorised(NOT_THE_KEY)),
            None => {
                let person = signed_in(&desk.services, request).await?;
                person.map(Self::Person).ok_or_else(|| Problem::unauthorised(NO_KEY))
            }
        }
    }

    /// Reads who sends a form. The forms of a session carry a secret that no other site knows.
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

    /// Whether their role covers something.
    pub(crate) fn sees(&self, may: impl FnOnce(&Role) -> bool) -> bool {
        self.role().is_none_or(may)
    }

    /// Refuses a person whose role does not cover something.
    pub(crate) fn require(&self, may: impl FnOnce(&Role) -> bool) -> Result<(), Problem> {
        if self.sees(may) { Ok(()) } else { Err(not_yours()) }
    }

    /// A program has no role and sees everything.
    pub(crate) fn role(&self) -> Option<&Role> {
        match self {
            Self::Desk => None,
            Self::Person(person) => Some(&person.role),
        }
    }

    /// Their time zone, and how they write numbers. A program gets the time zone of the policy.
    pub(crate) fn reader(&self, request: &Request, settings: &Settings) -> Reader {
        let rules = settings.rules();
        let person = self.role().and_then(|role| rules.roster.person(&role.person));
        let zone = person.map_or(&rules.policy.time_zone, |person| &person.time_zone);
        Reader::new(request, zone.clone(), settings.clock.now())
    }

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
