//! Whose data a request to the privacy desk is about.

use baton_core::email::Email;
use baton_core::id::{Identity, LeadId};
use baton_core::text::InvalidValue;
use baton_engine::Holding;
use baton_http::Problem;

use crate::fields::{Fields, invalid};

/// A person: the id of their lead, and their address if the asker gave it.
pub(crate) struct Subject {
    pub(super) id: LeadId,
    pub(super) who: Option<Identity>,
}

impl Subject {
    /// Reads an address, `SOURCE:ITS-OWN-ID`, or the id of a lead.
    pub(super) fn read(fields: &Fields) -> Result<Self, Problem> {
        let missing = || invalid("who", InvalidValue::new("is missing", EXPECTED));
        let text = fields.text("who").ok_or_else(missing)?;
        if let Some(who) = read_identity(text) {
            return Ok(Self { id: who.lead_id(), who: Some(who) });
        }
        Ok(Self { id: read_id(text)?, who: None })
    }

    /// Reads the id of a lead, and an address from the form if it belongs to that id.
    pub(super) fn named(id: &str, fields: &Fields) -> Result<Self, Problem> {
        let id = read_id(id)?;
        let who = fields.text("who").and_then(read_identity);
        Ok(Self { id, who: who.filter(|who| who.lead_id() == id) })
    }

    /// Their address, as the lead has it or the asker gave it.
    pub(super) fn identity<'w>(&'w self, held: &'w Holding) -> Option<&'w Identity> {
        held.lead.as_ref().map(|lead| &lead.who).or(self.who.as_ref())
    }
}

const EXPECTED: &str = "an address, SOURCE:ITS-OWN-ID, or Baton's number of a lead";

pub(super) fn read_identity(text: &str) -> Option<Identity> {
    let email = || Email::parse(text).ok().map(Identity::Email);
    Identity::parse(text).ok().or_else(email)
}

pub(super) fn read_id(text: &str) -> Result<LeadId, Problem> {
    LeadId::parse(text).map_err(|_| invalid("who", InvalidValue::new("can't be read", EXPECTED)))
}
