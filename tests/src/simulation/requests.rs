//! What is asked of the functions, what they answer, and what must come of it.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::agenda::{Act, Happening, Sending};
use super::fault_injector::Run;
use super::state::{Simulation, Wrong};
use super::{people, traffic};
use crate::oracle::{Asker, Deed, Lead, Said};
use crate::{Ask, Heard};

impl Simulation {
    /// A source sends an activity. Rule 1: it counts once.
    pub(super) async fn send(&mut self, sending: Sending) -> Result<(), Wrong> {
        let Sending { id, deed } = &sending;
        let (now, email) = (self.now(), deed.email.clone());
        self.begin_run();
        let heard = self.harness.http(&Ask::activities(&activity(id, deed))).await;
        let run = self.end_run().await;
        self.tell(&email, &format!("{deed:?} ({id}): {} {}", heard.status, heard.body["outcome"]));
        self.must_be_struck(&email, &heard, &run)?;
        let (before, past) = (self.expected.leads.get(&email).cloned(), self.expected.past(&email));
        let after = Lead::after(before.as_ref(), &past, deed, now, &self.rules);
        let is_counted = self.expected.counted.contains(id);
        let is_unsure = self.expected.unsure.contains(id);
        let outcome = match () {
            () if is_counted => "duplicate",
            () if past.forgets(deed) || after[0].excluded => "excluded",
            () => "scored",
        };
        let is_nothing = is_counted || past.forgets(deed);
        let may_stay = is_nothing || is_unsure || !heard.is_final();
        let after = if is_nothing { Vec::new() } else { after };
        let is_written = self.settle(&email, after, may_stay.then(|| before.clone())).await?;
        if heard.is_final() && !is_unsure && heard.body["outcome"] != outcome {
            return self.wrong(&email, format!("must be {outcome}: {}", heard.body));
        }
        if heard.is_final() {
            self.expected.unsure.remove(id);
        } else {
            let again = now + self.patience();
            self.agenda.add(again, Happening::Send(Box::new(sending.clone())));
        }
        // Whether it counts is seen, though the sender may not know.
        let counts = is_written || (heard.is_final() && !past.forgets(deed));
        if counts || heard.body["outcome"] == "duplicate" {
            self.expected.counted.insert(id.clone());
        } else if !heard.is_final() {
            self.expected.unsure.insert(id.clone());
        }
        self.plan_timer(&email, before.as_ref());
        self.hear()
    }

    /// Somebody asks for something: it is done, or refused and changes nothing.
    pub(super) async fn act(&mut self, mut act: Act) -> Result<(), Wrong> {
        let (now, email) = (self.now(), act.email.clone());
        let (before, past) = (self.expected.leads.get(&email).cloned(), self.expected.past(&email));
        if let Asker::Person { is_another, .. } = &mut act.by {
            *is_another = act.lives != past.lives;
        }
        self.begin_run();
        let heard = self.harness.http(&people::ask(&act)).await;
        let run = self.end_run().await;
        self.tell(&email, &format!("{:?} by {:?}: {}", act.said, act.by, heard.status));
        self.must_be_struck(&email, &heard, &run)?;
        let after = before.as_ref().and_then(|b| b.asked(&act.said, &act.by, now, &self.rules));
        let (after, may_stay) = match (heard.status, after) {
            (200, Some(after)) => (after, false),
            (409, None) if before.is_some() => (Vec::new(), true),
            (410, None) if before.is_none() => (Vec::new(), true),
            (_, after) if !heard.is_final() => {
                let again = now + self.patience();
                let mut after = after.unwrap_or_default();
                if let (Said::Report(said), Some(before)) = (&act.said, &before) {
                    after.extend(before.halfway(said, now, &self.rules));
                }
                self.agenda.add(again, Happening::Act(Box::new(act)));
                (after, true)
            }
            (status, after) => {
                let must = if after.is_some() { "be done" } else { "be refused" };
                return self.wrong(&email, format!("must {must}: {status} {}", heard.body));
            }
        };
        self.settle(&email, after, may_stay.then(|| before.clone())).await?;
        self.plan_timer(&email, before.as_ref());
        self.hear()
    }

