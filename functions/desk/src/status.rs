//! `PUT /leads/{lead}/status`: the CRM reports a status in its own words; we catch up with it.

use baton_core::command::Command;
use baton_core::id::LeadId;
use baton_core::lead::{Clock, Lead, Status};
use baton_core::text::Flaw;
use baton_http::{Answer, Problem, Request};

use crate::command::{Fields, invalid};
use crate::{Desk, reply};

impl Desk {
    /// Takes the lead to the status the CRM shows, by the arrows there are. Saying what is so
    /// already changes nothing: a report may be repeated.
    pub(crate) async fn put_status(
        &self,
        request: &Request,
        id: LeadId,
    ) -> Result<Answer, Problem> {
        let fields = Fields::read(request)?;
        let access = self.asker(request, &fields, id).await?;
        fields.only(&["status", "reason", "token"])?;
        let wanted = self.wanted(&fields)?;
        let reason = fields.reason()?.unwrap_or_else(|| "reported by the CRM".to_owned());
        let mut lead = self.find(id).await?;
        for command in commands_towards(&lead, wanted, &reason) {
            let order = access.order(command, request);
            lead = self.handoff.execute(id, &order).await.map_err(reply::failure)?;
        }
        Ok(Answer::json(200, &reply::lead(&lead, &self.handoff)))
    }

    fn wanted(&self, fields: &Fields) -> Result<Status, Problem> {
        let rules = self.handoff.settings().rules();
        let words = &rules.policy.crm_words;
        let known = || words.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let word = fields.text("status").ok_or_else(|| {
            invalid("status", Flaw::new("is missing", format!("one of: {}", known())))
        })?;
        words.get(&word.to_lowercase()).copied().ok_or_else(|| {
            let flaw = Flaw::new("is no word of the policy's", format!("one of: {}", known()));
            invalid("status", flaw)
        })
    }
}

/// The commands that lead from where a lead is to where the CRM has it. A salesperson who
/// converts without accepting has done both. Where no arrow leads, the last command says so.
fn commands_towards(lead: &Lead, wanted: Status, reason: &str) -> Vec<Command> {
    let reason = reason.to_owned();
    let unaccepted = lead.deadline.as_ref().is_some_and(|d| d.kind == Clock::Accept);
    if lead.status == wanted && !(wanted == Status::Working && unaccepted) {
        return Vec::new();
    }
    match wanted {
        Status::Mql => vec![Command::Qualify { reason: Some(reason) }],
        Status::Working => vec![Command::Accept],
        Status::Converted if lead.status == Status::Mql => {
            vec![Command::Accept, Command::Convert]
        }
        Status::Converted => vec![Command::Convert],
        Status::Nurturing if lead.status == Status::Returned => Vec::new(),
        Status::Nurturing | Status::Returned => vec![Command::Return { reason }],
        Status::Disqualified => vec![Command::Disqualify { reason }],
    }
}
