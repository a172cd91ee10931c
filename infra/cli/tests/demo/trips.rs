//! What each lead went through in sales, read off the history that Baton answers.

use serde_json::Value;

use crate::input::seconds;

/// One trip of a lead into sales, as its history tells it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trip {
    pub(crate) began: i64,
    pub(crate) path: String,
    pub(crate) source: String,
    /// When somebody was given it, and who.
    pub(crate) given: Vec<(i64, String)>,
    /// When the first of them was told, if the router or the clock chose them.
    pub(crate) told: Option<i64>,
    pub(crate) accepted: Option<(i64, String)>,
    pub(crate) escalated: Vec<(i64, String)>,
    /// When marketing said that it takes the lead back.
    pub(crate) warned: Vec<i64>,
    pub(crate) extended: Vec<i64>,
    /// When it left sales, for where, by what, why, and whose it was.
    pub(crate) left: Option<(i64, String, String, String, String)>,
}

impl Trip {
    /// When it was accepted, how long after it was given to somebody, and by whom.
    pub(crate) fn accepted_after(&self) -> Option<(i64, i64, &str)> {
        let (at, who) = self.accepted.as_ref()?;
        let given = self.given.iter().rfind(|(given, _)| given <= at)?;
        Some((*at, at - given.0, who))
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The trips of a lead.
pub(crate) fn trips(history: &Value) -> Vec<Trip> {
    let mut trips: Vec<Trip> = Vec::new();
    let mut owner = String::new();
    for line in history.as_array().unwrap() {
        let at = seconds(line["at"].as_str().unwrap());
        let (from, to) = (text(&line["from"]), text(&line["to"]));
        let command = text(&line["command"]);
        let before = std::mem::replace(&mut owner, text(&line["owner"]));
        if to == "mql" && from != "mql" {
            trips.push(began(at, &command, line));
            continue;
        }
        let trip = trips.last_mut().unwrap();
        let told = |kind: &str| {
            line["told"].as_array().unwrap().iter().find(|told| told["kind"] == kind).cloned()
        };
        if let Some(alert) = told("assigned") {
            let is_first =
                trip.given.is_empty() && ["router", "clock"].contains(&&*text(&line["by"]));
            if is_first && trip.path != "manual" {
                trip.told = alert["delivered_at"].as_str().map(seconds);
            }
            trip.given.push((at, owner.clone()));
        }
        if told("accept_overdue").is_some() {
            trip.escalated.push((at, owner.clone()));
        }
        if told("take_back_warned").is_some() {
            trip.warned.push(at);
        }
        match (from != to, to.as_str(), command.as_str()) {
            (true, "working", _) => trip.accepted = Some((at, owner.clone())),
            (true, ..) => {
                trip.left = Some((at, to, command, text(&line["reason"]), before));
            }
            (false, _, "extend") => trip.extended.push(at),
            (false, ..) => {}
        }
    }
    trips
}

fn began(at: i64, command: &str, line: &Value) -> Trip {
    let by = text(&line["by"]);
    let path = match (command, line["reason"].is_null()) {
        ("qualify", _) => "manual",
        (_, false) => "fast_track",
        (_, true) => "score",
    };
    let source = by.strip_prefix("source:").unwrap_or("-").to_owned();
    Trip { began: at, path: path.to_owned(), source, ..Trip::default() }
}
