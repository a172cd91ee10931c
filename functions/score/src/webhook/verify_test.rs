//! Nobody is believed who did not prove it: a correctly signed request with anything changed, any
//! other secret, any other site.
//!
//! A suite of properties, in the place of a fuzzer that would need a nightly compiler.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_core::correlation::Correlation;
use baton_engine::{Keys, Secrets};
use baton_http::Request;
use baton_intake::{Encoding, Hmac, Piece, Scheme, Source};
use hmac::{KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sha2::Sha256;

use super::proof::check;
use super::unproven::Unproven;

/// Every way to sign that a preset has, and two more.
const SIGNED: [&str; 5] = [
    "preset = \"typeform\"",
    "preset = \"webflow\"",
    "preset = \"standard_webhooks\"",
    "preset = \"labels\"\nverify = { scheme = \"hmac\", header = \"x-sig\", encoding = \"hex\" }",
    "preset = \"labels\"\nverify = { scheme = \"hmac\", header = \"x-sig\", prefix = \"v1=\", \
     encoding = \"hex\", signs = \"timestamp.id.body\", id_header = \"x-id\", \
     timestamp_header = \"x-at\" }",
];

/// Every way to show a secret.
const SHOWN: [&str; 3] = [
    "preset = \"labels\"\nverify = { scheme = \"bearer\" }",
    "preset = \"zapier\"",
    "preset = \"jotform\"",
];

const FORM: &str = "preset = \"html_form\"\nverify = { scheme = \"form\", \
                    origins = [\"https://www.acme.example\", \"http://localhost:3000\"] }";

fn source(keys: &str) -> Source {
    let text = format!("version = \"1\"\n[[source]]\nname = \"tool\"\n{keys}");
    let policy = baton_documents::policy::parse(&text).expect("the policy is right");
    policy.sources.into_values().next().expect("it has one source")
}

fn signing(source: &Source) -> &Hmac {
    match &source.verify {
        Scheme::Hmac(signing) => Some(signing),
        Scheme::Bearer | Scheme::Header(_) | Scheme::Url | Scheme::Form(_) | Scheme::Sns { .. } => {
            None
        }
    }
    .expect("the source's payloads are signed")
}

/// Two live secrets.
#[derive(Clone, Debug)]
struct Live {
    current: String,
    previous: String,
}

impl Live {
    fn keys(&self) -> Keys {
        let Self { current, previous } = self;
        let text = format!(
            "link_key = \"{}\"\n[desk]\ncurrent = \"{}\"\n[sources.tool]\ncurrent = \"{current}\"\n\
             previous = \"{previous}\"\n",
            "l".repeat(32),
            "d".repeat(16)
        );
        let secrets = Secrets::read(&text).expect("the secrets are right");
        secrets.sources.into_values().next().expect("they are of one source")
    }
}

fn secret() -> impl Strategy<Value = String> {
    let encoded = |bytes: Vec<u8>| format!("whsec_{}", STANDARD.encode(bytes));
    prop_oneof![
        "[!#-\\[\\]-~]{16,80}",
        vec(any::<u8>(), 12..64).prop_map(encoded),
        "whsec_[!-~&&[^\"\\\\]]{10,20}"
    ]
}

fn live() -> impl Strategy<Value = Live> {
    (secret(), secret()).prop_map(|(current, previous)| Live { current, previous })
}

fn now() -> Timestamp {
    "2026-03-01T09:00:00Z".parse().expect("this is a time")
}

fn empty() -> Request {
    let path = vec!["webhooks".to_owned(), "tool".to_owned()];
    let headers = HeaderMap::new();
    let (query, body, correlation) = (Vec::new(), Vec::new(), Correlation::none());
    Request { method: Method::POST, path, query, headers, cookies: Vec::new(), body, correlation }
}

fn set(request: &mut Request, name: &str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes()).expect("a policy's header is one");
    let value = HeaderValue::from_bytes(value.as_bytes()).expect("the test's value is one");
    request.headers.insert(name, value);
}

/// What a signature is of, by the policy's words.
fn signed(signing: &Hmac, request: &Request) -> Vec<u8> {
    let header = |name: &Option<String>| {
        let value = name.as_ref().and_then(|name| request.headers.get(name));
        value.map(|value| value.as_bytes().to_vec()).unwrap_or_default()
    };
    let bytes = |piece: &Piece| match piece {
        Piece::Id => header(&signing.id_header),
        Piece::Timestamp => header(&signing.timestamp_header),
        Piece::Body => request.body.clone(),
        Piece::Text(text) => text.clone().into_bytes(),
    };
    signing.signs.iter().flat_map(bytes).collect()
}

