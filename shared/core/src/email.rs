//! An e-mail address, normalised: the usual name of a lead.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::text::{InvalidValue, printable};

/// A normalised address: trimmed, lower case, one `@`, a domain with a dot.
///
/// Lower-casing the local part is what every mail provider in practice does; nothing else is
/// folded, so `kim+news@` and `k.im@` stay different people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

const SHAPE: &str = "an address such as kim@acme.example";

impl Email {
    /// Normalises an address as typed.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim().trim_start_matches("mailto:").to_lowercase();
        if text.is_empty() {
            return Err(InvalidValue::new("is empty", SHAPE));
        }
        if text.len() > limits::EMAIL_BYTES {
            return Err(InvalidValue::new(format!("is {} bytes long", text.len()), SHAPE));
        }
        printable(&text, SHAPE)?;
        if text.chars().any(|c| c.is_whitespace() || "\"(),:;<>[\\]".contains(c)) {
            return Err(InvalidValue::new("has a character an address can't have", SHAPE));
        }
        match text.split_once('@') {
            Some((local, domain)) if !local.is_empty() && is_domain(domain) => Ok(Self(text)),
            _ => Err(InvalidValue::new("is not an e-mail address", SHAPE)),
        }
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the address of a role, such as `info@`, rather than of a person.
    pub fn is_of_a_role(&self) -> bool {
        let local = self.0.split_once('@').map_or("", |(local, _)| local);
        ROLES.contains(&local.split('+').next().unwrap_or_default())
    }

    /// What is behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// What stands before the `@` of an address that several people read.
const ROLES: [&str; 24] = [
    "abuse",
    "accounts",
    "admin",
    "billing",
    "careers",
    "contact",
    "customerservice",
    "hello",
    "help",
    "hr",
    "info",
    "jobs",
    "mail",
    "marketing",
    "no-reply",
    "noreply",
    "office",
    "orders",
    "post",
    "postmaster",
    "sales",
    "service",
    "support",
    "webmaster",
];

fn is_domain(domain: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidValue;
    fn try_from(text: String) -> Result<Self, InvalidValue> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_case_do_not_make_another_person() {
        let email = Email::parse("  Kim.Lee@ACME.Example\n").unwrap();
        assert_eq!((email.as_str(), email.domain()), ("kim.lee@acme.example", "acme.example"));
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for bad in [
            "",
            "kim",
            "kim@",
            "@acme.example",
            "kim@acme",
            "a@b@c.d",
            "a b@c.de",
            "a@-b.de",
            "a@b..de",
            "a\0@b.de",
            "<a@b.de>",
            &format!("{}@b.de", "x".repeat(260)),
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn international_addresses_are_people_too() {
        assert!(Email::parse("jürgen@müller.example").is_ok());
    }
}
