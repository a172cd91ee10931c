//! Which lead a request is about: read from its path or query, and found in the table.

use baton_core::erasure::LeadRecord;
use baton_core::id::{Identity, LeadId};
use baton_core::lead::Lead;
use baton_core::refusal::Refusal;
use baton_core::text::InvalidValue;
use baton_engine::Services;
use baton_http::{Problem, Request};

use crate::fields::invalid;
use crate::problems;

/// Reads `{lead}`: our id, `email:…` or `SOURCE:ITS-OWN-ID`.
pub(crate) fn id(text: &str) -> Result<LeadId, Problem> {
    Ok(named(text)?.0)
}

/// Reads `{lead}`, and keeps the identity if the asker gave one.
pub(crate) fn named(text: &str) -> Result<(LeadId, Option<Identity>), Problem> {
    let parsed = match text.contains(':') {
        true => Identity::parse(text).map(|who| (who.lead_id(), Some(who))),
        false => LeadId::parse(text).map(|id| (id, None)),
    };
    parsed.map_err(|flaw| invalid("lead", flaw))
}

/// Reads `GET /leads?email=`.
pub(crate) fn by_email(request: &Request) -> Result<LeadId, Problem> {
    let missing = || InvalidValue::new("is missing", "the address looked for, as /leads?email=…");
    let email = request.query("email").ok_or_else(missing);
    let identity = email.and_then(|email| Identity::parse(&format!("email:{email}")));
    identity.map(|identity| identity.lead_id()).map_err(|flaw| invalid("email", flaw))
}

/// The lead of that id, unless there is none or its person was erased.
pub(crate) async fn find(services: &Services, id: LeadId) -> Result<Lead, Problem> {
    match services.table().known(id).await.map_err(|e| problems::error(&e))? {
        Some(LeadRecord::Lead(lead)) => Ok(*lead),
        Some(LeadRecord::Erased(_)) => Err(problems::failure(Refusal::Erased.into())),
        None => Err(problems::no_lead()),
    }
}
