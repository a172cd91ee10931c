//! From a payload to activities.
//!
//! Total: whatever a payload holds, each person in it becomes an activity, is passed over because
//! the payload is about something else, or is told as unusable with the place and the reason.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use baton_core::activity::{self, Activity, Fingerprint};
use baton_core::email::Email;
use baton_core::id::{ActivityType, Identity, LeadId, SourceId};
use baton_core::limits;
use baton_core::policy::condition::RuleInput;
use baton_core::profile::{Profile, Said, Scalar};
use baton_core::text::InvalidValue;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::place::{Path, Payload, Place};
use super::{Reading, Source, moment};
use crate::{country, data, employees};

/// What a sender delivered: verified and decoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// The payload, decoded.
    pub body: Value,
    /// The request's headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The URL's query.
    pub query: Vec<(String, String)>,
}

/// What became of a delivery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapped {
    /// What people did, in the order delivered.
    pub activities: Vec<Activity>,
    /// Payloads about something else.
    pub passed_over: usize,
    /// People of whom nothing can be made, and why.
    pub unusable: Vec<Unusable>,
}

/// A person in a delivery of whom nothing can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// Their number in the delivery, from 0.
    pub index: usize,
    /// Which place of the source failed: `email`.
    pub place: &'static str,
    /// What is wrong.
    pub flaw: InvalidValue,
}

/// Reads a delivery. Times without an offset are in the source's zone, else in `zone`.
pub fn map(source: &Source, delivery: Delivery, zone: &TimeZone, now: Timestamp) -> Mapped {
    let Delivery { mut body, headers, query } = delivery;
    for path in &source.reading.json_in {
        open(path, &mut body);
    }
    let zone = source.reading.time_zone.as_ref().unwrap_or(zone);
    let unusable_ids = RefCell::default();
    let reader = Reader { source, headers, query, zone, now, unusable_ids };
    let mut mapped = Mapped::default();
    let payloads = match body {
        Value::Array(items) => items,
        one @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => vec![one],
    };
    for payload in payloads {
        reader.people(payload, &mut mapped);
    }
    tell_apart(&mut mapped.activities, &reader.unusable_ids.into_inner());
    mapped
}

/// Replaces a text by the JSON in it, if it is JSON.
fn open(path: &Path, body: &mut Value) {
    let Some(place) = path.follow_mut(body) else { return };
    let parsed = place.as_str().and_then(|text| serde_json::from_str(text).ok());
    if let Some(parsed) = parsed {
        *place = parsed;
    }
}

/// One id for two people would lose the second: both get the lead's id behind it. Somebody of whom
/// nothing can be made counts as another, so that mending the mapping changes nobody's id.
fn tell_apart(activities: &mut [Activity], unusable_ids: &[SourceId]) {
    let mut whose: BTreeMap<SourceId, BTreeSet<Option<LeadId>>> = BTreeMap::new();
    for activity in activities.iter() {
        let own = Some(activity.who.lead_id());
        whose.entry(activity.id.clone()).or_default().insert(own);
    }
    for id in unusable_ids {
        whose.entry(id.clone()).or_default().insert(None);
    }
    for activity in activities.iter_mut().filter(|activity| whose[&activity.id].len() > 1) {
        let own = format!("{}/{}", activity.id.as_str(), activity.who.lead_id());
        activity.id = SourceId::parse(&own).unwrap_or_else(|_| hashed(&Value::from(own)));
    }
}

/// An id that is the same whenever the same payload is sent: its canonical form (keys sorted, no
/// blanks) hashed.
fn hashed(payload: &Value) -> SourceId {
    let mut sorted = payload.clone();
    sorted.sort_all_objects();
    let digest = Sha256::digest(sorted.to_string());
    let hash = hex::encode(&digest[..16]);
    SourceId::parse(&format!("hash-{hash}")).expect("hexadecimal digits are an id")
}

struct Reader<'a> {
    source: &'a Source,
    headers: BTreeMap<String, String>,
    query: Vec<(String, String)>,
    zone: &'a TimeZone,
    now: Timestamp,
    /// The ids of activities that could not be made.
    unusable_ids: RefCell<Vec<SourceId>>,
}

