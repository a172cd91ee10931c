//! Any bytes under any content type are read or refused, and what proved the sender is not part of
//! what was delivered.
//!
//! A suite of properties, in the place of a fuzzer that would need a nightly compiler.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_core::correlation::Correlation;
use baton_core::limits;
use baton_core::text::InvalidValue;
use baton_documents::preset::PRESETS;
use baton_http::Request;
use baton_intake::Source;
use baton_intake::map::{Delivery, map};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::body;

const KINDS: [&str; 12] = [
    "",
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json; charset=utf-8",
    "text/plain; charset=UTF-8",
    "application/x-www-form-urlencoded",
    "APPLICATION/X-WWW-FORM-URLENCODED;charset=utf-8",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\"\"",
    "multipart/form-data; boundary=\"a b;c\"; boundary=x",
    "multipart/form-data; boundary=--\r",
];

/// Pieces of bodies, for strangers to put together as they like.
const PIECES: [&str; 22] = [
    "--x",
    "--x--",
    "\r\n",
    "\n",
    "\r\n\r\n",
    "Content-Disposition: form-data; name=\"email\"",
    "Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"",
    "Content-Disposition: form-data",
    "Content-Type: text/plain; charset=utf-16",
    "Content-Transfer-Encoding: base64",
    "kim.li@acme.example",
    "{\"specversion\":\"1.0\",\"data_base64\":\"e30=\"}",
    "{",
    "}",
    "[",
    "]",
    "\"email\":",
    "&email=%ff%fe&email=a",
    "=",
    "%",
    "\u{feff}",
    "1e999",
];

fn source() -> impl Strategy<Value = Source> {
    let keys = [
        "preset = \"typeform\"",
        "preset = \"zapier\"",
        "preset = \"jotform\"",
        "preset = \"cloudevents\"",
        "preset = \"html_form\"\nverify = { scheme = \"form\", origins = [\"https://a.example\"] }",
    ];
    (0..keys.len()).prop_map(move |n| named("tool", keys[n]))
}

fn named(name: &str, keys: &str) -> Source {
    let text = format!("version = \"1\"\n[[source]]\nname = \"{name}\"\n{keys}");
    let policy = baton_documents::policy::parse(&text).expect("the policy is right");
    policy.sources.into_values().next().expect("it has one source")
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = vec(select(&PIECES[..]), 0..30).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![3 => pieces, 1 => vec(any::<u8>(), 0..400)]
}

fn kind() -> impl Strategy<Value = String> {
    prop_oneof![
        select(&KINDS[..]).prop_map(str::to_owned),
        Just("multipart/form-data; boundary=x".to_owned()),
        "multipart/form-data; boundary=[ -~]{0,100}",
        "[ -~]{0,60}",
    ]
}

fn request(kind: &str, headers: &[(String, String)], body: Vec<u8>) -> Request {
    let mut map = HeaderMap::new();
    let own = [("content-type", kind)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    for (name, value) in headers.iter().chain(&own) {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            map.insert(name, value);
        }
    }
    let path = vec!["webhooks".to_owned(), "tool".to_owned()];
    let query = [("key", "sesame"), ("list", "spring")];
    let query = query.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    let correlation = Correlation::none();
    Request {
        method: Method::POST,
        path,
        query,
        headers: map,
        cookies: Vec::new(),
        body,
        correlation,
    }
}

fn read(request: &Request, source: &Source) -> Result<Delivery, InvalidValue> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime of one thread").block_on(body::read(request, source))
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((any::<String>(), inner), 0..5).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

