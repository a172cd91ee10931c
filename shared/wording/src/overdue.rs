//! A lead has not been accepted in time: the owner and the supervisor hear of it, and each knows
//! that the other does.

use super::Draft;
use super::brief::{Sms, around};
use super::letter::Letter;
use super::reader::{Reader, Role};
use crate::human_time::{ordinal, span};

pub(super) fn draft(reader: &Reader<'_>) -> Draft {
    match reader.role {
        Role::Owner => to_owner(reader),
        Role::Supervisor | Role::House => to_supervisor(reader),
    }
}

fn to_owner(reader: &Reader<'_>) -> Draft {
    let (still, waiting) = (still(reader), waiting(reader));
    let mut letter = Letter::default();
    letter.say(&format!(
        "{}, why is {}{} waiting?",
        reader.name(),
        reader.prospect.called(),
        if repeated(reader) { " still" } else { "" }
    ));
    letter.say(&format!("It has waited for you{}. Please accept or reject it:", over(&waiting)));
    letter.link(reader.link).gap();
    letter.say("Tap Accept there, or Reject and say why. Opening the page changes nothing.");
    let supervisor = reader.supervisor();
    letter.say(&format!("If something is in your way, tell {supervisor}, who gets this too."));
    stand(reader, &mut letter);
    reader.background(&mut letter, "Why they are worth it");
    let after = waiting.map_or(String::new(), |waiting| format!(" after {waiting}"));
    Draft {
        subject: around(format!("{still} accepted{after}: "), ""),
        letter,
        sms: Sms {
            wordings: vec![
                around(
                    format!("Baton: {} accepted{after}: ", still.to_lowercase()),
                    format!(". Accept or reject, {} knows:", reader.supervisor_in_gsm()),
                ),
                around(format!("{still} accepted{after}: "), ". Accept or reject:"),
                around(format!("{still} accepted: "), ""),
            ],
            bare: format!("{still} accepted: your lead"),
        },
    }
}

fn to_supervisor(reader: &Reader<'_>) -> Draft {
    let (still, waiting) = (still(reader), waiting(reader));
    let mut letter = Letter::default();
    letter.say(&format!(
        "Why has {}{} not accepted {}?",
        reader.owner(),
        if repeated(reader) { " still" } else { "" },
        reader.prospect.called()
    ));
    letter.say(&format!("It has waited{}. Please ask, or give it to a colleague:", over(&waiting)));
    letter.link(reader.link).gap();
    letter.say("You can also accept or reject it there. Opening the page changes nothing.");
    stand(reader, &mut letter);
    reader.background(&mut letter, "Why they are worth it");
    let owner = reader.owner_in_gsm();
    let after = waiting.map_or(String::new(), |waiting| format!(" after {waiting}"));
    Draft {
        subject: around(format!("{still} accepted by {}{after}: ", reader.owner_in_ascii()), ""),
        letter,
        sms: Sms {
            wordings: vec![
                around(
                    format!("Baton: {} accepted by {owner}{after}: ", still.to_lowercase()),
                    ". Ask why, or reassign:",
                ),
                around(format!("{still} accepted by {owner}{after}: "), ". Ask why:"),
                around(format!("{still} accepted by {owner}: "), ""),
                around(format!("{still} accepted: "), ""),
            ],
            bare: format!("{still} accepted: reassign?"),
        },
    }
}

/// Where the lead stands, the same for both readers but for their clocks.
fn stand(reader: &Reader<'_>, letter: &mut Letter) {
    let facts = reader.facts;
    letter.heading("Where it stands");
    letter.field("Sent to", &reader.both());
    let since =
        facts.assigned_at.map_or(String::new(), |at| format!(", since {}", reader.wall.moment(at)));
    letter.field("Held by", &format!("{}{since}", reader.owner()));
    if let Some(due) = facts.accept_by {
        let late = facts.at.duration_since(due);
        let late = (late.as_mins() > 0).then(|| format!(", {} late", span(late)));
        letter.field("Due", &format!("{}{}", reader.wall.moment(due), late.unwrap_or_default()));
    }
    letter.field(
        "Escalated",
        &match facts.escalations {
            0 | 1 => "for the first time".to_owned(),
            times => format!("for the {} time", ordinal(times)),
        },
    );
    if let Some(next) = &facts.deadline {
        let next = reader.wall.moment(next.at);
        letter.field("Next time", &format!("{next}, unless somebody acts"));
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
