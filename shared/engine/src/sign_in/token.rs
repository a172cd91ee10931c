//! Links to sign in: a signed token that says who and until when, and is good once.
//!
//! 24 bytes, 32 characters: version (1), expiry in minutes since 1970 (4), a tag of the person (4),
//! a nonce that tells two links of one minute apart (5), and the first 10 bytes of an HMAC-SHA256
//! over all that and the person's id, with a key of its own. That it was used is kept in the table;
//! nothing else of it is.

use baton_cloud::chance;
use baton_core::Roster;
use baton_core::id::PersonId;
use baton_core::time::later;
use jiff::{SignedDuration, Timestamp};

use crate::link::Links;
use crate::signed_token::{Layout, MARK_BYTES, TAG_BYTES, mark, moment};

/// How long a link to sign in works, to the minute that follows.
pub const SIGN_IN_WITHIN: SignedDuration = SignedDuration::from_mins(15);

const VERSION: u8 = 1;
const EXPIRY: usize = 1;
const TAG: usize = EXPIRY + 4;
const NONCE: usize = TAG + TAG_BYTES;
const MAC: usize = NONCE + 5;
const LENGTH: usize = MAC + 10;
const LAYOUT: Layout<LENGTH> = Layout { tag: TAG, mac: MAC };

/// A link to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInLink {
    /// Whom it lets in.
    pub person: PersonId,
    /// The moment from which it signs nobody in.
    pub until: Timestamp,
    /// What the table knows it by.
    pub(crate) mark: String,
}

impl Links {
    /// A fresh link for a person, and until when it is good.
    pub(crate) fn sign_in(&self, person: &PersonId, now: Timestamp) -> (String, Timestamp) {
        let until = later(now, SIGN_IN_WITHIN);
        let minutes = u32::try_from((until.as_second() + 59).div_euclid(60)).unwrap_or(0);
        let mut bytes = [0; LENGTH];
        bytes[0] = VERSION;
        bytes[EXPIRY..TAG].copy_from_slice(&minutes.to_be_bytes());
        bytes[NONCE..MAC].copy_from_slice(&chance::nonce::<{ MAC - NONCE }>());
        let token = LAYOUT.seal(bytes, person, &self.sign_in_key);
        let url = format!("{}/sign-in/{token}", self.base_url);
        (url, moment(minutes))
    }

    /// Reads a token; `None` if it is forged, cut, expired, or for somebody not on the roster.
    pub(crate) fn read_sign_in(
        &self,
        token: &str,
        roster: &Roster,
        now: Timestamp,
    ) -> Option<SignInLink> {
        let (bytes, person) = LAYOUT.open(token, roster, &self.sign_in_key)?;
        let until = moment(u32::from_be_bytes(bytes[EXPIRY..TAG].try_into().ok()?));
        if bytes[0] != VERSION || now >= until {
            return None;
        }
        Some(SignInLink { person: person.clone(), until, mark: mark(&bytes) })
    }

    /// By what the table counts how often an address was asked for: of no use to whoever has not
    /// the key, since addresses can be guessed.
    pub(crate) fn mark_of_address(&self, address: &str) -> String {
        hex::encode(self.sign_in_key.sign::<MARK_BYTES>([&b"address "[..], address.as_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use crate::{LinkKey, Rules};

    fn links(secret: &str) -> Links {
        Links::new(LinkKey::new(secret.as_bytes()), "https://baton.acme.example/")
    }

    fn ana() -> PersonId {
        PersonId::parse("ana").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn token(links: &Links, now: &str) -> String {
        let (url, _) = links.sign_in(&ana(), at(now));
        url.strip_prefix("https://baton.acme.example/sign-in/").unwrap().to_owned()
    }

    #[test]
    fn a_link_is_good_for_a_quarter_of_an_hour_and_the_minute_it_ends_in() {
        let (links, roster) = (links("k"), Rules::sample().roster);
        let token = token(&links, "2026-03-01T09:00:01Z");
        assert_eq!(token.len(), 32);
        let read = |now: &str| links.read_sign_in(&token, &roster, at(now));
        let SignInLink { person, until, .. } = read("2026-03-01T09:00:01Z").unwrap();
        assert_eq!((person, until), (ana(), at("2026-03-01T09:16:00Z")));
        assert!(read("2026-03-01T09:15:59Z").is_some());
        assert_eq!(read("2026-03-01T09:16:00Z"), None);
    }

    #[test]
    fn two_links_of_one_moment_are_not_the_same() {
        let links = links("k");
        let now = "2026-03-01T09:00:00Z";
        assert_ne!(token(&links, now), token(&links, now));
    }

    #[test]
    fn a_link_changed_in_any_bit_or_cut_lets_nobody_in() {
        let (links, roster, now) = (links("k"), Rules::sample().roster, "2026-03-01T09:00:00Z");
        let token = token(&links, now);
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let forged = URL_SAFE_NO_PAD.encode(forged);
            assert_eq!(links.read_sign_in(&forged, &roster, at(now)), None, "bit {bit}");
        }
        for cut in 0..token.len() {
            assert_eq!(links.read_sign_in(&token[..cut], &roster, at(now)), None);
        }
    }

    #[test]
    fn what_was_signed_for_something_else_or_by_another_key_lets_nobody_in() {
        let (ours, roster, now) = (links("k"), Rules::sample().roster, "2026-03-01T09:00:00Z");
        let others = token(&links("other"), now);
        assert_eq!(ours.read_sign_in(&others, &roster, at(now)), None);
        let mut alerts = ours.clone();
        alerts.sign_in_key = LinkKey::new(b"k");
        assert_eq!(ours.read_sign_in(&token(&alerts, now), &roster, at(now)), None);
    }
}
