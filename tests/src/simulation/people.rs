//! What salespeople, supervisors and the CRM do, and when.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::agenda::{Act, Agenda, Happening};
use super::traffic::seconds;
use crate::oracle::{Asker, ExpectedAlert, REASON, Reported, Said, Status};
use crate::{Ask, BASE_URL, Letter};

/// Somebody reads an alert, and perhaps acts on it, mostly by its link.
pub(super) fn read(
    agenda: &mut Agenda,
    chance: &mut fastrand::Rng,
    lead: (&str, u32),
    told: &ExpectedAlert,
    letter: &Letter,
) {
    echo(agenda, chance, lead.0, told, letter.at);
    let said = match told.kind {
        "assigned" => answer_to_a_lead(chance),
        "accept_overdue" => chance.bool().then_some(Said::Accept),
        "take_back_warned" => answer_to_a_warning(chance),
        _ => None,
    };
    let Some(said) = said else { return };
    let at = letter.at + pause(chance, 40);
    // In a digest, the first link is another lead's.
    let by_link = letter.kind != "digest" && chance.u8(..100) < 80;
    let token = token_in(&letter.body).filter(|_| by_link);
    let by = match &token {
        Some(_) => {
            Asker::Person { id: letter.to.clone(), cycle: told.about.cycle, is_another: false }
        }
        None => Asker::Crm,
    };
    let (lead, lives) = lead;
    if said == Said::Accept {
        later(agenda, chance, lead, at);
    }
    plan(agenda, at, Act { email: lead.to_owned(), said, by, token, lives });
}

fn answer_to_a_lead(chance: &mut fastrand::Rng) -> Option<Said> {
    match chance.u8(..100) {
        ..50 => Some(Said::Accept),
        50..55 => Some(Said::Reject("not_now", Status::Returned)),
        55..58 => Some(Said::Reject("bad_data", Status::Disqualified)),
        58..62 => Some(Said::Reassign(somebody(chance))),
        62..64 => Some(Said::Return),
        _ => None,
    }
}

fn answer_to_a_warning(chance: &mut fastrand::Rng) -> Option<Said> {
    match chance.u8(..100) {
        ..25 => Some(Said::Convert),
        25..55 => Some(Said::Extend(format!("x-{}", chance.u32(..)))),
        _ => None,
    }
}

/// What becomes of a lead that was accepted: mostly nothing.
fn later(agenda: &mut Agenda, chance: &mut fastrand::Rng, lead: &str, after: Timestamp) {
    let said = match chance.u8(..100) {
        ..20 => Said::Convert,
        20..25 => Said::Return,
        25..28 => Said::Disqualify,
        28..36 => Said::Reassign(somebody(chance)),
        36..42 => Said::Extend(format!("x-{}", chance.u32(..))),
        42..45 => Said::Qualify,
        45..49 => Said::Reopen,
        49..57 => Said::Report(of_now(chance)),
        _ => return,
    };
    let at = after + pause(chance, 24 * 35);
    plan(agenda, at, Act { email: lead.to_owned(), said, by: Asker::Crm, token: None, lives: 0 });
}

/// The CRM repeats, sooner or later, what it was told of a lead, or what it had before.
fn echo(
    agenda: &mut Agenda,
    chance: &mut fastrand::Rng,
    lead: &str,
    told: &ExpectedAlert,
    at: Timestamp,
) {
    let word = match (told.kind, chance.u8(..100)) {
        ("assigned", ..15) => "MQL",
        ("assigned", 15..20) => "Return to Marketing",
        ("assigned", 20..23) => "Converted",
        ("taken_back", ..20) => "Return to Marketing",
        ("taken_back", 20..30) => "Nurturing",
        ("taken_back", 30..40) => "Converted",
        _ => return,
    };
    let (cycle, since) = match chance.u8(..3) {
        0 => (Some(told.about.cycle), None),
        1 => (None, Some(told.from)),
        _ => (None, None),
    };
    let said = Said::Report(Reported { word, cycle, at: since });
    let at = at + pause(chance, 24 * 5);
    let act = Act { email: lead.to_owned(), said, by: Asker::Crm, token: None, lives: 0 };
    plan(agenda, at, act);
}

/// What the CRM shows by itself, of whatever trip it thinks it is.
fn of_now(chance: &mut fastrand::Rng) -> Reported {
    let word = *chance.choice(&["Converted", "Return to Marketing", "MQL"]).expect("words");
    let cycle = chance.bool().then(|| chance.u32(1..=3));
    Reported { word, cycle, at: None }
}

fn plan(agenda: &mut Agenda, at: Timestamp, act: Act) {
    agenda.add(at, Happening::Act(Box::new(act)));
}

fn pause(chance: &mut fastrand::Rng, hours: i64) -> SignedDuration {
    seconds(chance, hours) + SignedDuration::from_secs(1)
}

fn somebody(chance: &mut fastrand::Rng) -> String {
    let people = ["ana", "ben", "ole", "carla", "diego", "hana"];
    (*chance.choice(&people).expect("people")).to_owned()
}

fn token_in(body: &str) -> Option<String> {
    let (_, rest) = body.split_once(&format!("{BASE_URL}/l/"))?;
    Some(rest.split(char::is_whitespace).next()?.to_owned())
}

/// The request that says so.
pub(super) fn ask(act: &Act) -> Ask {
    let reason = json!({ "reason": REASON });
    let (word, body) = match &act.said {
        Said::Accept => ("accept", Value::Null),
        Said::Reject(reason, _) => ("reject", json!({ "reason": reason })),
        Said::Convert => ("convert", Value::Null),
        Said::Extend(id) => ("extend", json!({ "reason": REASON, "id": id })),
        Said::Return => ("return", reason),
        Said::Disqualify => ("disqualify", reason),
        Said::Reassign(to) => ("reassign", json!({ "to": to })),
        Said::Qualify => ("qualify", reason),
        Said::Reopen => ("reopen", reason),
        Said::Report(said) => return report(&act.email, said),
    };
    match &act.token {
        Some(token) => Ask::about(&act.email, word, &body).key(token),
        None => Ask::command(&act.email, word, &body),
    }
}

fn report(email: &str, said: &Reported) -> Ask {
    let Reported { word, cycle, at } = said;
    let mut body = json!({ "status": word });
    if let Some(cycle) = cycle {
        body["cycle"] = json!(cycle);
    }
    if let Some(at) = at {
        body["at"] = json!(at.to_string());
    }
    Ask::report(email, &body)
}
