//! The session that the cookie of a browser names, and the role of its person.

use baton_core::Role;
use baton_core::id::PersonId;
use baton_engine::{Services, Session};
use baton_http::{Problem, Request};

use crate::frame::{BOARD, FUNNEL, Nav, POLICY, PRIVACY};
use crate::{cookie, problems};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    pub(crate) role: Role,
}

/// The person whose session has neither expired nor ended.
pub(crate) async fn signed_in(
    services: &Services,
    request: &Request,
) -> Result<Option<SignedIn>, Problem> {
    for cookie in request.cookies(cookie::session_name(is_https(services))) {
        let session = services.sign_in.session(cookie).await.map_err(|e| problems::error(&e))?;
        if let Some((session, role)) = session {
            return Ok(Some(SignedIn { session, role }));
        }
    }
    Ok(None)
}

pub(crate) fn is_https(services: &Services) -> bool {
    services.settings().links.base_url().starts_with("https://")
}

impl SignedIn {
    pub(crate) fn person(&self) -> &PersonId {
        &self.role.person
    }

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

    /// Refuses a form of another site, or of another session.
    pub(crate) fn check_csrf(&self, csrf: Option<&str>) -> Result<(), Problem> {
        match csrf {
            Some(csrf) if self.session.owns(csrf) => Ok(()),
            Some(_) | None => Err(problems::wrong_csrf()),
        }
    }
}