fn written(signing: &Hmac, signature: &[u8]) -> String {
    let encoded = match signing.encoding {
        Encoding::Hex => hex::encode(signature),
        Encoding::Base64 => STANDARD.encode(signature),
    };
    format!("{}{encoded}", signing.prefix)
}

fn signature(signing: &Hmac, secret: &str, request: &Request) -> Vec<u8> {
    let key = secret.strip_prefix("whsec_").and_then(|rest| STANDARD.decode(rest).ok());
    let key = key.unwrap_or_else(|| secret.as_bytes().to_vec());
    let mac = <hmac::Hmac<Sha256>>::new_from_slice(&key).expect("a key has any length");
    mac.chain_update(signed(signing, request)).finalize().into_bytes().to_vec()
}

/// A request as the tool would sign it, so many seconds from now.
fn signed_request(source: &Source, secret: &str, id: &str, off: i64, body: &[u8]) -> Request {
    let signing = signing(source);
    let mut request = Request { body: body.to_vec(), ..empty() };
    let at = now() + SignedDuration::from_secs(off);
    if let Some(name) = &signing.id_header {
        set(&mut request, name, id);
    }
    if let Some(name) = &signing.timestamp_header {
        set(&mut request, name, &at.as_second().to_string());
    }
    let signature = written(signing, &signature(signing, secret, &request));
    set(&mut request, &signing.header, &signature);
    request
}

fn believes(source: &Source, keys: &Keys, request: &Request) -> Result<(), Unproven> {
    check(&source.verify, Some(keys), request, now())
}

/// A correctly signed request, and what signed it.
fn delivery() -> impl Strategy<Value = (Source, Live, Request)> {
    let body = prop_oneof![
        vec(any::<u8>(), 0..200),
        "\\{\"id\":\"[a-z.]{0,9}\"\\}".prop_map(String::into_bytes)
    ];
    (select(&SIGNED[..]), live(), "[a-z0-9._]{1,20}", -300..=300i64, body, any::<bool>()).prop_map(
        |(keys, live, id, off, body, is_old)| {
            let source = source(keys);
            let secret = if is_old { &live.previous } else { &live.current };
            let request = signed_request(&source, secret, &id, off, &body);
            (source, live, request)
        },
    )
}

/// The same bytes with one of them another, gone or twice.
fn changed(bytes: &[u8], at: Index, how: u8, with: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if bytes.is_empty() {
        return vec![with];
    }
    let at = at.index(bytes.len());
    match how % 4 {
        0 => bytes[at] = with,
        1 => drop(bytes.remove(at)),
        2 => bytes.insert(at, with),
        _ => bytes.truncate(at),
    }
    bytes
}

/// The same header with a printable byte of it another, gone or more.
fn change_header(request: &mut Request, name: &str, at: Index, how: u8, with: u8) {
    let with = b'!' + with % 94;
    if let Some(value) = request.headers.get(name) {
        let value = HeaderValue::from_bytes(&changed(value.as_bytes(), at, how, with));
        let name = HeaderName::from_bytes(name.as_bytes()).expect("it was there");
        request.headers.insert(name, value.expect("printable bytes are a value"));
    }
}

