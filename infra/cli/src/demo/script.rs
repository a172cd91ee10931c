//! What people do, as the files of `infra/cli/demo` have it: prospects, salespeople, marketing.

use std::collections::BTreeMap;

use baton_core::id::{Identity, LeadId, PersonId};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::exit::BoxError;

/// How long the demo goes on: acceptance on the first day, the warning 30 days later, the day of
/// grace, and what comes of it.
pub(super) const DAYS: i64 = 32;

const ACTIVITIES: &str = include_str!("../../demo/activities.jsonl");
const SALES: &str = include_str!("../../demo/sales.csv");
const HABITS: &str = include_str!("../../demo/habits.toml");

/// The first moment: Monday, 2 March 2026, 08:00 UTC.
pub(super) fn start() -> Timestamp {
    Timestamp::constant(1_772_438_400, 0)
}

pub(super) fn end() -> Timestamp {
    start() + SignedDuration::from_hours(24 * DAYS)
}

/// Everything that people will do.
pub(super) struct Script {
    /// What the website and its tools send.
    pub(super) deliveries: Vec<Delivery>,
    /// What people do about leads.
    pub(super) actions: Vec<ScriptedAction>,
    /// How salespeople get to their alerts.
    pub(super) habits: BTreeMap<PersonId, Habit>,
}

/// One request of the website's.
#[derive(Deserialize)]
pub(super) struct Delivery {
    /// When it arrives here.
    pub(super) at: Timestamp,
    /// The body: an activity, or several.
    pub(super) post: Value,
}

/// Something a person does about a lead.
#[derive(Clone)]
pub(super) struct ScriptedAction {
    pub(super) lead: LeadId,
    /// The cycle of the lead that it belongs to.
    pub(super) cycle: u32,
    pub(super) when: Timing,
    pub(super) by: Role,
    pub(super) verb: Verb,
    /// The reason, or the person who gets the lead.
    pub(super) with: String,
}

#[derive(Clone, Copy)]
pub(super) enum Timing {
    /// A while after something happened to the lead.
    After(Trigger, SignedDuration),
    At(Timestamp),
}

/// The event of a lead that people react to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Trigger {
    Assigned,
    Reassigned,
    Accepted,
    Warned,
    Returned,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Owner,
    Supervisor,
    Marketing,
    Crm,
}

/// The command that is given; it is the last part of the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verb {
    Accept,
    Reject,
    Convert,
    Extend,
    Return,
    Disqualify,
    Reassign,
    Qualify,
}

/// How somebody gets to their alerts.
pub(super) struct Habit {
    /// From an alert to the first look at it.
    pub(super) first_look: SignedDuration,
    /// How long a lead keeps them busy.
    pub(super) busy: SignedDuration,
    /// Whether they act in the CRM rather than by the alert's link.
    pub(super) in_crm: bool,
}

/// A line of sales.csv.
#[derive(Deserialize)]
struct Line {
    lead: String,
    cycle: u32,
    when: String,
    who: Role,
    does: Verb,
    with: String,
}

/// An entry of habits.toml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    first_look: String,
    busy: String,
    uses: Tool,
}

#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tool {
    Link,
    Crm,
}

type Read<T> = Result<T, BoxError>;

impl Script {
    /// Reads the files that ship with the demo.
    pub(super) fn read() -> Read<Self> {
        let lines = ACTIVITIES.lines().filter(|line| !line.is_empty());
        let deliveries = lines.map(serde_json::from_str).collect::<Result<_, _>>()?;
        let mut sales = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(SALES.as_bytes());
        let actions =
            sales.deserialize::<Line>().map(|line| line?.scripted()).collect::<Read<_>>()?;
        let entries: BTreeMap<PersonId, Entry> = toml::from_str(HABITS)?;
        let habit = |(person, entry): (PersonId, Entry)| Ok((person, entry.habit()?));
        let habits = entries.into_iter().map(habit).collect::<Read<_>>()?;
        Ok(Self { deliveries, actions, habits })
    }
}

impl Verb {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Convert => "convert",
            Self::Extend => "extend",
            Self::Return => "return",
            Self::Disqualify => "disqualify",
            Self::Reassign => "reassign",
            Self::Qualify => "qualify",
        }
    }
}

impl Line {
    fn scripted(self) -> Read<ScriptedAction> {
        let identity = match self.lead.contains(':') {
            true => Identity::parse(&self.lead)?,
            false => Identity::parse(&format!("email:{}", self.lead))?,
        };
        let when = match self.when.split_once('+') {
            None => Timing::At(self.when.parse()?),
            Some((trigger, after)) => Timing::After(moment(trigger)?, duration(after)?),
        };
        let Self { cycle, who: by, does: verb, with, .. } = self;
        Ok(ScriptedAction { lead: identity.lead_id(), cycle, when, by, verb, with })
    }
}

impl Entry {
    fn habit(&self) -> Read<Habit> {
        let (first_look, busy) = (duration(&self.first_look)?, duration(&self.busy)?);
        Ok(Habit { first_look, busy, in_crm: self.uses == Tool::Crm })
    }
}

fn moment(word: &str) -> Read<Trigger> {
    Ok(serde_json::from_value(word.into())?)
}

/// "50h", "9d", "1h 30m": a day is 24 hours.
fn duration(text: &str) -> Read<SignedDuration> {
    let span: Span = text.parse()?;
    Ok(span.to_duration(SpanRelativeTo::days_are_24_hours())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_that_ship_with_the_demo_read() {
        let script = Script::read().unwrap();
        assert_eq!(start().to_string(), "2026-03-02T08:00:00Z");
        let in_time = |at: Timestamp| start() <= at && at <= end();
        assert!(script.deliveries.iter().all(|delivery| in_time(delivery.at)));
        assert!(script.deliveries.is_sorted_by_key(|delivery| delivery.at));
        assert!(script.actions.len() > 50 && script.habits.len() == 5);
    }
}
