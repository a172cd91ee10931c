//! The demo's files, read once more and differently: as flat facts.

use std::collections::BTreeMap;

use serde_json::Value;

const HOUR: i64 = 3600;

/// Somebody did something, and we heard of it.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    /// `email:…` or `tradeshow:…`.
    pub(crate) who: String,
    /// What makes it the same activity.
    pub(crate) id: String,
    pub(crate) kind: String,
    /// When it was done, and when we heard: seconds since 1970.
    pub(crate) at: i64,
    pub(crate) heard: i64,
    pub(crate) profile: BTreeMap<String, String>,
}

/// What prospects did, in the order we heard of it, and how many lines told us nothing usable.
pub(crate) fn facts() -> (Vec<Fact>, usize) {
    let start = seconds("2026-03-02T08:00:00Z");
    let (mut facts, bad_rows) = badges(start);
    let (web, bad_lines) = web();
    facts.extend(web);
    facts.sort_by_key(|fact| fact.heard);
    (facts, bad_rows + bad_lines)
}

fn badges(start: i64) -> (Vec<Fact>, usize) {
    const LIST: &str = include_str!("../../demo/badges.csv");
    let list = LIST.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .has_headers(false)
        .from_reader(list.as_bytes());
    let (mut hall, mut booth, mut bad) = (Vec::new(), Vec::new(), 0);
    for row in reader.records().skip(1).map(Result::unwrap) {
        let cell: Vec<&str> = row.iter().map(str::trim).collect();
        if cell.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        let &[badge, _, _, title, company, employees, country, email, _, time, place, _] =
            cell.as_slice()
        else {
            bad += 1;
            continue;
        };
        let (Some(at), Some(who)) = (winter_time(time), who(email, badge)) else {
            bad += 1;
            continue;
        };
        let is_booth = place.starts_with("Booth");
        let said = [
            ("title", title),
            ("company", company),
            ("employees", employees),
            ("country", country),
        ];
        let fact = Fact {
            who,
            id: format!("tradeshow/{badge}/{place}/{time}"),
            kind: if is_booth { "event.booth_visited" } else { "event.badge_scanned" }.to_owned(),
            at,
            heard: start,
            profile: said
                .iter()
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(key, cell)| ((*key).to_owned(), (*cell).to_owned()))
                .collect(),
        };
        if is_booth { booth.push(fact) } else { hall.push(fact) }
    }
    hall.extend(booth);
    (hall, bad)
}

/// Who a row is about; nobody if its address is none, or it has neither address nor badge.
fn who(email: &str, badge: &str) -> Option<String> {
    match (email, badge) {
        ("", "") => None,
        ("", badge) => Some(format!("tradeshow:{badge}")),
        (email, _) => address(email).map(|email| format!("email:{email}")),
    }
}

fn address(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix("mailto:").unwrap_or(&text);
    let (local, domain) = text.split_once('@')?;
    let good = !local.is_empty() && domain.contains('.') && !text.contains(['(', ' ']);
    good.then(|| text.to_owned())
}

/// "26.02.2026 14:05" in Germany: an hour ahead of UTC all February.
fn winter_time(text: &str) -> Option<i64> {
    let time = jiff::civil::DateTime::strptime("%d.%m.%Y %H:%M", text).ok()?;
    let utc = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(utc.timestamp().as_second() - HOUR)
}

fn web() -> (Vec<Fact>, usize) {
    const LINES: &str = include_str!("../../demo/activities.jsonl");
    let (mut facts, mut bad) = (Vec::new(), 0);
    for line in LINES.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let heard = seconds(line["at"].as_str().unwrap());
        let posts = match &line["post"] {
            Value::Array(posts) => posts.clone(),
            one => vec![one.clone()],
        };
        for post in posts {
            match fact(&post, heard) {
                Some(fact) => facts.push(fact),
                None => bad += 1,
            }
        }
    }
    (facts, bad)
}

/// Nothing, if it has no address or happens in the future.
fn fact(post: &Value, heard: i64) -> Option<Fact> {
    let email = address(post["email"].as_str()?)?;
    let at = seconds(post["occurred_at"].as_str()?);
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let profile = post["profile"].as_object();
    let profile = profile.into_iter().flatten().map(|(key, value)| (key.clone(), text(value)));
    let fact = Fact {
        who: format!("email:{email}"),
        id: format!("website/{}", post["id"].as_str()?),
        kind: post["type"].as_str()?.to_owned(),
        at,
        heard,
        profile: profile.collect(),
    };
    (at <= heard).then_some(fact)
}

pub(crate) fn seconds(time: &str) -> i64 {
    time.parse::<jiff::Timestamp>().unwrap().as_second()
}
