//! Sessions of people who have signed in: a signed cookie that says who and since when. Nothing of
//! it is stored but that it was ended before its time.
//!
//! 33 bytes, 44 characters: version (1), a tag of the person (4), the minute it began (4), a nonce
//! (8), and the first 16 bytes of an HMAC-SHA256 over all that and the person's id, with a key of
//! its own. What its forms prove themselves with is an HMAC over the cookie, with yet another.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_cloud::chance;
use baton_core::Roster;
use baton_core::id::PersonId;
use baton_core::time::later;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use crate::signed_token::{Layout, LinkKey, TAG_BYTES, mark, moment};

/// How long a session lasts, however much it is used.
pub const SESSION: SignedDuration = SignedDuration::from_hours(24 * 7);

const VERSION: u8 = 1;
const TAG: usize = 1;
const BEGAN: usize = TAG + TAG_BYTES;
const NONCE: usize = BEGAN + 4;
const MAC: usize = NONCE + 8;
const LENGTH: usize = MAC + 16;
const LAYOUT: Layout<LENGTH> = Layout { tag: TAG, mac: MAC };

/// Bytes of the token by which a form proves that a page of ours sent it: 22 characters.
const CSRF_BYTES: usize = 16;

/// Makes and reads cookies.
#[derive(Clone, Debug)]
pub struct Sessions {
    key: LinkKey,
    csrf_key: LinkKey,
}

/// Somebody who has signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub person: PersonId,
    /// The moment from which the session is over.
    pub until: Timestamp,
    /// What every form of theirs carries, so that no other site can send it.
    pub csrf: String,
    /// What the table knows it by, once it is ended.
    pub(crate) mark: String,
}

impl Sessions {
    /// Sessions signed with keys that follow from this one.
    pub fn new(key: &LinkKey) -> Self {
        Self { key: key.for_purpose("baton/session/1"), csrf_key: key.for_purpose("baton/csrf/1") }
    }

    /// The cookie of a session that begins now.
    pub(crate) fn begin(&self, person: &PersonId, now: Timestamp) -> String {
        let minutes = u32::try_from(now.as_second().div_euclid(60)).unwrap_or(0);
        let mut bytes = [0; LENGTH];
        bytes[0] = VERSION;
        bytes[BEGAN..NONCE].copy_from_slice(&minutes.to_be_bytes());
        bytes[NONCE..MAC].copy_from_slice(&chance::nonce::<{ MAC - NONCE }>());
        LAYOUT.seal(bytes, person, &self.key)
    }

    /// Reads a cookie; `None` if it is forged, over, or of somebody not on the roster. Whether it
    /// was ended is for the table to say.
    pub fn read(&self, cookie: &str, roster: &Roster, now: Timestamp) -> Option<Session> {
        let (bytes, person) = LAYOUT.open(cookie, roster, &self.key)?;
        let began = moment(u32::from_be_bytes(bytes[BEGAN..NONCE].try_into().ok()?));
        let until = later(began, SESSION);
        if bytes[0] != VERSION || now >= until {
            return None;
        }
        let csrf = URL_SAFE_NO_PAD.encode(self.csrf_key.sign::<CSRF_BYTES>([bytes]));
        Some(Session { person: person.clone(), until, csrf, mark: mark(&bytes) })
    }
}

impl Session {
    /// Whether a form is this session's own. Takes the same time wherever it differs.
    pub fn owns(&self, csrf: &str) -> bool {
        self.csrf.as_bytes().ct_eq(csrf.as_bytes()).into()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("person", &self.person).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rules;

    fn sessions(secret: &str) -> Sessions {
        Sessions::new(&LinkKey::new(secret.as_bytes()))
    }

    fn ana() -> PersonId {
        PersonId::parse("ana").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const NOW: &str = "2026-03-01T09:00:00Z";

    #[test]
    fn a_session_lasts_seven_days() {
        let (sessions, roster) = (sessions("k"), Rules::sample().roster);
        let cookie = sessions.begin(&ana(), at(NOW));
        assert_eq!(cookie.len(), 44);
        let read = |now: &str| sessions.read(&cookie, &roster, at(now));
        let session = read(NOW).unwrap();
        assert_eq!((&session.person, session.until), (&ana(), at("2026-03-08T09:00:00Z")));
        assert!(read("2026-03-08T08:59:59Z").is_some());
        assert_eq!(read("2026-03-08T09:00:00Z"), None);
    }

    #[test]
    fn a_cookie_changed_in_any_bit_or_cut_is_nobodys() {
        let (sessions, roster) = (sessions("k"), Rules::sample().roster);
        let cookie = sessions.begin(&ana(), at(NOW));
        let bytes = URL_SAFE_NO_PAD.decode(&cookie).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let forged = URL_SAFE_NO_PAD.encode(forged);
            assert_eq!(sessions.read(&forged, &roster, at(NOW)), None, "bit {bit}");
        }
        for cut in 0..cookie.len() {
            assert_eq!(sessions.read(&cookie[..cut], &roster, at(NOW)), None);
        }
    }

    #[test]
    fn a_cookie_signed_with_another_key_is_nobodys() {
        let cookie = sessions("other").begin(&ana(), at(NOW));
        assert_eq!(sessions("k").read(&cookie, &Rules::sample().roster, at(NOW)), None);
    }

    #[test]
    fn a_form_of_one_session_is_not_anothers_though_both_are_of_one_person() {
        let (sessions, roster) = (sessions("k"), Rules::sample().roster);
        let [one, other] = [0, 1].map(|_| {
            let cookie = sessions.begin(&ana(), at(NOW));
            sessions.read(&cookie, &roster, at(NOW)).unwrap()
        });
        assert_eq!(one.csrf.len(), 22);
        assert!(one.owns(&one.csrf) && !one.owns(&other.csrf) && !one.owns(""));
        assert!(!one.owns(&one.csrf[..21]));
    }
}
