//! A lead has left sales: its owner learns why, and marketing that it is theirs again.

use baton_core::lead::Status;

use super::Draft;
use super::brief::{Sms, around};
use super::letter::Letter;
use super::prospect::held_since;
use super::reader::{Reader, Role};
use crate::human_time::span;

pub(super) fn draft(reader: &Reader<'_>) -> Draft {
    match (reader.role, is_ruled_out(reader)) {
        (Role::Owner, false) => returned_from_owner(reader),
        (Role::Owner, true) => ruled_out_for_owner(reader),
        (Role::Supervisor | Role::House, false) => back_to_marketing(reader),
        (Role::Supervisor | Role::House, true) => ruled_out_for_marketing(reader),
    }
}

fn is_ruled_out(reader: &Reader<'_>) -> bool {
    match reader.facts.status {
        Status::Disqualified => true,
        Status::Nurturing
        | Status::Mql
        | Status::Working
        | Status::Converted
        | Status::Returned => false,
    }
}

fn returned_from_owner(reader: &Reader<'_>) -> Draft {
    let mut letter = Letter::default();
    letter.say(&format!("No longer yours: {} is back with marketing", reader.prospect.called()));
    reader.explain_loss(&mut letter);
    letter.say("There is nothing for you to do. Marketing goes on nurturing the lead.");
    letter.say("If they show new interest, the lead qualifies again and gets an owner anew.");
    letter.say("What happened, step by step:").link(reader.link);
    stand(reader, &mut letter);
    reader.background(&mut letter, "Why it qualified");
    Draft { subject: around("Back with marketing: ", ""), letter, sms: told("Back with marketing") }
}

fn ruled_out_for_owner(reader: &Reader<'_>) -> Draft {
    let mut letter = Letter::default();
    letter.say(&format!("No longer yours: {} is disqualified", reader.prospect.called()));
    reader.explain_loss(&mut letter);
    letter.say("There is nothing for you to do. Nobody follows this lead up any more.");
    letter.say("What happened, step by step:").link(reader.link);
    stand(reader, &mut letter);
    reader.background(&mut letter, "Why it qualified");
    Draft { subject: around("Disqualified: ", ""), letter, sms: told("Disqualified") }
}

fn back_to_marketing(reader: &Reader<'_>) -> Draft {
    let mut letter = Letter::default();
    letter.say(&format!("Yours to nurture again: {}", reader.prospect.called()));
    reader.explain_loss(&mut letter);
    letter.say("It takes something new from them to qualify again; a fast track does at once.");
    letter.say("The lead's whole story:").link(reader.link);
    stand(reader, &mut letter);
    reader.background(&mut letter, "Why it qualified");
    Draft {
        subject: around("Back from sales, to nurture: ", ""),
        letter,
        sms: told("Back from sales, to nurture"),
    }
}

fn ruled_out_for_marketing(reader: &Reader<'_>) -> Draft {
    let mut letter = Letter::default();
    letter.say(&format!("Disqualified by sales: {}", reader.prospect.called()));
    reader.explain_loss(&mut letter);
    letter.say("Nobody follows this lead up any more, and it does not qualify again.");
    letter.say("The lead's whole story:").link(reader.link);
    stand(reader, &mut letter);
    reader.background(&mut letter, "Why it qualified");
    Draft {
        subject: around("Disqualified by sales: ", ""),
        letter,
        sms: told("Disqualified by sales"),
    }
}

fn stand(reader: &Reader<'_>, letter: &mut Letter) {
    let facts = reader.facts;
    letter.heading("Where it stood");
    letter.field("Held by", &reader.owner());
    let left = reader.wall.moment(facts.at);
    let Some((word, since)) = held_since(facts) else {
        letter.field("Left sales", &left);
        return;
    };
    let long = span(facts.at.duration_since(since));
    letter.field(word, &reader.wall.moment(since));
    letter.field("Left sales", &format!("{left}, {long} later"));
}

fn told(what: &str) -> Sms {
    Sms {
        wordings: vec![
            around(format!("Baton: {}: ", what.to_lowercase()), ""),
            around(format!("{what}: "), ""),
        ],
        bare: what.to_owned(),
    }
}
