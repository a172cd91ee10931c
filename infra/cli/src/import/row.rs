//! One line of a list as an activity, and the id it will have every time it is sent.

use std::collections::BTreeMap;

use baton_core::email::Email;
use baton_core::id::{ActivityType, Identity, SourceId, SourceName};
use baton_core::profile::Said;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::written_time::WrittenTime;

/// One person's visit, as it is posted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The line it begins on.
    #[serde(skip)]
    pub line: u64,
    /// What its reader should know.
    #[serde(skip)]
    pub notes: Vec<Note>,
    /// The scan's own id, else a digest of what the line says.
    pub id: SourceId,
    /// The type of the activity.
    #[serde(rename = "type")]
    pub kind: ActivityType,
    /// When the person was scanned, if the list says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
    /// The address of the person, if the row has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Who, where there is no address: the badge's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<SourceId>,
    /// What the list says about the person.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub profile: Said,
    /// The columns that mean nothing to us.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
}

impl Row {
    /// Who it is about, when this source sends it.
    pub fn identity(&self, source: &SourceName) -> Identity {
        match &self.email {
            Some(email) => Identity::Email(email.clone()),
            None => Identity::Source {
                source: source.clone(),
                id: self.person_id.clone().unwrap_or_else(|| self.id.clone()),
            },
        }
    }
}

/// Something about a good line that its reader should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// No e-mail: the person is known by the badge's own id.
    NoEmail,
    /// No time, in a list that has times: it counts from when it is imported.
    NoTime,
    /// A country we have no code for.
    UnknownCountry,
    /// It is not UTF-8 and was read as Windows-1252.
    Windows1252,
    /// About somebody who is further up in the list as well.
    SamePerson,
}

/// A line that can't be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The line it begins on.
    pub line: u64,
    /// What is wrong with it, and what would be right: "has no e-mail and no badge id".
    pub reason: String,
}

/// What makes a visit the same visit, where scans have no id of their own.
pub(super) struct Visit<'a> {
    pub(super) kind: &'a ActivityType,
    pub(super) email: Option<&'a Email>,
    pub(super) person_id: Option<&'a SourceId>,
    pub(super) time: Option<WrittenTime>,
    /// What else the line says, as it is written: what we make of it may change.
    pub(super) rest: &'a [(&'a str, &'a str)],
}

/// Bytes of the digest in an id: 128 bits.
const DIGEST_BYTES: usize = 16;

impl Visit<'_> {
    /// An id that depends on nothing but the visit: the same from another export with other
    /// columns, and whichever time zone is asked for. Without a time the rest of the line has to
    /// tell two visits apart.
    pub(super) fn id(&self) -> SourceId {
        let mut hash = Sha256::new();
        let mut add = |key: &str, value: &str| {
            hash.update(format!("{key}\0{}\0{value}\0", value.len()));
        };
        add("type", self.kind.as_str());
        match (self.email, self.person_id) {
            (Some(email), _) => add("email", email.as_str()),
            (None, Some(person)) => add("person_id", person.as_str()),
            (None, None) => {}
        }
        match self.time {
            Some(WrittenTime::Local(local)) => add("local", &local.to_string()),
            Some(WrittenTime::Exact(exact)) => add("exact", &exact.to_string()),
            None => {
                let in_order: BTreeMap<_, _> = self.rest.iter().copied().collect();
                in_order.into_iter().for_each(|(key, text)| add(key, text));
            }
        }
        let digest = hash.finalize();
        let id = format!("line-{}", hex::encode(&digest[..DIGEST_BYTES]));
        SourceId::parse(&id).expect("a short word of letters and digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_visit_never_changes() {
        let kind = ActivityType::parse("event.booth_visited").unwrap();
        let email = Email::parse("kim@acme.example").unwrap();
        let time = Some(WrittenTime::Local("2026-03-03T14:05".parse().unwrap()));
        let timed = Visit { kind: &kind, email: Some(&email), person_id: None, time, rest: &[] };
        let untimed = Visit { time: None, rest: &[("stand", "B7"), ("show", "Expo")], ..timed };
        // Lists imported by an earlier version must still be known.
        assert_eq!(timed.id().as_str(), "line-8bea95b47ac3db7d87aaa66a854ca560");
        assert_eq!(untimed.id().as_str(), "line-0333c7e929645826347bef2d70917bd4");
    }
}
