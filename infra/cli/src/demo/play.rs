//! The 32 days, from moment to moment: what comes next happens, the clock catches up, and people
//! make up their minds about what they hear.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use baton_core::id::LeadId;
use baton_core::lead::Status;
use baton_core::message::{Event, EventName};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::agenda::{Act, Agenda, Happening};
use super::badges;
use super::chronicle::Chronicle;
use super::script::{self, Script};
use super::stage::{Answered, Key, Stage};
use super::tally::{Counts, Tally};
use super::team::{Done, Team};

/// How often to look after a lead whose deadline passed without anything published.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// By when everybody was told everything, in letters of many alerts if need be.
const ALL_TOLD_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// The play: who is in it, and how far it has come.
pub(super) struct Play<'a> {
    stage: &'a Stage,
    agenda: Agenda,
    team: Team,
    tally: Tally,
    names: BTreeMap<LeadId, String>,
    deadlines: BTreeMap<LeadId, Timestamp>,
    letters_read: usize,
    events_heard: usize,
    /// When something was last heard of that may not have been told to everybody yet.
    news_at: Option<Timestamp>,
}

impl<'a> Play<'a> {
    /// A play that has not begun.
    pub(super) fn new(mut script: Script, stage: &'a Stage) -> Self {
        let mut agenda = Agenda::default();
        for delivery in std::mem::take(&mut script.deliveries) {
            agenda.put(delivery.at, Happening::Delivery(delivery.post));
        }
        let (team, dated) = Team::new(script, &stage.rules.roster);
        for (at, act) in dated {
            agenda.put(at, Happening::Act(act));
        }
        Self {
            stage,
            agenda,
            team,
            tally: Tally::default(),
            names: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            letters_read: 0,
            events_heard: 0,
            news_at: None,
        }
    }

    /// Plays it, telling every day when it is over.
    pub(super) async fn perform(mut self, out: &mut impl Write) -> Answered<Tally> {
        let mut chronicle = Chronicle::new(out, &self.stage.rules.roster)?;
        self.list(&mut chronicle).await?;
        while let Some((at, happening)) = self.agenda.next_by(script::end()) {
            if self.is_over(&happening, at) {
                continue;
            }
            self.wait_until(at, &mut chronicle).await?;
            match happening {
                Happening::Delivery(post) => self.deliver(&post, &mut chronicle).await?,
                Happening::Act(act) => self.act(&act, &mut chronicle).await?,
                Happening::Deadline(lead) => self.look_after(lead, at),
            }
        }
        self.stage.house.advance_to(script::end()).await?;
        self.hear(None, &mut chronicle).await?;
        chronicle.end()?;
        self.take_stock().await?;
        Ok(self.tally)
    }

    /// The badge list: the hall in one request, the booth row by row, so that the order of the
    /// list decides who is dealt whom, and the story is the same every time.
    async fn list(&mut self, chronicle: &mut Chronicle<'_, impl Write>) -> Answered<()> {
        let badges = badges::read()?;
        self.tally.unusable_rows = badges.unusable.len();
        let hall = Value::Array(badges.hall.clone());
        for answer in self.stage.send(Key::TradeShow, &hall).await? {
            self.tally.answer(&answer);
        }
        let (mut visitors, mut excluded) = (BTreeSet::new(), BTreeMap::new());
        for visit in &badges.booth {
            for answer in self.stage.send(Key::TradeShow, visit).await? {
                let lead = answer["lead"].as_str().unwrap_or_default().to_owned();
                if let Some(rule) = answer["excluded_by"].as_str() {
                    excluded.insert(lead.clone(), rule.to_owned());
                }
                visitors.insert(lead);
                self.tally.answer(&answer);
            }
        }
        let rules: Counts = excluded.values().map(String::as_str).collect();
        let (people, visitors) = (self.tally.leads.len(), visitors.len());
        chronicle.list(&badges, people, visitors, &rules);
        self.hear(None, chronicle).await
    }

