//! The privacy desk, for marketing: what is stored about a person, to export or to erase.
//!
//! A person's address is sent in the body of a form and never in a URL, so that no log has it.
//! Pages name a person by the id of the lead, which is a hash. Somebody who is only in quarantine
//! has no lead: each form names them.

mod export;
mod page;
mod subject;

use baton_core::Role;
use baton_core::commands::Actor;
use baton_core::text::InvalidValue;
use baton_engine::{Erased, Holding};
use baton_http::{Answer, Problem, Request};

use crate::fields::{Fields, invalid};
use crate::visitor::Visitor;
use crate::{Desk, problems};
use page::PageContext;
use subject::{Subject, read_id, read_identity};

/// `GET /privacy`.
pub(crate) async fn find_page(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let visitor = Visitor::of_reader(desk, request).await?;
    visitor.require(Role::keeps_privacy)?;
    page::find(200, &context(desk, request, &visitor), None)
}

/// `POST /privacy`: finds somebody. If there is a lead, it redirects to the page of its id.
pub(crate) async fn find(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    let visitor = privacy_sender(desk, request, &fields).await?;
    fields.only(&["who"])?;
    let context = context(desk, request, &visitor);
    let subject = match Subject::read(&fields) {
        Ok(subject) => subject,
        Err(_) if request.is_form() => {
            return page::find(422, &context, Some(page::FindFailure::Unreadable));
        }
        Err(problem) => return Err(problem),
    };
    let held = held(desk, &subject).await?;
    if held.lead.is_some() || held.tombstone.is_some() && held.quarantined.is_empty() {
        return Ok(Answer::see_other(&format!("/privacy/{}", subject.id)));
    }
    match held.is_empty() {
        true => page::find(404, &context, Some(page::FindFailure::NotFound)),
        false => page::found(&context, &subject, &held),
    }
}

/// `GET /privacy/{lead}`, by the id of a lead only.
pub(crate) async fn held_page(desk: &Desk, request: &Request, id: &str) -> Result<Answer, Problem> {
    let (visitor, subject) = asked_for(desk, request, id).await?;
    let held = held(desk, &subject).await?;
    let context = context(desk, request, &visitor);
    match held.is_empty() && held.tombstone.is_none() {
        true => page::find(404, &context, Some(page::FindFailure::NotFound)),
        false => page::found(&context, &subject, &held),
    }
}

/// `POST /privacy/{lead}/export`: everything as one file.
pub(crate) async fn export(desk: &Desk, request: &Request, id: &str) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    let visitor = privacy_sender(desk, request, &fields).await?;
    fields.only(&["who"])?;
    let subject = Subject::named(id, &fields)?;
    let held = held(desk, &subject).await?;
    if held.is_empty() {
        return Err(problems::no_lead());
    }
    let (lead, by) = (subject.id, by(&visitor));
    let correlation = &request.correlation;
    tracing::info!(%lead, command = "export", %by, %correlation,
        "lead {lead}: export, for {correlation}");
    let settings = desk.services.settings();
    let export = export::all(&held, &desk.services, settings.clock.now());
    Ok(Answer::json(200, &export).to_keep(&format!("baton-{lead}.json")))
}

/// `GET /privacy/{lead}/erase`: asks for confirmation.
pub(crate) async fn erase_page(
    desk: &Desk,
    request: &Request,
    id: &str,
) -> Result<Answer, Problem> {
    let (visitor, subject) = asked_for(desk, request, id).await?;
    let held = held(desk, &subject).await?;
    let context = context(desk, request, &visitor);
    match held.lead {
        Some(_) => page::erase(200, &context, &subject, &held),
        None => page::find(404, &context, Some(page::FindFailure::NotFound)),
    }
}

/// `POST /privacy/{lead}/erase`: erases for good, once the address was typed again.
pub(crate) async fn erase(desk: &Desk, request: &Request, id: &str) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    let visitor = privacy_sender(desk, request, &fields).await?;
    fields.only(&["sure", "who"])?;
    let subject = Subject::named(id, &fields)?;
    let held = held(desk, &subject).await?;
    if held.is_empty() {
        return Err(problems::no_lead());
    }
    let context = context(desk, request, &visitor);
    let who = subject.identity(&held);
    let sure = fields.text("sure").and_then(read_identity);
    if sure.is_none() || sure.as_ref() != who {
        return match request.is_form() {
            true => page::erase(422, &context, &subject, &held),
            false => Err(invalid("sure", InvalidValue::new("is not who it is", SURE))),
        };
    }
    let by = by(&visitor);
    let erased = desk.services.erasure.erase(subject.id, who, &by, &request.correlation).await;
    let erased: Erased = erased.map_err(problems::failure)?;
    page::erased(&context, &erased, &by)
}

async fn asked_for(
    desk: &Desk,
    request: &Request,
    id: &str,
) -> Result<(Visitor, Subject), Problem> {
    let visitor = Visitor::of_reader(desk, request).await?;
    visitor.require(Role::keeps_privacy)?;
    Ok((visitor, Subject { id: read_id(id)?, who: None }))
}

async fn privacy_sender(
    desk: &Desk,
    request: &Request,
    fields: &Fields,
) -> Result<Visitor, Problem> {
    let visitor = Visitor::of_sender(desk, request, fields.text("csrf")).await?;
    visitor.require(Role::keeps_privacy)?;
    Ok(visitor)
}

async fn held(desk: &Desk, subject: &Subject) -> Result<Holding, Problem> {
    let held = desk.services.data_export.of(subject.id, subject.who.as_ref()).await;
    held.map_err(|e| problems::error(&e))
}

fn context<'a>(desk: &'a Desk, request: &Request, visitor: &'a Visitor) -> PageContext<'a> {
    let settings = desk.services.settings();
    PageContext { reader: visitor.reader(request, settings), visitor, settings }
}

const SURE: &str = "the address, or SOURCE:ITS-OWN-ID, of who is to be erased";

fn by(visitor: &Visitor) -> Actor {
    visitor.role().map_or(Actor::Crm, |role| Actor::Person(role.person.clone()))
}
