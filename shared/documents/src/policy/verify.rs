//! How a source proves that a payload is its own, as it is written:
//! `{ scheme = "hmac", header = "Typeform-Signature", … }`.

use baton_core::limits;
use baton_intake::{Encoding, Hmac, Piece, PublicForm, Scheme};
use jiff::SignedDuration;

use super::keys;
use crate::document::{Read, Table, Value};

const SCHEMES: [&str; 6] = ["hmac", "bearer", "header", "url", "form", "sns"];

/// Reads the value of `verify`. The scheme decides which keys there may be.
pub(super) fn read(value: Value<'_>) -> Read<Scheme> {
    const SHAPE: &str = "a table such as { scheme = \"bearer\" }";
    let entries = value.entries("`verify`", SHAPE)?;
    let Some((_, scheme)) = entries.into_iter().find(|(key, _)| *key == "scheme") else {
        return Err(value.wrong("has no `scheme`", SHAPE));
    };
    match scheme.text()? {
        "hmac" => hmac(&value.table(&keys::VERIFY_HMAC)?).map(Scheme::Hmac),
        "bearer" => value.table(&keys::VERIFY).map(|_| Scheme::Bearer),
        "header" => {
            value.table(&keys::VERIFY_HEADER)?.required("header", header).map(Scheme::Header)
        }
        "url" => value.table(&keys::VERIFY).map(|_| Scheme::Url),
        "form" => form(&value.table(&keys::VERIFY_FORM)?).map(Scheme::Form),
        "sns" => {
            let topics = value.table(&keys::VERIFY_SNS)?.required("topics", |v| texts(v, topic))?;
            Ok(Scheme::Sns { topics })
        }
        other => Err(scheme.unknown(other, "a scheme", SCHEMES)),
    }
}

fn hmac(table: &Table<'_>) -> Read<Hmac> {
    let header_name = table.required("header", header);
    let prefix = table.or("prefix", String::new(), Value::words);
    let encoding = table.required("encoding", encoding);
    let signs = table.or("signs", vec![Piece::Body], signs);
    let id_header = table.optional("id_header", header);
    let timestamp_header = table.optional("timestamp_header", header);
    let (signs, id_header, timestamp_header) = (signs?, id_header?, timestamp_header?);
    if signs.contains(&Piece::Id) && id_header.is_none() {
        return Err(table.wrong("signs", "signs an id", "`id_header`, which says where it is"));
    }
    if signs.contains(&Piece::Timestamp) && timestamp_header.is_none() {
        let expected = "`timestamp_header`, which says where it is";
        return Err(table.wrong("signs", "signs a timestamp", expected));
    }
    // A moment that is not signed proves nothing.
    if timestamp_header.is_some() && !signs.contains(&Piece::Timestamp) {
        let problem = "has a timestamp that is not signed";
        return Err(table.wrong("timestamp_header", problem, "`signs` with timestamp in it"));
    }
    let (header, prefix, encoding) = (header_name?, prefix?, encoding?);
    Ok(Hmac { header, prefix, encoding, signs, id_header, timestamp_header })
}

fn header(value: Value<'_>) -> Read<String> {
    const SHAPE: &str = "a header's name, such as X-Signature";
    let name = value.text()?.to_ascii_lowercase();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if (1..=limits::NAME_BYTES).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(name);
    }
    Err(value.wrong("is not a header's name", SHAPE))
}

fn encoding(value: Value<'_>) -> Read<Encoding> {
    match value.text()? {
        "hex" => Ok(Encoding::Hex),
        "base64" => Ok(Encoding::Base64),
        other => Err(value.unknown(other, "an encoding", ["hex", "base64"])),
    }
}

/// `id.timestamp.body`: the words, and the text between them.
fn signs(value: Value<'_>) -> Read<Vec<Piece>> {
    const SHAPE: &str = "body, timestamp:body or id.timestamp.body";
    let text = value.text()?;
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let gap = rest[word..].find(|c: char| c.is_ascii_lowercase()).unwrap_or(rest.len() - word);
        pieces.push(match &rest[..word] {
            "id" => Piece::Id,
            "timestamp" => Piece::Timestamp,
            "body" => Piece::Body,
            _ => return Err(value.wrong("is not what is signed", SHAPE)),
        });
        if gap > 0 {
            pieces.push(Piece::Text(rest[word..word + gap].to_owned()));
        }
        rest = &rest[word + gap..];
    }
    let bodies = pieces.iter().filter(|piece| **piece == Piece::Body).count();
    // Two bodies would let one signature stand for another split of the same bytes.
    if bodies == 1 && pieces.last() == Some(&Piece::Body) {
        return Ok(pieces);
    }
    Err(value.wrong("does not end with the body", SHAPE))
}

/// Slower than any machine would trouble to be, faster than anybody types.
const FILL_AT_LEAST: SignedDuration = SignedDuration::from_secs(3);
const FILL_AT_MOST: SignedDuration = SignedDuration::from_mins(10);

fn form(table: &Table<'_>) -> Read<PublicForm> {
    let origins = table.required("origins", |v| texts(v, origin));
    let honeypot = table.optional("honeypot", Value::words);
    let started = table.optional("started", Value::words);
    let fill_at_least = table.or("fill_at_least", FILL_AT_LEAST, |v| {
        v.span(SignedDuration::from_secs(1)..=FILL_AT_MOST)
    });
    Ok(PublicForm {
        origins: origins?,
        honeypot: honeypot?,
        started: started?,
        fill_at_least: fill_at_least?,
    })
}

fn texts(value: Value<'_>, read: fn(Value<'_>) -> Read<String>) -> Read<Vec<String>> {
    let items = value.list(limits::PLACES)?;
    if items.is_empty() {
        return Err(value.wrong("is empty", "at least one"));
    }
    let texts: Vec<Read<String>> = items.into_iter().map(read).collect();
    texts.into_iter().collect()
}

fn origin(value: Value<'_>) -> Read<String> {
    const SHAPE: &str = "a site without a path: https://www.acme.example";
    let origin = value.words()?.to_lowercase();
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let plain = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '*', ' ', '@']);
    if host.is_some_and(plain) { Ok(origin) } else { Err(value.wrong("is not a site", SHAPE)) }
}

fn topic(value: Value<'_>) -> Read<String> {
    const SHAPE: &str = "a topic's ARN: arn:aws:sns:eu-west-1:123456789012:badges";
    let arn = value.words()?;
    let parts = arn.split(':').count();
    if parts == 6 && arn.starts_with("arn:") && arn.split(':').nth(2) == Some("sns") {
        return Ok(arn);
    }
    Err(value.wrong("is not a topic", SHAPE))
}
