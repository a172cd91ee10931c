//! The lead: as JSON where it stands, its history, its ledger; all of it as a page.

mod acts;
mod head;
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
use baton_core::erasure::LeadRecord;
use baton_core::id::{Identity, LeadId};
use baton_core::lead::Lead;
use baton_core::refusal::Refusal;
use baton_core::text::InvalidValue;
use baton_http::{Answer, Problem, Request};

use crate::access::{Access, NO_LINK};
use crate::fields::invalid;
use crate::reader::Reader;
use crate::{Desk, reply};
use page::Occasion;
use scene::Viewer;

pub(crate) use ledger::worth_now;

/// Reads `{lead}`: our id, `email:…` or `SOURCE:ITS-OWN-ID`.
pub(crate) fn id(text: &str) -> Result<LeadId, Problem> {
    Ok(named(text)?.0)
}

/// The same, with who that is, if the asker said so.
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

impl Desk {
    pub(crate) async fn lead(&self, request: &Request, id: LeadId) -> Result<Answer, Problem> {
        let (access, lead) = self.seen_by(request, id).await?;
        match self.viewer(&access) {
            Some(viewer) if request.wants_page() => {
                self.page(request, &lead, &access, &viewer).await
            }
            Some(_) | None => Ok(Answer::json(200, &reply::lead(&lead, &self.handoff))),
        }
    }

    /// The page an alert's link opens.
    pub(crate) async fn page_of_link(
        &self,
        request: &Request,
        token: &str,
    ) -> Result<Answer, Problem> {
        let settings = self.handoff.settings();
        let now = settings.clock.now();
        let link = settings.links.read(token, &settings.rules().roster, now);
        let link = link.ok_or_else(|| Problem::unauthorised(NO_LINK))?;
        let lead = self.find(link.lead).await?;
        let access = Access::Link(link, token.to_owned());
        access.may_see(&lead)?;
        let viewer = self.viewer(&access).ok_or_else(Problem::unavailable)?;
        self.page(request, &lead, &access, &viewer).await
    }

    /// The page of somebody whose button did nothing: how the lead stands by now, and why.
    pub(crate) async fn page_of_refusal(
        &self,
        request: &Request,
        id: LeadId,
        access: &Access,
        refusal: Refusal,
    ) -> Result<Answer, Problem> {
        let viewer = self.viewer(access).ok_or_else(|| reply::failure(refusal.clone().into()))?;
        let lead = self.find(id).await?;
        access.may_see(&lead)?;
        self.draw(request, &lead, access, &viewer, Occasion::Refused(&refusal)).await
    }

    /// Whom a page is for; nobody in particular, with a program's key.
    fn viewer(&self, access: &Access) -> Option<Viewer> {
        let rules = self.handoff.settings().rules();
        let person = rules.roster.person(access.person()?)?.clone();
        Some(Viewer { person, nav: access.nav(), proof: access.proof()? })
    }

    async fn page(
        &self,
        request: &Request,
        lead: &Lead,
        access: &Access,
        viewer: &Viewer,
    ) -> Result<Answer, Problem> {
        let occasion = match request.query("done") {
            _ if access.cycle().is_some_and(|cycle| cycle != lead.cycle()) => {
                Occasion::AnotherCycle
            }
            Some(word) => Occasion::Done(word),
            None => Occasion::Look,
        };
        self.draw(request, lead, access, viewer, occasion).await
    }

    async fn draw(
        &self,
        request: &Request,
        lead: &Lead,
        access: &Access,
        viewer: &Viewer,
        occasion: Occasion<'_>,
    ) -> Result<Answer, Problem> {
        let (told, entries) = tokio::try_join!(self.story(lead), self.entries(lead))?;
        let rules = self.handoff.settings().rules();
        let now = self.handoff.settings().clock.now();
        let world = Context {
            policy: &rules.policy,
            roster: &rules.roster,
            editions: None,
            turn: None,
            now,
        };
        let can = possible(lead, |command| access.order(command, request), &world);
        let reader = Reader::new(request, viewer.person.time_zone.clone(), now);
        let known = page::Known { lead, told: &told, entries: &entries, can: &can };
        page::page(&known, viewer, &occasion, &rules, &reader)
    }

    pub(crate) async fn history(&self, request: &Request, id: LeadId) -> Result<Answer, Problem> {
        let (_, lead) = self.seen_by(request, id).await?;
        let story = self.story(&lead).await?;
        Ok(Answer::json(200, &reply::history(story, &self.handoff.settings().rules().roster)))
    }

    pub(crate) async fn ledger(&self, request: &Request, id: LeadId) -> Result<Answer, Problem> {
        let (_, lead) = self.seen_by(request, id).await?;
        let entries = self.entries(&lead).await?;
        Ok(Answer::json(200, &reply::ledger(&lead, entries, self.handoff.settings())))
    }

    pub(crate) async fn find(&self, id: LeadId) -> Result<Lead, Problem> {
        match self.handoff.table().known(id).await.map_err(|e| reply::error(&e))? {
            Some(LeadRecord::Lead(lead)) => Ok(*lead),
            Some(LeadRecord::Erased(_)) => Err(reply::failure(Refusal::Erased.into())),
            None => Err(reply::no_lead()),
        }
    }

    /// The lead, or what the asker may be told of its not being there.
    pub(crate) async fn find_for(&self, access: &Access, id: LeadId) -> Result<Lead, Problem> {
        self.find(id).await.map_err(|problem| access.told(problem))
    }

    /// The lead, for somebody who may see it.
    async fn seen_by(&self, request: &Request, id: LeadId) -> Result<(Access, Lead), Problem> {
        let access = self.access(request, id).await?;
        let lead = self.find_for(&access, id).await?;
        access.may_see(&lead)?;
        Ok((access, lead))
    }

    async fn story(&self, lead: &Lead) -> Result<Told, Problem> {
        let story = self.handoff.table().story(lead.lead).await.map_err(|e| reply::error(&e))?;
        Ok(story.since(lead.erased.as_ref()))
    }

    /// The lead's ledger without what an erasure took and has not removed yet.
    async fn entries(&self, lead: &Lead) -> Result<Vec<Entry>, Problem> {
        let table = self.handoff.table();
        let mut entries = table.ledger(lead.lead).await.map_err(|e| reply::error(&e))?;
        entries.retain(|entry| !lead.erased.is_some_and(|erased| erased.took(entry)));
        activity::note_first_clicks(&mut entries);
        Ok(entries)
    }
}
