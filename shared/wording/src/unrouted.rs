//! Nobody is available for a lead: the house must find somebody.

use super::AlertParts;
use super::body::MessageBody;
use super::prospect::newest;
use super::reader::Reader;
use super::short_text::{Sms, name_template};
use crate::human_time::span;

pub(super) fn parts(reader: &Reader<'_>) -> AlertParts {
    AlertParts {
        subject: name_template("Nobody is available for ", ""),
        body: body(reader),
        sms: Sms {
            wordings: vec![
                name_template("Baton: nobody is available for ", ". Give the lead to somebody:"),
                name_template("Nobody is available for ", ". Assign by hand:"),
                name_template("Nobody free for ", ""),
            ],
            bare: "Nobody is free for a lead".to_owned(),
        },
    }
}

fn body(reader: &Reader<'_>) -> MessageBody {
    let facts = reader.facts;
    let mut body = MessageBody::default();
    let did = newest(facts, &reader.wall).map_or(String::new(), |did| format!(" - {did}"));
    body.say(&format!("Nobody is available for {}{did}", reader.prospect.called()));
    body.say("The lead is ready for sales and waits. Please give it to somebody:");
    body.link(reader.link).gap();
    body.say("Everybody in its queue and in the fallback queue is away or inactive.");
    body.say("Please check the roster: who is really away, and who could stand in?");
    body.say(&match &facts.deadline {
        Some(next) => {
            let left = span(next.at.duration_since(facts.at));
            format!("Baton tries again in {left} and goes on until somebody has the lead.")
        }
        None => "Baton goes on trying until somebody has the lead.".to_owned(),
    });
    reader.background(&mut body, "Why now");
    body
}
