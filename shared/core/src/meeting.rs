//! When the funnel is mailed to those who meet over it.

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

use crate::policy::Policy;

/// How late the letter may be: after that the meeting is over.
const WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// A meeting whose letter is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its day, in the policy's time zone: today, or yesterday if the letter is late.
    pub day: Date,
    /// The first day it looks back on.
    pub from: Date,
    /// The last one: the day before it.
    pub to: Date,
}

/// The meeting whose letter is due at `now`, if there is one.
pub fn due(policy: &Policy, now: Timestamp) -> Option<Due> {
    let since = days_since_first(policy, now)?;
    // Today's, or yesterday's: an hour that has not come yet is not due.
    let mut days = [since, since - 1].into_iter().filter_map(|since| day(policy, since));
    let is_due = |day: &Date| {
        sent_at(policy, *day).is_some_and(|at| at <= now && now.duration_since(at) < WITHIN)
    };
    let day = days.find(is_due)?;
    let back = |days| day.checked_sub(Span::new().days(days)).ok();
    Some(Due { day, from: back(policy.meeting.every_days.max(1))?, to: back(1)? })
}

/// When the next letter after `now` is due, if that is not after `until`.
pub fn next(policy: &Policy, now: Timestamp, until: Timestamp) -> Option<Timestamp> {
    let since = days_since_first(policy, now)?.max(0);
    let every = policy.meeting.every_days.max(1);
    let begun = since - since % every;
    let days = [begun, begun + every].into_iter().filter_map(|since| day(policy, since));
    days.filter_map(|day| sent_at(policy, day)).find(|at| *at > now && *at <= until)
}

/// Days from the first meeting to a moment; none if nobody gets a letter.
fn days_since_first(policy: &Policy, now: Timestamp) -> Option<i64> {
    let today = now.to_zoned(policy.time_zone.clone()).date();
    let since = policy.meeting.first.until(today).ok()?.get_days();
    (!policy.meeting.to.is_empty()).then_some(i64::from(since))
}

/// The day so long after the first meeting, if there is a meeting on it.
fn day(policy: &Policy, since: i64) -> Option<Date> {
    let meeting = &policy.meeting;
    let is_one = since >= 0 && since % meeting.every_days.max(1) == 0;
    is_one.then(|| meeting.first.checked_add(Span::new().days(since)).ok())?
}

fn sent_at(policy: &Policy, day: Date) -> Option<Timestamp> {
    let at = day.at(policy.meeting.hour, 0, 0, 0);
    let zoned = policy.time_zone.to_ambiguous_zoned(at).compatible().ok()?;
    Some(zoned.timestamp())
}
