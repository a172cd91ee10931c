//! A lead has left sales: its owner learns why, and marketing that it is theirs again.

use baton_core::lead::Status;

use super::AlertParts;
use super::body::MessageBody;
use super::prospect::held_since;
use super::reader::{Reader, Role};
use super::short_text::{Sms, name_template};
use crate::human_time::span;

pub(super) fn parts(reader: &Reader<'_>) -> AlertParts {
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

fn returned_from_owner(reader: &Reader<'_>) -> AlertParts {
    let mut body = MessageBody::default();
    body.say(&format!("No longer yours: {} is back with marketing", reader.prospect.called()));
    reader.explain_loss(&mut body);
    body.say("There is nothing for you to do. Marketing goes on nurturing the lead.");
    body.say("If they show new interest, the lead qualifies again and gets an owner anew.");
    body.say("What happened, step by step:").link(reader.link);
    stand(reader, &mut body);
    reader.background(&mut body, "Why it qualified");
    AlertParts {
        subject: name_template("Back with marketing: ", ""),
        body,
        sms: told("Back with marketing"),
    }
}

fn ruled_out_for_owner(reader: &Reader<'_>) -> AlertParts {
    let mut body = MessageBody::default();
    body.say(&format!("No longer yours: {} is disqualified", reader.prospect.called()));
    reader.explain_loss(&mut body);
    body.say("There is nothing for you to do. Nobody follows this lead up any more.");
    body.say("What happened, step by step:").link(reader.link);
    stand(reader, &mut body);
    reader.background(&mut body, "Why it qualified");
    AlertParts { subject: name_template("Disqualified: ", ""), body, sms: told("Disqualified") }
}

fn back_to_marketing(reader: &Reader<'_>) -> AlertParts {
    let mut body = MessageBody::default();
    body.say(&format!("Yours to nurture again: {}", reader.prospect.called()));
    reader.explain_loss(&mut body);
    body.say("It takes something new from them to qualify again; a fast track does at once.");
    body.say("The lead's whole story:").link(reader.link);
    stand(reader, &mut body);
    reader.background(&mut body, "Why it qualified");
    AlertParts {
        subject: name_template("Back from sales, to nurture: ", ""),
        body,
        sms: told("Back from sales, to nurture"),
    }
}

fn ruled_out_for_marketing(reader: &Reader<'_>) -> AlertParts {
    let mut body = MessageBody::default();
    body.say(&format!("Disqualified by sales: {}", reader.prospect.called()));
    reader.explain_loss(&mut body);
    body.say("Nobody follows this lead up any more, and it does not qualify again.");
    body.say("The lead's whole story:").link(reader.link);
    stand(reader, &mut body);
    reader.background(&mut body, "Why it qualified");
    AlertParts {
        subject: name_template("Disqualified by sales: ", ""),
        body,
        sms: told("Disqualified by sales"),
    }
}

fn stand(reader: &Reader<'_>, body: &mut MessageBody) {
    let facts = reader.facts;
    body.heading("Where it stood");
    body.field("Held by", &reader.owner());
    let left = reader.wall.moment(facts.at);
    let Some((word, since)) = held_since(facts) else {
        body.field("Left sales", &left);
        return;
    };
    let long = span(facts.at.duration_since(since));
    body.field(word, &reader.wall.moment(since));
    body.field("Left sales", &format!("{left}, {long} later"));
}

fn told(what: &str) -> Sms {
    Sms {
        wordings: vec![
            name_template(format!("Baton: {}: ", what.to_lowercase()), ""),
            name_template(format!("{what}: "), ""),
        ],
        bare: what.to_owned(),
    }
}
