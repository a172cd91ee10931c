//! A lead is theirs: accept it. One that sales works already, as the CRM reports, is theirs to
//! convert.

use baton_core::lead::{DeadlineKind, Status};
use baton_core::message::Facts;

use super::AlertParts;
use super::body::MessageBody;
use super::prospect::newest;
use super::reader::Reader;
use super::short_text::{Sms, name_template};
use crate::human_time::span;

pub(super) fn parts(reader: &Reader<'_>) -> AlertParts {
    let due = reader.facts.deadline.as_ref().map(|deadline| deadline.at);
    let by = due.map_or(String::new(), |at| format!(" by {}", reader.wall.short(at)));
    let by_here =
        due.map_or(String::new(), |at| format!(" by {}", reader.wall.short_with_place(at)));
    let (verb, verb_first) = match is_accepted(reader.facts) {
        true => ("convert", "Convert"),
        false => ("accept", "Accept"),
    };
    AlertParts {
        subject: name_template("New lead: ", format!(" - {verb}{by}")),
        body: body(reader),
        sms: Sms {
            wordings: vec![
                name_template("Baton: new lead: ", format!(". {verb_first}{by_here}:")),
                name_template("New lead: ", format!(". {verb_first}{by}")),
            ],
            bare: format!("New lead: {verb}{by}"),
        },
    }
}

/// Whether it was dealt as accepted: then the clock to convert it runs.
fn is_accepted(facts: &Facts) -> bool {
    facts.deadline.as_ref().is_some_and(|deadline| deadline.kind == DeadlineKind::Convert)
}

fn body(reader: &Reader<'_>) -> MessageBody {
    let facts = reader.facts;
    let mut body = MessageBody::default();
    let did = newest(facts, &reader.wall).map_or(String::new(), |did| format!(" - {did}"));
    body.say(&format!("New lead for you: {}{did}", reader.prospect.called()));
    match &facts.deadline {
        Some(due) if is_accepted(facts) => {
            let due = reader.wall.moment(due.at);
            body.say("Sales was reported to work it already, so it counts as accepted by you.");
            body.say(&format!("There is time until {due} to make it a contact or opportunity:"))
        }
        Some(due) => {
            let left = span(due.at.duration_since(facts.at));
            let due = reader.wall.moment(due.at);
            body.say(&format!("Please accept by {due}, in {left}:"))
        }
        None => body.say("Please accept:"),
    };
    body.link(reader.link).gap();
    if is_accepted(facts) {
        body.say("If it is not for you, give it back or to a colleague there.");
    } else {
        body.say("Tap Accept there, or Reject and say why. Opening the page changes nothing.");
        body.say(&format!("If it is left waiting, {} hears of it too.", reader.supervisor()));
    }
    if facts.status == Status::Working && !is_accepted(facts) {
        body.say("A colleague has worked this lead until now; it is yours from here on.");
    }
    if let Some(by) = reader.by() {
        body.say(&format!("It was given to you by {by}."));
    }
    if let Some(reason) = reader.reason() {
        body.say(&format!("Why it comes to you: {reason}"));
    }
    reader.background(&mut body, "Why now");
    body
}