fn now() -> Timestamp {
    "2026-03-01T09:00:00Z".parse().expect("this is a time")
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_and_then_mapped(
        source in source(),
        kind in kind(),
        headers in vec(("(ce-[a-z]{1,8}|ce-specversion|x-[a-z]{1,5})", "[ -~]{0,30}"), 0..5),
        bytes in bytes(),
    ) {
        let request = request(&kind, &headers, bytes);
        match read(&request, &source) {
            Ok(delivery) => {
                prop_assert!(depth(&delivery.body) <= limits::WEBHOOK_DEPTH);
                let mapped = map(&source, delivery, &TimeZone::UTC, now());
                prop_assert!(mapped.activities.len() <= limits::BATCH);
            }
            // Reasons are kept and shown: they quote nothing of the body.
            Err(flaw) => prop_assert!(!flaw.to_string().contains("acme")),
        }
    }

    #[test]
    fn what_proved_the_sender_is_not_delivered(bytes in bytes(), preset in select(PRESETS)) {
        let bearer = "verify = { scheme = \"bearer\" }";
        let has_scheme = !["badge_sns", "html_form", "labels"].contains(&preset.name);
        let extra = if has_scheme { "" } else { bearer };
        let source = named("tool", &format!("preset = \"{}\"\n{extra}", preset.name));
        let secret = ["authorization", "cookie", "proxy-authorization"];
        let own = ["typeform-signature", "x-webflow-signature", "webhook-signature", "x-api-key"];
        let sesame = |name: &&str| ((*name).to_owned(), "sesame".to_owned());
        let headers = secret.iter().chain(&own).map(sesame);
        let request = request("application/json", &headers.collect::<Vec<_>>(), bytes);
        let kept = (body::headers(&request, &source), body::query(&request, &source));
        prop_assert!(secret.iter().all(|name| !kept.0.contains_key(*name)));
        match &source.verify {
            baton_intake::Scheme::Hmac(signing) => {
                prop_assert!(!kept.0.contains_key(&signing.header));
            }
            baton_intake::Scheme::Header(name) => prop_assert!(!kept.0.contains_key(name)),
            baton_intake::Scheme::Url => {
                prop_assert!(kept.1.iter().all(|(_, value)| value != "sesame"));
            }
            baton_intake::Scheme::Bearer
            | baton_intake::Scheme::Form(_)
            | baton_intake::Scheme::Sns { .. } => {}
        }
    }

    #[test]
    fn json_reads_as_itself(source in source(), value in json_value(), has_mark in any::<bool>()) {
        prop_assume!(value.get("specversion").is_none());
        let mark = if has_mark { "\u{feff}" } else { "" };
        let request = request("application/json", &[], format!("{mark}{value}").into_bytes());
        prop_assert_eq!(read(&request, &source).unwrap().body, value);
    }

    #[test]
    fn a_form_reads_the_same_in_either_encoding(
        source in source(),
        fields in vec(("[a-z]{1,5}", "[a-zé@. +&=%]{0,20}"), 0..10),
    ) {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        let encoded = encoded.extend_pairs(&fields).finish();
        let part = |(name, value): &(String, String)| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let parts = fields.iter().map(part).collect::<String>() + "--x--\r\n";
        let urlencoded = request(KINDS[5], &[], encoded.into_bytes());
        let multipart = request("multipart/form-data; boundary=x", &[], parts.into_bytes());
        let read = |request: &Request| read(request, &source).unwrap().body;
        prop_assert_eq!(read(&urlencoded), read(&multipart));
    }

    #[test]
    fn a_cloud_event_reads_the_same_in_every_mode(
        source in source(),
        data in json_value(),
        id in "[a-zA-Z0-9]{1,20}",
    ) {
        let event =
            json!({"specversion": "1.0", "id": &id, "source": "/s", "type": "t", "data": &data});
        let mut base64 = event.clone();
        base64["data_base64"] = STANDARD.encode(data.to_string()).into();
        base64.as_object_mut().unwrap().remove("data");
        let attributes =
            [("ce-specversion", "1.0"), ("ce-id", &*id), ("ce-source", "/s"), ("ce-type", "t")];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let read = |headers: &[(String, String)], body: &Value| {
            let request = request("application/json", headers, body.to_string().into_bytes());
            read(&request, &source).unwrap().body
        };
        prop_assert_eq!(&read(&[], &event), &event);
        prop_assert_eq!(&read(&[], &base64), &event);
        prop_assert_eq!(&read(&attributes, &data), &event);
        prop_assert_eq!(read(&[], &json!([&event, &base64])), json!([&event, &event]));
    }

    #[test]
    fn what_is_nested_deeper_than_the_limit_is_refused(source in source(), levels in 1..200usize) {
        let body = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let read = read(&request("application/json", &[], body.into_bytes()), &source);
        prop_assert_eq!(read.is_ok(), levels <= limits::WEBHOOK_DEPTH);
    }
}
