//! `DELETE /leads/{lead}`: erases the person everywhere.

use baton_core::commands::Actor;
use baton_core::id::LeadId;
use baton_engine::Erased;
use baton_http::{Answer, Problem, Request};
use jiff::Timestamp;
use serde::Serialize;

use crate::{Desk, lead_lookup, problems};

/// What was erased, in numbers: the contents are gone.
#[derive(Serialize)]
struct ErasedView {
    lead: LeadId,
    erased_at: Timestamp,
    removed: RemovedView,
}

#[derive(Serialize)]
struct RemovedView {
    activities: usize,
    history: usize,
    messages: usize,
    quarantined: usize,
}

/// Only the desk key erases. A link is for working a lead.
pub(crate) async fn erase(desk: &Desk, request: &Request, name: &str) -> Result<Answer, Problem> {
    const WHO: &str = "send the desk key as 'Authorization: Bearer KEY'; a link is not enough";
    if !request.bearer().is_some_and(|key| desk.secrets.is_desk(key)) {
        return Err(Problem::unauthorised(WHO));
    }
    let (id, who) = lead_lookup::named(name)?;
    let erased =
        desk.services.erasure.erase(id, who.as_ref(), &Actor::Crm, &request.correlation).await;
    Ok(Answer::json(200, &view(erased.map_err(problems::failure)?)))
}

fn view(erased: Erased) -> ErasedView {
    let Erased { lead, at, removed, quarantined } = erased;
    let (activities, history, messages) = (removed.activities, removed.history, removed.messages);
    let removed = RemovedView { activities, history, messages, quarantined };
    ErasedView { lead, erased_at: at, removed }
}