    /// Somebody wants to be forgotten.
    pub(super) async fn erase(&mut self, email: String) -> Result<(), Wrong> {
        let before = self.expected.leads.get(&email).cloned();
        let is_known = before.is_some() || self.expected.pasts.contains_key(&email);
        self.begin_run();
        let heard = self.harness.http(&Ask::erase(&email)).await;
        let run = self.end_run().await;
        self.tell(&email, &format!("is erased: {}", heard.status));
        self.must_be_struck(&email, &heard, &run)?;
        if heard.is_final() && heard.status != if is_known { 200 } else { 404 } {
            return self.wrong(&email, format!("known: {is_known}, and {heard:?}"));
        }
        if !heard.is_final() {
            let again = self.now() + self.patience();
            self.agenda.add(again, Happening::Erase(email.clone()));
        }
        let is_there = self.look(&email).await["lead"].is_string();
        match before {
            Some(before) if is_there && !heard.is_final() => {
                self.settle(&email, Vec::new(), Some(Some(before))).await?;
            }
            Some(before) if !is_there => {
                self.expected.erase(&before, self.now());
                self.erased(self.now());
            }
            None if !is_there => {}
            Some(_) | None => return self.wrong(&email, "still there".to_owned()),
        }
        self.hear()
    }

    /// The inbox hands over an event of the bus.
    pub(super) async fn deliver(&mut self, event: Value) -> Result<(), Wrong> {
        let id = event["detail"]["lead"].as_str().unwrap_or_default();
        let Some(email) = self.expected.names.get(id).cloned() else { return Ok(()) };
        let cycle = event["detail"]["cycle"].as_u64().and_then(|cycle| cycle.try_into().ok());
        let before = self.expected.leads.get(&email).cloned();
        self.begin_run();
        let done = self.harness.deliver(&event).await;
        let run = self.end_run().await;
        self.tell(&email, &format!("lead.qualified of cycle {cycle:?} is handed over: {done}"));
        if !done {
            if !run.struck {
                return self.wrong(&email, "route failed in fair weather".to_owned());
            }
            let again = self.now() + SignedDuration::from_mins(3 + self.chance.i64(0..60));
            self.agenda.add(again, Happening::Deliver(event));
        }
        let view = self.look(&email).await;
        let to = view["owner"].as_str();
        let heard = |before: &Lead| before.heard(cycle.unwrap_or(0), to, self.now(), &self.rules);
        let after: Vec<_> = before.iter().map(heard).collect();
        let may_stay = !done || after.is_empty();
        self.settle(&email, after, may_stay.then(|| before.clone())).await?;
        if let Some(before) = &before {
            self.dealt(&email, before)?;
        }
        self.plan_timer(&email, before.as_ref());
        self.hear()
    }

    /// Only in bad weather does anybody hear that the world failed.
    fn must_be_struck(&self, lead: &str, heard: &Heard, run: &Run) -> Result<(), Wrong> {
        match heard.is_final() || run.struck {
            true => Ok(()),
            false => self.wrong(lead, format!("{} in fair weather", heard.status)),
        }
    }

    /// How long somebody waits who got no answer: not at all, or hours.
    fn patience(&mut self) -> SignedDuration {
        let hours = if self.chance.bool() { 0 } else { 4 };
        traffic::seconds(&mut self.chance, hours)
    }
}

fn activity(id: &str, deed: &Deed) -> Value {
    let Deed { email, kind, at, country, title } = deed;
    let mut activity = json!({
        "id": id, "type": kind, "email": email, "occurred_at": at.to_string(), "profile": {},
    });
    for (name, said) in [("country", country), ("title", title)] {
        if let Some(said) = said {
            activity["profile"][name] = said.as_str().into();
        }
    }
    activity
}
