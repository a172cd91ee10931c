//! The OpenAPI document is true: its examples are replayed, its routes are the ones there are.

#![expect(clippy::panic, reason = "a document that is not as expected fails its test")]

pub(crate) mod document;
mod replay;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use baton_core::limits;
use baton_tests::{Answer, DESK_KEY, World};
use serde_json::Value;

use document::{Document, Operation, content};
use replay::{Example, world};

fn document() -> Document {
    Document::read(&World::open().call("GET", "/openapi.yaml").send().expect(200).text)
}

/// Examples that must have happened before an operation's, by operation and name.
fn before(operation: &str) -> &'static [(&'static str, &'static str)] {
    const VISIT: (&str, &str) = ("recordActivities", "one");
    const ACCEPT: (&str, &str) = ("acceptLead", "accept");
    match operation {
        "listQuarantine" | "showQuarantined" | "retryQuarantined" => &[("deliver", "unreadable")],
        "convertLead" | "extendLead" => &[VISIT, ACCEPT],
        "reopenLead" => &[VISIT, ("disqualifyLead", "disqualify")],
        "qualifyLead" => &[VISIT, ("returnLead", "return")],
        "recordActivities" | "deliver" => &[],
        _ => &[VISIT],
    }
}

/// A world in which everything has happened that an example tells of.
fn ready_for(operation: Operation) -> World {
    let world = world();
    for (id, name) in before(operation.id()) {
        let all = Example::all(operation.document.operation(id));
        let example = all.into_iter().find(|example| example.name == *name).unwrap();
        example.send(&world, true).expect(200);
    }
    world
}

/// Checks an answer against what the document says of it.
fn is_as_documented(answer: &Answer, operation: Operation) {
    let case = format!("{} {}", operation.name(), answer.status);
    let documented = operation.answer(answer.status);
    for (name, header) in documented["headers"].as_object().into_iter().flatten() {
        let header = operation.document.resolved(header);
        let is_there = answer.headers.contains_key(name.to_lowercase());
        assert!(is_there || header["required"] != true, "{case}: no {name}");
    }
    let kind = answer.header("content-type").split(';').next().unwrap_or_default();
    let found = content(documented).find(|(documented, _)| *documented == kind);
    let (_, content) = found.unwrap_or_else(|| panic!("{case}: {kind} is undocumented"));
    let value = match kind {
        "application/yaml" => serde_saphyr::from_str(&answer.text).unwrap(),
        kind if kind.ends_with("json") => answer.json(),
        _ => Value::from(answer.text.clone()),
    };
    is_of(&value, &content["schema"], operation.document, &case);
}

fn is_of(value: &Value, schema: &Value, document: &Document, case: &str) {
    let validator = document.validator(schema);
    let flaws: Vec<_> = validator
        .iter_errors(value)
        .map(|flaw| format!("{} {flaw}", flaw.instance_path()))
        .collect();
    assert!(flaws.is_empty(), "{case}: {}: {value}", flaws.join("; "));
}

#[test]
fn every_example_of_a_request_is_answered_as_the_document_says() {
    let document = document();
    let mut others = Vec::new();
    for example in document.operations().flat_map(Example::all) {
        let answer = example.send(&ready_for(example.operation), true);
        is_as_documented(&answer, example.operation);
        let is_shown = example.answer().is_none_or(|shown| *shown == as_shown(answer.json()));
        if answer.status != example.status() || !is_shown {
            others.push(format!("{}\n{}\n{}", example.title(), answer.status, answer.text));
        }
    }
    assert!(others.is_empty(), "answered otherwise than shown:\n{}", others.join("\n"));
}

/// An answer without the headers of a delivery that are this client's own.
fn as_shown(mut answer: Value) -> Value {
    let shown =
        if answer["quarantined"].is_array() { &mut answer["quarantined"][0] } else { &mut answer };
    if let Some(headers) = shown.get_mut("headers").and_then(Value::as_object_mut) {
        headers.retain(|name, _| name == "content-type");
    }
    answer
}

#[test]
fn every_example_is_of_its_schema() {
    let document = document();
    for operation in document.operations() {
        let is_refused = |name: &str| {
            let mut all = Example::all(operation).into_iter();
            all.any(|example| example.name == name && example.status() >= 400)
        };
        let case = operation.name();
        let is_good = |(name, _): &(&str, _)| !is_refused(name);
        for sent in operation.parameters().into_iter().chain(operation.bodies().map(|(_, b)| b)) {
            for (name, value) in document.examples(sent).into_iter().filter(is_good) {
                is_of(value, &sent["schema"], &document, &format!("{case} {name}"));
            }
        }
        for (_, answered) in operation.answers().flat_map(|(_, answer, _)| content(answer)) {
            for (name, value) in document.examples(answered) {
                is_of(value, &answered["schema"], &document, &format!("{case} {name}"));
            }
        }
    }
}

#[test]
fn every_operation_shows_what_is_sent_and_what_is_answered() {
    let document = document();
    for operation in document.operations() {
        let case = operation.name();
        for (kind, body) in operation.bodies() {
            // The page's forms carry the same fields as JSON does.
            let is_page = operation.path.starts_with("/leads/") && kind.contains("form");
            assert!(is_page || !document.examples(body).is_empty(), "{case}: {kind}");
        }
        let good = operation.answers().filter(|(status, ..)| *status < 400);
        for (kind, content) in good.flat_map(|(_, answer, _)| content(answer)) {
            let is_json = kind.ends_with("json");
            assert!(!is_json || !document.examples(content).is_empty(), "{case}: {kind}");
        }
    }
}

