//! `PUT /leads/{lead}/status`: the CRM reports a status in its own words.

use baton_core::commands::{Reason, Report};
use baton_core::id::{LeadId, PersonId};
use baton_core::policy::CrmWord;
use baton_core::refusal::Refusal;
use baton_core::text::InvalidValue;
use baton_engine::{Failure, Rules};
use baton_http::{Answer, Problem, Request};
use serde::Serialize;

use crate::access::Access;
use crate::fields::{Fields, invalid};
use crate::lead::json::{self, LeadJson};
use crate::{Desk, lead_lookup, problems};

/// The most steps that a report takes: a new owner, an acceptance, a conversion.
const STEPS: usize = 3;

/// A lead that a report has left as it was, and why.
#[derive(Serialize)]
struct Unchanged<'a> {
    outcome: &'static str,
    #[serde(flatten)]
    lead: LeadJson<'a>,
}

/// Takes the lead to where the CRM says it is, by commands. A report that is late, or says what is
/// so, changes nothing.
pub(crate) async fn put_status(
    desk: &Desk,
    request: &Request,
    id: LeadId,
) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    let access = Access::of_sender(desk, request, &fields, id).await?;
    fields.only(&["status", "reason", "cycle", "at", "owner", "token"])?;
    let mut report = report(&desk.services.settings().rules(), &fields)?;
    let mut done = None;
    for _ in 0..STEPS {
        let command_request = access.command_request(report.clone().into(), request);
        let lead = match (desk.services.execute(id, &command_request).await, done.take()) {
            (Ok(lead), _) => lead,
            (Err(Failure::Refused(Refusal::Stale | Refusal::Ignored)), Some(lead)) => {
                done = Some(lead);
                break;
            }
            (Err(Failure::Refused(why @ (Refusal::Stale | Refusal::Ignored))), None) => {
                return unchanged(desk, id, why.code()).await;
            }
            (Err(failure), _) => return Err(problems::failure(failure)),
        };
        let is_settled = report.is_settled(&lead);
        report = report.rest(&lead);
        done = Some(lead);
        if is_settled {
            break;
        }
    }
    match done {
        Some(lead) => Ok(Answer::json(200, &json::lead(&lead, &desk.services))),
        None => Err(problems::no_lead()),
    }
}

async fn unchanged(desk: &Desk, id: LeadId, outcome: &'static str) -> Result<Answer, Problem> {
    let lead = lead_lookup::find(&desk.services, id).await?;
    Ok(Answer::json(200, &Unchanged { outcome, lead: json::lead(&lead, &desk.services) }))
}

fn report(rules: &Rules, fields: &Fields) -> Result<Report, Problem> {
    let word = word(rules, fields)?;
    // Whoever an echo names is nobody's business.
    let owner = if word == CrmWord::Ignore { None } else { owner(rules, fields)? };
    let reason = fields.reason()?.unwrap_or_else(|| Reason::from("reported by the CRM"));
    let cycle = fields.parsed("cycle", "the `cycle` of an event or a lead, such as 1")?;
    let at = fields.parsed("at", "a time such as 2026-03-02T09:00:00Z")?;
    Ok(Report { word, cycle, at, owner, reason })
}

fn word(rules: &Rules, fields: &Fields) -> Result<CrmWord, Problem> {
    let words = &rules.policy.crm_words;
    let known = || words.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let word = fields.text("status").ok_or_else(|| {
        invalid("status", InvalidValue::new("is missing", format!("one of: {}", known())))
    })?;
    words.get(&word.to_lowercase()).copied().ok_or_else(|| {
        let flaw = InvalidValue::new("is no word of the policy's", format!("one of: {}", known()));
        invalid("status", flaw)
    })
}

/// Who has the lead in the CRM, by their id on the roster or their address.
fn owner(rules: &Rules, fields: &Fields) -> Result<Option<PersonId>, Problem> {
    let Some(text) = fields.text("owner") else { return Ok(None) };
    let unknown = || {
        let expected = "the id or the e-mail address of somebody on the roster";
        invalid("owner", InvalidValue::new("is nobody on the roster", expected))
    };
    rules.roster.named(text).map(|person| Some(person.id.clone())).ok_or_else(unknown)
}
