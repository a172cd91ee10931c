//! `POST /leads/{lead}/{command}`: JSON from programs, a form from the page's buttons.

use baton_core::commands::{CommandKind, CommandRequest, Done};
use baton_core::id::{Identity, LeadId};
use baton_engine::Failure;
use baton_http::{Answer, Problem, Request};

use crate::access::Access;
use crate::fields::Fields;
use crate::{Desk, lead, problems};

/// The command of a route, and what a page says once it is done. A command that nobody gives by
/// hand has no route.
pub(crate) fn named(word: &str) -> Option<(CommandKind, Done)> {
    let kind = CommandKind::named(word)?;
    Some((kind, kind.done()?))
}

pub(crate) async fn command(
    desk: &Desk,
    request: &Request,
    (id, who): (LeadId, Option<Identity>),
    kind: CommandKind,
    done: Done,
) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    let access = Access::of_sender(desk, request, &fields, id).await?;
    let command = fields.command(kind)?;
    let command_request =
        CommandRequest { seen: fields.seen()?, ..access.command_request(command, request) };
    let begins = who.filter(|who| kind == CommandKind::Qualify && who.email().is_some());
    let executed = match begins {
        Some(who) => desk.services.begin(&who, &command_request).await,
        None => desk.services.execute(id, &command_request).await,
    };
    let word = done.word;
    match (executed, &access) {
        (Ok(_), Access::Link(_, token)) if request.is_form() => {
            Ok(Answer::see_other(&format!("/l/{token}?done={word}")))
        }
        // Whoever gave a lead away may no longer see it.
        (Ok(given), Access::Session(_)) if request.is_form() && access.may_see(&given).is_err() => {
            Ok(Answer::see_other("/board"))
        }
        (Ok(_), Access::Session(_)) if request.is_form() => {
            Ok(Answer::see_other(&format!("/leads/{id}?done={word}")))
        }
        (Ok(lead), _) => Ok(Answer::json(200, &lead::json::lead(&lead, &desk.services))),
        (Err(Failure::Refused(refusal)), Access::Link(..) | Access::Session(_))
            if request.is_form() && request.wants_page() =>
        {
            lead::page_of_refusal(desk, request, id, &access, refusal).await
        }
        (Err(failure), _) => Err(problems::failure(failure)),
    }
}
