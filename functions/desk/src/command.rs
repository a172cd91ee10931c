//! `POST /leads/{lead}/{command}`: JSON from programs, a form from the page's buttons.

use baton_core::commands::{CommandKind, CommandRequest};
use baton_core::id::LeadId;
use baton_engine::Failure;
use baton_http::{Answer, Problem, Request};

use crate::access::Access;
use crate::fields::Fields;
use crate::{Desk, reply};

/// The command of a route, if there is one that anybody can send.
pub(crate) fn named(word: &str) -> Option<CommandKind> {
    CommandKind::named(word).filter(|kind| kind.done().is_some())
}

impl Desk {
    pub(crate) async fn command(
        &self,
        request: &Request,
        lead: LeadId,
        kind: CommandKind,
    ) -> Result<Answer, Problem> {
        let fields = Fields::read(request)?;
        let access = self.asker(request, &fields, lead).await?;
        let command = fields.command(kind)?;
        let order = CommandRequest { seen: fields.seen()?, ..access.order(command, request) };
        let done = self.handoff.execute(lead, &order).await;
        let word = kind.done().map_or("", |done| done.word);
        match (done, &access) {
            (Ok(_), Access::Link(_, token)) if request.is_form() => {
                Ok(Answer::see_other(&format!("/l/{token}?done={word}")))
            }
            // Who gave a lead away sees it no more.
            (Ok(given), Access::Session(_))
                if request.is_form() && access.may_see(&given).is_err() =>
            {
                Ok(Answer::see_other("/board"))
            }
            (Ok(_), Access::Session(_)) if request.is_form() => {
                Ok(Answer::see_other(&format!("/leads/{lead}?done={word}")))
            }
            (Ok(lead), _) => Ok(Answer::json(200, &reply::lead(&lead, &self.handoff))),
            (Err(Failure::Refused(refusal)), Access::Link(..) | Access::Session(_))
                if request.is_form() && request.wants_page() =>
            {
                self.page_of_refusal(request, lead, &access, refusal).await
            }
            (Err(failure), _) => Err(reply::failure(failure)),
        }
    }
}
