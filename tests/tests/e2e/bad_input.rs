//! Bad input: a problem that says which field and what would be right, and nothing changes.

use baton_tests::{Answer, DESK_KEY, WEBSITE_KEY, World, lead_path};
use serde_json::{Map, Value, json};

const KIM: &str = "email:kim@acme.example";

/// A bad answer is short: it never hands back what was sent.
const ANSWER_BYTES: usize = 4096;

/// A world with a lead in it, to find unchanged.
fn world_with_kim() -> World {
    let world = World::open();
    world.activity(json!({"id": "1", "type": "event.booth_visited", "email": "kim@acme.example"}));
    world
}

/// A good activity, with something else instead.
fn with(field: &str, value: impl Into<Value>) -> Value {
    let mut activity = json!({"id": "x", "type": "form.submitted", "email": "lee@acme.example"});
    activity[field] = value.into();
    activity
}

fn without(field: &str) -> Value {
    let mut activity = with("data", json!({}));
    activity.as_object_mut().unwrap().remove(field);
    activity
}

fn profile(key: &str, value: impl Into<Value>) -> Value {
    with("profile", json!({ key: value.into() }))
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!({ "n": inner }))
}

/// Checks a refusal, and that it is told where and what would be right.
fn is_told(answer: &Answer, status: u16, code: &str, fields: &[&str], case: &str) {
    assert_eq!(answer.problem(), (status, code.to_owned()), "{case}: {}", answer.text);
    assert!(answer.text.len() <= ANSWER_BYTES, "{case}: {} bytes", answer.text.len());
    assert!(!answer.text.contains(['\u{0}', '\u{202e}', '\u{2066}']), "{case}: {}", answer.text);
    let problem = answer.json();
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    let told: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(told, fields, "{case}: {}", answer.text);
    for error in &errors {
        for part in ["problem", "expected"] {
            assert!(error[part].as_str().is_some_and(|text| !text.is_empty()), "{case}: {error}");
        }
    }
}

