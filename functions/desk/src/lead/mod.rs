//! The lead: as JSON where it stands, its history, its ledger; all of it as a page.

mod acts;
mod head;
pub(crate) mod json;
mod ledger;
mod names;
mod note;
mod page;
mod promise;
mod said;
mod scene;
mod score;
mod story;
mod telling;
mod why;

use baton_cloud::Told;
use baton_core::activity::{self, Entry};
use baton_core::decide::{Context, possible};
use baton_core::id::LeadId;
use baton_core::lead::Lead;
use baton_core::refusal::Refusal;
use baton_http::{Answer, Problem, Request};

use crate::access::Access;
use crate::problems::bad_link;
use crate::reader::Reader;
use crate::{Desk, lead_lookup, problems};
use page::Occasion;
use scene::Viewer;

pub(crate) async fn lead(desk: &Desk, request: &Request, id: LeadId) -> Result<Answer, Problem> {
    let (access, lead) = seen_by(desk, request, id).await?;
    match viewer(desk, &access) {
        Some(viewer) if request.wants_page() => page(desk, request, &lead, &access, &viewer).await,
        Some(_) | None => Ok(Answer::json(200, &json::lead(&lead, &desk.handoff))),
    }
}

/// The page an alert's link opens.
pub(crate) async fn page_of_link(
    desk: &Desk,
    request: &Request,
    token: &str,
) -> Result<Answer, Problem> {
    let settings = desk.handoff.settings();
    let now = settings.clock.now();
    let link = settings.links.read(token, &settings.rules().roster, now);
    let link = link.ok_or_else(bad_link)?;
    let lead = lead_lookup::find(&desk.handoff, link.lead).await?;
    let access = Access::Link(link, token.to_owned());
    access.may_see(&lead)?;
    let viewer = viewer(desk, &access).ok_or_else(Problem::unavailable)?;
    page(desk, request, &lead, &access, &viewer).await
}

/// The page of somebody whose button did nothing: how the lead stands by now, and why.
pub(crate) async fn page_of_refusal(
    desk: &Desk,
    request: &Request,
    id: LeadId,
    access: &Access,
    refusal: Refusal,
) -> Result<Answer, Problem> {
    let viewer = viewer(desk, access).ok_or_else(|| problems::failure(refusal.clone().into()))?;
    let lead = lead_lookup::find(&desk.handoff, id).await?;
    access.may_see(&lead)?;
    draw(desk, request, &lead, access, &viewer, Occasion::Refused(&refusal)).await
}

/// Whom a page is for; nobody in particular, with a program's key.
fn viewer(desk: &Desk, access: &Access) -> Option<Viewer> {
    let rules = desk.handoff.settings().rules();
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
    let occasion = match request.query("done") {
        _ if access.cycle().is_some_and(|cycle| cycle != lead.cycle()) => Occasion::AnotherCycle,
        Some(word) => Occasion::Done(word),
        None => Occasion::Look,
    };
    draw(desk, request, lead, access, viewer, occasion).await
}

async fn draw(
    desk: &Desk,
    request: &Request,
    lead: &Lead,
    access: &Access,
    viewer: &Viewer,
    occasion: Occasion<'_>,
) -> Result<Answer, Problem> {
    let (told, entries) = tokio::try_join!(story(desk, lead), entries(desk, lead))?;
    let rules = desk.handoff.settings().rules();
    let now = desk.handoff.settings().clock.now();
    let world =
        Context { policy: &rules.policy, roster: &rules.roster, editions: None, cursor: None, now };
    let can = possible(lead, |command| access.order(command, request), &world);
    let reader = Reader::new(request, viewer.person.time_zone.clone(), now);
    let known = page::Known { lead, told: &told, entries: &entries, can: &can };
    page::page(&known, viewer, &occasion, &rules, &reader)
}

pub(crate) async fn history(desk: &Desk, request: &Request, id: LeadId) -> Result<Answer, Problem> {
    let (_, lead) = seen_by(desk, request, id).await?;
    let story = story(desk, &lead).await?;
    Ok(Answer::json(200, &json::history(story, &desk.handoff.settings().rules().roster)))
}

pub(crate) async fn ledger(desk: &Desk, request: &Request, id: LeadId) -> Result<Answer, Problem> {
    let (_, lead) = seen_by(desk, request, id).await?;
    let entries = entries(desk, &lead).await?;
    Ok(Answer::json(200, &json::ledger(&lead, entries, desk.handoff.settings())))
}

/// The lead, for somebody who may see it.
async fn seen_by(desk: &Desk, request: &Request, id: LeadId) -> Result<(Access, Lead), Problem> {
    let access = Access::of_reader(desk, request, id).await?;
    let lead = access.find(desk, id).await?;
    access.may_see(&lead)?;
    Ok((access, lead))
}

async fn story(desk: &Desk, lead: &Lead) -> Result<Told, Problem> {
    let story = desk.handoff.table().story(lead.lead).await.map_err(|e| problems::error(&e))?;
    Ok(story.since(lead.erased.as_ref()))
}

/// The lead's ledger without what an erasure took and has not removed yet.
async fn entries(desk: &Desk, lead: &Lead) -> Result<Vec<Entry>, Problem> {
    let table = desk.handoff.table();
    let mut entries = table.ledger(lead.lead).await.map_err(|e| problems::error(&e))?;
    entries.retain(|entry| !lead.erased.is_some_and(|erased| erased.took(entry)));
    activity::note_first_clicks(&mut entries);
    Ok(entries)
}
