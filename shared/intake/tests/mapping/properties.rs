//! Whatever arrives, reading it ends in activities that can be kept or in reasons.
//!
//! These suites stand in for a fuzzer: cargo-fuzz needs a nightly compiler, and here a failure
//! shrinks and is run with every other test. `PROPTEST_CASES=100000` makes an afternoon of it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use baton_core::activity::{self, Activity};
use baton_core::id::{ActivityType, Identity, SourceId};
use baton_core::limits;
use baton_core::profile::Scalar;
use baton_documents::policy;
use baton_documents::preset::PRESETS;
use baton_intake::answers::{Answers, Questions};
use baton_intake::data::storable;
use baton_intake::map::{Delivery, Mapped, map};
use baton_intake::place::{Path, Place};
use baton_intake::{Source, moment};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

macro_rules! recorded {
    ($($file:literal),*) => {
        [$(include_str!(concat!("../../../../functions/score/events/webhooks/", $file))),*]
    };
}

/// Recorded payloads; that of a form and of a multipart form decode to flat ones like Zapier's.
const RECORDED: [&str; 11] = recorded!(
    "badge_sns.message.json",
    "cloudevents.json",
    "cvent.json",
    "google_forms.json",
    "gravity_forms.json",
    "hubspot.json",
    "splash.json",
    "standard_webhooks.json",
    "typeform.json",
    "webflow.json",
    "zapier.json"
);

/// Texts that mean something to a mapping, and texts that mean harm.
const WORDS: [&str; 27] = [
    "",
    " ",
    "id",
    "email",
    "employees",
    "country",
    "1,000+ — 5k",
    "message",
    "data",
    "answers",
    "properties",
    "payload",
    "form_response",
    "event_type",
    "form_submission",
    "timestamp",
    "type",
    "kim.li@acme.example",
    "kim@@acme",
    "2026-03-01T08:58:11Z",
    "2026-03-01 08:58",
    "1772355480000",
    "-9223372036854775808",
    "a\u{0}b\u{202e}c\u{feff}",
    "{\"a\":[1]}",
    "İstanbul@İ.example",
    "form.submitted",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&WORDS[..]).prop_map(str::to_owned),
        2 => "\\PC{0,20}",
        1 => any::<String>(),
        1 => ("[a-zé🦀]", 0..3000usize).prop_map(|(text, times)| text.repeat(times)),
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(&[i64::MIN, i64::MAX, 0, 1_772_355_480, 99_999_999_999][..]).prop_map(Value::from),
        word().prop_map(Value::from),
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            vec((word(), inner), 0..8).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// Ways through a value, to everything in it.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{here}/{index}"), found);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(item, &format!("{here}/{key}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// One damage: where, how, and what may take the place.
type Damage = (Index, u8, Value);

fn damaged(mut body: Value, damages: &[Damage]) -> Value {
    for (at, how, other) in damages {
        let mut found = Vec::new();
        pointers(&body, "", &mut found);
        let place = body.pointer_mut(at.get::<String>(&found)).expect("the pointer was just found");
        *place = match how % 5 {
            0 => other.clone(),
            1 => Value::Null,
            2 => Value::Array(vec![place.clone(), other.clone(), place.clone()]),
            3 => Value::String(place.to_string()),
            _ => json!({ "": place.clone(), "email": other.clone() }),
        };
    }
    body
}

fn recording() -> impl Strategy<Value = Value> {
    let parse = |text: &str| serde_json::from_str(text).expect("a recorded payload is JSON");
    let enveloped = |body: Value| json!({"Type": "Notification", "Message": body.to_string()});
    let body = (select(&RECORDED[..]).prop_map(parse), any::<bool>());
    let body = body.prop_map(move |(body, wrap)| if wrap { enveloped(body) } else { body });
    (body, vec((any::<Index>(), any::<u8>(), json_value()), 0..5))
        .prop_map(|(body, damages)| damaged(body, &damages))
}

