//! Names and identities: who or what a value is about, parsed once and valid ever after.
//!
//! A lead's id is computed from its identity (e-mail, or source and that source's own id), so
//! finding a person never needs a lookup table and two requests about the same new person can't
//! make two leads.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::email::Email;
use crate::limits;
use crate::text::{InvalidValue, printable};

/// A name somebody chose: lower-case letters, digits, `_`, `-` and, inside, `.`.
macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Takes a name as written; the [`InvalidValue`] says what would be right.
            pub fn parse(text: &str) -> Result<Self, InvalidValue> {
                name_is_plain(text).map(|()| Self(text.to_owned()))
            }

            /// The name as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = InvalidValue;
            fn try_from(text: String) -> Result<Self, InvalidValue> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }
    };
}

name!(
    /// A tool that sends activities: `website`, `tradeshow`.
    SourceName
);
name!(
    /// A person on the roster: `ana`.
    PersonId
);
name!(
    /// A pool of salespeople that leads are dealt to: `emea`.
    QueueName
);
name!(
    /// What the prospect did: `form.submitted`.
    ActivityType
);
name!(
    /// A rule of the policy: `senior_title`.
    RuleName
);

fn name_is_plain(text: &str) -> Result<(), InvalidValue> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c);
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if text.is_empty() {
        return Err(InvalidValue::new("is empty", NAME_SHAPE));
    }
    if text.len() > limits::NAME_BYTES {
        return Err(InvalidValue::new(format!("is {} bytes long", text.len()), NAME_SHAPE));
    }
    if !text.chars().all(plain) || !edge(text.chars().next()) || !edge(text.chars().last()) {
        return Err(InvalidValue::new("has a character that names can't have", NAME_SHAPE));
    }
    Ok(())
}

const NAME_SHAPE: &str = "at most 64 lower-case letters, digits, '_', '-' and '.', \
                          beginning and ending with a letter or digit";

/// An activity's or a person's id as their source gave it: any printable text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceId(String);

impl SourceId {
    /// Takes an id as sent, without surrounding blanks.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidValue::new("is empty", ID_SHAPE));
        }
        if text.len() > limits::ID_BYTES {
            return Err(InvalidValue::new(format!("is {} bytes long", text.len()), ID_SHAPE));
        }
        printable(text, ID_SHAPE)?;
        Ok(Self(text.to_owned()))
    }

    /// The id as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const ID_SHAPE: &str = "1 to 256 bytes of printable text, the same every time it is sent";

impl TryFrom<String> for SourceId {
    type Error = InvalidValue;
    fn try_from(text: String) -> Result<Self, InvalidValue> {
        Self::parse(&text)
    }
}

impl From<SourceId> for String {
    fn from(id: SourceId) -> Self {
        id.0
    }
}

/// What makes a lead the same lead: a normalised e-mail, else a source and its own id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// The usual case.
    Email(Email),
    /// A badge without an address.
    Source {
        /// Who named the person.
        source: SourceName,
        /// The person's id there.
        id: SourceId,
    },
}

impl Identity {
    /// Reads `email:kim@acme.example` or `tradeshow:badge-77`.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        const SHAPE: &str = "a lead's id, or email:ADDRESS, or SOURCE:ITS-OWN-ID";
        let (kind, rest) = text.split_once(':').ok_or(InvalidValue::new("has no ':'", SHAPE))?;
        if kind == "email" {
            return Ok(Self::Email(Email::parse(rest)?));
        }
        Ok(Self::Source { source: SourceName::parse(kind)?, id: SourceId::parse(rest)? })
    }

    /// The address, where there is one.
    pub fn email(&self) -> Option<&Email> {
        match self {
            Self::Email(email) => Some(email),
            Self::Source { .. } => None,
        }
    }

    /// How it is written: as [`Identity::parse`] reads it.
    pub fn text(&self) -> String {
        match self {
            Self::Email(email) => format!("email:{email}"),
            Self::Source { source, id } => format!("{source}:{}", id.as_str()),
        }
    }

    /// The id this identity always has.
    pub fn lead_id(&self) -> LeadId {
        let mut hash = Sha256::new();
        match self {
            Self::Email(email) => hash.update(format!("email\0{}", email.as_str())),
            Self::Source { source, id } => {
                hash.update(format!("source\0{source}\0{}", id.as_str()));
            }
        }
        let digest = hash.finalize();
        let mut bytes = [0; LEAD_ID_BYTES];
        bytes.copy_from_slice(&digest[..LEAD_ID_BYTES]);
        LeadId(bytes)
    }
}

/// 96 bits: among a billion leads the chance that any two collide is 10⁻¹¹ (birthday bound).
pub const LEAD_ID_BYTES: usize = 12;

/// A lead's id: the first 96 bits of the SHA-256 of its identity, written in lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LeadId([u8; LEAD_ID_BYTES]);

impl LeadId {
    /// Reads the 24 hex digits.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let flaw = |_| InvalidValue::new("is not a lead's id", "24 hexadecimal digits");
        let mut bytes = [0; LEAD_ID_BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(flaw)?;
        Ok(Self(bytes))
    }

    /// The id's bytes, for a compact token.
    pub fn bytes(&self) -> [u8; LEAD_ID_BYTES] {
        self.0
    }
}

impl From<[u8; LEAD_ID_BYTES]> for LeadId {
    fn from(bytes: [u8; LEAD_ID_BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for LeadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for LeadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeadId({self})")
    }
}

impl TryFrom<String> for LeadId {
    type Error = InvalidValue;
    fn try_from(text: String) -> Result<Self, InvalidValue> {
        Self::parse(&text)
    }
}

impl From<LeadId> for String {
    fn from(id: LeadId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_id_however_the_address_is_typed() {
        let plain = Identity::parse("email:kim@acme.example").unwrap();
        let shouted = Identity::parse("email: Kim@ACME.example ").unwrap();
        assert_eq!(plain.lead_id(), shouted.lead_id());
    }

    #[test]
    fn a_source_cannot_name_its_way_into_somebody_elses_lead() {
        let a = Identity::parse("web:1:2").unwrap().lead_id();
        let b = Identity::parse("web-1:2").unwrap().lead_id();
        assert_ne!(a, b);
    }

    #[test]
    fn a_lead_id_reads_back() {
        let id = Identity::parse("tradeshow:badge-77").unwrap().lead_id();
        assert_eq!(LeadId::parse(&id.to_string()).unwrap(), id);
        assert!(LeadId::parse("zz").is_err());
        assert!(LeadId::parse("+1+1+1+1+1+1+1+1+1+1+1+1").is_err());
    }

    #[test]
    fn names_are_plain() {
        for good in ["ana", "form.submitted", "a-b_c.9"] {
            assert!(ActivityType::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "Ana", ".a", "a.", "a b", "a#b", "é", &"x".repeat(65)] {
            assert!(ActivityType::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_of_ten_kilobytes_and_unprintable_ids_are_refused() {
        for bad in ["", "  ", "a\0b", "a\u{202e}b", &"x".repeat(10_000)] {
            assert!(SourceId::parse(bad).is_err());
        }
    }
}
