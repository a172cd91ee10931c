//! Every key of a roster: what the reader accepts is what the reference documents.

use crate::document::Keys;

pub(super) static ROSTER: Keys =
    Keys::new("the roster", &["version", "fallback", "marketing", "person", "queue"]);
pub(super) static PERSON: Keys = Keys::new(
    "[[person]]",
    &["id", "name", "email", "sms", "time_zone", "supervisor", "active", "away"],
);
pub(super) static AWAY: Keys = Keys::new("an entry of `away`", &["from", "until"]);
pub(super) static QUEUE: Keys = Keys::new("[[queue]]", &["name", "members"]);
pub(super) static MEMBER: Keys = Keys::new("an entry of `members`", &["person", "weight"]);

/// Every table of a roster and its keys.
pub static KEYS: &[&Keys] = &[&ROSTER, &PERSON, &AWAY, &QUEUE, &MEMBER];
