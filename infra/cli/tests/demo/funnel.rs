//! The funnel's numbers, counted once more from what each lead's history answers: by who was told
//! what, and by what followed what. Shares nothing with the code it checks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::input::seconds;
use crate::serving::{END, Serving};
use crate::trips::{Trip, text, trips};

const DAY: i64 = 24 * 3600;
/// Who reports to whom, by the demo's roster.
const TEAMS: [(&str, &str); 5] =
    [("ana", "sven"), ("ben", "sven"), ("carla", "sofia"), ("diego", "sofia"), ("hana", "sofia")];

/// Numbers of one window, by the words of the query for their leads.
type Numbers = BTreeMap<String, u64>;

fn add(numbers: &mut Numbers, words: &[&str]) {
    *numbers.entry(words.join("&")).or_default() += 1;
}

fn counted(trips: &[Trip], from: i64, until: i64) -> Numbers {
    let mut numbers = Numbers::new();
    let within = |at: i64| (from..until).contains(&at);
    let team = |who: &str| {
        let found = TEAMS.iter().find(|(person, _)| *person == who);
        format!("team={}", found.map_or("-", |(_, head)| head))
    };
    for trip in trips {
        let mut happens = |at: i64, what: &str, who: &str, more: &[&str]| {
            let who = if who.is_empty() { "-" } else { who };
            if within(at) {
                let what = format!("what={what}");
                add(&mut numbers, &[&what]);
                more.iter().for_each(|more| add(&mut numbers, &[&what, more]));
                if ["assigned", "accepted", "converted", "escalated", "returned"]
                    .contains(&&what[5..])
                {
                    add(&mut numbers, &[&what, &team(who)]);
                    add(&mut numbers, &[&what, &format!("owner={who}"), &team(who)]);
                }
            }
        };
        let (path, source) = (format!("path={}", trip.path), format!("source={}", trip.source));
        let both = format!("{path}&{source}");
        happens(trip.began, "qualified", "", &[&path, &source, &both]);
        trip.told.into_iter().for_each(|at| happens(at, "alerted", "", &[]));
        trip.given.iter().for_each(|(at, who)| happens(*at, "assigned", who, &[]));
        trip.escalated.iter().for_each(|(at, who)| happens(*at, "escalated", who, &[]));
        trip.extended.iter().for_each(|at| happens(*at, "extended", "", &[]));
        let still = trip.left.is_none();
        if let Some((at, who)) = &trip.accepted {
            let fate: &[&str] = if still { &["fate=working"] } else { &[] };
            happens(*at, "accepted", who, fate);
        }
        let Some((at, to, command, reason, who)) = &trip.left else { continue };
        let way = match command.as_str() {
            "reject" => "way=rejected",
            "return" => "way=given_back",
            _ => "way=taken_back",
        };
        let ways = [way];
        happens(*at, to, who, if to == "returned" { &ways } else { &[] });
        if command == "reject" {
            happens(*at, "rejected", "", &[&format!("reason={reason}")]);
        }
    }
    in_time(trips, &within, &mut numbers);
    // No table has these sums.
    numbers.retain(|words, _| !["what=assigned", "what=rejected"].contains(&words.as_str()));
    numbers
}

fn in_time(trips: &[Trip], within: &impl Fn(i64) -> bool, numbers: &mut Numbers) {
    let accepted = trips.iter().filter_map(Trip::accepted_after);
    for (_, _, who) in accepted.filter(|(at, took, _)| within(*at) && *took <= DAY) {
        let head = TEAMS.iter().find(|(person, _)| *person == who).unwrap().1;
        let (what, team) = ("what=accepted", format!("team={head}"));
        add(numbers, &[what, "in_time=1"]);
        add(numbers, &[what, &team, "in_time=1"]);
        add(numbers, &[what, &format!("owner={who}"), &team, "in_time=1"]);
    }
}

/// The cohorts, whatever the window.
fn cohorts(trips: &[Trip]) -> Numbers {
    let mut numbers = Numbers::new();
    for trip in trips {
        // 5 January 1970 was a Monday.
        let monday = (trip.began - 4 * DAY).div_euclid(7 * DAY) * 7 * DAY + 4 * DAY;
        let week = format!("cohort={}", &date(monday));
        let fate = match (&trip.left, &trip.accepted) {
            (Some((_, to, ..)), _) => to.as_str(),
            (None, Some(_)) => "working",
            (None, None) => "waiting",
        };
        add(&mut numbers, &["what=cohort", &week]);
        add(&mut numbers, &["what=cohort", &format!("fate={fate}"), &week]);
        if trip.accepted.is_some() {
            add(&mut numbers, &["what=cohort", "fate=accepted", &week]);
        }
    }
    numbers
}

fn date(at: i64) -> String {
    jiff::Timestamp::from_second(at).unwrap().strftime("%Y-%m-%d").to_string()
}

