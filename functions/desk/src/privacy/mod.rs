//! The privacy desk: what is held of a person, for them to have, or to be forgotten. For marketing.
//!
//! An address is typed into a form's body and is in no address of ours, nor in a log. Pages name a
//! person by our id, a hash; one who is mentioned in quarantine alone is named by each form.

mod export;
mod page;

use baton_core::Role;
use baton_core::commands::Actor;
use baton_core::email::Email;
use baton_core::id::{Identity, LeadId};
use baton_core::text::InvalidValue;
use baton_engine::{Erased, Holding};
use baton_http::{Answer, Problem, Request};

use crate::fields::{Fields, invalid};
use crate::visitor::Visitor;
use crate::{Desk, reply};
use page::Around;

/// Somebody who is looked for: by our id, and by who they are if the asker said so.
pub(crate) struct Wanted {
    id: LeadId,
    who: Option<Identity>,
}

impl Desk {
    /// `GET /privacy`.
    pub(crate) async fn privacy(&self, request: &Request) -> Result<Answer, Problem> {
        let visitor = self.visitor(request).await?;
        visitor.must(Role::keeps_privacy)?;
        page::find(200, &self.around(request, &visitor), None)
    }

    /// `POST /privacy`: finds somebody. A lead is gone on to, by its id.
    pub(crate) async fn find_held(&self, request: &Request) -> Result<Answer, Problem> {
        let fields = Fields::read(request)?;
        let visitor = self.privacy_sender(request, &fields).await?;
        fields.only(&["who"])?;
        let around = self.around(request, &visitor);
        let wanted = match Wanted::read(&fields) {
            Ok(wanted) => wanted,
            Err(_) if request.is_form() => {
                return page::find(422, &around, Some(page::Why::Unread));
            }
            Err(problem) => return Err(problem),
        };
        let held = self.held(&wanted).await?;
        if held.lead.is_some() || held.tombstone.is_some() && held.quarantined.is_empty() {
            return Ok(Answer::see_other(&format!("/privacy/{}", wanted.id)));
        }
        match held.is_empty() {
            true => page::find(404, &around, Some(page::Why::Nothing)),
            false => page::found(&around, &wanted, &held),
        }
    }

    /// `GET /privacy/{lead}`, by our id alone.
    pub(crate) async fn held_page(&self, request: &Request, id: &str) -> Result<Answer, Problem> {
        let (visitor, wanted) = self.asked_for(request, id).await?;
        let held = self.held(&wanted).await?;
        let around = self.around(request, &visitor);
        match held.is_empty() && held.tombstone.is_none() {
            true => page::find(404, &around, Some(page::Why::Nothing)),
            false => page::found(&around, &wanted, &held),
        }
    }

    /// `POST /privacy/{lead}/export`: all of it, as one file.
    pub(crate) async fn export(&self, request: &Request, id: &str) -> Result<Answer, Problem> {
        let fields = Fields::read(request)?;
        let visitor = self.privacy_sender(request, &fields).await?;
        fields.only(&["who"])?;
        let wanted = Wanted::named(id, &fields)?;
        let held = self.held(&wanted).await?;
        if held.is_empty() {
            return Err(reply::no_lead());
        }
        let (lead, by) = (wanted.id, by(&visitor));
        let correlation = &request.correlation;
        tracing::info!(%lead, command = "export", %by, %correlation,
            "lead {lead}: export, for {correlation}");
        let settings = self.handoff.settings();
        let export = export::all(&held, &self.handoff, settings.clock.now());
        Ok(Answer::json(200, &export).to_keep(&format!("baton-{lead}.json")))
    }

    /// `GET /privacy/{lead}/erase`: asks once more.
    pub(crate) async fn erase_page(&self, request: &Request, id: &str) -> Result<Answer, Problem> {
        let (visitor, wanted) = self.asked_for(request, id).await?;
        let held = self.held(&wanted).await?;
        let around = self.around(request, &visitor);
        match held.lead {
            Some(_) => page::erase(200, &around, &wanted, &held),
            None => page::find(404, &around, Some(page::Why::Nothing)),
        }
    }

