//! The rules, as far as a simulated world needs them: what its policy and roster say.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A policy and a roster.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// The name of this edition.
    pub version: String,
    /// Where a day begins and ends for daily caps.
    pub time_zone: String,
    /// The score that qualifies.
    pub threshold: i64,
    /// The lowest behaviour score.
    pub floor: i64,
    /// Until a point is worth half.
    pub half_life: SignedDuration,
    /// Whether behaviour restarts from zero when a lead is returned.
    pub restarts: bool,
    /// Points for activities, one rule for each type.
    pub points: Vec<Points>,
    /// Points for a country.
    pub countries: Vec<(String, i64)>,
    /// Points for a title in which the word is.
    pub titles: Vec<(String, i64)>,
    /// Types of activities that qualify at once.
    pub fast_tracks: Vec<String>,
    /// The domain of those who never qualify by themselves.
    pub excluded: String,
    /// Which countries go to which queue; the first that matches decides.
    pub routes: Vec<(Vec<String>, String)>,
    /// How long everybody has.
    pub clocks: Clocks,
    /// Everybody.
    pub people: Vec<Person>,
    /// The pools.
    pub queues: Vec<Queue>,
    /// The queue for everybody else.
    pub fallback: String,
    /// Who is told in marketing.
    pub marketing: Vec<String>,
}

/// Points for one type of activity.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// The type.
    pub kind: String,
    /// What it gives or takes.
    pub points: i64,
    /// The most it gives one lead in one day.
    pub at_most_per_day: Option<i64>,
}

/// How long everybody has: the policy's `[clocks]`.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the words of the policy's reference")]
pub struct Clocks {
    pub accept_within: SignedDuration,
    pub escalate_every: SignedDuration,
    pub convert_within: SignedDuration,
    pub take_back_after: SignedDuration,
    pub extend_by: SignedDuration,
    pub extensions_at_most: u32,
    pub route_within: SignedDuration,
    pub route_retry_every: SignedDuration,
    pub unrouted_remind_every: SignedDuration,
}

/// Somebody on the roster.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// Their clock on the wall.
    pub time_zone: String,
    /// Whom they report to.
    pub supervisor: Option<String>,
    /// Whether they still work here.
    pub active: bool,
    /// Their days off.
    pub away: Vec<Away>,
}

/// Days off, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// The first.
    pub from: Date,
    /// The last.
    pub until: Date,
}

/// A pool of people with their weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Who, and how much of it.
    pub members: Vec<(String, u32)>,
}

impl Rules {
    /// Somebody on the roster.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Whom somebody reports to.
    pub fn supervisor_of(&self, id: &str) -> Option<String> {
        self.person(id)?.supervisor.clone()
    }

    /// Those of a queue who are there, with their weights.
    pub fn present(&self, queue: &str, now: Timestamp) -> Vec<(String, u32)> {
        let queue = self.queues.iter().find(|known| known.name == queue);
        let members = queue.map_or(&[][..], |queue| &queue.members);
        let is_there =
            |(id, _): &&(String, u32)| self.person(id).is_some_and(|person| person.is_there(now));
        members.iter().filter(is_there).cloned().collect()
    }

    /// Who hears of a lead that nobody can take: those whom the fallback queue's people report
    /// to, or else marketing.
    pub fn house(&self) -> Vec<String> {
        let members = self.queues.iter().filter(|queue| queue.name == self.fallback);
        let members = members.flat_map(|queue| &queue.members);
        let mut house: Vec<_> = members.filter_map(|(id, _)| self.supervisor_of(id)).collect();
        house.sort();
        house.dedup();
        if house.is_empty() { self.marketing.clone() } else { house }
    }
}

impl Person {
    /// Whether they are dealt leads: not gone, and no day off on their own calendar.
    pub fn is_there(&self, now: Timestamp) -> bool {
        let today = day(now, &self.time_zone);
        self.active && !self.away.iter().any(|away| away.from <= today && today <= away.until)
    }
}

/// The date on the wall somewhere.
pub(super) fn day(at: Timestamp, time_zone: &str) -> Date {
    at.to_zoned(TimeZone::get(time_zone).expect("a time zone")).date()
}
