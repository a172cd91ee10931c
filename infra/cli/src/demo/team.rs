//! The people: they read their alerts, plan what to do, and act by the alert's link or in
//! the CRM.

use std::collections::BTreeMap;

use baton_core::id::{LeadId, PersonId};
use baton_core::message::{Event, EventName};
use baton_core::roster::Roster;
use http::Method;
use jiff::Timestamp;
use serde_json::json;

use super::demo_stack::{DemoResult, DemoStack, links_in};
use super::form::Form;
use super::schedule::Action;
use super::script::{Habit, Role, Script, ScriptedAction, Timing, Trigger, Verb};
use crate::local_inbox::InboxMessage;

/// Everybody, and what they are going to do.
pub(super) struct Team {
    actions: BTreeMap<LeadId, Vec<ScriptedAction>>,
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

/// The result of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ActionResult {
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
    /// The team before its first alert, and the actions that have a fixed date.
    pub(super) fn new(script: Script, roster: &Roster) -> (Self, Vec<(Timestamp, Action)>) {
        let mut actions: BTreeMap<LeadId, Vec<ScriptedAction>> = BTreeMap::new();
        let mut dated = Vec::new();
        for scripted in script.actions {
            match scripted.when {
                Timing::At(at) => dated.push((at, act(&scripted))),
                Timing::After(..) => actions.entry(scripted.lead).or_default().push(scripted),
            }
        }
        let team = Self {
            actions,
            habits: script.habits,
            marketing: roster.marketing.clone(),
            busy_until: BTreeMap::new(),
            holders: BTreeMap::new(),
            links: BTreeMap::new(),
        };
        (team, dated)
    }

    /// Somebody reads a message, and keeps its links.
    pub(super) fn read(&mut self, message: &InboxMessage, demo: &DemoStack) {
        for link in links_in(&message.body) {
            if let Some((lead, person)) = demo.target_of(link) {
                self.links.insert((lead, person), link.to_owned());
            }
        }
    }

    /// What people plan to do now that this has happened to a lead.
    pub(super) fn plan(&mut self, event: &Event) -> Vec<(Timestamp, Action)> {
        let Some(trigger) = trigger(event.name) else { return Vec::new() };
        if let (Trigger::Assigned | Trigger::Reassigned, Some(owner)) = (trigger, &event.owner) {
            let holder = Holder { owner: owner.clone(), supervisor: event.supervisor.clone() };
            self.holders.insert(event.lead, holder);
        }
        let actions = self.actions.get(&event.lead).into_iter().flatten();
        let planned: Vec<_> = actions
            .filter(|scripted| scripted.cycle == event.cycle)
            .filter_map(|scripted| match scripted.when {
                Timing::After(after, by) if after == trigger => {
                    Some((event.at + by, act(scripted)))
                }
                Timing::After(..) | Timing::At(_) => None,
            })
            .collect();
        match trigger {
            Trigger::Assigned | Trigger::Reassigned if planned.is_empty() => {
                self.accept_in_turn(event).into_iter().collect()
            }
            Trigger::Assigned
            | Trigger::Reassigned
            | Trigger::Accepted
            | Trigger::Warned
            | Trigger::Returned => planned,
        }
    }

    /// The owner accepts when they get to it: after their other new leads.
    fn accept_in_turn(&mut self, event: &Event) -> Option<(Timestamp, Action)> {
        let owner = event.owner.as_ref()?;
        let habit = self.habits.get(owner)?;
        let free = self.busy_until.get(owner).copied().unwrap_or(event.at);
        let at = free.max(event.at + habit.first_look);
        self.busy_until.insert(owner.clone(), at + habit.busy);
        let (lead, verb, with) = (event.lead, Verb::Accept, String::new());
        Some((at, Action { lead, by: Role::Owner, verb, with }))
    }

    pub(super) async fn act(&self, act: &Action, demo: &DemoStack) -> DemoResult<ActionResult> {
        let in_crm = act.by == Role::Crm || (act.by == Role::Owner && self.works_in_crm(act.lead));
        match (crm_word(act.verb).filter(|_| in_crm), self.link(act)) {
            (Some(status), _) => {
                let mut body = json!({ "status": status });
                if !act.with.is_empty() {
                    body["reason"] = act.with.as_str().into();
                }
                demo.command(Method::PUT, act.lead, "status", &body).await?;
                Ok(ActionResult::Yes)
            }
            (None, Some(link)) => by_link(act, link, demo).await,
            // A lead that sales never had has no alert; marketing has the desk's key.
            (None, None) if act.by == Role::Marketing => {
                let body = json!({ "reason": act.with });
                demo.command(Method::POST, act.lead, act.verb.word(), &body).await?;
                Ok(ActionResult::Yes)
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
    fn link(&self, act: &Action) -> Option<&String> {
        let holder = self.holders.get(&act.lead);
        let person = match act.by {
            Role::Owner => holder.map(|holder| &holder.owner),
            Role::Supervisor => holder.and_then(|holder| holder.supervisor.as_ref()),
            Role::Marketing => self.marketing.first(),
            Role::Crm => None,
        };
        self.links.get(&(act.lead, person?.clone()))
    }
}

/// Opens the alert's page and presses its button, if it is there.
async fn by_link(act: &Action, link: &str, demo: &DemoStack) -> DemoResult<ActionResult> {
    let page = demo.open_link(link).await?;
    let Some(form) = Form::find(&page, act.verb.word()) else { return Ok(ActionResult::TooLate) };
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
    demo.submit(&form, &fields).await?;
    Ok(ActionResult::Yes)
}

fn act(scripted: &ScriptedAction) -> Action {
    Action {
        lead: scripted.lead,
        by: scripted.by,
        verb: scripted.verb,
        with: scripted.with.clone(),
    }
}

/// The scripted trigger that an event fires, if it fires one.
fn trigger(name: EventName) -> Option<Trigger> {
    match name {
        EventName::Assigned => Some(Trigger::Assigned),
        EventName::Reassigned => Some(Trigger::Reassigned),
        EventName::Accepted => Some(Trigger::Accepted),
        EventName::Warned => Some(Trigger::Warned),
        EventName::Returned => Some(Trigger::Returned),
        EventName::Qualified
        | EventName::Unrouted
        | EventName::Escalated
        | EventName::Extended
        | EventName::Converted
        | EventName::Disqualified
        | EventName::Merged
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
