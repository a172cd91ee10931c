//! Marketing takes the lead back soon: convert, or ask for more time.

use super::AlertParts;
use super::body::MessageBody;
use super::prospect::held_since;
use super::reader::{Reader, Role};
use super::short_text::{Sms, name_template};
use crate::human_time::span;

pub(super) fn parts(reader: &Reader<'_>) -> AlertParts {
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
    AlertParts {
        subject: name_template(
            "Marketing takes back ",
            format!("{}{on}", from(reader.owner_in_ascii())),
        ),
        body: body(reader),
        sms: Sms {
            wordings: vec![
                name_template(
                    "Baton: marketing takes back ",
                    format!("{from_short}{on_here}. {ask}:"),
                ),
                name_template("Marketing takes back ", format!("{on}. {ask}:")),
                name_template("Marketing takes back ", on.clone()),
            ],
            bare: format!("Lead is taken back{on}"),
        },
    }
}

fn body(reader: &Reader<'_>) -> MessageBody {
    let facts = reader.facts;
    let called = reader.prospect.called();
    let from = match reader.role {
        Role::Owner => String::new(),
        Role::Supervisor | Role::House => format!(" from {}", reader.owner()),
    };
    let mut body = MessageBody::default();
    match &facts.deadline {
        Some(due) => {
            let left = span(due.at.duration_since(facts.at));
            body.say(&format!("In {left} marketing takes back {called}{from}"));
            body.say(&format!("Act before {}:", reader.wall.moment(due.at)))
        }
        None => body.say(&format!("Soon marketing takes back {called}{from}")),
    };
    body.link(reader.link).gap();
    choices(reader, &mut body);
    stand(reader, &mut body);
    reader.background(&mut body, "Why it qualified");
    body
}

fn choices(reader: &Reader<'_>, body: &mut MessageBody) {
    body.say("Already a contact or opportunity? Tap Convert: one step stops the clock.");
    match reader.facts.extend_by {
        Some(more) => body.say(&format!(
            "Need more time? Tap Extend and say why: it gets {} from that moment.",
            span(more)
        )),
        None => body.say("It can't be extended any further."),
    };
    match reader.role {
        Role::Owner => {
            body.say("If nobody acts, the lead goes back to marketing, which nurtures it on.")
        }
        Role::Supervisor | Role::House => body.say(&format!(
            "Please ask {}, or act yourself; you can also give it to a colleague.",
            reader.owner()
        )),
    };
}

fn stand(reader: &Reader<'_>, body: &mut MessageBody) {
    let facts = reader.facts;
    body.heading("Where it stands");
    body.field("Sent to", &reader.both());
    body.field("Held by", &reader.owner());
    let Some((word, since)) = held_since(facts) else {
        return;
    };
    let ago = span(facts.at.duration_since(since));
    body.field(word, &format!("{}, {ago} ago, and not converted", reader.wall.moment(since)));
}