/// Why a payload makes no activity.
enum Skip {
    /// It is about something else, and is passed over.
    OtherSubject,
    /// The value that this place of the source gives is wrong.
    Unusable(&'static str, InvalidValue),
}

impl Reader<'_> {
    /// A payload of several people is read as several payloads of one: the list gives way to each
    /// of its elements in turn.
    fn people(&self, mut payload: Value, mapped: &mut Mapped) {
        let listed = self.source.reading.people.as_ref().and_then(|p| p.follow_mut(&mut payload));
        let people = match listed {
            Some(Value::Array(people)) => std::mem::take(people),
            Some(_) | None => return self.person(payload, 0, mapped),
        };
        // The one beyond the limit is told; of the rest not even a copy is made.
        for (index, person) in people.into_iter().enumerate().take(limits::BATCH + 1) {
            let mut narrowed = payload.clone();
            let path = self.source.reading.people.as_ref();
            if let Some(place) = path.and_then(|path| path.follow_mut(&mut narrowed)) {
                *place = person;
            }
            self.person(narrowed, index, mapped);
        }
    }

    fn person(&self, payload: Value, index: usize, mapped: &mut Mapped) {
        let before = mapped.activities.len() + mapped.passed_over + mapped.unusable.len();
        let read = match before {
            limits::BATCH.. => Err(Skip::Unusable("people", too_many())),
            _ => self.activity(payload, index),
        };
        match read {
            Ok(activity) => mapped.activities.push(activity),
            Err(Skip::OtherSubject) => mapped.passed_over += 1,
            // Told once: a flood of people must not become a flood of reasons.
            Err(Skip::Unusable("people", _)) if before > limits::BATCH => {}
            Err(Skip::Unusable(place, flaw)) => {
                mapped.unusable.push(Unusable { index: before, place, flaw });
            }
        }
    }

    fn activity(&self, payload: Value, index: usize) -> Result<Activity, Skip> {
        let reading = &self.source.reading;
        if !payload.is_object() {
            return Err(Skip::Unusable(
                "payload",
                InvalidValue::new("is not an object", "an object"),
            ));
        }
        let answers = reading.answers.as_ref().map(|answers| answers.read(&payload));
        let at = Payload {
            body: &payload,
            headers: &self.headers,
            query: &self.query,
            index,
            answers: answers.as_deref().unwrap_or_default(),
        };
        let id = self.id(&at)?;
        let read = self.read(&at, id.clone());
        let read = read.and_then(|(found, email, said)| self.finish(found, email, said, payload));
        if let Err(Skip::Unusable(..)) = &read {
            self.unusable_ids.borrow_mut().push(id);
        }
        read
    }

    fn read(&self, at: &Payload<'_>, id: SourceId) -> Result<Read, Skip> {
        let reading = &self.source.reading;
        let email = parsed("email", &reading.email, at, Email::parse);
        let said = profile(reading, at);
        let found = Found {
            id,
            said_type: reading.type_at.text(at),
            person: parsed("person_id", &reading.person_id, at, SourceId::parse)?,
            occurred_at: self.occurred_at(at)?,
            data: own_data(reading, at),
        };
        Ok((found, email, said))
    }

    fn id(&self, at: &Payload<'_>) -> Result<SourceId, Skip> {
        let id = parsed("id", &self.source.reading.id, at, SourceId::parse)?;
        Ok(id.unwrap_or_else(|| hashed(at.body)))
    }

    fn occurred_at(&self, at: &Payload<'_>) -> Result<Timestamp, Skip> {
        let unusable = |flaw| Skip::Unusable("occurred_at", flaw);
        match self.source.reading.occurred_at.find(at) {
            None => Ok(self.now),
            Some(value) => moment::parse(&value, self.zone)
                .and_then(|claimed| activity::occurred_at(claimed, self.now))
                .map_err(unusable),
        }
    }

