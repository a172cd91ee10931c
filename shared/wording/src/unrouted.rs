//! Nobody is available for a lead: the house must find somebody.

use super::Draft;
use super::brief::{Sms, around};
use super::letter::Letter;
use super::prospect::newest;
use super::reader::Reader;
use crate::human_time::span;

pub(super) fn draft(reader: &Reader<'_>) -> Draft {
    Draft {
        subject: around("Nobody is available for ", ""),
        letter: letter(reader),
        sms: Sms {
            wordings: vec![
                around("Baton: nobody is available for ", ". Give the lead to somebody:"),
                around("Nobody is available for ", ". Assign by hand:"),
                around("Nobody free for ", ""),
            ],
            bare: "Nobody is free for a lead".to_owned(),
        },
    }
}

fn letter(reader: &Reader<'_>) -> Letter {
    let facts = reader.facts;
    let mut letter = Letter::default();
    let did = newest(facts, &reader.wall).map_or(String::new(), |did| format!(" - {did}"));
    letter.say(&format!("Nobody is available for {}{did}", reader.prospect.called()));
    letter.say("The lead is ready for sales and waits. Please give it to somebody:");
    letter.link(reader.link).gap();
    letter.say("Everybody in its queue and in the fallback queue is away or inactive.");
    letter.say("Please check the roster: who is really away, and who could stand in?");
    letter.say(&match &facts.deadline {
        Some(next) => {
            let left = span(next.at.duration_since(facts.at));
            format!("Baton tries again in {left} and goes on until somebody has the lead.")
        }
        None => "Baton goes on trying until somebody has the lead.".to_owned(),
    });
    reader.background(&mut letter, "Why now");
    letter
}