    /// Lets time pass, with every deadline in its order.
    async fn wait_until(
        &mut self,
        at: Timestamp,
        chronicle: &mut Chronicle<'_, impl Write>,
    ) -> Answered<()> {
        let news_at = self.news_at;
        if news_at.is_some() || self.deadlines.values().any(|deadline| *deadline <= at) {
            self.stage.house.advance_to(at).await?;
            self.news_at = news_at.filter(|since| at < *since + ALL_TOLD_AFTER);
            self.hear(None, chronicle).await?;
        } else {
            // Nothing is due by then: the timer would look in vain, and nobody would hear a thing.
            self.stage.clock.advance_to(at);
        }
        chronicle.turn_to(at)?;
        Ok(())
    }

    async fn deliver(
        &mut self,
        post: &Value,
        chronicle: &mut Chronicle<'_, impl Write>,
    ) -> Answered<()> {
        let mut in_sales = false;
        for answer in self.stage.send(Key::Website, post).await? {
            self.tally.answer(&answer);
            chronicle.outcome(&answer);
            in_sales |= answer["status"] == Status::Mql.word();
        }
        // Nobody hears of an activity, unless it made an MQL.
        if in_sales { self.hear(None, chronicle).await } else { Ok(()) }
    }

    async fn act(&mut self, act: &Act, chronicle: &mut Chronicle<'_, impl Write>) -> Answered<()> {
        match self.team.act(act, self.stage).await? {
            Done::Yes => self.hear(Some(act), chronicle).await,
            Done::TooLate => {
                let lead = self.name(act.lead).await?;
                chronicle.too_late(self.stage.house.now(), &lead, act);
                Ok(())
            }
        }
    }

    /// Alerts are read and facts are heard; people make up their minds.
    async fn hear(
        &mut self,
        act: Option<&Act>,
        chronicle: &mut Chronicle<'_, impl Write>,
    ) -> Answered<()> {
        let letters = self.stage.house.letters().split_off(self.letters_read);
        let events = self.stage.house.events().split_off(self.events_heard);
        self.letters_read += letters.len();
        self.events_heard += events.len();
        if !events.is_empty() {
            self.news_at = Some(self.stage.house.now());
        }
        for letter in &letters {
            self.team.read(letter, self.stage);
            chronicle.letter(letter)?;
        }
        for event in events {
            let event: Event = serde_json::from_value(event.detail)?;
            let lead = self.name(event.lead).await?;
            self.tally.event(&event, self.stage.rules.policy.clocks.accept_within);
            chronicle.event(&event, &lead, act)?;
            self.plan(&event);
        }
        Ok(())
    }

    fn plan(&mut self, event: &Event) {
        for (at, act) in self.team.plan(event) {
            self.agenda.put(at, Happening::Act(act));
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
        self.agenda.put(at, Happening::Deadline(lead));
    }

    /// Whether a deadline has moved or gone since it was put down.
    fn is_over(&self, happening: &Happening, at: Timestamp) -> bool {
        match happening {
            Happening::Deadline(lead) => self.deadlines.get(lead) != Some(&at),
            Happening::Delivery(_) | Happening::Act(_) => false,
        }
    }

    /// A lead for which nobody is there is tried again and again, in silence.
    fn look_after(&mut self, lead: LeadId, at: Timestamp) {
        if self.deadlines.get(&lead) == Some(&at) {
            self.expect(lead, at + LOOK_AGAIN);
        }
    }

    /// Who a lead is, for the reader.
    async fn name(&mut self, lead: LeadId) -> Answered<String> {
        if let Some(name) = self.names.get(&lead) {
            return Ok(name.clone());
        }
        let seen = self.stage.look(lead, "").await?;
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
    async fn take_stock(&mut self) -> Answered<()> {
        for lead in self.names.keys() {
            self.tally.stand(*lead, &self.stage.look(*lead, "").await?);
            self.tally.history(&self.stage.look(*lead, "/history").await?);
        }
        Ok(())
    }
}