/// Every preset, the ones that need a scheme of one's own with one, and a mapping that uses
/// everything else.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let verify = "verify = { scheme = \"bearer\" }";
    let preset =
        |name: &str| format!("[[source]]\nname = \"{name}\"\npreset = \"{name}\"\n{verify}\n");
    let presets: String = PRESETS.iter().map(|known| preset(known.name)).collect();
    let odd = r#"
        [[source]]
        name = "odd"
        verify = { scheme = "url" }
        type_at = ["type", "@header.x-type"]
        type = "form.submitted"
        email = [{ kind = "email" }, "@query.email", "email"]
        person_id = ["id", "@index"]
        occurred_at = ["timestamp", "data"]
        people = "message"
        json_in = ["message", "data", "message.0"]
        [source.answers]
        list = "answers"
        label = "id"
        key = "type"
        ref = "id"
        value = ["data", "email"]
        [source.profile]
        all = [{ ref = "id" }, "data", "message", "payload"]
        [source.data]
        message = "message"
        data = "data"
    "#;
    let policy = policy::parse(&format!("version = \"1\"\n{presets}{odd}"));
    policy.expect("the policy is right").sources.into_values().collect()
});

fn now() -> Timestamp {
    "2026-03-01T09:00:00Z".parse().expect("this is a time")
}

fn read(source: &Source, body: &Value, now: Timestamp) -> Mapped {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = BTreeMap::from([header("webhook-id", "msg_1"), header("x-type", "Poll Taken")]);
    let query = vec![header("email", "ada@globex.example")];
    map(source, Delivery { body: body.clone(), headers, query }, &TimeZone::UTC, now)
}

/// What the rest of Baton takes for granted of an activity.
fn check(activity: &Activity) {
    assert_eq!(SourceId::parse(activity.id.as_str()).as_ref(), Ok(&activity.id));
    assert!(activity.id.as_str().len() <= limits::ID_BYTES);
    assert!(ActivityType::parse(activity.kind.as_str()).is_ok());
    assert_eq!(activity::occurred_at(activity.occurred_at, now()), Ok(activity.occurred_at));
    assert_eq!(storable(&activity.data), Ok(()));
    let who = match &activity.who {
        Identity::Email(email) => format!("email:{email}"),
        Identity::Source { source, id } => format!("{source}:{}", id.as_str()),
    };
    assert_eq!(Identity::parse(&who).as_ref(), Ok(&activity.who));
    assert!(activity.profile.len() <= limits::PROFILE_KEYS);
    for (key, value) in &activity.profile {
        assert!(key.len() <= limits::PROFILE_KEY_BYTES);
        match value {
            Scalar::Text(text) => {
                assert!((1..=limits::PROFILE_VALUE_BYTES).contains(&text.len()), "{key}");
                assert_eq!(storable(&text.as_str().into()), Ok(()));
            }
            Scalar::Number(number) => assert_eq!(storable(&(*number).into()), Ok(())),
            Scalar::Bool(_) => {}
        }
    }
}

fn check_all(body: &Value) {
    for source in SOURCES.iter() {
        let mapped = read(source, body, now());
        assert!(mapped.activities.len() <= limits::BATCH);
        assert!(mapped.unusable.len() <= limits::BATCH + 1);
        mapped.activities.iter().for_each(check);
        assert_eq!(read(source, body, now()), mapped, "the same delivery reads the same");
    }
}

fn ids(mapped: &Mapped) -> Vec<&str> {
    mapped.activities.iter().map(|activity| activity.id.as_str()).collect()
}

