//! The demo's timeline: gathers what happens in a day, and writes it when the day is over.

use std::collections::BTreeMap;
use std::io::{self, Write};

use baton_core::id::{LeadId, PersonId};
use baton_core::lead::QualifiedBy;
use baton_core::message::{Event, EventName};
use baton_core::roster::Roster;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::badges::Badges;
use super::day::Day;
use super::schedule::Action;
use super::script::{self, Verb};
use super::stats::{Counts, path};
use crate::local_inbox::InboxMessage;

/// Of the escalations of one lead, every third is shown.
const SHOWN_EVERY: usize = 3;

/// Writes one entry a day.
pub(super) struct Timeline<'a, W> {
    out: &'a mut W,
    roster: &'a Roster,
    date: Date,
    day: Day,
    quiet: Option<(Date, Day)>,
    escalations: BTreeMap<LeadId, usize>,
    held_since: BTreeMap<LeadId, Timestamp>,
    has_shown_assignment: bool,
    has_shown_escalation: bool,
}

impl<'a, W: Write> Timeline<'a, W> {
    /// An empty timeline, with its headline written.
    pub(super) fn new(out: &'a mut W, roster: &'a Roster) -> io::Result<Self> {
        writeln!(
            out,
            "A month of marketing and sales at Northwind: sample data, the real functions and \
             table,\nand a clock that jumps. Times are UTC.\n"
        )?;
        Ok(Self {
            out,
            roster,
            date: date(script::start()),
            day: Day::default(),
            quiet: None,
            escalations: BTreeMap::new(),
            held_since: BTreeMap::new(),
            has_shown_assignment: false,
            has_shown_escalation: false,
        })
    }

    /// Writes the days before this one. Quiet days are written together, by the week.
    pub(super) fn turn_to(&mut self, at: Timestamp) -> io::Result<()> {
        let today = date(at);
        if today == self.date {
            return Ok(());
        }
        let (day, date) = (std::mem::take(&mut self.day), std::mem::replace(&mut self.date, today));
        if !day.is_quiet() {
            self.write_quiet_days()?;
            return self.write(&day, date);
        }
        match &mut self.quiet {
            Some((_, days)) => days.join(day),
            None => self.quiet = Some((date, day)),
        }
        if date.iso_week_date().week() != today.iso_week_date().week() {
            self.write_quiet_days()?;
        }
        Ok(())
    }

    /// Writes what has not been written yet.
    pub(super) fn end(mut self) -> io::Result<()> {
        self.write_quiet_days()?;
        let day = std::mem::take(&mut self.day);
        self.write(&day, self.date)
    }

    fn write_quiet_days(&mut self) -> io::Result<()> {
        self.quiet.take().map_or(Ok(()), |(date, days)| self.write(&days, date))
    }

