//! What a prospect did: as a source tells it, and as the ledger keeps it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::editions::Editions;
use crate::id::{ActivityType, Identity, LeadId, RuleName, SourceId, SourceName};
use crate::limits;
use crate::profile::Said;
use crate::score::Points;
use crate::text::InvalidValue;
use crate::tie::TieConflict;

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
    /// The source's own id of the person, where it named that beside an address.
    pub person_id: Option<SourceId>,
    /// What it told us about the person.
    pub profile: Said,
    /// Anything else the source sent; conditions may look into it.
    pub data: Value,
    /// What tells it from another activity that was given the same id.
    pub fingerprint: Fingerprint,
}

impl Activity {
    /// Everything it calls the person by: an address, the source's own id, or both.
    pub fn identifiers(&self) -> impl Iterator<Item = Identity> {
        let own = |id: &SourceId| Identity::Source { source: self.source.clone(), id: id.clone() };
        std::iter::once(self.who.clone()).chain(self.person_id.as_ref().map(own))
    }
}

/// A hash of what a source sent, before anything was read from it: a mapping that is mended makes
/// another activity of the same body, and the body still says that it is the same one.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; FINGERPRINT_BYTES]);

/// Enough to tell apart the few bodies that ever come under one id.
const FINGERPRINT_BYTES: usize = 8;

impl Fingerprint {
    /// The fingerprint of a body, whatever the order of its keys.
    pub fn of(body: &Value) -> Self {
        let mut sorted = body.clone();
        sorted.sort_all_objects();
        let digest = Sha256::digest(sorted.to_string());
        let mut bytes = [0; FINGERPRINT_BYTES];
        bytes.copy_from_slice(&digest[..FINGERPRINT_BYTES]);
        Self(bytes)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", hex::encode(self.0))
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        hex::encode(fingerprint.0)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = InvalidValue;
    fn try_from(text: String) -> Result<Self, InvalidValue> {
        let flaw = |_| InvalidValue::new("is no fingerprint", "16 hexadecimal digits");
        let mut bytes = [0; FINGERPRINT_BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(flaw)?;
        Ok(Self(bytes))
    }
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
    /// The ids that follow from what it called the person by; empty if that is `lead` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<LeadId>,
    /// Why its address and its source's own id were not tied, if both were named and weren't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<TieConflict>,
    /// The fingerprint of the activity; none in entries of before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
}

impl Entry {
    /// Whether an activity that was sent under the same id is this one once more: its body is the
    /// same, or its type is and it names one of the same people. Anything else is another deed.
    pub fn is_repeated_by(&self, activity: &Activity) -> bool {
        let named = |id: &LeadId| match self.named.as_slice() {
            [] => *id == self.lead,
            named => named.contains(id),
        };
        let is_same_body = self.fingerprint == Some(activity.fingerprint);
        let shares_one = || activity.identifiers().any(|who| named(&who.lead_id()));
        is_same_body || (self.kind == activity.kind && shares_one())
    }
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

/// Notes a mail scanner's first clicks as well, whose own entries could not know yet: clicks on
/// another link in the second of one that is known for a scanner's.
pub fn note_first_clicks(entries: &mut [Entry]) {
    let mut scanned: BTreeMap<(i64, ActivityType), BTreeSet<String>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.note == Some(Note::Scanner)) {
        let links = scanned.entry((entry.occurred_at.as_second(), entry.kind.clone()));
        links.or_default().extend(link_in(&entry.data).map(str::to_owned));
    }
    for entry in entries.iter_mut().filter(|entry| entry.note.is_none()) {
        let links = scanned.get(&(entry.occurred_at.as_second(), entry.kind.clone()));
        let another = |link| links.is_some_and(|links| links.iter().any(|other| other != link));
        if link_in(&entry.data).is_some_and(another) {
            entry.note = Some(Note::Scanner);
        }
    }
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
    /// A mail scanner's click, worth no points. If `counted` is below zero, it takes back what
    /// the scanner's clicks of the same second had counted before it gave them away; those are
    /// noted by [`note_first_clicks`] when the ledger is read.
    Scanner,
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

    fn sent(kind: &str, who: &str, body: &str) -> Activity {
        Activity {
            source: SourceName::parse("badges").unwrap(),
            id: SourceId::parse("1").unwrap(),
            kind: ActivityType::parse(kind).unwrap(),
            occurred_at: Timestamp::UNIX_EPOCH,
            who: Identity::parse(who).unwrap(),
            person_id: None,
            profile: Said::new(),
            data: Value::Null,
            fingerprint: Fingerprint::of(&Value::from(body)),
        }
    }

    fn entry_of(activity: &Activity) -> Entry {
        let json = serde_json::json!({
            "lead": activity.who.lead_id(), "source": activity.source, "id": activity.id,
            "type": activity.kind, "occurred_at": activity.occurred_at,
            "received_at": activity.occurred_at, "points": 0, "counted": 0.0, "era": 0,
            "policy": "p", "fingerprint": activity.fingerprint,
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn an_id_used_again_is_the_same_deed_by_its_body_or_by_its_type_and_person() {
        let scan = sent("scan", "email:kim@acme.example", "body");
        let entry = entry_of(&scan);
        let rows = [
            // The mapping was mended in between: of the same body, all else may have changed.
            (sent("visit", "badges:77", "body"), true),
            (sent("scan", "email:kim@acme.example", "the same, sent twice"), true),
            (Activity { person_id: Some(scan.id.clone()), ..sent("scan", "badges:77", "") }, false),
            (sent("scan", "email:lee@acme.example", "lee"), false),
            (sent("visit", "email:kim@acme.example", "kim again"), false),
        ];
        for (activity, is_repeat) in rows {
            assert_eq!(entry.is_repeated_by(&activity), is_repeat, "{activity:?}");
        }
        let old = Entry { fingerprint: None, ..entry };
        assert!(old.is_repeated_by(&scan), "an entry of before fingerprints has its lead and type");
    }

    #[test]
    fn an_entry_is_known_by_all_that_its_activity_named() {
        let scan = sent("scan", "email:kim@acme.example", "body");
        let badge = Identity::parse("badges:77").unwrap().lead_id();
        let entry = Entry { named: vec![scan.who.lead_id(), badge], ..entry_of(&scan) };
        assert!(entry.is_repeated_by(&sent("scan", "badges:77", "by the badge alone")));
        assert!(!entry.is_repeated_by(&sent("scan", "badges:78", "another badge")));
    }

    #[test]
    fn a_fingerprint_does_not_depend_on_the_order_of_keys() {
        let body = |text: &str| Fingerprint::of(&serde_json::from_str(text).unwrap());
        let one = body(r#"{"a":1,"b":{"c":2,"d":3}}"#);
        assert_eq!(one, body(r#"{"b":{"d":3,"c":2},"a":1}"#));
        assert_ne!(one, body(r#"{"a":1,"b":{"c":2,"d":4}}"#));
        let text = String::from(one);
        assert_eq!((text.len(), Fingerprint::try_from(text)), (16, Ok(one)));
    }

    #[test]
    fn two_years_back_is_the_limit() {
        let now: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
        assert!(occurred_at("2024-03-02T09:00:00Z".parse().unwrap(), now).is_ok());
        assert!(occurred_at("2024-02-01T09:00:00Z".parse().unwrap(), now).is_err());
        assert!(occurred_at(Timestamp::MIN, now).is_err());
    }
}
