//! `PUT /leads/{lead}/status`: the CRM reports a status in its own words.

use baton_core::commands::{Accept, Command, Convert, Disqualify, Qualify, Reason, Return};
use baton_core::id::LeadId;
use baton_core::lead::{DeadlineKind, Lead, Status};
use baton_core::text::InvalidValue;
use baton_http::{Answer, Problem, Request};

use crate::access::Access;
use crate::fields::{Fields, invalid};
use crate::{Desk, lead, lead_lookup, problems};

/// Takes the lead to the status that the CRM reports, by commands. Reporting the status that it has
/// changes nothing, so that a report may be repeated.
pub(crate) async fn put_status(
    desk: &Desk,
    request: &Request,
    id: LeadId,
) -> Result<Answer, Problem> {
    let fields = Fields::read(request)?;
    let access = Access::of_sender(desk, request, &fields, id).await?;
    fields.only(&["status", "reason", "token"])?;
    let wanted = wanted(desk, &fields)?;
    let reason = fields.reason()?.unwrap_or_else(|| "reported by the CRM".into());
    let mut lead = lead_lookup::find(&desk.services, id).await?;
    for command in commands_towards(&lead, wanted, reason) {
        let command_request = access.command_request(command, request);
        lead = desk.services.execute(id, &command_request).await.map_err(problems::failure)?;
    }
    lead::in_json(desk, lead).await
}

fn wanted(desk: &Desk, fields: &Fields) -> Result<Status, Problem> {
    let rules = desk.services.settings().rules();
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

/// The commands from the status of the lead to the one that the CRM has. A salesperson who converts
/// without accepting has done both. If there is no way, the last command is refused.
fn commands_towards(lead: &Lead, wanted: Status, reason: Reason) -> Vec<Command> {
    let status = lead.status();
    let unaccepted = lead.deadline_kind() == Some(DeadlineKind::Accept);
    if status == wanted && !(wanted == Status::Working && unaccepted) {
        return Vec::new();
    }
    match wanted {
        Status::Mql => vec![Qualify { reason: Some(reason) }.into()],
        Status::Working => vec![Accept {}.into()],
        Status::Converted if status == Status::Mql => {
            vec![Accept {}.into(), Convert {}.into()]
        }
        Status::Converted => vec![Convert {}.into()],
        Status::Nurturing if status == Status::Returned => Vec::new(),
        Status::Nurturing | Status::Returned => vec![Return { reason }.into()],
        Status::Disqualified => vec![Disqualify { reason }.into()],
    }
}
