//! The people: they read their alerts, make up their minds, and act by the alert's link or in
//! the CRM.

use std::collections::BTreeMap;

use baton_core::id::{LeadId, PersonId};
use baton_core::message::{Event, EventName};
use baton_core::roster::Roster;
use http::Method;
use jiff::Timestamp;
use serde_json::json;

use super::agenda::Act;
use super::page::Form;
use super::script::{Anchor, By, Deed, Habit, Script, Verb, When};
use super::stage::{Answered, Stage, links_in};
use crate::local_inbox::Letter;

/// Everybody, and what is on their desks.
pub(super) struct Team {
    deeds: BTreeMap<LeadId, Vec<Deed>>,
    habits: BTreeMap<PersonId, Habit>,
    marketing: Vec<PersonId>,
    busy_until: BTreeMap<PersonId, Timestamp>,
    holders: BTreeMap<LeadId, Holder>,
    links: BTreeMap<(LeadId, PersonId), String>,
}

/// Who holds a lead, and whom they report to.
struct Holder {
    owner: PersonId,
    supervisor: Option<PersonId>,
}

/// What comes of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It is done.
    Yes,
    /// The page has no such button any more.
    TooLate,
}

/// Somebody is to act on an alert they never got.
#[derive(Debug, thiserror::Error)]
#[error("nobody who could {} lead {lead} got an alert about it", .verb.word())]
struct NoAlert {
    lead: LeadId,
    verb: Verb,
}

/// Somebody means to choose what the page does not offer.
#[derive(Debug, thiserror::Error)]
#[error("the page of lead {lead} does not offer '{choice}'")]
struct NotOffered {
    lead: LeadId,
    choice: String,
}

impl Team {
    /// People with nothing on their desks, and what they will do on a day fixed before.
    pub(super) fn new(script: Script, roster: &Roster) -> (Self, Vec<(Timestamp, Act)>) {
        let mut deeds: BTreeMap<LeadId, Vec<Deed>> = BTreeMap::new();
        let mut dated = Vec::new();
        for deed in script.deeds {
            match deed.when {
                When::At(at) => dated.push((at, act(&deed))),
                When::After(..) => deeds.entry(deed.lead).or_default().push(deed),
            }
        }
        let team = Self {
            deeds,
            habits: script.habits,
            marketing: roster.marketing.clone(),
            busy_until: BTreeMap::new(),
            holders: BTreeMap::new(),
            links: BTreeMap::new(),
        };
        (team, dated)
    }

    /// Somebody gets a letter, and keeps its links.
    pub(super) fn read(&mut self, letter: &Letter, stage: &Stage) {
        for link in links_in(&letter.body) {
            if let Some((lead, person)) = stage.meant_by(link) {
                self.links.insert((lead, person), link.to_owned());
            }
        }
    }

    /// What people make up their minds to do, now that this has happened to a lead.
    pub(super) fn plan(&mut self, event: &Event) -> Vec<(Timestamp, Act)> {
        let Some(anchor) = anchor(event.name) else { return Vec::new() };
        if let (Anchor::Assigned | Anchor::Reassigned, Some(owner)) = (anchor, &event.owner) {
            let holder = Holder { owner: owner.clone(), supervisor: event.supervisor.clone() };
            self.holders.insert(event.lead, holder);
        }
        let deeds = self.deeds.get(&event.lead).into_iter().flatten();
        let planned: Vec<_> = deeds
            .filter(|deed| deed.cycle == event.cycle)
            .filter_map(|deed| match deed.when {
                When::After(after, by) if after == anchor => Some((event.at + by, act(deed))),
                When::After(..) | When::At(_) => None,
            })
            .collect();
        match anchor {
            Anchor::Assigned | Anchor::Reassigned if planned.is_empty() => {
                self.accept_in_turn(event).into_iter().collect()
            }
            Anchor::Assigned
            | Anchor::Reassigned
            | Anchor::Accepted
            | Anchor::Warned
            | Anchor::Returned => planned,
        }
    }

    /// The owner accepts when they get to it: after their other new leads.
    fn accept_in_turn(&mut self, event: &Event) -> Option<(Timestamp, Act)> {
        let owner = event.owner.as_ref()?;
        let habit = self.habits.get(owner)?;
        let free = self.busy_until.get(owner).copied().unwrap_or(event.at);
        let at = free.max(event.at + habit.first_look);
        self.busy_until.insert(owner.clone(), at + habit.busy);
        let (lead, verb, with) = (event.lead, Verb::Accept, String::new());
        Some((at, Act { lead, by: By::Owner, verb, with }))
    }

