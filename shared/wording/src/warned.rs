//! Marketing takes the lead back soon: convert, or ask for more time.

use super::Draft;
use super::brief::{Sms, around};
use super::letter::Letter;
use super::prospect::held_since;
use super::reader::{Reader, Role};
use crate::human_time::span;

pub(super) fn draft(reader: &Reader<'_>) -> Draft {
    let due = reader.facts.deadline.as_ref().map(|deadline| deadline.at);
    let on = due.map_or(String::new(), |at| format!(" on {}", reader.wall.short(at)));
    let on_here =
        due.map_or(String::new(), |at| format!(" on {}", reader.wall.short_with_place(at)));
    let ask = match reader.facts.extend_by {
        Some(_) => "Convert or extend",
        None => "Convert now",
    };
    let from = |owner: String| match reader.role {
        Role::Owner => String::new(),
        Role::Supervisor | Role::House => format!(" from {owner}"),
    };
    let from_short = from(reader.owner_in_gsm());
    Draft {
        subject: around("Marketing takes back ", format!("{}{on}", from(reader.owner_in_ascii()))),
        letter: letter(reader),
        sms: Sms {
            wordings: vec![
                around("Baton: marketing takes back ", format!("{from_short}{on_here}. {ask}:")),
                around("Marketing takes back ", format!("{on}. {ask}:")),
                around("Marketing takes back ", on.clone()),
            ],
            bare: format!("Lead is taken back{on}"),
        },
    }
}

fn letter(reader: &Reader<'_>) -> Letter {
    let facts = reader.facts;
    let called = reader.prospect.called();
    let from = match reader.role {
        Role::Owner => String::new(),
        Role::Supervisor | Role::House => format!(" from {}", reader.owner()),
    };
    let mut letter = Letter::default();
    match &facts.deadline {
        Some(due) => {
            let left = span(due.at.duration_since(facts.at));
            letter.say(&format!("In {left} marketing takes back {called}{from}"));
            letter.say(&format!("Act before {}:", reader.wall.moment(due.at)))
        }
        None => letter.say(&format!("Soon marketing takes back {called}{from}")),
    };
    letter.link(reader.link).gap();
    choices(reader, &mut letter);
    stand(reader, &mut letter);
    reader.background(&mut letter, "Why it qualified");
    letter
}

fn choices(reader: &Reader<'_>, letter: &mut Letter) {
    letter.say("Already a contact or opportunity? Tap Convert: one step stops the clock.");
    match reader.facts.extend_by {
        Some(more) => letter.say(&format!(
            "Need more time? Tap Extend and say why: it gets {} from that moment.",
            span(more)
        )),
        None => letter.say("It can't be extended any further."),
    };
    match reader.role {
        Role::Owner => {
            letter.say("If nobody acts, the lead goes back to marketing, which nurtures it on.")
        }
        Role::Supervisor | Role::House => letter.say(&format!(
            "Please ask {}, or act yourself; you can also give it to a colleague.",
            reader.owner()
        )),
    };
}

fn stand(reader: &Reader<'_>, letter: &mut Letter) {
    let facts = reader.facts;
    letter.heading("Where it stands");
    letter.field("Sent to", &reader.both());
    letter.field("Held by", &reader.owner());
    let Some((word, since)) = held_since(facts) else {
        return;
    };
    let ago = span(facts.at.duration_since(since));
    letter.field(word, &format!("{}, {ago} ago, and not converted", reader.wall.moment(since)));
}
