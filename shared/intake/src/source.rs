//! How a tool proves who it is, and what its payloads mean: plain data that the policy gives.

use std::collections::BTreeMap;

use baton_core::id::{ActivityType, SourceName};
use baton_core::limits::Limit;
use baton_core::policy::condition::Condition;
use baton_core::tie::{SourceIds, TieRules};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::answers::Answers;
use crate::place::{Path, Place};

/// The tools that post payloads of their own, by name.
pub type Sources = BTreeMap<SourceName, Source>;

/// A tool whose payloads come to `/webhooks/{name}`.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name: in the URL, in the secrets, in the ledger.
    pub name: SourceName,
    /// The preset it began from.
    pub preset: Option<String>,
    /// How it proves that a payload is its own.
    pub verify: Scheme,
    /// What its own ids of people mean.
    pub ids: SourceIds,
    /// What its payloads mean.
    pub reading: Reading,
    /// Columns of its lists, by what they hold: for `baton import`.
    pub columns: BTreeMap<String, String>,
    /// How much it may send.
    pub limit: Option<Limit>,
    /// Where a browser goes after its form was taken.
    pub thanks: Option<String>,
}

impl Source {
    /// Which names of a person its activities may tie. Anybody's browser posts a public form, and
    /// may name anybody.
    pub fn tie_rules(&self) -> TieRules {
        let speaks_for_strangers = matches!(self.verify, Scheme::Form(_));
        TieRules { ids: self.ids, speaks_for_strangers }
    }
}

/// What a payload means.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Fields of the payload that are JSON in a text.
    pub json_in: Vec<Path>,
    /// The list of people, if a payload may carry several: each is read as a payload of one.
    pub people: Option<Path>,
    /// Payloads that are about something else are acknowledged and not recorded.
    pub only: Option<Condition>,
    /// The sender's own id of the activity; without one, a hash of the payload.
    pub id: Place,
    /// Whose activity it is.
    pub email: Place,
    /// The sender's own id of the person, for people without an address.
    pub person_id: Place,
    /// When the person acted; without one, the moment of arrival.
    pub occurred_at: Place,
    /// Where times without an offset are.
    pub time_zone: Option<TimeZone>,
    /// What was done, by rule: the first that holds.
    pub types: Vec<TypeRule>,
    /// What was done, in the payload's own word.
    pub type_at: Place,
    /// What was done otherwise.
    pub kind: Option<ActivityType>,
    /// The list of answers, for places that look a field up by its label, key, ref or kind.
    pub answers: Option<Answers>,
    /// Fields of the lead's profile.
    pub profile: BTreeMap<String, Place>,
    /// What the ledger keeps as data; the payload itself if nothing is named.
    pub data: BTreeMap<String, Place>,
}

/// A payload that means another activity.
#[derive(Clone, Debug)]
pub struct TypeRule {
    /// What was done.
    pub kind: ActivityType,
    /// By which payloads.
    pub when: Condition,
}

/// How a tool proves that a payload is its own.
#[derive(Clone, Debug)]
pub enum Scheme {
    /// A signature: HMAC-SHA256 with the shared secret.
    Hmac(Hmac),
    /// The secret as `Authorization: Bearer`.
    Bearer,
    /// The secret in a header of this name (lower case).
    Header(String),
    /// The secret as `?key=` in the URL.
    Url,
    /// Nothing: anybody's browser may send it.
    Form(PublicForm),
    /// A signature by Amazon SNS, of messages to these topics only.
    Sns {
        /// The ARNs of the topics.
        topics: Vec<String>,
    },
}

impl Scheme {
    /// Whether the secrets must hold a secret for the source.
    pub fn needs_secret(&self) -> bool {
        match self {
            Self::Hmac(_) | Self::Bearer | Self::Header(_) | Self::Url => true,
            Self::Form(_) | Self::Sns { .. } => false,
        }
    }

    /// The word in the policy.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Hmac(_) => "hmac",
            Self::Bearer => "bearer",
            Self::Header(_) => "header",
            Self::Url => "url",
            Self::Form(_) => "form",
            Self::Sns { .. } => "sns",
        }
    }
}

/// Where a signature is, and what it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hmac {
    /// The header with the signature, or several signatures with blanks between (lower case).
    pub header: String,
    /// What stands before the signature: `sha256=`, `v1,`.
    pub prefix: String,
    /// How its bytes are written.
    pub encoding: Encoding,
    /// What is signed, in order.
    pub signs: Vec<Piece>,
    /// The header with the message's id (lower case).
    pub id_header: Option<String>,
    /// The header with the moment of signing (lower case).
    pub timestamp_header: Option<String>,
}

/// How the bytes of a signature are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal digits, of either case.
    Hex,
    /// Base64 (RFC 4648 §4).
    Base64,
}

/// A piece of what is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The id header's value.
    Id,
    /// The timestamp header's value.
    Timestamp,
    /// The raw body.
    Body,
    /// What stands between two of them.
    Text(String),
}

/// What keeps machines from filling in a public form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicForm {
    /// The sites the form is on: `https://www.acme.example`.
    pub origins: Vec<String>,
    /// A field people don't see and so leave empty.
    pub honeypot: Option<String>,
    /// A field with the moment the page was shown.
    pub started: Option<String>,
    /// Nobody fills in the form faster than this.
    pub fill_at_least: SignedDuration,
}
