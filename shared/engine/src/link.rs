//! Links in alerts: a signed token bound to one lead, one person, one cycle and an expiry, short
//! enough for an SMS.
//!
//! 31 bytes, 42 characters: lead (12), erasures (4 bits), cycle (12 bits), expiry in hours since
//! 1970 (3), a tag of the person (4), and the first 10 bytes of an HMAC-SHA256 over all that and
//! the person's id. Eighty bits can't be guessed over a network, and the tag only finds the person:
//! the MAC binds them.

use baton_core::Roster;
use baton_core::erasure::TIMES;
use baton_core::id::{LEAD_ID_BYTES, LeadId, PersonId};
use baton_core::time::later;
use jiff::{SignedDuration, Timestamp};

use crate::signed_token::{Layout, LinkKey, TAG_BYTES};

/// How long a link works: longer than a cycle with one extension at the default clocks.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 60);

const CYCLE: usize = LEAD_ID_BYTES;
const EXPIRY: usize = CYCLE + 2;
const TAG: usize = EXPIRY + 3;
const MAC: usize = TAG + TAG_BYTES;
const LENGTH: usize = MAC + 10;
const LAYOUT: Layout<LENGTH> = Layout { tag: TAG, mac: MAC };

/// What is left of two bytes beside [`TIMES`].
const CYCLE_BITS: u32 = 12;
const CYCLES: u16 = (1 << CYCLE_BITS) - 1;

/// What a link lets its holder do: act on this lead, in this cycle, as this person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The lead that the link opens.
    pub lead: LeadId,
    /// How often the lead's person had been erased: it is not good for what they do after another
    /// erasure.
    pub erasures: u8,
    /// The trip into sales it was made for, up to the 4,095th.
    pub cycle: u32,
    /// Whom it was sent to.
    pub person: PersonId,
}

/// Makes and reads links.
#[derive(Clone, Debug)]
pub struct Links {
    key: LinkKey,
    pub(crate) sign_in_key: LinkKey,
    pub(crate) base_url: String,
}

impl Links {
    /// Links that begin with `base_url`, such as `https://baton.acme.example`.
    pub fn new(key: LinkKey, base_url: &str) -> Self {
        let sign_in_key = key.for_purpose("baton/sign-in/1");
        Self { key, sign_in_key, base_url: base_url.trim_end_matches('/').to_owned() }
    }

    /// What every link begins with.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address to put into an alert.
    pub fn url(&self, link: &Link, now: Timestamp) -> String {
        format!("{}/l/{}", self.base_url, self.token(link, now))
    }

    /// The token alone.
    pub fn token(&self, link: &Link, now: Timestamp) -> String {
        let mut bytes = [0; LENGTH];
        let cycle = u16::try_from(link.cycle).unwrap_or(u16::MAX).min(CYCLES);
        let cycle = u16::from(link.erasures % TIMES) << CYCLE_BITS | cycle;
        let expiry = later(now, LIFETIME).as_second() / 3600;
        let hours = u32::try_from(expiry).unwrap_or(0).to_be_bytes();
        bytes[..CYCLE].copy_from_slice(&link.lead.bytes());
        bytes[CYCLE..EXPIRY].copy_from_slice(&cycle.to_be_bytes());
        bytes[EXPIRY..TAG].copy_from_slice(&hours[1..]);
        LAYOUT.seal(bytes, &link.person, &self.key)
    }

    /// Reads a token; `None` if it is forged, cut, expired, or for somebody not on the roster.
    pub fn read(&self, token: &str, roster: &Roster, now: Timestamp) -> Option<Link> {
        let (bytes, person) = LAYOUT.open(token, roster, &self.key)?;
        let hours = u32::from_be_bytes([0, bytes[EXPIRY], bytes[EXPIRY + 1], bytes[EXPIRY + 2]]);
        if now.as_second() / 3600 > i64::from(hours) {
            return None;
        }
        let mut lead = [0; LEAD_ID_BYTES];
        lead.copy_from_slice(&bytes[..CYCLE]);
        let cycle = u16::from_be_bytes([bytes[CYCLE], bytes[CYCLE + 1]]);
        let erasures = u8::try_from(cycle >> CYCLE_BITS).ok()?;
        let cycle = u32::from(cycle & CYCLES);
        Some(Link { lead: LeadId::from(lead), erasures, cycle, person: person.clone() })
    }
}

#[cfg(test)]
mod tests {
    use baton_core::id::Identity;

    use super::*;
    use crate::Rules;

    fn links(secret: &str) -> Links {
        Links::new(LinkKey::new(secret.as_bytes()), "https://baton.acme.example/")
    }

    fn link() -> Link {
        let lead = Identity::parse("email:kim@acme.example").unwrap().lead_id();
        Link { lead, erasures: 15, cycle: 2, person: PersonId::parse("ana").unwrap() }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_link_reads_back_until_it_expires() {
        let (links, now, roster) = (links("k"), at("2026-03-01T09:00:00Z"), Rules::sample().roster);
        let token = links.token(&link(), now);
        assert_eq!(token.len(), 42);
        assert_eq!(links.read(&token, &roster, now), Some(link()));
        assert_eq!(links.read(&token, &roster, at("2026-04-30T08:00:00Z")), Some(link()));
        assert_eq!(links.read(&token, &roster, at("2026-05-01T09:00:00Z")), None);
    }

    #[test]
    fn a_link_changed_in_any_character_is_nobodys() {
        let (links, now, roster) = (links("k"), at("2026-03-01T09:00:00Z"), Rules::sample().roster);
        let token = links.token(&link(), now);
        for place in 0..token.len() {
            for other in ["A", "z", "-"].iter().filter(|&&o| token[place..=place] != *o) {
                let forged = format!("{}{other}{}", &token[..place], &token[place + 1..]);
                assert_eq!(links.read(&forged, &roster, now), None, "{place}");
            }
        }
        for cut in 0..token.len() {
            assert_eq!(links.read(&token[..cut], &roster, now), None);
        }
    }

    #[test]
    fn a_link_signed_with_another_key_is_nobodys() {
        let (now, roster) = (at("2026-03-01T09:00:00Z"), Rules::sample().roster);
        let token = links("other").token(&link(), now);
        assert_eq!(links("k").read(&token, &roster, now), None);
    }
}
