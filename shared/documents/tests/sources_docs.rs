//! The pages on sources hold: every block of policy reads, every preset has its page and takes its
//! tool's recorded payload, and the worked mapping gives what its page says.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use baton_core::activity::Activity;
use baton_core::email::Email;
use baton_core::id::Identity;
use baton_core::profile::Scalar;
use baton_core::text::squashed;
use baton_documents::policy;
use baton_documents::preset::PRESETS;
use baton_intake::Source;
use baton_intake::answers::By;
use baton_intake::map::{Delivery, map};
use baton_intake::place::{Place, Spot};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

/// What every recorded payload is about.
const KIM: &str = "kim.li@acme.example";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a text of the repository is there")
}

fn page(preset: &str) -> String {
    read(&format!("shared/docs/sources/{preset}.md"))
}

/// The names of the pages, in order.
fn pages() -> Vec<String> {
    let files = fs::read_dir(root().join("shared/docs/sources")).expect("there are pages");
    let name = |file: fs::DirEntry| file.file_name().to_string_lossy().replace(".md", "");
    let mut names: Vec<String> = files.flatten().map(name).collect();
    names.sort();
    names
}

/// The texts of a page's blocks of a kind, in order.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let (mut blocks, mut open): (Vec<String>, Option<(bool, String)>) = (Vec::new(), None);
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => {
                blocks.extend(open.take().and_then(|(is, text)| is.then_some(text)));
            }
            (Some((_, text)), None) => *text += &format!("{line}\n"),
            (None, Some(fence)) => open = Some((fence == kind, String::new())),
            (None, None) => {}
        }
    }
    blocks
}

/// The sources of a page, one list for each of its blocks of policy.
fn sources(page: &str) -> Vec<Vec<Source>> {
    let whole = |block: &String| match block.contains("version = ") {
        true => block.clone(),
        false => format!("version = \"1\"\n{block}"),
    };
    let parsed = |block: String| {
        let policy = policy::parse(&whole(&block)).map_err(|e| format!("{block}{e}"));
        policy.expect("a block of policy reads").sources.into_values().collect()
    };
    blocks(page, "toml policy").into_iter().map(parsed).collect()
}

fn now() -> Timestamp {
    "2026-03-01T09:00:00Z".parse().expect("this is a time")
}

fn mapped(source: &Source, body: Value) -> Vec<Activity> {
    // Standard Webhooks say who a delivery is in a header.
    let headers = BTreeMap::from([("webhook-id".to_owned(), "msg_1".to_owned())]);
    let delivery = Delivery { body, headers, query: Vec::new() };
    let mapped = map(source, delivery, &TimeZone::UTC, now());
    assert_eq!(mapped.unusable, [], "{}", source.name);
    mapped.activities
}

/// A preset's recorded payload as the hook decodes it. The decoding itself is tested where it is;
/// what is done here by hand knows only these three recordings.
fn recorded(preset: &str) -> Value {
    let file = |name: &str| read(&format!("functions/score/events/webhooks/{name}"));
    let json = |text: &str| serde_json::from_str(text).expect("a payload is JSON");
    match preset {
        "html_form" => form(&file("html_form.form")),
        "jotform" => multipart(&file("jotform.multipart")),
        "badge_sns" => json!({
            "Type": "Notification", "MessageId": "m-1", "Timestamp": "2026-03-01T08:59:00Z",
            "Message": file("badge_sns.message.json"),
        }),
        // No tool stands behind it: its payload is on its page.
        "labels" => json(&blocks(&page("labels"), "json")[0]),
        other => json(&file(&format!("{other}.json"))),
    }
}

/// A value as people write it: 201, not 201.0.
fn plain(value: &Scalar) -> Value {
    match value {
        Scalar::Number(number) if number.fract() == 0.0 => json!(*number as i64),
        Scalar::Number(_) | Scalar::Bool(_) | Scalar::Text(_) => json!(value),
    }
}

fn form(text: &str) -> Value {
    let decoded = |text: &str| text.replace('+', " ").replace("%40", "@");
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), Value::from(decoded(value)))).collect()
}

fn multipart(text: &str) -> Value {
    let text = text.replace("\r\n", "\n");
    let field = |part: &str| {
        let (head, value) = part.split_once("\n\n")?;
        let name = head.split('"').nth(1)?.to_owned();
        Some((name, Value::from(value.trim_end())))
    };
    text.split("--baton-7d1f").filter_map(field).collect::<Map<_, _>>().into()
}

#[test]
fn every_block_of_policy_reads_and_every_block_of_toml_is_one() {
    let names = pages().into_iter().map(|name| format!("sources/{name}"));
    for name in names.chain(["sources".to_owned()]) {
        let page = read(&format!("shared/docs/{name}.md"));
        assert!(!sources(&page).is_empty(), "{name}");
        assert_eq!(page.matches("```toml").count(), page.matches("```toml policy\n").count());
    }
}

