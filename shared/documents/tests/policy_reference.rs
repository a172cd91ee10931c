//! The reference and the readers say the same: every example parses, every key is documented,
//! every default is what leaving the key out means.
//!
//! A fence ```` ```toml policy ```` or ```` ```toml roster ```` marks an example; it may be a
//! fragment, and gets the least that makes it whole. ```` ```toml policy wrong ```` is an example
//! of mistakes; the ```` ```text ```` block behind it is what they look like.

use std::collections::BTreeMap;

use baton_documents::{Keys, policy, roster};

const REFERENCE: &str = include_str!("../../docs/policy.md");
/// A page whose examples must parse too.
const CRM: &str = include_str!("../../docs/crm.md");

/// A block of the reference and the heading it stands under.
struct Block {
    heading: String,
    fence: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let (mut blocks, mut heading) = (Vec::new(), String::new());
    let mut open: Option<Block> = None;
    for line in REFERENCE.lines().chain(CRM.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text += &format!("{line}\n"),
            (None, Some(fence)) => {
                let (heading, fence) = (heading.clone(), fence.to_owned());
                open = Some(Block { heading, fence, text: String::new() });
            }
            (None, None) if line.starts_with('#') => heading = table_name(line),
            (None, None) => {}
        }
    }
    blocks
}

fn marked(fence: &str) -> impl Iterator<Item = Block> {
    blocks().into_iter().filter(move |block| block.fence == fence)
}

/// "### An entry of `away`" as the readers call it; backticks around words don't count.
fn table_name(heading: &str) -> String {
    plain(heading.trim_start_matches(['#', ' ']))
}

fn plain(name: &str) -> String {
    name.replace('`', "").to_lowercase()
}

/// A table as rows of cells.
type Rows = Vec<Vec<&'static str>>;

/// The tables under a heading, without the two lines at the top of each.
fn tables(heading: &str) -> Vec<Rows> {
    let (mut tables, mut rows) = (Vec::new(), Rows::new());
    let section = REFERENCE
        .lines()
        .skip_while(|line| !(line.starts_with("###") && table_name(line) == plain(heading)))
        .skip(1)
        .take_while(|line| !line.starts_with('#'));
    for line in section.chain([""]) {
        if let Some(cells) = line.strip_prefix('|') {
            rows.push(cells.trim_end_matches('|').split('|').map(str::trim).collect());
        } else if !rows.is_empty() {
            tables.push(rows.split_off(2));
            rows.clear();
        }
    }
    tables
}

/// What a table documents, by its first column.
fn documented(rows: &Rows) -> Vec<&'static str> {
    rows.iter().map(|row| row[0].trim_matches('`')).collect()
}

fn whole_policy(fragment: &str) -> String {
    let version = if fragment.contains("version = ") { "" } else { "version = \"1\"\n" };
    format!("{version}{fragment}")
}

fn text_of(item: &toml::Value, key: &str) -> String {
    item.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
}

/// Adds the people and the queue that a fragment speaks of and leaves out.
fn whole_roster(fragment: &str) -> String {
    let table: toml::Table = fragment.parse().expect("an example is TOML");
    let names = |list: &str, key: &str| -> Vec<String> {
        let items = table.get(list).and_then(toml::Value::as_array);
        items.into_iter().flatten().map(|item| text_of(item, key)).collect()
    };
    let (people, queues) = (names("person", "id"), names("queue", "name"));
    let mut text = fragment.to_owned();
    if !table.contains_key("version") {
        let fallback = queues.first().map_or("house", String::as_str);
        text = format!("version = \"1\"\nfallback = \"{fallback}\"\n{text}");
    }
    for id in ["hana", "sven"].into_iter().filter(|id| !people.iter().any(|known| known == id)) {
        let email = format!("{id}@northwind.example");
        text += &format!("[[person]]\nid = \"{id}\"\nname = \"X\"\nemail = \"{email}\"\n");
    }
    if queues.is_empty() {
        text += "[[queue]]\nname = \"house\"\nmembers = [\"hana\"]\n";
    }
    text
}

