//! A lead, its history and its ledger as JSON, and all of it as a page.

mod actions;
mod banner;
mod deadline_panel;
mod head;
pub(crate) mod json;
mod ledger;
mod names;
mod page;
mod qualification;
mod rich_text;
mod score;
mod sentence;
mod timeline;
mod view;

use baton_cloud::LeadHistory;
use baton_core::activity::{self, Entry};
use baton_core::decide::{Context, possible};
use baton_core::id::LeadId;
use baton_core::lead::Lead;
use baton_core::refusal::Refusal;
use baton_http::{Answer, Problem, Request};

use crate::access::Access;
use crate::problems::{self, bad_link};
use crate::reader::Reader;
use crate::{Desk, lead_lookup};
use names::Names;
use page::PageReason;
use view::{LeadView, Viewer};

pub(crate) async fn lead(desk: &Desk, request: &Request, id: LeadId) -> Result<Answer, Problem> {
    let (access, lead) = seen_by(desk, request, id).await?;
    match viewer(desk, &access) {
        Some(viewer) if request.wants_page() => page(desk, request, &lead, &access, &viewer).await,
        Some(_) | None => Ok(Answer::json(200, &json::lead(&lead, &desk.services))),
    }
}

/// The page that the link in an alert opens.
pub(crate) async fn page_of_link(
    desk: &Desk,
    request: &Request,
    token: &str,
) -> Result<Answer, Problem> {
    let settings = desk.services.settings();
    let now = settings.clock.now();
    let link = settings.links.read(token, &settings.rules().roster, now);
    let link = link.ok_or_else(bad_link)?;
    let lead = lead_lookup::find(&desk.services, link.lead).await?;
    let access = Access::Link(link, token.to_owned());
    access.may_see(&lead)?;
    let viewer = viewer(desk, &access).ok_or_else(Problem::unavailable)?;
    page(desk, request, &lead, &access, &viewer).await
}

/// The page after a refused command: why it was refused, and the lead as it is now.
pub(crate) async fn page_of_refusal(
    desk: &Desk,
    request: &Request,
    id: LeadId,
    access: &Access,
    refusal: Refusal,
) -> Result<Answer, Problem> {
    let viewer = viewer(desk, access).ok_or_else(|| problems::failure(refusal.clone().into()))?;
    let lead = lead_lookup::find(&desk.services, id).await?;
    access.may_see(&lead)?;
    render_page(desk, request, &lead, access, &viewer, PageReason::Refused(&refusal)).await
}

/// Whom a page is for. A program's key has no page.
fn viewer(desk: &Desk, access: &Access) -> Option<Viewer> {
    let rules = desk.services.settings().rules();
    let person = rules.roster.person(access.person()?)?.clone();
    Some(Viewer { person, nav: access.nav(), proof: access.proof()? })
}

async fn page(
    desk: &Desk,
    request: &Request,
    lead: &Lead,
    access: &Access,
    viewer: &Viewer,
) -> Result<Answer, Problem> {
    let reason = match request.query("done") {
        _ if access.cycle(lead).is_some_and(|cycle| cycle != lead.cycle()) => {
            PageReason::AnotherCycle
        }
        Some(word) => PageReason::Done(word),
        None => PageReason::Opened,
    };
    render_page(desk, request, lead, access, viewer, reason).await
}

async fn render_page(
    desk: &Desk,
    request: &Request,
    lead: &Lead,
    access: &Access,
    viewer: &Viewer,
    reason: PageReason<'_>,
) -> Result<Answer, Problem> {
    let (told, entries) = tokio::try_join!(read_history(desk, lead), read_ledger(desk, lead))?;
    let rules = desk.services.settings().rules();
    let now = desk.services.settings().clock.now();
    let context =
        Context { policy: &rules.policy, roster: &rules.roster, editions: None, turn: None, now };
    let can = possible(lead, |command| access.command_request(command, request), &context);
    let reader = Reader::new(request, viewer.person.time_zone.clone(), now);
    let view = LeadView {
        lead,
        told: &told,
        entries: &entries,
        rules: &rules,
        names: Names::new(&rules.roster, &viewer.person),
        reader: &reader,
        can: &can,
    };
    page::page(&view, viewer, &reason)
}

pub(crate) async fn history(desk: &Desk, request: &Request, id: LeadId) -> Result<Answer, Problem> {
    let (_, lead) = seen_by(desk, request, id).await?;
    let story = read_history(desk, &lead).await?;
    Ok(Answer::json(200, &json::history(story, &desk.services.settings().rules().roster)))
}

pub(crate) async fn ledger(desk: &Desk, request: &Request, id: LeadId) -> Result<Answer, Problem> {
    let (_, lead) = seen_by(desk, request, id).await?;
    let entries = read_ledger(desk, &lead).await?;
    Ok(Answer::json(200, &json::ledger(&lead, entries, desk.services.settings())))
}

async fn seen_by(desk: &Desk, request: &Request, id: LeadId) -> Result<(Access, Lead), Problem> {
    let access = Access::of_reader(desk, request, id).await?;
    let lead = access.find(desk, id).await?;
    access.may_see(&lead)?;
    Ok((access, lead))
}

async fn read_history(desk: &Desk, lead: &Lead) -> Result<LeadHistory, Problem> {
    desk.services.table().whole_story(lead).await.map_err(|e| problems::error(&e))
}

/// The ledger of the lead, without what an erasure covers and has yet to remove.
async fn read_ledger(desk: &Desk, lead: &Lead) -> Result<Vec<Entry>, Problem> {
    let table = desk.services.table();
    let mut entries = table.whole_ledger(lead).await.map_err(|e| problems::error(&e))?;
    activity::note_first_clicks(&mut entries);
    Ok(entries)
}