    pub(super) async fn act(&self, act: &Act, stage: &Stage) -> Answered<Done> {
        let in_crm = act.by == By::Crm || (act.by == By::Owner && self.works_in_crm(act.lead));
        match (crm_word(act.verb).filter(|_| in_crm), self.link(act)) {
            (Some(status), _) => {
                let mut body = json!({ "status": status });
                if !act.with.is_empty() {
                    body["reason"] = act.with.as_str().into();
                }
                stage.say(Method::PUT, act.lead, "status", &body).await?;
                Ok(Done::Yes)
            }
            (None, Some(link)) => by_link(act, link, stage).await,
            // A lead that sales never had has no alert; marketing has the desk's key.
            (None, None) if act.by == By::Marketing => {
                let body = json!({ "reason": act.with });
                stage.say(Method::POST, act.lead, act.verb.word(), &body).await?;
                Ok(Done::Yes)
            }
            (None, None) => Err(NoAlert { lead: act.lead, verb: act.verb }.into()),
        }
    }

    /// Who holds a lead, or held it last.
    pub(super) fn holder(&self, lead: LeadId) -> Option<&PersonId> {
        self.holders.get(&lead).map(|holder| &holder.owner)
    }

    fn works_in_crm(&self, lead: LeadId) -> bool {
        let habit = self.holder(lead).and_then(|owner| self.habits.get(owner));
        habit.is_some_and(|habit| habit.in_crm)
    }

    /// The link in the newest alert about the lead to whoever acts.
    fn link(&self, act: &Act) -> Option<&String> {
        let holder = self.holders.get(&act.lead);
        let person = match act.by {
            By::Owner => holder.map(|holder| &holder.owner),
            By::Supervisor => holder.and_then(|holder| holder.supervisor.as_ref()),
            By::Marketing => self.marketing.first(),
            By::Crm => None,
        };
        self.links.get(&(act.lead, person?.clone()))
    }
}

/// Opens the alert's page and presses its button, if it is there.
async fn by_link(act: &Act, link: &str, stage: &Stage) -> Answered<Done> {
    let page = stage.open_link(link).await?;
    let Some(form) = Form::find(&page, act.verb.word()) else { return Ok(Done::TooLate) };
    let offered = |choice: &str| match form.offers(choice) {
        true => Ok(choice.to_owned()),
        false => Err(NotOffered { lead: act.lead, choice: choice.to_owned() }),
    };
    let fields = match act.verb {
        Verb::Accept | Verb::Convert => Vec::new(),
        Verb::Reject => vec![("reason", offered(&act.with)?)],
        Verb::Reassign => {
            // The first of those named who does not hold the lead already.
            let mut colleagues = act.with.split('|');
            let colleague = colleagues.find(|name| form.offers(name)).unwrap_or(&act.with);
            vec![("to", offered(colleague)?)]
        }
        Verb::Extend | Verb::Return | Verb::Disqualify | Verb::Qualify => {
            vec![("reason", act.with.clone())]
        }
    };
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    stage.submit(&form, &fields).await?;
    Ok(Done::Yes)
}

fn act(deed: &Deed) -> Act {
    Act { lead: deed.lead, by: deed.by, verb: deed.verb, with: deed.with.clone() }
}

/// What people wait for.
fn anchor(name: EventName) -> Option<Anchor> {
    match name {
        EventName::Assigned => Some(Anchor::Assigned),
        EventName::Reassigned => Some(Anchor::Reassigned),
        EventName::Accepted => Some(Anchor::Accepted),
        EventName::Warned => Some(Anchor::Warned),
        EventName::Returned => Some(Anchor::Returned),
        EventName::Qualified
        | EventName::Unrouted
        | EventName::Escalated
        | EventName::Extended
        | EventName::Converted
        | EventName::Disqualified
        | EventName::Erased => None,
    }
}

/// The status somebody sets in the CRM; the rest is done by the alert's link.
fn crm_word(verb: Verb) -> Option<&'static str> {
    match verb {
        Verb::Accept => Some("Working - Contacted"),
        Verb::Convert => Some("Closed - Converted"),
        Verb::Disqualify => Some("Closed - Not Converted"),
        Verb::Reject | Verb::Extend | Verb::Return | Verb::Reassign | Verb::Qualify => None,
    }
}