/// Every number that the funnel tells, by the same words.
fn told(value: &Value, of: &str, numbers: &mut Numbers) {
    if let Some(behind) = value["behind"].as_object() {
        let order = [
            "what", "path", "source", "reason", "way", "owner", "team", "in_time", "fate", "cohort",
        ];
        let words = order.iter().filter_map(|key| {
            behind.get(*key).map(|value| format!("{key}={}", value.as_str().unwrap()))
        });
        let words: Vec<_> = words.collect();
        assert_eq!(words.len(), behind.len());
        let number = value[of].as_u64().or(value[of]["leads"].as_u64());
        let known = number.map(|number| numbers.insert(words.join("&"), number));
        assert!(known.flatten().is_none_or(|known| Some(known) == number), "{words:?}");
    }
    let inner: Vec<&Value> = match (value.as_array(), value.as_object()) {
        (Some(list), _) => list.iter().collect(),
        (_, Some(map)) => map.values().collect(),
        _ => Vec::new(),
    };
    inner.into_iter().for_each(|value| told(value, of, numbers));
}

/// Half of these took no longer; nine of ten took no longer.
fn ranks(mut took: Vec<i64>) -> Value {
    took.sort_unstable();
    let rank = |tenths: usize| {
        let place = (took.len() * tenths).div_ceil(10);
        place.checked_sub(1).map(|place| took[place] as f64)
    };
    serde_json::json!([rank(5), rank(9)])
}

fn speeds(trips: &[Trip], from: i64, until: i64) -> Value {
    let within = |at: &i64| (from..until).contains(at);
    let alerts = trips.iter().filter_map(|trip| Some((trip.told?, trip.told? - trip.began)));
    let accepts =
        trips.iter().filter_map(|trip| trip.accepted_after().map(|(at, took, _)| (at, took)));
    let converts = trips.iter().filter_map(|trip| match &trip.left {
        Some((at, to, ..)) if to == "converted" => Some((*at, at - trip.began)),
        _ => None,
    });
    let of = |all: Vec<(i64, i64)>| {
        ranks(all.into_iter().filter(|(at, _)| within(at)).map(|(_, took)| took).collect())
    };
    serde_json::json!([of(alerts.collect()), of(accepts.collect()), of(converts.collect())])
}

/// Leads whose own deadline says that marketing has them back soon.
fn near(serving: &Serving, leads: &BTreeSet<String>) -> BTreeSet<String> {
    let is_near = |lead: &&String| {
        let deadline = serving.get(&format!("/leads/{lead}"))["deadline"].clone();
        match deadline["kind"].as_str() {
            Some("take_back") => true,
            Some("convert") => seconds(deadline["at"].as_str().unwrap()) - seconds(END) <= 7 * DAY,
            _ => false,
        }
    };
    leads.iter().filter(is_near).cloned().collect()
}

#[test]
fn the_funnel_is_what_an_independent_count_finds() {
    let serving = Serving::of_the_demo();
    let events = serving.get("/local/events");
    let events = events.as_array().unwrap();
    let detail = |event: &Value| {
        event["detail"]["lead"].as_str().or(event["lead"].as_str()).map(str::to_owned)
    };
    let leads: BTreeSet<String> = events.iter().filter_map(detail).collect();
    assert!(leads.len() > 80, "{} leads were in sales: {:?}", leads.len(), events.first());
    let histories = leads.iter().map(|lead| serving.get(&format!("/leads/{lead}/history")));
    let trips: Vec<Trip> = histories.flat_map(|history| trips(&history)).collect();
    let near = near(&serving, &leads);
    assert!(near.len() > 10, "{near:?}");
    for (from, to, before) in [
        ("2026-03-20", "2026-04-02", "2026-03-06"),
        ("2026-03-09", "2026-03-15", "2026-03-02"),
        ("2026-03-02", "2026-04-03", "2026-01-28"),
        ("2026-03-11", "2026-03-11", "2026-03-10"),
    ] {
        let funnel = serving.get(&format!("/funnel?from={from}&to={to}"));
        let midnight = |day: &str| seconds(&format!("{day}T00:00:00Z"));
        let (begin, end) = (midnight(from), midnight(to) + DAY);
        let weeks: BTreeSet<&str> = funnel["cohorts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cohort| cohort["week"].as_str().unwrap())
            .collect();
        for (of, start, until) in [("now", begin, end), ("before", midnight(before), begin)] {
            let mut found = Numbers::new();
            told(&funnel, of, &mut found);
            found.retain(|_, number| *number > 0);
            let mut expected = counted(&trips, start, until);
            if of == "now" {
                let is_shown = |words: &String| weeks.contains(words.rsplit('=').next().unwrap());
                expected.extend(cohorts(&trips).into_iter().filter(|(words, _)| is_shown(words)));
            }
            assert_eq!(found, expected, "{of}, {from} to {to}");
            let spreads = funnel["speeds"].as_array().unwrap().iter().map(|speed| {
                serde_json::json!([speed[of]["median_seconds"], speed[of]["p90_seconds"]])
            });
            assert_eq!(Value::from_iter(spreads), speeds(&trips, start, until), "{of}, {from}");
        }
        let shown = funnel["near"].as_array().unwrap().iter().map(|near| text(&near["lead"]));
        assert_eq!(shown.collect::<BTreeSet<_>>(), near);
    }
}
