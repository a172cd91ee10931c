//! Problems that the desk answers. This is the only file of this function that turns the domain's
//! refusals into status codes.

use baton_cloud::{Error, causes};
use baton_core::Refusal;
use baton_engine::Failure;
use baton_http::Problem;

pub(crate) const NO_LINK: &str = "the link is not complete, has expired, or is for another lead: \
                                  open the newest alert you have about this lead";

pub(crate) fn no_lead() -> Problem {
    Problem::new(404, "no_such_lead", "no activity of this lead has ever arrived")
}

/// It exists, but the role of the asker does not cover it.
pub(crate) fn not_yours() -> Problem {
    const DETAIL: &str = "you see your own leads, a supervisor their team's, and marketing all; \
                          if this should be yours, ask whoever keeps the roster";
    Problem::new(403, "not_yours", DETAIL)
}

pub(crate) fn bad_link() -> Problem {
    Problem::unauthorised(NO_LINK)
}

/// A form without the secret of the session.
pub(crate) fn wrong_csrf() -> Problem {
    const DETAIL: &str = "the form is of a page from before you last signed in: open the page \
                          anew and send it again";
    Problem::new(403, "wrong_csrf", DETAIL)
}

/// A form from the page of another site.
pub(crate) fn cross_site() -> Problem {
    const DETAIL: &str = "the form was sent by a page that is not ours: open the page here and \
                          send it again";
    Problem::new(403, "cross_site", DETAIL)
}

/// Too many requests for a link to sign in. The next one is accepted in so many seconds.
pub(crate) fn too_many_links(seconds: u32) -> Problem {
    let detail = format!("too many ask for a link just now; wait {seconds} s and ask again");
    let problem = Problem::new(429, "too_many_requests", detail);
    Problem { retry_after: Some(seconds), ..problem }
}

pub(crate) fn failure(failure: Failure) -> Problem {
    match failure {
        Failure::NotFound => no_lead(),
        Failure::Refused(gone @ Refusal::Erased) => {
            Problem::new(410, gone.code(), gone.to_string())
        }
        Failure::Refused(refusal) => Problem::new(409, refusal.code(), refusal.to_string()),
        Failure::Error(failed) => error(&failed),
    }
}

/// A call to AWS failed. It is logged here and nowhere else; the asker is told to try again.
pub(crate) fn error(error: &Error) -> Problem {
    tracing::error!(error = %causes(error), "the desk could not do it");
    Problem::unavailable()
}
