//! The 32 days, from moment to moment: what comes next happens, the clock catches up, and people
//! make up their minds about what they hear.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use baton_core::id::LeadId;
use baton_core::lead::Status;
use baton_core::message::{Event, EventName};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::badges;
use super::demo_stack::{Caller, DemoResult, DemoStack};
use super::schedule::{Action, Schedule, Scheduled};
use super::script::{self, Script};
use super::stats::{Counts, Stats};
use super::team::{ActionResult, Team};
use super::timeline::Timeline;

/// How often to look after a lead whose deadline passed without anything published.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// By then everybody has been told everything: a digest of many alerts may take minutes.
const ALL_TOLD_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// The state of the simulation between two moments.
pub(super) struct Simulation<'a> {
    demo: &'a DemoStack,
    schedule: Schedule,
    team: Team,
    stats: Stats,
    names: BTreeMap<LeadId, String>,
    deadlines: BTreeMap<LeadId, Timestamp>,
    letters_read: usize,
    events_heard: usize,
    /// When something last happened that people may not have been told of yet.
    news_at: Option<Timestamp>,
}

impl<'a> Simulation<'a> {
    /// A simulation before its first moment.
    pub(super) fn new(mut script: Script, demo: &'a DemoStack) -> Self {
        let mut schedule = Schedule::default();
        for delivery in std::mem::take(&mut script.deliveries) {
            schedule.put(delivery.at, Scheduled::Delivery(delivery.post));
        }
        let (team, dated) = Team::new(script, &demo.rules.roster);
        for (at, action) in dated {
            schedule.put(at, Scheduled::Action(action));
        }
        Self {
            demo,
            schedule,
            team,
            stats: Stats::default(),
            names: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            letters_read: 0,
            events_heard: 0,
            news_at: None,
        }
    }

    /// Runs to the end, and writes each day when it is over.
    pub(super) async fn perform(mut self, out: &mut impl Write) -> DemoResult<Stats> {
        let mut timeline = Timeline::new(out, &self.demo.rules.roster)?;
        self.list(&mut timeline).await?;
        while let Some((at, scheduled)) = self.schedule.next_by(script::end()) {
            if self.is_over(&scheduled, at) {
                continue;
            }
            self.wait_until(at, &mut timeline).await?;
            match scheduled {
                Scheduled::Delivery(post) => self.deliver(&post, &mut timeline).await?,
                Scheduled::Action(action) => self.act(&action, &mut timeline).await?,
                Scheduled::Deadline(lead) => self.check_again(lead, at),
            }
        }
        self.demo.stack.advance_to(script::end()).await?;
        self.process_news(None, &mut timeline).await?;
        timeline.end()?;
        self.take_stock().await?;
        Ok(self.stats)
    }

    /// The badge list: the hall in one request, the booth row by row, so that the order of the
    /// list decides who is dealt whom, and the story is the same every time.
    async fn list(&mut self, timeline: &mut Timeline<'_, impl Write>) -> DemoResult<()> {
        let badges = badges::read()?;
        self.stats.unusable_rows = badges.unusable.len();
        let hall = Value::Array(badges.hall.clone());
        for answer in self.demo.send(Caller::TradeShow, &hall).await? {
            self.stats.answer(&answer);
        }
        let (mut visitors, mut excluded) = (BTreeSet::new(), BTreeMap::new());
        for visit in &badges.booth {
            for answer in self.demo.send(Caller::TradeShow, visit).await? {
                let lead = answer["lead"].as_str().unwrap_or_default().to_owned();
                if let Some(rule) = answer["excluded_by"].as_str() {
                    excluded.insert(lead.clone(), rule.to_owned());
                }
                visitors.insert(lead);
                self.stats.answer(&answer);
            }
        }
        let rules: Counts = excluded.values().map(String::as_str).collect();
        let (people, visitors) = (self.stats.leads.len(), visitors.len());
        timeline.list(&badges, people, visitors, &rules);
        self.process_news(None, timeline).await
    }

    /// Lets time pass, with every deadline in its order.
    async fn wait_until(
        &mut self,
        at: Timestamp,
        timeline: &mut Timeline<'_, impl Write>,
    ) -> DemoResult<()> {
        let news_at = self.news_at;
        if news_at.is_some() || self.deadlines.values().any(|deadline| *deadline <= at) {
            self.demo.stack.advance_to(at).await?;
            self.news_at = news_at.filter(|since| at < *since + ALL_TOLD_AFTER);
            self.process_news(None, timeline).await?;
        } else {
            // Nothing is due by then, so running the timer would change nothing.
            self.demo.clock.advance_to(at);
        }
        timeline.turn_to(at)?;
        Ok(())
    }

