//! One sender of a life's load: activities of a few people, a third of them sent before, commands,
//! and the time moving on.

use std::sync::{Mutex, MutexGuard, PoisonError};

use baton_core::id::{Identity, LeadId};
use baton_tests::{Answer, Baton, DESK_KEY, TRADESHOW_KEY, lead_path};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::journal::{Delivery, Done, Journal};

/// People that activities and commands are about: few, so that senders meet at one lead.
const PEOPLE: u64 = 12;
/// Deliveries, of a hundred, of something delivered before.
const AGAIN: u8 = 30;

const KINDS: [&str; 5] = [
    "event.booth_visited",
    "form.submitted",
    "webinar.attended",
    "pricing.viewed",
    "email.unsubscribed",
];
const COMMANDS: [&str; 5] = ["accept", "convert", "extend", "return", "reassign"];
const COLLEAGUES: [&str; 3] = ["ana", "ben", "carla"];

/// Whoever sends.
pub(crate) struct Sender<'l> {
    pub(crate) baton: Baton,
    pub(crate) rng: Rng,
    pub(crate) journal: &'l Mutex<Journal>,
}

/// Nobody answers any more.
pub(crate) struct Gone;

impl Sender<'_> {
    /// Sends until nobody answers.
    pub(crate) fn send_until_gone(mut self) {
        while self.once().is_ok() {}
    }

    fn once(&mut self) -> Result<(), Gone> {
        match self.rng.u8(0..100) {
            0..75 => self.deliver(),
            75..96 => self.command(),
            _ => self.pass(),
        }
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deliver(&mut self) -> Result<(), Gone> {
        let is_again = self.rng.u8(0..100) < AGAIN;
        let (person, kind) = (self.rng.u64(0..PEOPLE), self.rng.choice(KINDS).unwrap_or(KINDS[0]));
        let known = self.journal().deliveries.len();
        let index = match is_again && known > 0 {
            true => self.rng.usize(0..known),
            false => self.journal().new_delivery(person, kind),
        };
        self.deliver_one(index)
    }

    /// Sends what is in the journal.
    pub(crate) fn deliver_one(&self, index: usize) -> Result<(), Gone> {
        let (activity, was_acknowledged) = self.journal().sending(index);
        let call = self.baton.call("POST", "/activities").key(TRADESHOW_KEY);
        let answer = call.json(&activity).try_send().ok_or(Gone)?;
        if self.is_good(&answer, &[200]) {
            let outcome = answer.json()["outcome"].as_str().unwrap_or_default().to_owned();
            self.journal().answered(index, was_acknowledged, &outcome);
        }
        Ok(())
    }

    fn command(&mut self) -> Result<(), Gone> {
        let word = self.rng.choice(COMMANDS).unwrap_or(COMMANDS[0]);
        let (person, lead) = who(self.rng.u64(0..PEOPLE));
        let call = self.baton.call("POST", &format!("{}/{word}", lead_path(&person)));
        let to = self.rng.choice(COLLEAGUES).unwrap_or(COLLEAGUES[0]);
        let call = match word {
            "reassign" => call.json(&json!({ "to": to })),
            "extend" | "return" => call.json(&json!({ "reason": "not now" })),
            _ => call,
        };
        let answer = call.key(DESK_KEY).try_send().ok_or(Gone)?;
        if self.is_good(&answer, &[200, 404, 409]) && answer.status == 200 {
            let version = answer.json()["version"].as_u64().unwrap_or_default();
            let mut journal = self.journal();
            journal.count.commands += 1;
            journal.commands.push(Done { lead, word, version });
        }
        Ok(())
    }

    fn pass(&mut self) -> Result<(), Gone> {
        let by = self.rng.choice(["10m", "3h", "25h", "8d"]).unwrap_or("10m");
        self.advance(by)
    }

    /// Lets time pass, and whatever is due on the way take its step.
    pub(crate) fn advance(&self, by: &str) -> Result<(), Gone> {
        let call = self.baton.call("POST", "/local/clock").json(&json!({ "advance": by }));
        let answer = call.try_send().ok_or(Gone)?;
        if self.is_good(&answer, &[200])
            && let Some(now) = answer.json()["now"].as_str().and_then(|now| now.parse().ok())
        {
            self.journal().settled_at = now;
        }
        Ok(())
    }

    /// Whether it is one of the answers there may be; 503 asks to come again.
    fn is_good(&self, answer: &Answer, good: &[u16]) -> bool {
        let mut journal = self.journal();
        journal.answers += 1;
        if !good.contains(&answer.status) && answer.status != 503 {
            journal.wrong.push(format!("answered {}: {}", answer.status, answer.text));
        }
        good.contains(&answer.status)
    }
}

impl Journal {
    fn new_delivery(&mut self, person: u64, kind: &str) -> usize {
        let id = format!("a-{}", self.deliveries.len());
        let (name, lead) = who(person);
        let activity = json!({
            "id": id, "type": kind, "email": name.trim_start_matches("email:"),
            "profile": {"country": "DE", "title": "VP Sales"},
        });
        let (is_sent, is_acknowledged, counted) = (false, false, 0);
        self.deliveries.push(Delivery { id, lead, activity, is_sent, is_acknowledged, counted });
        self.deliveries.len() - 1
    }

    /// The activity to send, and whether it was acknowledged before.
    fn sending(&mut self, index: usize) -> (Value, bool) {
        let delivery = &mut self.deliveries[index];
        self.count.deliveries += 1;
        self.count.again += usize::from(delivery.is_sent);
        delivery.is_sent = true;
        (delivery.activity.clone(), delivery.is_acknowledged)
    }
}

fn who(person: u64) -> (String, LeadId) {
    let name = format!("email:p{person}@acme.example");
    let lead = Identity::parse(&name).expect("an address").lead_id();
    (name, lead)
}
