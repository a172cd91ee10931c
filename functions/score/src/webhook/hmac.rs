//! Signatures: HMAC-SHA256 over the raw body, with what the sender puts around it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_engine::Keys;
use baton_http::Request;
use baton_intake::{Encoding, Hmac, Piece, moment};
use hmac::{KeyInit, Mac};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use super::unproven::Unproven;

/// How far a signature's timestamp may be from our clock (Standard Webhooks: "within some
/// allowable tolerance", five minutes in its libraries).
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// Signatures looked at in one header.
const SIGNATURES: usize = 8;
/// How Standard Webhooks marks a secret that is written in base64.
const BASE64_SECRET: &str = "whsec_";

/// Checks that one of the signatures is of these bytes with one of the keys. Tries each with each,
/// in constant time.
pub(super) fn check(
    signing: &Hmac,
    keys: &Keys,
    request: &Request,
    now: Timestamp,
) -> Result<(), Unproven> {
    let header = request.header(&signing.header).ok_or(Unproven::NoSignature)?;
    let signatures = signatures(signing, header);
    if signatures.is_empty() {
        return Err(Unproven::NoSignature);
    }
    let signed = signed_bytes(signing, request)?;
    let mut is_signed = false;
    for key in keys.texts() {
        let mac =
            <hmac::Hmac<Sha256>>::new_from_slice(&secret(key)).map_err(|_| Unproven::NoSecret)?;
        let mac = signed.iter().fold(mac, Mac::chain_update);
        for signature in &signatures {
            is_signed |= mac.clone().verify_slice(signature).is_ok();
        }
    }
    if !is_signed {
        return Err(Unproven::WrongSignature);
    }
    fresh(signing, request, now)
}

fn signatures(signing: &Hmac, header: &str) -> Vec<Vec<u8>> {
    let bare = header.split_ascii_whitespace().filter_map(|one| one.strip_prefix(&*signing.prefix));
    let decoded = |text: &str| match signing.encoding {
        Encoding::Hex => hex::decode(text).ok(),
        Encoding::Base64 => STANDARD.decode(text).ok(),
    };
    bare.take(SIGNATURES).filter_map(decoded).collect()
}

fn signed_bytes<'r>(signing: &'r Hmac, request: &'r Request) -> Result<Vec<&'r [u8]>, Unproven> {
    let header = |name: &Option<String>| {
        name.as_ref().and_then(|name| request.header(name)).map(str::as_bytes)
    };
    let pieces = signing.signs.iter().map(|piece| match piece {
        Piece::Body => Ok(&*request.body),
        Piece::Text(text) => Ok(text.as_bytes()),
        Piece::Id => header(&signing.id_header).ok_or(Unproven::NoSignature),
        Piece::Timestamp => header(&signing.timestamp_header).ok_or(Unproven::Stale),
    });
    pieces.collect()
}

fn secret(key: &str) -> Vec<u8> {
    let decoded = key.strip_prefix(BASE64_SECRET).and_then(|rest| STANDARD.decode(rest).ok());
    decoded.unwrap_or_else(|| key.as_bytes().to_vec())
}

fn fresh(signing: &Hmac, request: &Request, now: Timestamp) -> Result<(), Unproven> {
    let Some(name) = &signing.timestamp_header else { return Ok(()) };
    let text = request.header(name).ok_or(Unproven::Stale)?;
    let signed_at = moment::parse(&text.into(), &TimeZone::UTC).map_err(|_| Unproven::Stale)?;
    if now.duration_since(signed_at).abs() > TOLERANCE {
        return Err(Unproven::Stale);
    }
    Ok(())
}
