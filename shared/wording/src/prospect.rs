//! Who the lead is and what speaks for them, for every kind of alert.

use baton_core::lead::{Evidence, QualifiedBy};
use baton_core::message::Facts;
use baton_core::score::Score;
use jiff::Timestamp;

use super::body::MessageBody;
use super::plain::{self, plain};
use super::script::is_readable;
use crate::human_time::{Wall, count, ordinal};

/// The lead as we may show it: whatever they typed is harmless by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prospect {
    name: Option<String>,
    title: Option<String>,
    company: Option<String>,
    country: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

impl Prospect {
    /// What is known, made harmless.
    pub(super) fn new(facts: &Facts) -> Self {
        let text = |value: &Option<String>, chars| plain(value.as_deref()?, chars);
        Self {
            name: text(&facts.name, plain::NAME_CHARS),
            title: text(&facts.title, plain::TITLE_CHARS),
            company: text(&facts.company, plain::COMPANY_CHARS),
            country: text(&facts.country, plain::COUNTRY_CHARS),
            email: facts.email.as_deref().and_then(plain::address),
            phone: facts.phone.as_deref().and_then(plain::phone),
        }
    }

    /// `Kim Lee, Acme GmbH`, or what comes nearest, as the e-mail shows it.
    pub(super) fn called(&self) -> String {
        self.called_in(str::to_owned)
    }

    /// The same in another alphabet; what can't be read in it is left out.
    pub(super) fn called_in(&self, script: fn(&str) -> String) -> String {
        let spelled =
            |text: &Option<String>| text.as_deref().map(script).filter(|text| is_readable(text));
        let company = spelled(&self.company);
        match (spelled(&self.name).or_else(|| spelled(&self.email)), company) {
            (Some(person), Some(company)) => format!("{person}, {company}"),
            (Some(person), None) => person,
            (None, Some(company)) => format!("somebody at {company}"),
            (None, None) => "an unnamed prospect".to_owned(),
        }
    }

    /// Writes who the lead is: what is known, and that there is no way to reach them yet.
    pub(super) fn describe(&self, body: &mut MessageBody) {
        body.heading("Who");
        let fields = [
            ("Name", &self.name),
            ("Title", &self.title),
            ("Company", &self.company),
            ("Country", &self.country),
        ];
        for (label, value) in fields {
            if let Some(value) = value {
                body.field(label, value);
            }
        }
        if let Some(email) = &self.email {
            body.whole_field("E-mail", email);
        }
        if let Some(phone) = &self.phone {
            body.field("Phone", phone);
        }
        if self.name.is_none() {
            body.item("Their name is not known yet.");
        }
        if self.email.is_none() && self.phone.is_none() {
            body.item("There is no e-mail address or phone number yet.");
        }
    }
}

/// Writes how the lead qualified and what they did, newest first.
pub(super) fn explain(body: &mut MessageBody, heading: &str, facts: &Facts, wall: &Wall) {
    let how = how(facts);
    if how.is_none() && facts.score_at_mql.is_none() && facts.evidence.is_empty() {
        return;
    }
    body.heading(heading);
    if let Some(how) = how {
        body.item(&how);
    }
    if let Some(Score { behaviour, fit, total }) = facts.score_at_mql {
        let verb = if facts.mql_by == Some(QualifiedBy::Score) { "reached" } else { "was" };
        let parts = format!("{behaviour} for what they did, {fit} for who they are");
        body.item(&format!("The score {verb} {total}: {parts}."));
    }
    if facts.cycle > 1 {
        let times = ordinal(facts.cycle);
        body.item(&format!("Sales has had this lead before: it qualified for the {times} time."));
    }
    let day = |activity: &Evidence| wall.day(activity.at, facts.at);
    let chars = facts.evidence.iter().map(|activity| day(activity).len()).max().unwrap_or(0);
    for activity in &facts.evidence {
        body.entry(&day(activity), chars, &deed(activity));
    }
}

/// The newest thing they did, and when: "visited our booth on Sun 1 Mar".
pub(super) fn newest(facts: &Facts, wall: &Wall) -> Option<String> {
    let activity = facts.evidence.first()?;
    Some(format!("{} on {}", label(activity)?, wall.day(activity.at, facts.at)))
}

fn how(facts: &Facts) -> Option<String> {
    let because = facts.mql_because.as_deref().and_then(reason);
    Some(match (facts.mql_by?, because) {
        (QualifiedBy::Score, _) => return None,
        (QualifiedBy::FastTrack, Some(rule)) => {
            format!("Fast track ({rule}): ready for sales, whatever the score.")
        }
        (QualifiedBy::FastTrack, None) => {
            "Fast track: ready for sales, whatever the score.".to_owned()
        }
        (QualifiedBy::Manual, Some(words)) => {
            format!("A colleague says they are ready for sales: \"{words}\"")
        }
        (QualifiedBy::Manual, None) => "A colleague says they are ready for sales.".to_owned(),
    })
}

/// Evidence without points counts because a fast track says so.
fn deed(activity: &Evidence) -> String {
    let worth = match activity.points {
        0 => "fast track".to_owned(),
        points => count(points, "point"),
    };
    label(activity).map_or(worth.clone(), |label| format!("{label}, {worth}"))
}

fn label(activity: &Evidence) -> Option<String> {
    plain(&activity.label, plain::REASON_CHARS)
}

/// A reason as a person gave it, or in words if it is one of the policy's names.
pub(super) fn reason(text: &str) -> Option<String> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
    let spaced =
        if text.chars().all(is_name) { text.replace(['_', '.'], " ") } else { text.to_owned() };
    plain(&spaced, plain::REASON_CHARS)
}

/// Since when somebody has held a lead, and by what: accepting it, else getting it. An acceptance
/// older than the assignment was a predecessor's.
pub(super) fn held_since(facts: &Facts) -> Option<(&'static str, Timestamp)> {
    let accepted = facts.accepted_at.filter(|&at| facts.assigned_at.is_none_or(|got| at >= got));
    let assigned = facts.assigned_at.map(|at| ("Assigned", at));
    accepted.map(|at| ("Accepted", at)).or(assigned)
}
