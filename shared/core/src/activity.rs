//! What a prospect did: as a source tells it, and as the ledger keeps it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::editions::Editions;
use crate::id::{ActivityType, Identity, LeadId, RuleName, SourceId, SourceName};
use crate::limits;
use crate::profile::Said;
use crate::score::Points;
use crate::text::InvalidValue;

/// One thing a prospect did, already checked: parse at the edge, trust inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// The tool that says so.
    pub source: SourceName,
    /// The tool's own id of this activity; the same id from the same source counts once.
    pub id: SourceId,
    /// What was done.
    pub kind: ActivityType,
    /// When the prospect did it, not when we heard.
    pub occurred_at: Timestamp,
    /// Who did it.
    pub who: Identity,
    /// What it told us about the person.
    pub profile: Said,
    /// Anything else the source sent; conditions may look into it.
    pub data: Value,
}

/// Checks the moment an activity is said to have happened. A clock that runs a little ahead of
/// ours is taken to mean now.
pub fn occurred_at(claimed: Timestamp, now: Timestamp) -> Result<Timestamp, InvalidValue> {
    const EXPECTED: &str = "a time within the last two years";
    let skew = SignedDuration::from_mins(limits::CLOCK_SKEW_MINUTES);
    let oldest = SignedDuration::from_hours(24 * limits::OLDEST_ACTIVITY_DAYS);
    if claimed.duration_since(now) > skew {
        return Err(InvalidValue::new("is in the future", EXPECTED));
    }
    if now.duration_since(claimed) > oldest {
        return Err(InvalidValue::new("is more than two years ago", EXPECTED));
    }
    Ok(claimed.min(now))
}

/// An activity as the ledger keeps it: what was sent, and what it was worth and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The lead whose ledger it is in.
    pub lead: LeadId,
    /// The tool that said so.
    pub source: SourceName,
    /// The tool's own id.
    pub id: SourceId,
    /// What was done.
    #[serde(rename = "type")]
    pub kind: ActivityType,
    /// When it was done.
    pub occurred_at: Timestamp,
    /// When we heard of it.
    pub received_at: Timestamp,
    /// Points the rules gave, after daily caps.
    pub points: Points,
    /// Points by rule, for the rules that matched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_rule: Vec<Earned>,
    /// Points that changed the behaviour score, dated `occurred_at`: fewer than `points` when the
    /// floor stopped a fall, none when `note` says so.
    pub counted: f64,
    /// How often the lead's behaviour score had restarted: the points count in this era only.
    pub era: u32,
    /// Why the points did not count as the rules say, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// The fast-track rule that matched, whether or not it qualified the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fast_track: Option<RuleName>,
    /// The exclusion in force when it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<RuleName>,
    /// The fit rules that held for the lead then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fits: Vec<RuleName>,
    /// Whether it made the lead an MQL.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub qualified: bool,
    /// The version of the policy that scored it, as its author calls it.
    pub policy: String,
    /// The published editions it was decided by; see [`History`](crate::decision::History).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editions: Option<Editions>,
    /// The lead's version after the decision; 0 in entries of before it was noted.
    #[serde(default, skip_serializing_if = "is_unknown")]
    pub version: u64,
    /// What it told us about the person.
    #[serde(default, skip_serializing_if = "Said::is_empty")]
    pub profile: Said,
    /// Anything else the source sent.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub data: Value,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_unknown(version: &u64) -> bool {
    *version == 0
}

/// The link that an activity's data says was clicked.
pub fn link_in(data: &Value) -> Option<&str> {
    text_in(data, "link").or_else(|| text_in(data, "url"))
}

/// A text in an activity's data, if it is not blank.
pub(crate) fn text_in<'a>(data: &'a Value, key: &str) -> Option<&'a str> {
    let text = data.get(key).and_then(Value::as_str).map(str::trim);
    text.filter(|text| !text.is_empty())
}

/// Points one rule gave one activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earned {
    /// The policy's name of the rule.
    pub rule: RuleName,
    /// What it gave, after its daily cap.
    pub points: Points,
    /// Whether the daily cap cut it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub capped: bool,
}

/// Why an entry's points did not count in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The score had reached its floor.
    Floor,
    /// It happened before marketing took the lead back, when the score restarted from zero.
    BeforeRestart,
    /// A mail scanner's click, worth no points. If `counted` is below zero, it took back what the
    /// scanner's clicks of the same second had counted before it gave them away.
    Scanner,
    /// It is older than 24 months by now. No entry is stored with this.
    TooOld,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_a_little_ahead_means_now_and_far_ahead_is_refused() {
        let now: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
        let ahead = |minutes| now + SignedDuration::from_mins(minutes);
        assert_eq!(occurred_at(ahead(10), now), Ok(now));
        assert!(occurred_at(ahead(11), now).is_err());
        assert!(occurred_at("9999-01-01T00:00:00Z".parse().unwrap(), now).is_err());
    }

    #[test]
    fn two_years_back_is_the_limit() {
        let now: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
        assert!(occurred_at("2024-03-02T09:00:00Z".parse().unwrap(), now).is_ok());
        assert!(occurred_at("2024-02-01T09:00:00Z".parse().unwrap(), now).is_err());
        assert!(occurred_at(Timestamp::MIN, now).is_err());
    }
}