proptest! {
    #[test]
    fn what_a_live_secret_signed_is_believed((source, live, mut request) in delivery()) {
        prop_assert!(believes(&source, &live.keys(), &request).is_ok());
        // Beside one of another secret, as while the tool rotates its own.
        let signing = signing(&source);
        let own = request.header(&signing.header).unwrap().to_owned();
        let other = written(signing, &[7; 32]);
        set(&mut request, &signing.header, &format!("{other} {own}"));
        prop_assert!(believes(&source, &live.keys(), &request).is_ok());
        if signing.encoding == Encoding::Hex {
            let bare = own.strip_prefix(&*signing.prefix).unwrap();
            let upper = format!("{}{}", signing.prefix, bare.to_uppercase());
            set(&mut request, &signing.header, &upper);
            prop_assert!(believes(&source, &live.keys(), &request).is_ok());
        }
    }

    #[test]
    fn with_anything_signed_changed_it_is_refused(
        (source, live, request) in delivery(),
        what in 0..3u8,
        (at, how, with) in any::<(Index, u8, u8)>(),
    ) {
        let (signing, mut other) = (signing(&source), request.clone());
        match (what, &signing.id_header, &signing.timestamp_header) {
            (1, Some(name), _) | (2, _, Some(name)) => {
                change_header(&mut other, name, at, how, with);
            }
            _ => other.body = changed(&request.body, at, how, with),
        }
        prop_assume!(signed(signing, &other) != signed(signing, &request));
        prop_assert!(believes(&source, &live.keys(), &other).is_err());
    }

    #[test]
    fn with_the_signature_changed_it_is_refused(
        (source, live, request) in delivery(),
        (at, how, with) in any::<(Index, u8, u8)>(),
    ) {
        let (name, mut other) = (&signing(&source).header, request.clone());
        change_header(&mut other, name, at, how, with);
        let is_same = match (request.header(name), other.header(name)) {
            (Some(own), Some(new)) => own.eq_ignore_ascii_case(new),
            _ => false,
        };
        prop_assume!(!is_same);
        prop_assert!(believes(&source, &live.keys(), &other).is_err());
    }

    #[test]
    fn half_a_signature_or_more_than_one_is_none(
        (source, live, request) in delivery(),
        length in 0..40usize,
    ) {
        prop_assume!(length != 32);
        let (signing, mut other) = (signing(&source), request);
        let mut bytes = signature(signing, &live.current, &other);
        bytes.resize(length, 0);
        set(&mut other, &signing.header, &written(signing, &bytes));
        prop_assert!(believes(&source, &live.keys(), &other).is_err());
    }

    #[test]
    fn another_secret_or_any_text_signs_nothing(
        (source, live, mut request) in delivery(),
        other in secret(),
        text in "[ -~]{0,120}",
    ) {
        prop_assume!(other != live.current && other != live.previous);
        let signing = signing(&source);
        let forged = written(signing, &signature(signing, &other, &request));
        let several = format!("{forged} {forged} {text}");
        for header in [forged, several, text.clone(), format!("{}{text}", signing.prefix)] {
            set(&mut request, &signing.header, header.trim());
            prop_assert!(believes(&source, &live.keys(), &request).is_err());
        }
        request.headers.remove(&signing.header);
        prop_assert!(believes(&source, &live.keys(), &request).is_err());
    }

    #[test]
    fn what_was_signed_long_ago_or_ahead_is_refused(
        keys in select(&[SIGNED[1], SIGNED[2], SIGNED[4]][..]),
        live in live(),
        off in prop_oneof![301..330i64, -330..-300i64, 301..1_000_000_000i64],
    ) {
        let source = source(keys);
        let request = signed_request(&source, &live.current, "m", off, b"{}");
        prop_assert!(matches!(believes(&source, &live.keys(), &request), Err(Unproven::Stale)));
    }

    #[test]
    fn only_the_secret_itself_is_the_secret(
        keys in select(&SHOWN[..]),
        live in live(),
        (at, how, with) in any::<(Index, u8, u8)>(),
        random in "[!-~]{0,80}",
    ) {
        let source = source(keys);
        let shown = |secret: &str| {
            let mut request = empty();
            match &source.verify {
                Scheme::Header(name) => set(&mut request, name, secret),
                Scheme::Url => request.query.push(("key".to_owned(), secret.to_owned())),
                Scheme::Bearer | Scheme::Hmac(_) | Scheme::Form(_) | Scheme::Sns { .. } => {
                    set(&mut request, "authorization", &format!("Bearer {secret}"));
                }
            }
            believes(&source, &live.keys(), &request).is_ok()
        };
        prop_assert!(shown(&live.current) && shown(&live.previous));
        let other = changed(live.current.as_bytes(), at, how, b'!' + with % 94);
        let upper = live.current.to_uppercase();
        for other in [String::from_utf8(other).unwrap(), random, upper, String::new()] {
            let is_live = other == live.current || other == live.previous;
            prop_assert_eq!(shown(&other), is_live, "{}", other);
        }
        prop_assert!(believes(&source, &live.keys(), &empty()).is_err());
    }

    #[test]
    fn only_a_listed_site_may_post_a_form(
        random in "[ -~]{0,60}",
        near in select(&["null", "https://acme.example", "https://www.acme.example.evil.example",
            "https://www.acme.example/", "http://www.acme.example", "https://www.acme.example:444",
            "https://evil.example#https://www.acme.example", "http://localhost", ""][..]),
        (at, how, with) in any::<(Index, u8, u8)>(),
    ) {
        let source = source(FORM);
        let posted = |origin: &str| {
            let mut request = empty();
            set(&mut request, "origin", origin);
            check(&source.verify, None, &request, now()).is_ok()
        };
        let own = "https://www.acme.example";
        for listed in [own, "HTTPS://www.Acme.example", "http://localhost:3000"] {
            prop_assert!(posted(listed));
        }
        prop_assert!(!posted(near) && !posted(&random));
        let other = changed(own.as_bytes(), at, how, b'!' + with % 94);
        let other = String::from_utf8(other).unwrap();
        prop_assert_eq!(posted(&other), other.eq_ignore_ascii_case(own));
        prop_assert!(check(&source.verify, None, &empty(), now()).is_err());
    }

    #[test]
    fn without_a_secret_of_ours_nobody_is_believed((source, _, request) in delivery()) {
        let checked = check(&source.verify, None, &request, now());
        prop_assert!(matches!(checked, Err(Unproven::NothingToCheckWith)));
    }
}