    async fn deliver(
        &mut self,
        post: &Value,
        timeline: &mut Timeline<'_, impl Write>,
    ) -> DemoResult<()> {
        let mut in_sales = false;
        for answer in self.demo.send(Caller::Website, post).await? {
            self.stats.answer(&answer);
            timeline.outcome(&answer);
            in_sales |= answer["status"] == Status::Mql.word();
        }
        // An activity is news only if it made an MQL.
        if in_sales { self.process_news(None, timeline).await } else { Ok(()) }
    }

    async fn act(
        &mut self,
        act: &Action,
        timeline: &mut Timeline<'_, impl Write>,
    ) -> DemoResult<()> {
        match self.team.act(act, self.demo).await? {
            ActionResult::Yes => self.process_news(Some(act), timeline).await,
            ActionResult::TooLate => {
                let lead = self.name(act.lead).await?;
                timeline.too_late(self.demo.stack.now(), &lead, act);
                Ok(())
            }
        }
    }

    /// Hands new alerts and events to the people, who then plan what to do.
    async fn process_news(
        &mut self,
        act: Option<&Action>,
        timeline: &mut Timeline<'_, impl Write>,
    ) -> DemoResult<()> {
        let messages = self.demo.stack.messages().split_off(self.letters_read);
        let events = self.demo.stack.events().split_off(self.events_heard);
        self.letters_read += messages.len();
        self.events_heard += events.len();
        if !events.is_empty() {
            self.news_at = Some(self.demo.stack.now());
        }
        for message in &messages {
            self.team.read(message, self.demo);
            timeline.message(message)?;
        }
        for event in events {
            let event: Event = serde_json::from_value(event.detail)?;
            let lead = self.name(event.lead).await?;
            self.stats.event(&event, self.demo.rules.policy.clocks.accept_within);
            timeline.event(&event, &lead, act)?;
            self.plan(&event);
        }
        Ok(())
    }

    fn plan(&mut self, event: &Event) {
        for (at, action) in self.team.plan(event) {
            self.schedule.put(at, Scheduled::Action(action));
        }
        match &event.deadline {
            // Routing follows at once; if not, the lead is found unrouted.
            Some(_) if event.name == EventName::Qualified => {}
            Some(deadline) => self.expect(event.lead, deadline.at),
            None => drop(self.deadlines.remove(&event.lead)),
        }
    }

    fn expect(&mut self, lead: LeadId, at: Timestamp) {
        self.deadlines.insert(lead, at);
        self.schedule.put(at, Scheduled::Deadline(lead));
    }

    /// Whether a deadline has moved or gone since it was scheduled.
    fn is_over(&self, scheduled: &Scheduled, at: Timestamp) -> bool {
        match scheduled {
            Scheduled::Deadline(lead) => self.deadlines.get(lead) != Some(&at),
            Scheduled::Delivery(_) | Scheduled::Action(_) => false,
        }
    }

    /// Routing of a lead that nobody is there for is retried without an event: check again later.
    fn check_again(&mut self, lead: LeadId, at: Timestamp) {
        if self.deadlines.get(&lead) == Some(&at) {
            self.expect(lead, at + LOOK_AGAIN);
        }
    }

    /// Who a lead is, for the reader.
    async fn name(&mut self, lead: LeadId) -> DemoResult<String> {
        if let Some(name) = self.names.get(&lead) {
            return Ok(name.clone());
        }
        let seen = self.demo.get_lead(lead, "").await?;
        let said = |key: &str| seen["profile"][key].as_str();
        let parts = [said("first_name"), said("last_name")];
        let full = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = said("name").or(Some(full.as_str()).filter(|full| !full.is_empty()));
        let name = match (name, said("company")) {
            (Some(name), Some(company)) => format!("{name} ({company})"),
            (Some(name), None) => name.to_owned(),
            (None, _) => seen["email"].as_str().unwrap_or("somebody").to_owned(),
        };
        self.names.insert(lead, name.clone());
        Ok(name)
    }

    /// Where everybody who was ever in sales stands, as the table has it. The others stand where
    /// the answer to their last activity left them: time alone moves nobody who is not in sales.
    async fn take_stock(&mut self) -> DemoResult<()> {
        for lead in self.names.keys() {
            self.stats.stand(*lead, &self.demo.get_lead(*lead, "").await?);
            self.stats.history(&self.demo.get_lead(*lead, "/history").await?);
        }
        Ok(())
    }
}
