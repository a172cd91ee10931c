//! Reading a policy. Every mistake is reported, and a policy with a mistake is not used.

mod check;
mod condition;
mod defaults;
mod keys;
mod place;
mod rules;
mod source;
#[cfg(test)]
mod tests;
mod verify;
mod words;

use std::ops::RangeInclusive;

use baton_core::id::{ActivityType, PersonId};
use baton_core::limits;
use baton_core::policy::{ActivityRules, Clocks, Meeting, Policy, Scanners, Scoring};
use baton_intake::Sources;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::document::{self, Mistake, Mistakes, Read, Table, Value};

pub use check::check_against;
pub use keys::KEYS;
pub use source::preset;

/// The policy used when none is given.
pub const SAMPLE: &str = include_str!("sample.toml");

/// What the text of a policy says.
#[derive(Clone, Debug)]
pub struct PolicyDocument {
    /// The rules that decide.
    pub policy: Policy,
    /// The tools that post payloads of their own, by name.
    pub sources: Sources,
    /// What its author may not have meant, in the order of the text.
    pub warnings: Vec<Mistake>,
}

/// Reads a policy.
///
/// # Errors
///
/// Every mistake of the text; if it is not TOML, the first thing that is not.
pub fn parse(text: &str) -> Result<PolicyDocument, Mistakes> {
    let (document, warnings) = document::read_with_warnings(text, &keys::POLICY, policy)?;
    Ok(PolicyDocument { warnings, ..document })
}

fn policy(root: &Table<'_>) -> Read<PolicyDocument> {
    let version = root.required("version", Value::words);
    let time_zone = root.or("time_zone", TimeZone::UTC, Value::zone);
    let scoring = root.section("score", &keys::SCORE).and_then(|table| scoring(&table));
    let activities = rules::activities(root);
    let scanners = root.section("scanners", &keys::SCANNERS).and_then(|table| scanners(&table));
    let fit = rules::fit(root);
    let fast_tracks = rules::fast_tracks(root);
    let exclusions = rules::exclusions(root);
    let routes = rules::routes(root);
    let clocks = root.section("clocks", &keys::CLOCKS).and_then(|table| clocks(&table));
    let meeting = root.section("meeting", &keys::MEETING).and_then(|table| meeting(&table));
    let reject_reasons = words::reject_reasons(root);
    let crm_words = words::crm_words(root);
    let sources = source::sources(root);
    let policy = Policy {
        version: version?,
        time_zone: time_zone?,
        scoring: scoring?,
        activities: ActivityRules::new(activities),
        scanners: scanners?,
        fit,
        fast_tracks,
        exclusions,
        routes,
        clocks: clocks?,
        meeting: meeting?,
        reject_reasons,
        crm_words: crm_words?,
    };
    Ok(PolicyDocument { policy, sources, warnings: Vec::new() })
}

/// A floor above zero would be points for nothing; one at most zero is below every threshold.
fn scoring(table: &Table<'_>) -> Read<Scoring> {
    let default = Scoring::default();
    let threshold =
        table.or("threshold", default.threshold, |v| v.integer(1..=limits::SCORE_POINTS));
    let floor = table.or("floor", default.floor, |v| v.integer(-limits::SCORE_POINTS..=0));
    let half_life =
        table.or("half_life", default.half_life, |v| v.span(at_least(SHORTEST_HALF_LIFE)));
    let restart = table.or("restart_on_return", default.restart_on_return, Value::boolean);
    Ok(Scoring {
        threshold: threshold?,
        floor: floor?,
        half_life: half_life?,
        restart_on_return: restart?,
    })
}

/// No types and no span are how a policy says that it wants neither rule.
fn scanners(table: &Table<'_>) -> Read<Scanners> {
    let default = Scanners::default();
    let types = table.or("types", default.types, |v| {
        let types = v.list(limits::SCANNER_TYPES)?.into_iter();
        let types: Vec<Read<_>> = types.map(|v| v.parsed(ActivityType::parse)).collect();
        types.into_iter().collect()
    });
    let after_sending = table
        .or("after_sending", default.after_sending, |v| v.span(at_least(SignedDuration::ZERO)));
    Ok(Scanners { types: types?, after_sending: after_sending? })
}

/// Points that halve faster than this are gone before the day's next activity.
const SHORTEST_HALF_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// Meetings are days apart.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The timer runs every minute: no clock is finer.
const SHORTEST_CLOCK: SignedDuration = SignedDuration::from_mins(1);

fn at_least(shortest: SignedDuration) -> RangeInclusive<SignedDuration> {
    shortest..=SignedDuration::from_hours(24 * limits::SPAN_DAYS)
}

/// Nobody named is how a policy says that it wants no such letter.
fn meeting(table: &Table<'_>) -> Read<Meeting> {
    let default = Meeting::default();
    let to = table.or("to", default.to, |v| {
        let people = v.list(limits::MEETING_PEOPLE)?.into_iter();
        let people: Vec<Read<_>> = people.map(|v| v.parsed(PersonId::parse)).collect();
        people.into_iter().collect()
    });
    let first = table.or("first", default.first, Value::date);
    let every = table.or("every", default.every_days, |v| {
        let days = v.span(DAY..=at_least(DAY).end().to_owned())?;
        Ok(days.as_hours() / 24)
    });
    let hour = table.or("hour", i64::from(default.hour), |v| v.integer(0..=23));
    Ok(Meeting {
        to: to?,
        first: first?,
        every_days: every?,
        hour: i8::try_from(hour?).expect("a number within its limit fits"),
    })
}

fn clocks(table: &Table<'_>) -> Read<Clocks> {
    let default = Clocks::default();
    let clock = |key, default| table.or(key, default, |v| v.span(at_least(SHORTEST_CLOCK)));
    let accept_within = clock("accept_within", default.accept_within);
    let escalate_every = clock("escalate_every", default.escalate_every);
    let convert_within = clock("convert_within", default.convert_within);
    let take_back_after = clock("take_back_after", default.take_back_after);
    let extend_by = clock("extend_by", default.extend_by);
    let extensions = table.or("extensions_at_most", i64::from(default.extensions_at_most), |v| {
        v.integer(0..=i64::from(limits::EXTENSIONS))
    });
    let route_within = clock("route_within", default.route_within);
    let route_retry_every = clock("route_retry_every", default.route_retry_every);
    let unrouted_remind_every = clock("unrouted_remind_every", default.unrouted_remind_every);
    Ok(Clocks {
        accept_within: accept_within?,
        escalate_every: escalate_every?,
        convert_within: convert_within?,
        take_back_after: take_back_after?,
        extend_by: extend_by?,
        extensions_at_most: u32::try_from(extensions?).expect("a number within its limit fits"),
        route_within: route_within?,
        route_retry_every: route_retry_every?,
        unrouted_remind_every: unrouted_remind_every?,
    })
}
