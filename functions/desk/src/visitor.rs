//! Who looks at what is about no one lead: somebody with the desk key, or who has signed in.

use baton_cloud::Settings;
use baton_core::role::Role;
use baton_http::{Problem, Request};

use crate::Desk;
use crate::frame::{Frame, Tab};
use crate::reader::Reader;

/// Somebody who may look around, as far as their role goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// The CRM or a script: sees everything.
    Desk,
}

const NO_KEY: &str = "sign in, or send the desk key as 'Authorization: Bearer KEY'";

impl Desk {
    /// Who looks at a page that is about no one lead.
    pub(crate) async fn visitor(&self, request: &Request) -> Result<Visitor, Problem> {
        match request.bearer() {
            Some(key) if self.secrets.is_desk(key) => Ok(Visitor::Desk),
            Some(_) | None => Err(Problem::unauthorised(NO_KEY)),
        }
    }
}

impl Visitor {
    /// What they may see; a program's key has no role and sees everything.
    pub(crate) fn role(&self) -> Option<&Role> {
        match self {
            Self::Desk => None,
        }
    }

    /// Their clock, and how they write numbers. A program reads in the policy's time zone.
    pub(crate) fn reader(&self, request: &Request, settings: &Settings) -> Reader {
        let rules = settings.rules();
        Reader::new(request, rules.policy.time_zone.clone(), settings.clock.now())
    }

    /// What stands around a page of theirs.
    pub(crate) fn frame(&self, here: Option<Tab>, reader: &Reader, _settings: &Settings) -> Frame {
        Frame::of_desk(here, reader)
    }
}

/// It is there, and somebody else's to see.
pub(crate) fn not_yours() -> Problem {
    const DETAIL: &str = "you see your own leads, a supervisor their team's, and marketing all; \
                          if this should be yours, ask whoever keeps the roster";
    Problem::new(403, "not_yours", DETAIL)
}