    /// `POST /privacy/{lead}/erase`: for good, once who it is was typed again.
    pub(crate) async fn erase_held(&self, request: &Request, id: &str) -> Result<Answer, Problem> {
        let fields = Fields::read(request)?;
        let visitor = self.privacy_sender(request, &fields).await?;
        fields.only(&["sure", "who"])?;
        let wanted = Wanted::named(id, &fields)?;
        let held = self.held(&wanted).await?;
        if held.is_empty() {
            return Err(reply::no_lead());
        }
        let around = self.around(request, &visitor);
        let who = wanted.identity(&held);
        let sure = fields.text("sure").and_then(read_identity);
        if sure.is_none() || sure.as_ref() != who {
            return match request.is_form() {
                true => page::erase(422, &around, &wanted, &held),
                false => Err(invalid("sure", InvalidValue::new("is not who it is", SURE))),
            };
        }
        let by = by(&visitor);
        let erased = self.handoff.erasure.erase(wanted.id, who, &by, &request.correlation).await;
        let erased: Erased = erased.map_err(reply::failure)?;
        page::erased(&around, &erased, &by)
    }

    /// Who looks, and at whom.
    async fn asked_for(&self, request: &Request, id: &str) -> Result<(Visitor, Wanted), Problem> {
        let visitor = self.visitor(request).await?;
        visitor.must(Role::keeps_privacy)?;
        Ok((visitor, Wanted { id: read_id(id)?, who: None }))
    }

    async fn privacy_sender(&self, request: &Request, fields: &Fields) -> Result<Visitor, Problem> {
        let visitor = self.sender(request, fields.text("csrf")).await?;
        visitor.must(Role::keeps_privacy)?;
        Ok(visitor)
    }

    async fn held(&self, wanted: &Wanted) -> Result<Holding, Problem> {
        let held = self.handoff.data_export.of(wanted.id, wanted.who.as_ref()).await;
        held.map_err(|e| reply::error(&e))
    }

    fn around<'a>(&'a self, request: &Request, visitor: &'a Visitor) -> Around<'a> {
        let settings = self.handoff.settings();
        Around { reader: visitor.reader(request, settings), visitor, settings }
    }
}

const SURE: &str = "the address, or SOURCE:ITS-OWN-ID, of who is to be erased";

impl Wanted {
    /// What was typed: an address, `SOURCE:ITS-OWN-ID`, or our id.
    fn read(fields: &Fields) -> Result<Self, Problem> {
        let missing = || invalid("who", InvalidValue::new("is missing", EXPECTED));
        let text = fields.text("who").ok_or_else(missing)?;
        if let Some(who) = read_identity(text) {
            return Ok(Self { id: who.lead_id(), who: Some(who) });
        }
        Ok(Self { id: read_id(text)?, who: None })
    }

    /// By our id, and who they are if a form says so: they have that id, or the form is mistaken.
    fn named(id: &str, fields: &Fields) -> Result<Self, Problem> {
        let id = read_id(id)?;
        let who = fields.text("who").and_then(read_identity);
        Ok(Self { id, who: who.filter(|who| who.lead_id() == id) })
    }

    /// Who they are, as the lead knows or the asker said.
    fn identity<'w>(&'w self, held: &'w Holding) -> Option<&'w Identity> {
        held.lead.as_ref().map(|lead| &lead.who).or(self.who.as_ref())
    }
}

const EXPECTED: &str = "an address, SOURCE:ITS-OWN-ID, or Baton's number of a lead";

fn read_identity(text: &str) -> Option<Identity> {
    let email = || Email::parse(text).ok().map(Identity::Email);
    Identity::parse(text).ok().or_else(email)
}

fn read_id(text: &str) -> Result<LeadId, Problem> {
    LeadId::parse(text).map_err(|_| invalid("who", InvalidValue::new("can't be read", EXPECTED)))
}

fn by(visitor: &Visitor) -> Actor {
    visitor.role().map_or(Actor::Crm, |role| Actor::Person(role.person.clone()))
}