fn turned_round(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(turned_round).collect(),
        Value::Object(map) => {
            let fields = map.iter().rev().map(|(key, value)| (key.clone(), turned_round(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            other.clone()
        }
    }
}

proptest! {
    #[test]
    fn any_json_becomes_valid_activities_or_reasons(body in json_value()) {
        check_all(&body);
    }

    #[test]
    fn a_damaged_payload_becomes_valid_activities_or_reasons(body in recording()) {
        check_all(&body);
    }

    #[test]
    fn a_delivery_sent_again_later_has_the_same_ids(body in recording(), minutes in 0..10_000i64) {
        // Times of their own may be too early for us now and not then: none here.
        let later = now() + SignedDuration::from_mins(minutes);
        for mut source in SOURCES.clone() {
            source.reading.occurred_at = Place::default();
            let (first, again) = (read(&source, &body, now()), read(&source, &body, later));
            prop_assert_eq!(ids(&first), ids(&again));
        }
    }

    #[test]
    fn a_hash_does_not_look_at_the_order_of_keys(body in recording()) {
        for mut source in SOURCES.iter().filter(|s| s.reading.people.is_none()).cloned() {
            source.reading.id = Place::default();
            source.reading.json_in.clear();
            let first = read(&source, &body, now());
            let turned = read(&source, &turned_round(&body), now());
            prop_assert_eq!(ids(&first), ids(&turned));
        }
    }

    #[test]
    fn a_path_reads_or_is_refused_and_leads_somewhere_or_nowhere(
        text in prop_oneof![any::<String>(), "[@a-c0-2.\\\\]{0,40}", word()],
        mut body in json_value(),
    ) {
        if let Ok(path) = Path::parse(&text) {
            let found = path.follow(&body).cloned();
            prop_assert_eq!(path.follow_mut(&mut body).map(|value| value.clone()), found);
        }
    }

    #[test]
    fn a_key_with_dots_in_it_is_found_by_its_escaped_path(key in "[a-z.]{1,20}") {
        let path = Path::parse(&key.replace('.', "\\.")).unwrap();
        let body = json!({ &key: "here" });
        prop_assert_eq!(path.follow(&body), Some(&body[&key]));
    }

    #[test]
    fn answers_are_read_wherever_they_are_said_to_be(
        body in prop_oneof![json_value(), recording()],
        places in vec(select(&["answers", "id", "data", "0", "type", "message"][..]), 8),
        pattern in select(&["^q\\d+_(.+)$", "", "(x)?", "(.)(.*)"][..]),
    ) {
        let path = |n: usize| Path::parse(places[n]).unwrap();
        let answers = Answers {
            list: places[0].starts_with('a').then(|| path(1)),
            label: Some(path(2)),
            key: Some(path(3)),
            reference: Some(path(4)),
            kind: Some(path(5)),
            value: vec![path(6), path(7)],
            questions: Some(Questions { list: path(0), key: path(1), label: path(2) }),
            key_pattern: regex::Regex::new(pattern).ok(),
        };
        prop_assert!(answers.read(&body).len() <= limits::ANSWERS);
        prop_assert!(Answers::default().read(&body).len() <= limits::ANSWERS);
    }

    #[test]
    fn any_value_is_a_time_or_is_not(
        value in leaf(),
        zone in select(&["UTC", "Europe/Madrid", "Pacific/Apia"][..]),
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let read = moment::parse(&value, &zone);
        prop_assert_eq!(moment::parse(&value, &zone), read);
    }

    #[test]
    fn a_time_reads_the_same_as_a_number_and_as_text(second in any::<i64>()) {
        let number = moment::parse(&second.into(), &TimeZone::UTC);
        prop_assert_eq!(moment::parse(&second.to_string().into(), &TimeZone::UTC), number);
    }

    #[test]
    fn every_time_there_is_reads_as_itself(second in -62_135_596_800i64..253_402_207_200) {
        let time = Timestamp::from_second(second).unwrap();
        let read = moment::parse(&time.to_string().into(), &TimeZone::UTC);
        prop_assert_eq!(read, Ok(time));
    }
}

#[test]
fn a_crowd_beyond_the_limit_is_told_once_and_not_copied() {
    let crowd: Vec<Value> =
        (0..20_000).map(|n| json!({"email": format!("p{n}@x.example")})).collect();
    let listed = json!({"message": crowd, "padding": "x".repeat(100_000), "timestamp": 0});
    for (name, body) in [("labels", crowd.into()), ("cvent", listed)] {
        let mut source = SOURCES.iter().find(|s| s.name.as_str() == name).unwrap().clone();
        source.reading.only = None;
        let mapped = read(&source, &body, now());
        assert_eq!((mapped.activities.len(), mapped.unusable.len()), (limits::BATCH, 1), "{name}");
    }
}
