//! A lead has not been accepted in time: the owner and the supervisor hear of it, and each knows
//! that the other does.

use super::AlertParts;
use super::body::MessageBody;
use super::reader::{Reader, Role};
use super::short_text::{Sms, name_template};
use crate::human_time::{ordinal, span};

pub(super) fn parts(reader: &Reader<'_>) -> AlertParts {
    match reader.role {
        Role::Owner => to_owner(reader),
        Role::Supervisor | Role::House => to_supervisor(reader),
    }
}

fn to_owner(reader: &Reader<'_>) -> AlertParts {
    let (still, waiting) = (still(reader), waiting(reader));
    let mut body = MessageBody::default();
    body.say(&format!(
        "{}, why is {}{} waiting?",
        reader.name(),
        reader.prospect.called(),
        if repeated(reader) { " still" } else { "" }
    ));
    body.say(&format!("It has waited for you{}. Please accept or reject it:", over(&waiting)));
    body.link(reader.link).gap();
    body.say("Tap Accept there, or Reject and say why. Opening the page changes nothing.");
    let supervisor = reader.supervisor();
    body.say(&format!("If something is in your way, tell {supervisor}, who gets this too."));
    stand(reader, &mut body);
    reader.background(&mut body, "Why they are worth it");
    let after = waiting.map_or(String::new(), |waiting| format!(" after {waiting}"));
    AlertParts {
        subject: name_template(format!("{still} accepted{after}: "), ""),
        body,
        sms: Sms {
            wordings: vec![
                name_template(
                    format!("Baton: {} accepted{after}: ", still.to_lowercase()),
                    format!(". Accept or reject, {} knows:", reader.supervisor_in_gsm()),
                ),
                name_template(format!("{still} accepted{after}: "), ". Accept or reject:"),
                name_template(format!("{still} accepted: "), ""),
            ],
            bare: format!("{still} accepted: your lead"),
        },
    }
}

fn to_supervisor(reader: &Reader<'_>) -> AlertParts {
    let (still, waiting) = (still(reader), waiting(reader));
    let mut body = MessageBody::default();
    body.say(&format!(
        "Why has {}{} not accepted {}?",
        reader.owner(),
        if repeated(reader) { " still" } else { "" },
        reader.prospect.called()
    ));
    body.say(&format!("It has waited{}. Please ask, or give it to a colleague:", over(&waiting)));
    body.link(reader.link).gap();
    body.say("You can also accept or reject it there. Opening the page changes nothing.");
    stand(reader, &mut body);
    reader.background(&mut body, "Why they are worth it");
    let owner = reader.owner_in_gsm();
    let after = waiting.map_or(String::new(), |waiting| format!(" after {waiting}"));
    AlertParts {
        subject: name_template(
            format!("{still} accepted by {}{after}: ", reader.owner_in_ascii()),
            "",
        ),
        body,
        sms: Sms {
            wordings: vec![
                name_template(
                    format!("Baton: {} accepted by {owner}{after}: ", still.to_lowercase()),
                    ". Ask why, or reassign:",
                ),
                name_template(format!("{still} accepted by {owner}{after}: "), ". Ask why:"),
                name_template(format!("{still} accepted by {owner}: "), ""),
                name_template(format!("{still} accepted: "), ""),
            ],
            bare: format!("{still} accepted: reassign?"),
        },
    }
}

/// Where the lead stands, the same for both readers but for their clocks.
fn stand(reader: &Reader<'_>, body: &mut MessageBody) {
    let facts = reader.facts;
    body.heading("Where it stands");
    body.field("Sent to", &reader.both());
    let since =
        facts.assigned_at.map_or(String::new(), |at| format!(", since {}", reader.wall.moment(at)));
    body.field("Held by", &format!("{}{since}", reader.owner()));
    if let Some(due) = facts.accept_by {
        let late = facts.at.duration_since(due);
        let late = (late.as_mins() > 0).then(|| format!(", {} late", span(late)));
        body.field("Due", &format!("{}{}", reader.wall.moment(due), late.unwrap_or_default()));
    }
    body.field(
        "Escalated",
        &match facts.escalations {
            0 | 1 => "for the first time".to_owned(),
            times => format!("for the {} time", ordinal(times)),
        },
    );
    if let Some(next) = &facts.deadline {
        let next = reader.wall.moment(next.at);
        body.field("Next time", &format!("{next}, unless somebody acts"));
    }
}

fn waiting(reader: &Reader<'_>) -> Option<String> {
    Some(span(reader.facts.at.duration_since(reader.facts.assigned_at?)))
}

fn over(waiting: &Option<String>) -> String {
    waiting.as_ref().map_or(String::new(), |waiting| format!(" for {waiting}"))
}

fn repeated(reader: &Reader<'_>) -> bool {
    reader.facts.escalations > 1
}

fn still(reader: &Reader<'_>) -> &'static str {
    if repeated(reader) { "Still not" } else { "Not" }
}
