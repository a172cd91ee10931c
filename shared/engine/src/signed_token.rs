//! Signed tokens: a few bytes about a person of the roster, and at their end the first bytes of an
//! HMAC-SHA256 over them and the person's id. Links, links to sign in and sessions are such tokens,
//! each of a layout and with a key of its own.
//!
//! A token does not hold the person's id, only a tag that finds it: the signature binds the two.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::Roster;
use baton_core::id::PersonId;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What tokens are signed with.
#[derive(Clone)]
pub struct LinkKey([u8; 32]);

impl LinkKey {
    /// A key from any secret text; its strength is the text's.
    pub fn new(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// The key for another purpose: what is signed for one purpose does not pass for another.
    pub(crate) fn for_purpose(&self, purpose: &str) -> Self {
        Self(self.sign([purpose.as_bytes()]))
    }

    /// The first bytes of an HMAC-SHA256 over these parts, of which all but the last have a length
    /// that never changes.
    pub(crate) fn sign<const N: usize>(
        &self,
        parts: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> [u8; N] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        parts.into_iter().for_each(|part| mac.update(part.as_ref()));
        let whole = mac.finalize().into_bytes();
        let mut short = [0; N];
        short.copy_from_slice(&whole[..N]);
        short
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey")
    }
}

/// Bytes of a person's tag.
pub(crate) const TAG_BYTES: usize = 4;

/// Where a token of `LENGTH` bytes has what is not its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<const LENGTH: usize> {
    /// Where the person's tag begins.
    pub(crate) tag: usize,
    /// Where the signature begins, which ends with the token: at most 32 bytes before.
    pub(crate) mac: usize,
}

impl<const LENGTH: usize> Layout<LENGTH> {
    /// The token's text: these bytes, with the tag and the signature put in.
    pub(crate) fn seal(&self, mut bytes: [u8; LENGTH], person: &PersonId, key: &LinkKey) -> String {
        bytes[self.tag..self.tag + TAG_BYTES].copy_from_slice(&tag(person));
        let mac = self.sign(&bytes, person, key);
        bytes[self.mac..].copy_from_slice(&mac[..LENGTH - self.mac]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The bytes of a token, and whose it is; `None` if it is forged, cut, or of somebody who is not on
    /// the roster. Whether it has expired is for the caller to say.
    pub(crate) fn open<'r>(
        &self,
        token: &str,
        roster: &'r Roster,
        key: &LinkKey,
    ) -> Option<([u8; LENGTH], &'r PersonId)> {
        if token.len() > 2 * LENGTH {
            return None;
        }
        let bytes: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let found = &bytes[self.tag..self.tag + TAG_BYTES];
        let person = roster.people.keys().find(|id| tag(id) == found)?;
        let mac = self.sign(&bytes, person, key);
        let is_ours = mac[..LENGTH - self.mac].ct_eq(&bytes[self.mac..]);
        bool::from(is_ours).then_some((bytes, person))
    }

    fn sign(&self, bytes: &[u8; LENGTH], person: &PersonId, key: &LinkKey) -> [u8; 32] {
        key.sign([&bytes[..self.mac], person.as_str().as_bytes()])
    }
}

fn tag(person: &PersonId) -> [u8; TAG_BYTES] {
    let digest = Sha256::digest(person.as_str().as_bytes());
    let mut tag = [0; TAG_BYTES];
    tag.copy_from_slice(&digest[..TAG_BYTES]);
    tag
}

/// Bytes by which the table knows what was used.
pub(crate) const MARK_BYTES: usize = 16;

/// What the table knows a secret by.
pub(crate) fn mark(secret: &[u8]) -> String {
    hex::encode(&Sha256::digest(secret)[..MARK_BYTES])
}

/// So many minutes after 1970 began.
pub(crate) fn moment(minutes: u32) -> Timestamp {
    Timestamp::from_second(i64::from(minutes) * 60).unwrap_or(Timestamp::MAX)
}