#[test]
fn a_body_that_is_no_json_is_told_where_it_breaks() {
    let world = world_with_kim();
    let before = world.table();
    let bomb = |open: &str| open.repeat(100_000).into_bytes();
    let cases: [(&str, Vec<u8>); 12] = [
        ("nothing", Vec::new()),
        ("half an object", b"{\"id\":\"1\",".to_vec()),
        ("a word", b"nonsense".to_vec()),
        ("two values", b"{} {}".to_vec()),
        ("a trailing comma", b"[1,]".to_vec()),
        ("a key without quotes", b"{id:1}".to_vec()),
        ("a line break in a text", b"{\"id\":\"a\nb\"}".to_vec()),
        ("bytes that are no UTF-8", b"{\"id\":\"\xff\xfe\"}".to_vec()),
        ("half a surrogate pair", br#"{"id":"\ud800"}"#.to_vec()),
        ("a number beyond all", br#"{"id":1e999}"#.to_vec()),
        ("a bomb of lists", bomb("[")),
        ("a bomb of objects", bomb("{\"data\":")),
    ];
    for (case, body) in cases {
        let answer = world.call("POST", "/activities").key(WEBSITE_KEY).body(body.clone()).send();
        is_told(&answer, 400, "invalid_json", &[], case);
        assert!(answer.json()["detail"].as_str().unwrap().contains(" column "), "{case}");
        if !body.is_empty() {
            let path = format!("{}/reject", lead_path(KIM));
            let answer = world.call("POST", &path).key(DESK_KEY).body(body).send();
            is_told(&answer, 400, "invalid_json", &[], case);
        }
    }
    assert_eq!(world.table(), before);
}

#[test]
fn a_body_of_five_megabytes_is_refused_on_every_route_that_takes_one() {
    let world = world_with_kim();
    let before = world.table();
    let huge = with("data", json!({ "text": "x".repeat(5 * 1024 * 1024) })).to_string();
    let of = |word: &str| format!("{}/{word}", lead_path(KIM));
    for (method, path, key) in [
        ("POST", "/activities".to_owned(), WEBSITE_KEY),
        ("POST", of("accept"), DESK_KEY),
        ("PUT", of("status"), DESK_KEY),
    ] {
        let answer = world.call(method, &path).key(key).body(huge.clone()).send();
        is_told(&answer, 413, "body_too_large", &[], &path);
        assert!(answer.json()["detail"].as_str().unwrap().contains("1048576"), "{path}");
    }
    assert_eq!(world.table(), before);
}

#[test]
fn a_flawed_activity_is_told_its_fields_and_what_would_be_right() {
    let world = world_with_kim();
    let before = world.table();
    let flawed: Vec<(&str, Value, &[&str])> = shapes().into_iter().chain(contents()).collect();
    for (case, activity, fields) in &flawed {
        let call = world.call("POST", "/activities").key(WEBSITE_KEY).json(activity);
        is_told(&call.send(), 422, "invalid_activity", fields, case);
    }
    // And so each of them in an array, which is answered and sinks nothing.
    let elements: Value = flawed.iter().map(|(_, activity, _)| activity.clone()).collect();
    let answer = world.call("POST", "/activities").key(WEBSITE_KEY).json(&elements).send();
    let answer = answer.expect(200).json();
    assert_eq!(answer["results"].as_array().unwrap().len(), flawed.len());
    for (result, (case, _, fields)) in answer["results"].as_array().unwrap().iter().zip(&flawed) {
        assert_eq!(result["outcome"], "invalid", "{case}");
        let errors = result["error"]["errors"].as_array().unwrap();
        let told: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(&told, fields, "{case}");
    }
    assert_eq!(world.table(), before);
}

/// Values of the wrong kind, missing, or unknown.
fn shapes() -> Vec<(&'static str, Value, &'static [&'static str])> {
    let many: Map<_, _> = (0..10_000).map(|n| (format!("k{n}"), n.into())).collect();
    vec![
        ("null", Value::Null, &[""]),
        ("a number", json!(7), &[""]),
        ("a text", json!("form.submitted"), &[""]),
        ("nothing in it", json!({}), &["/id", "/type"]),
        ("no id", without("id"), &["/id"]),
        ("no type", without("type"), &["/type"]),
        ("neither e-mail nor id", json!({"type": "form.submitted"}), &["/id"]),
        ("an empty id", with("id", " \t "), &["/id"]),
        ("an id that is an object", with("id", json!({"n": 1})), &["/id"]),
        ("an id that is true", with("id", true), &["/id"]),
        ("a type that is a number", with("type", 7), &["/type"]),
        ("a type that is a list", with("type", json!(["form.submitted"])), &["/type"]),
        ("an address that is an object", with("email", json!({})), &["/email"]),
        ("an address that is a number", with("email", 7), &["/email"]),
        ("a time that is a number", with("occurred_at", 1_772_355_600), &["/occurred_at"]),
        ("a profile that is a list", with("profile", json!(["VP"])), &["/profile"]),
        ("a profile that is a text", with("profile", "VP"), &["/profile"]),
        ("a profile of 10,000 keys", with("profile", many), &["/profile"]),
        ("a list in the profile", profile("titles", json!(["VP"])), &["/profile/titles"]),
        ("data that is a text", with("data", "x"), &["/data"]),
        ("data that is a list", with("data", json!([1])), &["/data"]),
        ("a misspelt field", with("emial", "kim@acme.example"), &["/emial"]),
        ("a field for another reader", with("a/b~c", 1), &["/a~1b~0c"]),
    ]
}

/// Values of the right kind that can't be right.
fn contents() -> Vec<(&'static str, Value, &'static [&'static str])> {
    let long = |bytes: usize| "x".repeat(bytes);
    let at = |time: &str| with("occurred_at", time);
    let out_of_time: &[&str] = &["/occurred_at"];
    vec![
        ("an id of 10 kB", with("id", long(10_000)), &["/id"]),
        ("an id with a NUL", with("id", "a\0b"), &["/id"]),
        ("an id that reads backwards", with("id", "a\u{202e}b"), &["/id"]),
        ("a person's id of 10 kB", with("person_id", long(10_000)), &["/person_id"]),
        ("a type in capitals", with("type", "Form Submitted"), &["/type"]),
        ("a type of 10 kB", with("type", long(10_000)), &["/type"]),
        ("an address without a domain", with("email", "kim"), &["/email"]),
        ("an address of 10 kB", with("email", long(10_000) + "@a.de"), &["/email"]),
        ("an address with a NUL", with("email", "kim\0@acme.example"), &["/email"]),
        ("an address that reads backwards", with("email", "kim@\u{2066}b.de"), &["/email"]),
        ("two addresses", with("email", "a@b.de, c@d.de"), &["/email"]),
        ("an address with a header", with("email", "a@b.de\r\nBcc: c@d.de"), &["/email"]),
        ("a word for a time", at("yesterday"), out_of_time),
        ("a time without its offset", at("2026-03-01T08:00:00"), out_of_time),
        ("a day that is none", at("2026-02-30T08:00:00Z"), out_of_time),
        ("a time in the far future", at("9999-12-31T23:59:59Z"), out_of_time),
        ("a time beyond all calendars", at("+999999-01-01T00:00:00Z"), out_of_time),
        ("eleven minutes ahead", at("2026-03-01T09:11:00Z"), out_of_time),
        ("a time in the far past", at("0001-01-01T00:00:00Z"), out_of_time),
        ("more than two years ago", at("2024-02-28T08:59:59Z"), out_of_time),
        ("a NUL in the profile", profile("name", "Kim\0Lee"), &["/profile/name"]),
        ("a name that reads backwards", profile("name", "\u{202e}eeL"), &["/profile/name"]),
        ("a name of 1,025 bytes", profile("name", long(1025)), &["/profile/name"]),
        ("a number beyond the table's", profile("size", 1e300), &["/profile/size"]),
        ("an empty key", profile("", "x"), &["/profile/"]),
        ("data of more than 16 kB", with("data", json!({"t": long(16_384)})), &["/data"]),
        ("data 17 deep", with("data", nested(17)), &["/data"]),
        ("data 100 deep", with("data", nested(100)), &["/data"]),
        ("a NUL in the data", with("data", json!({"t": ["a\0b"]})), &["/data"]),
        ("a NUL in a key of the data", with("data", json!({"a\0": 1})), &["/data"]),
        ("an empty key in the data", with("data", json!({"": 1})), &["/data"]),
        ("an empty key deep in the data", with("data", json!({"a": [{"": 1}]})), &["/data"]),
        ("a number beyond the table's", with("data", json!({"n": [1e-200]})), &["/data"]),
    ]
}

#[test]
fn a_key_of_the_profile_is_named_only_as_far_as_it_can_be_shown() {
    let world = world_with_kim();
    let keys = ["k".repeat(10_000), "a\0b".to_owned(), "a\u{202e}b".to_owned()];
    for key in keys {
        for flawed in [profile(&key, "x"), with(&key, "x")] {
            let answer = world.call("POST", "/activities").key(WEBSITE_KEY).json(&flawed).send();
            let field = answer.json()["errors"][0]["field"].as_str().unwrap_or("?").to_owned();
            is_told(&answer, 422, "invalid_activity", &[&field], &field);
        }
    }
}

#[test]
fn a_flawed_command_is_told_its_fields_and_what_would_be_right() {
    let world = world_with_kim();
    let before = world.table();
    let reason = |text: String| json!({ "reason": text });
    let cases: Vec<(&str, Value, &[&str])> = vec![
        ("reject", Value::Null, &["/reason"]),
        ("reject", json!([]), &[""]),
        ("reject", json!("no_budget"), &[""]),
        ("reject", json!({"reason": 7}), &["/reason"]),
        ("reject", json!({"reason": " "}), &["/reason"]),
        ("reject", json!({"raeson": "no_budget"}), &["/raeson"]),
        ("return", reason("x".repeat(10_000)), &["/reason"]),
        ("return", reason("a\0b".to_owned()), &["/reason"]),
        ("return", reason("a\u{202e}b".to_owned()), &["/reason"]),
        ("disqualify", json!({"reason": {"why": "no fit"}}), &["/reason"]),
        ("accept", json!({"reason": "mine"}), &["/reason"]),
        ("accept", json!({"a/b~c": "x"}), &["/a~1b~0c"]),
        ("accept", json!({"reason": null}), &["/reason"]),
        ("reject", json!({"reason": "no_budget", "raeson": null}), &["/raeson"]),
        ("reassign", json!({}), &["/to"]),
        ("reassign", json!({"to": "Ana Ruiz"}), &["/to"]),
        ("reassign", json!({"to": "x".repeat(10_000)}), &["/to"]),
        ("qualify", reason("\u{7}".to_owned()), &["/reason"]),
    ];
    for (command, body, fields) in cases {
        let answer = world.command(KIM, command, &body);
        is_told(&answer, 422, "invalid_command", fields, &format!("{command} {fields:?}"));
    }
    let path = format!("{}/status", lead_path(KIM));
    let status = |body: Value| world.call("PUT", &path).key(DESK_KEY).json(&body).send();
    let returned = |reason: &str| json!({"status": "Return to Marketing", "reason": reason});
    for (body, field) in [
        (json!({}), "/status"),
        (json!({"status": 7}), "/status"),
        (json!({"status": "x".repeat(10_000)}), "/status"),
        (json!({"status": "Working", "note": "x"}), "/note"),
        (json!({"status": "Working", "note": null}), "/note"),
        (returned(&"x".repeat(10_000)), "/reason"),
        (returned("a\0b"), "/reason"),
        (returned("a\u{202e}b"), "/reason"),
    ] {
        is_told(&status(body), 422, "invalid_command", &[field], field);
    }
    assert_eq!(world.table(), before);
}

#[test]
fn a_field_nobody_knows_is_not_handed_back_whole() {
    let world = world_with_kim();
    for key in ["k".repeat(10_000), "a\u{202e}b".to_owned()] {
        let answer = world.command(KIM, "accept", &json!({ key: "x" }));
        let field = answer.json()["errors"][0]["field"].as_str().unwrap_or("?").to_owned();
        is_told(&answer, 422, "invalid_command", &[&field], &field);
    }
}

#[test]
fn an_odd_name_of_a_lead_is_refused() {
    let world = world_with_kim();
    let before = world.table();
    let long = "x".repeat(6_000);
    for name in ["%00", "%ff%fe", "..%2f..%2f", "email:%0d%0aX:1", "website:%e2%80%ae", &long] {
        for path in [format!("/leads/{name}"), format!("/leads/{name}/accept")] {
            let method = if path.ends_with("accept") { "POST" } else { "GET" };
            let answer = world.call(method, &path).key(DESK_KEY).send();
            is_told(&answer, 422, "invalid_command", &["/lead"], &path);
        }
    }
    assert_eq!(world.table(), before);
}

/// What is odd and allowed must come back as it was sent, not as a fault of ours.
#[test]
fn everything_at_its_limit_is_taken_and_kept() {
    let world = World::open();
    let keys = (0..58).map(|n| (format!("{n:064}"), "x".repeat(1024).into()));
    let mut profile: Map<String, Value> = keys.collect();
    let odd = json!({
        "empty": "", "zero": -0.0, "small": 1.5e-7, "big": 123_456_789_012_345_678_u64,
        "lines": "two\nlines\tand a tab", "family": "👩‍👩‍👧 é ü \u{200f}",
    });
    profile.extend(odd.as_object().unwrap().clone());
    assert_eq!(profile.len(), 64);
    let data = json!({
        "deep": nested(14), "n": u64::MAX, "f": 0.1, "i": i64::MIN,
        "long": "x".repeat(15_000), "none": null,
    });
    let id = "é".repeat(128);
    let activity = json!({
        "id": id, "type": "t".repeat(64), "profile": profile, "data": data,
        "email": format!("{}@{}.example", "k".repeat(64), "d".repeat(60)),
        "occurred_at": "2024-02-29T09:00:00Z",
    });
    let answer = world.activity(activity.clone());
    assert_eq!(answer["outcome"], "scored", "{answer}");
    assert_eq!(world.activity(activity)["outcome"], "duplicate");
    let lead = answer["lead"].as_str().unwrap();
    assert_eq!(world.lead(lead)["profile"]["family"], "👩‍👩‍👧 é ü \u{200f}");
    let entry = world.ledger(lead)["entries"][0].clone();
    assert_eq!(entry["data"], data);
    assert_eq!(
        (&entry["id"], &entry["profile"]["lines"]),
        (&id.into(), &"two\nlines\tand a tab".into())
    );
}

#[test]
fn a_key_said_twice_means_what_was_said_last() {
    let world = World::open();
    let twice = r#"{"id":"1","type":"form.submitted","email":"a@b.de","email":"kim@acme.example"}"#;
    let answer = world.call("POST", "/activities").key(WEBSITE_KEY).body(twice).send().expect(200);
    assert_eq!(answer.json()["lead"], world.lead(KIM)["lead"]);
}

#[test]
fn the_document_names_the_limits_that_are_kept() {
    use baton_core::limits;
    let document = World::open().call("GET", "/openapi.yaml").send().expect(200).text;
    // 1048576 as 1,048,576.
    let grouped = |n: usize| {
        let groups = n.to_string().into_bytes();
        let groups: Vec<_> = groups.rchunks(3).rev().map(String::from_utf8_lossy).collect();
        groups.join(",")
    };
    let document = document.split_whitespace().collect::<Vec<_>>().join(" ");
    for (limit, said) in [
        (limits::BODY_BYTES, "a body has at most # bytes"),
        (limits::BATCH, "an array at most # activities"),
        (limits::ID_BYTES, "an id # bytes"),
        (limits::NAME_BYTES, "a name (type, source) #"),
        (limits::EMAIL_BYTES, "an e-mail address #"),
        (limits::PROFILE_KEYS, "a profile # keys"),
        (limits::PROFILE_KEY_BYTES, "keys of at most # bytes"),
        (limits::PROFILE_VALUE_BYTES, "values of at most # bytes"),
        (limits::DATA_BYTES, "`data` # bytes of JSON"),
        (limits::DATA_DEPTH, "# levels deep"),
        (limits::REASON_BYTES, "a reason # bytes"),
        (usize::try_from(limits::CLOCK_SKEW_MINUTES).unwrap(), "at most # minutes ahead"),
        (usize::try_from(limits::OLDEST_ACTIVITY_DAYS).unwrap(), "at most # days back"),
    ] {
        let said = said.replace('#', &grouped(limit));
        assert!(document.contains(&said), "the document does not say: {said}");
    }
}