#[test]
fn every_example_parses() {
    for block in marked("toml policy") {
        let parsed = policy::parse(&whole_policy(&block.text));
        assert!(parsed.is_ok(), "{}{}", block.text, parsed.unwrap_err());
    }
    for block in marked("toml roster") {
        let parsed = roster::parse(&whole_roster(&block.text));
        assert!(parsed.is_ok(), "{}{}", block.text, parsed.unwrap_err());
    }
}

#[test]
fn every_block_of_toml_is_an_example_of_a_kind() {
    let kinds = ["toml policy", "toml policy wrong", "toml roster", "text", "sh", "js"];
    for block in blocks() {
        assert!(kinds.contains(&block.fence.as_str()), "{}", block.fence);
    }
}

#[test]
fn every_key_is_documented_and_every_documented_key_exists() {
    for table in policy::KEYS.iter().chain(roster::KEYS) {
        let keys = documented(&tables(table.table)[0]);
        assert_eq!(keys, table.keys, "{}", table.table);
    }
}

#[test]
fn every_key_has_an_example_in_its_section() {
    let mut examples: BTreeMap<String, String> = BTreeMap::new();
    for block in marked("toml policy").chain(marked("toml roster")) {
        *examples.entry(block.heading).or_default() += &block.text;
    }
    let shown = |table: &Keys, key: &&&str| {
        let example = &examples[&plain(table.table)];
        let forms =
            [format!("{key} = "), format!("[{key}]"), format!(".{key}]"), format!("\"{key}.")];
        forms.iter().any(|form| example.contains(form))
    };
    for table in policy::KEYS.iter().chain(roster::KEYS) {
        let missing: Vec<_> = table.keys.iter().filter(|key| !shown(table, key)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", table.table);
    }
}

#[test]
fn every_documented_default_is_what_leaving_the_key_out_means() {
    let least = policy::parse("version = \"1\"").unwrap().policy;
    for table in ["[score]", "[scanners]", "[clocks]"] {
        for row in &tables(table)[0] {
            let (key, default) = (row[0].trim_matches('`'), row[2].trim_matches('`'));
            let text = format!("version = \"1\"\n{table}\n{key} = {default}\n");
            let said = policy::parse(&text).unwrap().policy;
            assert_eq!((said.scoring, said.clocks), (least.scoring.clone(), least.clocks.clone()));
            assert_eq!(said.scanners, least.scanners);
        }
    }
}

#[test]
fn the_built_in_words_are_the_documented_ones() {
    let least = policy::parse("version = \"1\"").unwrap().policy;
    let words: Vec<(String, &str)> = tables("[crm_status]")[1]
        .iter()
        .flat_map(|row| row[1].split(", ").map(|word| (plain(word), row[0].trim_matches('`'))))
        .collect();
    let words: BTreeMap<_, _> = words.into_iter().collect();
    let built_in = least.crm_words.into_iter().map(|(word, command)| (word, command.word()));
    assert_eq!(words, built_in.collect());

    let reasons: Vec<String> =
        tables("[[reject_reason]]")[1].iter().map(|row| row.join(" ").replace('`', "")).collect();
    let mut built_in: Vec<String> = least
        .reject_reasons
        .iter()
        .map(|(name, reason)| format!("{name} {} {}", reason.label, reason.leads_to.word()))
        .collect();
    built_in.sort_by_key(|reason| reasons.iter().position(|documented| documented == reason));
    assert_eq!(reasons, built_in);
}

#[test]
fn mistakes_look_as_documented() {
    let all = blocks();
    let place = all.iter().position(|block| block.fence == "toml policy wrong").unwrap();
    let told = policy::parse(&all[place].text).unwrap_err().render("my-policy.toml");
    assert_eq!((all[place + 1].fence.as_str(), &all[place + 1].text), ("text", &(told + "\n")));
}