    fn write(&mut self, day: &Day, date: Date) -> io::Result<()> {
        for line in day.lines(date) {
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()
    }

    /// The badge list has come in: so many people, of whom so many came to our booth and so many
    /// of those are excluded, by rule.
    pub(super) fn list(
        &mut self,
        badges: &Badges,
        people: usize,
        visitors: usize,
        excluded: &Counts,
    ) {
        let rows = badges.hall.len() + badges.booth.len() + badges.unusable.len();
        let unusable = badges.unusable.join("; ");
        let news = &mut self.day.news;
        news.push(format!(
            "Last week's trade show sends its badge list: {rows} rows, {} of them unusable: \
             {unusable}.",
            badges.unusable.len(),
        ));
        news.push(format!(
            "{people} people, {visitors} of them at our booth, the fast track: {} qualify \
             whatever their score, {} are excluded ({}).",
            visitors - excluded.total(),
            excluded.total(),
            excluded.words(),
        ));
    }

    /// Counts the answer to an activity from the web.
    pub(super) fn outcome(&mut self, answer: &Value) {
        let outcome = answer["outcome"].as_str().unwrap_or_default();
        self.day.outcomes.add(outcome);
        self.day.still_returned += usize::from(answer["status"] == "returned");
    }

    /// The first assignment and the first escalation are shown whole.
    pub(super) fn message(&mut self, message: &InboxMessage) -> io::Result<()> {
        self.turn_to(message.at)?;
        let (shown, how) = match (message.kind.as_str(), message.channel.as_str()) {
            ("assigned", "email") => (&mut self.has_shown_assignment, "e-mail"),
            ("accept_overdue", "sms") => (&mut self.has_shown_escalation, "SMS"),
            _ => return Ok(()),
        };
        if !std::mem::replace(shown, true) {
            let at = message.at.strftime("%H:%M");
            let head = format!("To {}, by {how}, {at}", name_of(self.roster, &message.to));
            let subject = match message.subject.as_str() {
                "" => String::new(),
                subject => format!("Subject: {subject}\n\n"),
            };
            self.day.alerts.push(format!("{head}\n{subject}{}", message.body.trim_end()));
        }
        Ok(())
    }

    /// Takes up a published event; `act` is the action that caused it, if a person's action did.
    pub(super) fn event(
        &mut self,
        event: &Event,
        lead: &str,
        act: Option<&Action>,
    ) -> io::Result<()> {
        self.turn_to(event.at)?;
        let owner = event.owner.as_ref().map_or("nobody", PersonId::as_str);
        let owner = name_of(self.roster, owner).to_owned();
        match event.name {
            EventName::Qualified => self.qualified(event, lead, act),
            EventName::Assigned => {
                self.day.dealt.add(&owner);
                self.held_since.insert(event.lead, event.at);
            }
            EventName::Unrouted => {
                let text = format!("nobody is there for {lead}: retried every 15 min.");
                self.note(event, text);
            }
            EventName::Reassigned => self.reassigned(event, lead, &owner),
            EventName::Accepted => self.day.done.add("accepted"),
            EventName::Escalated => self.escalated(event, lead, &owner),
            EventName::Warned => self.day.warned.add(&owner),
            EventName::Extended | EventName::Converted => self.worked(event, lead, &owner, act),
            EventName::Returned | EventName::Disqualified => self.left(event, lead, &owner, act),
            EventName::Merged | EventName::Erased => {}
        }
        Ok(())
    }

    /// Somebody's action came too late: the lead's page no longer offers it.
    pub(super) fn too_late(&mut self, at: Timestamp, lead: &str, act: &Action) {
        let verb = act.verb.word();
        let text = format!("an attempt to {verb} {lead} comes too late.");
        self.day.notes.push((at, text));
    }

    fn qualified(&mut self, event: &Event, lead: &str, act: Option<&Action>) {
        let by = path(event.mql_by);
        self.day.qualified.add(by);
        let by_hand = act.filter(|_| event.mql_by == Some(QualifiedBy::Manual));
        let text = match by_hand {
            Some(act) => format!("marketing passes {lead} on: \"{}\".", act.with),
            None if event.cycle > 1 => {
                format!("{lead} qualifies again, by {by}: cycle {}.", event.cycle)
            }
            None => return,
        };
        self.note(event, text);
    }

    fn reassigned(&mut self, event: &Event, lead: &str, owner: &str) {
        let since = self.held_since.insert(event.lead, event.at);
        let days = since.map_or(0, |since| event.at.duration_since(since).as_hours() / 24);
        let by = event.supervisor.as_ref().map_or("the supervisor", PersonId::as_str);
        let by = name_of(self.roster, by).to_owned();
        self.escalations.remove(&event.lead);
        self.note(event, format!("{by} gives {lead} to {owner}: it has waited for {days} days."));
    }

    fn escalated(&mut self, event: &Event, lead: &str, owner: &str) {
        self.day.escalated.add(owner);
        let times = self.escalations.entry(event.lead).or_default();
        *times += 1;
        let times = *times;
        if times.is_multiple_of(SHOWN_EVERY) {
            self.note(event, format!("{lead} still waits for {owner}: reminder {times}."));
        }
    }

    fn worked(&mut self, event: &Event, lead: &str, owner: &str, act: Option<&Action>) {
        if event.name == EventName::Converted {
            self.day.done.add("converted");
            return;
        }
        self.day.done.add("extended");
        let why = act.map_or("", |act| act.with.as_str());
        self.note(event, format!("{owner} extends {lead}: \"{why}\"."));
    }

    fn left(&mut self, event: &Event, lead: &str, owner: &str, act: Option<&Action>) {
        match act {
            Some(Action { verb: Verb::Reject, with, .. }) => {
                self.day.done.add("turned down");
                self.day.turned_down.add(with);
            }
            Some(act) if event.name == EventName::Disqualified => {
                self.day.done.add("ruled out");
                self.note(event, format!("{lead} is ruled out: \"{}\".", act.with));
            }
            Some(act) => {
                self.day.done.add("given back");
                self.note(event, format!("{owner} gives back {lead}: \"{}\".", act.with));
            }
            None => self.day.taken_back.add(owner),
        }
    }

    fn note(&mut self, event: &Event, text: String) {
        self.day.notes.push((event.at, text));
    }
}

fn date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The first name of somebody on the roster.
fn name_of<'a>(roster: &'a Roster, id: &'a str) -> &'a str {
    let person = PersonId::parse(id).ok().and_then(|id| roster.person(&id));
    person.and_then(|person| person.name.split(' ').next()).unwrap_or(id)
}
