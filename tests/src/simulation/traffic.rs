//! What prospects do, and how their tools tell of it: late, twice and out of order.

use jiff::{SignedDuration, Timestamp};

use super::agenda::{Agenda, Happening, Sending};
use crate::oracle::Deed;

const KINDS: [&str; 14] = [
    "form.submitted",
    "form.submitted",
    "webinar.attended",
    "webinar.attended",
    "pricing.viewed",
    "pricing.viewed",
    "pricing.viewed",
    "email.clicked",
    "email.clicked",
    "email.unsubscribed",
    "event.booth_visited",
    "event.booth_visited",
    "form.demo_requested",
    "page.viewed",
];
const COUNTRIES: [&str; 5] = ["DE", "FR", "US", "US", "JP"];
const TITLES: [&str; 4] = ["Sales Director", "Engineer", "Intern", "Director of IT"];

/// How many of a hundred deliveries come twice, and how many out of order.
const TWICE: u8 = 30;
const SHUFFLED: u8 = 30;
/// How many of a hundred people ask to be forgotten, at any time.
const ERASED: u8 = 15;

pub(super) fn plan(
    agenda: &mut Agenda,
    chance: &mut fastrand::Rng,
    start: Timestamp,
    days: i64,
    leads: usize,
) {
    for lead in 0..leads {
        let rival = chance.u8(..100) < 4;
        let domain = if rival { "competitor.example" } else { "acme.example" };
        let email = format!("p{lead}@{domain}");
        let mut at = start + seconds(chance, days * 18);
        for number in 0..chance.usize(1..12) {
            let sending = sending(chance, &email, format!("{lead}-{number}"), at);
            deliveries(agenda, chance, at, sending);
            let pause = if chance.bool() { 4 } else { 24 * 20 };
            at += seconds(chance, pause);
        }
        if chance.u8(..100) < ERASED {
            let at = start + seconds(chance, days * 24);
            agenda.add(at, Happening::Erase(email));
        }
    }
}

fn sending(chance: &mut fastrand::Rng, email: &str, id: String, at: Timestamp) -> Sending {
    let late = if chance.u8(..100) < 20 { seconds(chance, 24 * 60) } else { SignedDuration::ZERO };
    // To the millisecond, so that no two words are of one moment.
    let at = at - late - SignedDuration::from_millis(chance.i64(1..60_000));
    let mut said = |words: &[&str]| {
        (chance.u8(..100) < 60).then(|| (*chance.choice(words).expect("words")).to_owned())
    };
    let (country, title) = (said(&COUNTRIES), said(&TITLES));
    let kind = (*chance.choice(&KINDS).expect("kinds")).to_owned();
    Sending { id, deed: Deed { email: email.to_owned(), kind, at, country, title } }
}

fn deliveries(agenda: &mut Agenda, chance: &mut fastrand::Rng, at: Timestamp, sending: Sending) {
    let delay = if chance.u8(..100) < SHUFFLED { 48 } else { 0 };
    let first = at + seconds(chance, delay);
    if chance.u8(..100) < TWICE {
        let again = first + seconds(chance, 24 * 5);
        agenda.add(again, Happening::Send(Box::new(sending.clone())));
    }
    agenda.add(first, Happening::Send(Box::new(sending)));
}

/// Anything up to so many hours.
pub(super) fn seconds(chance: &mut fastrand::Rng, hours: i64) -> SignedDuration {
    SignedDuration::from_secs(if hours == 0 { 0 } else { chance.i64(0..hours * 3600) })
}