    /// Conditions look at the payload as sent; the ledger keeps what the source names of it.
    fn finish(
        &self,
        found: Found,
        email: Result<Option<Email>, Skip>,
        profile: Said,
        payload: Value,
    ) -> Result<Activity, Skip> {
        const NOBODY: &str = "an e-mail address, or the sender's id of the person";
        let source = &self.source.name;
        let who = match (email, found.person.clone()) {
            (Ok(Some(email)), _) => Ok(Identity::Email(email)),
            (Ok(None) | Err(_), Some(id)) => Ok(Identity::Source { source: source.clone(), id }),
            (Err(unusable), None) => Err(unusable),
            (Ok(None), None) => {
                Err(Skip::Unusable("email", InvalidValue::new("is nowhere", NOBODY)))
            }
        };
        let mut activity = Activity {
            source: source.clone(),
            id: found.id,
            kind: ActivityType::parse("unknown").expect("a plain word is a name"),
            occurred_at: found.occurred_at,
            person_id: found.person.filter(|_| who.as_ref().is_ok_and(|who| who.email().is_some())),
            who: who.as_ref().ok().cloned().unwrap_or_else(nobody),
            profile,
            fingerprint: Fingerprint::of(&payload),
            data: payload,
        };
        // What a payload is about is asked first: one that is about nobody is often not for us.
        activity.kind = self.kind(&activity, found.said_type.as_deref())?;
        who?;
        let payload = std::mem::take(&mut activity.data);
        activity.data = found.data.unwrap_or_else(|| data::kept(payload));
        Ok(activity)
    }

    fn kind(&self, activity: &Activity, said: Option<&str>) -> Result<ActivityType, Skip> {
        let reading = &self.source.reading;
        let mut profile = Profile::default();
        profile.learn(&activity.profile, activity.occurred_at);
        let facts = RuleInput::new(activity.who.email(), &profile, Some(activity));
        if reading.only.as_ref().is_some_and(|only| !only.holds(&facts)) {
            return Err(Skip::OtherSubject);
        }
        if let Some(rule) = reading.types.iter().find(|rule| rule.when.holds(&facts)) {
            return Ok(rule.kind.clone());
        }
        let said = said.map(|said| ActivityType::parse(&said.to_lowercase()));
        match (said, reading.kind.clone()) {
            (Some(Ok(kind)), _) | (Some(Err(_)) | None, Some(kind)) => Ok(kind),
            (Some(Err(flaw)), None) => Err(Skip::Unusable("type", flaw)),
            (None, None) => {
                let expected = "a rule of `types` that holds, or a `type` for all others";
                Err(Skip::Unusable(
                    "type",
                    InvalidValue::new("is not told by the payload", expected),
                ))
            }
        }
    }
}

/// What was read of a payload: its places, whose it is, and what it says of them.
type Read = (Found, Result<Option<Email>, Skip>, Said);

/// What the places of a payload hold.
struct Found {
    id: SourceId,
    said_type: Option<String>,
    person: Option<SourceId>,
    occurred_at: Timestamp,
    data: Option<Value>,
}

fn nobody() -> Identity {
    let id = SourceId::parse("nobody").expect("a plain word is an id");
    let source = baton_core::id::SourceName::parse("nobody").expect("a plain word is a name");
    Identity::Source { source, id }
}

fn parsed<T>(
    name: &'static str,
    place: &Place,
    at: &Payload<'_>,
    parse: fn(&str) -> Result<T, InvalidValue>,
) -> Result<Option<T>, Skip> {
    let text = place.text(at);
    text.map(|text| parse(&text).map_err(|flaw| Skip::Unusable(name, flaw))).transpose()
}

fn profile(reading: &Reading, at: &Payload<'_>) -> Said {
    let fields = reading.profile.iter();
    let said =
        |(key, place): (&String, &Place)| Some((key.clone(), compared(key, place.scalar(at)?)));
    fields.filter_map(said).collect()
}

/// What rules compare: a country's code, and the least number of employees a range means.
fn compared(key: &str, said: Scalar) -> Scalar {
    match (key, &said) {
        ("country", Scalar::Text(text)) => country::code(text).map(Scalar::Text),
        ("employees", Scalar::Text(text)) => {
            employees::at_least(text).map(f64::from).map(Scalar::Number)
        }
        _ => None,
    }
    .unwrap_or(said)
}

fn own_data(reading: &Reading, at: &Payload<'_>) -> Option<Value> {
    if reading.data.is_empty() {
        return None;
    }
    let fields = reading.data.iter();
    let found = fields.filter_map(|(key, place)| Some((key.clone(), place.find(at)?)));
    Some(data::kept(Value::Object(found.collect())))
}

fn too_many() -> InvalidValue {
    InvalidValue::new("are too many", format!("at most {} in one delivery", limits::BATCH))
}
