//! A lead is theirs: accept it.

use baton_core::lead::Status;

use super::Draft;
use super::brief::{Sms, around};
use super::letter::Letter;
use super::prospect::newest;
use super::reader::Reader;
use crate::human_time::span;

pub(super) fn draft(reader: &Reader<'_>) -> Draft {
    let due = reader.facts.deadline.as_ref().map(|deadline| deadline.at);
    let by = due.map_or(String::new(), |at| format!(" by {}", reader.wall.short(at)));
    let by_here =
        due.map_or(String::new(), |at| format!(" by {}", reader.wall.short_with_place(at)));
    Draft {
        subject: around("New lead: ", format!(" - accept{by}")),
        letter: letter(reader),
        sms: Sms {
            wordings: vec![
                around("Baton: new lead: ", format!(". Accept{by_here}:")),
                around("New lead: ", format!(". Accept{by}")),
            ],
            bare: format!("New lead: accept{by}"),
        },
    }
}

fn letter(reader: &Reader<'_>) -> Letter {
    let facts = reader.facts;
    let mut letter = Letter::default();
    let did = newest(facts, &reader.wall).map_or(String::new(), |did| format!(" - {did}"));
    letter.say(&format!("New lead for you: {}{did}", reader.prospect.called()));
    match &facts.deadline {
        Some(due) => {
            let left = span(due.at.duration_since(facts.at));
            let due = reader.wall.moment(due.at);
            letter.say(&format!("Please accept by {due}, in {left}:"))
        }
        None => letter.say("Please accept:"),
    };
    letter.link(reader.link).gap();
    letter.say("Tap Accept there, or Reject and say why. Opening the page changes nothing.");
    letter.say(&format!("If it is left waiting, {} hears of it too.", reader.supervisor()));
    if facts.status == Status::Working {
        letter.say("A colleague has worked this lead until now; it is yours from here on.");
    }
    if let Some(by) = reader.by() {
        letter.say(&format!("It was given to you by {by}."));
    }
    if let Some(reason) = reader.reason() {
        letter.say(&format!("Why it comes to you: {reason}"));
    }
    reader.background(&mut letter, "Why now");
    letter
}
