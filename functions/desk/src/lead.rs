//! The lead as JSON: where it stands, its history, its ledger.

use baton_cloud::Told;
use baton_core::Refusal;
use baton_core::erasure::Known;
use baton_core::id::{Identity, LeadId};
use baton_core::lead::Lead;
use baton_core::text::Flaw;
use baton_http::{Answer, Problem, Request};

use crate::access::Access;
use crate::command::invalid;
use crate::{Desk, page, reply};

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
    let missing = || Flaw::new("is missing", "the address looked for, as /leads?email=…");
    let email = request.query("email").ok_or_else(missing);
    let identity = email.and_then(|email| Identity::parse(&format!("email:{email}")));
    identity.map(|identity| identity.lead_id()).map_err(|flaw| invalid("email", flaw))
}

impl Desk {
    pub(crate) async fn lead(&self, request: &Request, id: LeadId) -> Result<Answer, Problem> {
        let (access, lead) = self.seen_by(request, id).await?;
        match &access {
            Access::Link(..) | Access::Session(_) if request.wants_page() => {
                self.page(request, &lead, &access).await
            }
            Access::Link(..) | Access::Session(_) | Access::Desk => {
                Ok(Answer::json(200, &reply::lead(&lead, &self.handoff)))
            }
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
        let link = settings.links.read(token, &settings.rules().roster, now).ok_or_else(|| {
            Problem::unauthorised(
                "the link is not complete or has expired: open the newest alert you have about \
                 this lead",
            )
        })?;
        let lead = self.find(link.lead).await?;
        let access = Access::Link(link, token.to_owned());
        access.may_see(&lead)?;
        self.page(request, &lead, &access).await
    }

    async fn page(
        &self,
        request: &Request,
        lead: &Lead,
        access: &Access,
    ) -> Result<Answer, Problem> {
        let story = self.story(lead).await?;
        page::lead(request, lead, access, &story, &self.handoff)
    }

    pub(crate) async fn history(&self, request: &Request, id: LeadId) -> Result<Answer, Problem> {
        let (_, lead) = self.seen_by(request, id).await?;
        let story = self.story(&lead).await?;
        Ok(Answer::json(200, &reply::history(story, &self.handoff.settings().rules().roster)))
    }

    pub(crate) async fn ledger(&self, request: &Request, id: LeadId) -> Result<Answer, Problem> {
        let (_, lead) = self.seen_by(request, id).await?;
        let mut entries = self.handoff.table().ledger(id).await.map_err(|e| reply::error(&e))?;
        entries.retain(|entry| !lead.erased.is_some_and(|erased| erased.took(entry)));
        Ok(Answer::json(200, &reply::ledger(&lead, entries, self.handoff.settings())))
    }

    pub(crate) async fn find(&self, id: LeadId) -> Result<Lead, Problem> {
        match self.handoff.table().known(id).await.map_err(|e| reply::error(&e))? {
            Some(Known::Lead(lead)) => Ok(*lead),
            Some(Known::Erased(_)) => Err(reply::failure(Refusal::Erased.into())),
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
}
