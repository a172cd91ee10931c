//! Properties that hold for any bytes, read as a list.

use std::sync::LazyLock;

use baton_core::id::{ActivityType, LeadId, SourceName};
use baton_core::policy::Policy;
use baton_core::text::squashed;
use baton_documents::policy;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::Value;

use super::batch::Batch;
use super::encoding::Encoding;
use super::forecast::Forecast;
use super::list_stats::ListStats;
use super::mapping::{Mapping, parse_mapping};
use super::rows::{BadLine, DateOrder, Reading, Row, Rows};

static POLICY: LazyLock<Policy> = LazyLock::new(|| policy::parse(policy::SAMPLE).unwrap().policy);
const KIND: &str = "event.booth_visited";

fn source() -> SourceName {
    SourceName::parse("tradeshow").unwrap()
}

fn reading() -> Reading {
    let kind = ActivityType::parse(KIND).unwrap();
    Reading { date_order: Some(DateOrder::DayFirst), ..Reading::of(kind) }
}

fn rows(list: &[u8]) -> Vec<Result<Row, BadLine>> {
    Rows::open(list, reading()).map(Iterator::collect).unwrap_or_default()
}

fn lead(row: &Row) -> LeadId {
    row.identity(&source()).lead_id()
}

/// Bytes that look enough like a list to get past the header.
fn list() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[ -~]{0,12}".prop_map(String::into_bytes),
        2 => prop_oneof!["\"", ",", ";", "\n", "\r\n", "\r", "\"\"", "\0"]
            .prop_map(String::into_bytes),
        2 => "[a-z]{1,4}@[a-z]{1,4}\\.example,".prop_map(String::into_bytes),
        3 => "\n[A-Z]-[1-9],([a-z]{1,4}@a\\.example)?,[a-zé '\"]{0,6},[1-3]/3/2026 1[0-9]:30,"
            .prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..8),
    ];
    vec(piece, 0..60).prop_map(|pieces| {
        [b"badge id,email,name,scan time,country,notes\n".to_vec(), pieces.concat()].concat()
    })
}

/// The requests that would be made of a list, as what is in them.
fn sent(list: &[u8]) -> Vec<Value> {
    let mut batch = Batch::default();
    let mut sent = Vec::new();
    let mut send = |batch: &Batch| {
        let items: Vec<Value> = serde_json::from_slice(&batch.body()).unwrap();
        sent.extend(items);
    };
    for row in rows(list).into_iter().flatten() {
        if let Err(full) = batch.add(&row) {
            send(&batch);
            batch = Batch::starting_with(&full);
        }
    }
    send(&batch);
    sent
}

/// The texts of an activity that must have been in the list: all but what is made of it.
fn quoted(activity: &Value) -> Vec<&str> {
    let is_made = |key: &str, text: &str| match key {
        "id" => text.starts_with("line-"),
        "country" => text.len() == 2,
        "type" | "occurred_at" => true,
        _ => false,
    };
    let objects = [Some(activity), activity.get("profile"), activity.get("data")];
    let fields = objects.into_iter().flatten().filter_map(Value::as_object).flatten();
    let texts = fields.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
    texts.filter(|(key, text)| !is_made(key, text)).map(|(_, text)| text).collect()
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..400)) {
        drop(rows(&bytes));
    }

    #[test]
    fn nothing_is_sent_that_is_not_in_the_list(list in list()) {
        let lines = list.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        let decoded = [Encoding::Utf8, Encoding::Windows1252].map(|e| squashed(&e.decode(&list)));
        let sent = sent(&list);
        prop_assert!(sent.len() <= lines);
        for activity in &sent {
            prop_assert_eq!(&activity["type"], KIND);
            for text in quoted(activity) {
                let found = decoded.iter().any(|list| list.contains(&squashed(text)));
                prop_assert!(found, "{text} is not in the list");
            }
        }
    }

    #[test]
    fn every_line_is_read_once_in_order_and_the_same_way_every_time(list in list()) {
        let read = rows(&list);
        let numbers = read.iter().map(|row| match row {
            Ok(row) => row.line,
            Err(bad) => bad.line,
        });
        let numbers: Vec<u64> = numbers.collect();
        prop_assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        let lines = list.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
        prop_assert!(numbers.iter().all(|number| (2..=lines).contains(number)));
        prop_assert_eq!(rows(&list), read);
    }

    #[test]
    fn whatever_is_in_a_list_it_is_judged_and_surveyed(list in list()) {
        let (policy, source) = (&*POLICY, source());
        let now = "2026-03-05T09:00:00Z".parse().unwrap();
        let mut forecast = Forecast::new(policy, &source, now);
        let mut list_stats = ListStats::new();
        for row in rows(&list).iter().flatten() {
            list_stats.good(row, lead(row));
            forecast.add(row, lead(row));
        }
        prop_assert!(list_stats.write(&mut Vec::new()).is_ok());
    }

    #[test]
    fn no_column_that_is_named_makes_it_panic(typed in "\\PC{0,20}=?\\PC{0,20}", list in list()) {
        if let Ok(mapped) = parse_mapping(&typed) {
            let reading = Reading { mapping: Mapping::new(&[mapped]), ..reading() };
            drop(Rows::open(list.as_slice(), reading).map(Iterator::count));
        }
    }
}