#[test]
fn whoever_proves_nothing_is_told_so_wherever_a_proof_is_needed() {
    let document = document();
    for example in document.operations().flat_map(Example::all) {
        let security = example.operation.security();
        let is_open = security.is_empty() || example.name == "form" || example.name == "sns";
        let answer = example.send(&ready_for(example.operation), false);
        is_as_documented(&answer, example.operation);
        assert_eq!(answer.status == 401, !is_open, "{}: {}", example.title(), answer.status);
    }
}

/// Words in the functions' sources: whatever is a route's is among them.
fn words() -> BTreeSet<String> {
    fn collect(folder: &Path, words: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, words);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let is_plain = |word: &&str| {
                    let plain = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
                    !word.is_empty() && word.chars().all(plain)
                };
                words.extend(text.split('"').filter(is_plain).map(str::to_owned));
            }
        }
    }
    let mut words = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions"), &mut words);
    words
}

/// What is allowed at a path; `None` where there is nothing.
fn allowed(world: &World, path: &str) -> Option<BTreeSet<String>> {
    // A method there never is: an answer lists the others.
    let answer = world.call("BREW", path).key(DESK_KEY).send();
    match answer.problem() {
        (405, _) => Some(answer.header("allow").split(", ").map(str::to_lowercase).collect()),
        (404, code) if code == "no_such_route" => None,
        other => panic!("{path}: {other:?}"),
    }
}

/// Whether a path is one of a template's; how many of its segments are the template's own words.
fn fits(template: &str, path: &str) -> Option<usize> {
    let (template, path) = (template.split('/'), path.split('/'));
    let pairs: Vec<_> = template.clone().zip(path.clone()).collect();
    let is_fit = pairs.iter().all(|(word, segment)| word.starts_with('{') || word == segment);
    let is_as_long = template.count() == path.count();
    (is_fit && is_as_long).then(|| pairs.iter().filter(|(word, segment)| word == segment).count())
}

#[test]
fn the_routes_of_the_document_are_the_routes_there_are() {
    let (document, world) = (document(), world());
    let methods_of = |template: &str| -> BTreeSet<String> {
        let there = document.operations().filter(|operation| operation.path == template);
        there.map(|operation| operation.method.to_owned()).collect()
    };
    for path in document.paths() {
        let sample = path.replace(['{', '}'], "");
        assert_eq!(allowed(&world, &sample), Some(methods_of(path)), "{path}");
    }
    let words = words();
    assert!(words.contains("leads") && words.contains("retry"), "{words:?}");
    let with_more =
        |first: &str| ["", "/x", "/x/x", "/x/x/x"].map(|more| format!("/{first}{more}"));
    let is_a_beginning =
        |word: &&String| with_more(word).iter().any(|path| allowed(&world, path).is_some());
    for first in words.iter().filter(is_a_beginning) {
        let deeper = words
            .iter()
            .flat_map(|word| ["", "/x", "/x/x"].map(|between| format!("/{first}{between}/{word}")));
        for path in with_more(first).into_iter().chain(deeper) {
            let Some(found) = allowed(&world, &path) else { continue };
            let fitting = document.paths().filter_map(|path_| Some((fits(path_, &path)?, path_)));
            let (_, template) = fitting.max().unwrap_or_else(|| panic!("{path} is undocumented"));
            assert_eq!(found, methods_of(template), "{path}");
        }
    }
}

#[test]
fn the_schemas_name_the_limits_that_are_kept() {
    let document = document();
    let schemas = "/components/schemas";
    let webhook = document.operation("deliver").value["description"].as_str().unwrap();
    assert_eq!(limits::WEBHOOK_BODY_BYTES, 262_144);
    assert!(webhook.contains("at most 262,144 bytes, 64 levels deep"), "{webhook}");
    assert_eq!(limits::WEBHOOK_DEPTH, 64);
    for (limit, at) in [
        (limits::NAME_BYTES, "/Name/maxLength"),
        (limits::ID_BYTES, "/Id/maxLength"),
        (limits::ID_BYTES, "/Activity/properties/id/maxLength"),
        (limits::ID_BYTES, "/Activity/properties/person_id/maxLength"),
        (limits::EMAIL_BYTES, "/Email/maxLength"),
        (limits::PROFILE_KEYS, "/Profile/maxProperties"),
        (limits::PROFILE_KEY_BYTES, "/Profile/propertyNames/maxLength"),
        (limits::PROFILE_VALUE_BYTES, "/Profile/additionalProperties/anyOf/0/allOf/1/maxLength"),
        (limits::LEAD_PROFILE_KEYS, "/Lead/properties/profile/maxProperties"),
        (limits::BATCH, "/Results/properties/results/maxItems"),
        (limits::REASON_BYTES, "/Reason/properties/reason/maxLength"),
        (limits::REASON_BYTES, "/Qualification/properties/reason/maxLength"),
        (limits::REASON_BYTES, "/Reassignment/properties/reason/maxLength"),
        (limits::REASON_BYTES, "/StatusReport/properties/reason/maxLength"),
        (limits::LABEL_BYTES, "/StatusReport/properties/status/maxLength"),
    ] {
        assert_eq!(*document.at(&format!("{schemas}{at}")), Value::from(limit), "{at}");
    }
    let lead = document.at("/components/parameters/Lead/schema/maxLength");
    assert_eq!(*lead, Value::from(limits::NAME_BYTES + 1 + limits::ID_BYTES));
    let array = document.operation("recordActivities").bodies().next().unwrap().1;
    assert_eq!(array["schema"]["oneOf"][1]["maxItems"], limits::BATCH);
}