#[test]
fn every_preset_has_a_page_and_every_page_a_preset() {
    let presets: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    assert_eq!(pages(), presets);
    let overview = read("shared/docs/sources.md");
    let rows = overview.lines().filter_map(|line| line.strip_prefix("| [`")?.split_once('`'));
    let linked: Vec<&str> = rows.map(|(name, _)| name).collect();
    assert_eq!(linked, presets);
    assert!(linked.iter().all(|name| overview.contains(&format!("(sources/{name}.md)"))));
}

#[test]
fn every_page_says_how_sure_we_are_and_names_what_its_preset_names() {
    for preset in PRESETS {
        let page = page(preset.name);
        let sure = page.lines().skip(2).take_while(|line| !line.is_empty());
        let sure = sure.collect::<Vec<_>>().join(" ");
        let words = ["documentation", "specification", "standards", "econd-hand", "nverified"];
        assert!(words.iter().any(|word| sure.contains(word)), "{}", preset.name);
        let url = preset.text.lines().take_while(|line| line.starts_with('#'));
        let urls =
            url.flat_map(|line| line.split([' ', ')'])).filter(|word| word.starts_with("https://"));
        for url in urls {
            assert!(sure.contains(url.trim_end_matches([':', '/'])), "{}: {url}", preset.name);
        }
    }
}

#[test]
fn the_recorded_payload_goes_through_every_block_of_its_page() {
    for preset in PRESETS {
        for block in sources(&page(preset.name)) {
            let own = block.iter().filter(|s| s.preset.as_deref() == Some(preset.name));
            let own: Vec<&Source> = own.collect();
            assert!(!own.is_empty(), "{}: a block without its preset", preset.name);
            for source in own {
                let activities = mapped(source, recorded(preset.name));
                let who = &activities[0].who;
                assert_eq!(who.email().map(Email::as_str), Some(KIM), "{}", preset.name);
            }
        }
    }
}

#[test]
fn a_page_that_names_fields_finds_them() {
    for preset in PRESETS {
        let first = &sources(&page(preset.name))[0][0];
        let activity = &mapped(first, recorded(preset.name))[0];
        let text = |key: &str| activity.profile.get(key).cloned();
        let is = |text: &str| Some(Scalar::Text(text.to_owned()));
        assert_eq!(text("company"), is("Acme GmbH"), "{}", preset.name);
        assert_eq!(text("title"), is("VP Marketing"), "{}", preset.name);
    }
}

#[test]
fn the_usual_labels_are_the_documented_ones() {
    let page = page("labels");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let documented = rows.map(|(field, labels)| {
        let labels = labels.trim_end_matches(" |").split(';').next().unwrap();
        (field.to_owned(), labels.split(", ").map(squashed).collect())
    });
    let reading = sources(&page).remove(0).remove(0).reading;
    let known = |(field, place): (String, Place)| match place.0.into_iter().next() {
        Some(Spot::Answer(By::Label, labels)) => (field, labels),
        other => panic!("{field}: {other:?}"),
    };
    let fields = reading.profile.into_iter().chain([("email".to_owned(), reading.email)]);
    let known: BTreeMap<String, Vec<String>> = fields.map(known).collect();
    assert_eq!(documented.collect::<BTreeMap<_, _>>(), known);
}

#[test]
fn the_worked_mapping_gives_what_its_page_says() {
    let overview = read("shared/docs/sources.md");
    let worked = sources(&overview).into_iter().flatten().filter(|s| s.name.as_str() == "kestrel");
    let worked: Vec<Source> = worked.collect();
    let [payload, expected] = blocks(&overview, "json").try_into().unwrap();
    let payload: Value = serde_json::from_str(&payload).unwrap();
    for step in &worked {
        let activities = mapped(step, payload.clone());
        assert_eq!(activities[0].who, Identity::parse(&format!("email:{KIM}")).unwrap());
    }
    let activity = mapped(worked.last().unwrap(), payload).remove(0);
    let profile: Map<_, _> = activity.profile.iter().map(|(k, v)| (k.clone(), plain(v))).collect();
    let shown = json!({
        "id": activity.id, "type": activity.kind, "occurred_at": activity.occurred_at,
        "email": activity.who.email(), "profile": profile, "data": activity.data,
    });
    assert_eq!(shown, serde_json::from_str::<Value>(&expected).unwrap());
}

#[test]
fn the_form_to_copy_is_the_same_on_both_pages_and_has_what_its_source_asks_for() {
    let overview = blocks(&read("shared/docs/sources.md"), "html");
    assert_eq!(overview, blocks(&page("html_form"), "html"));
    for field in ["nonce", "started", "website", "email", "company", "job_title"] {
        assert!(overview[0].contains(&format!("name=\"{field}\"")), "{field}");
    }
}
