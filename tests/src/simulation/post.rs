//! What reaches people and the bus.

use jiff::SignedDuration;
use serde_json::Value;

use super::agenda::{Happening, Part};
use super::people;
use super::state::{Simulation, Wrong};
use crate::{Letter, ReceivedAlert};

impl Simulation {
    /// Everything that left since this was last asked. Afterwards the timer runs as long as
    /// somebody is owed something.
    pub(super) fn hear(&mut self) -> Result<(), Wrong> {
        let letters = self.harness.post.letters_after(self.heard.0);
        let events = self.harness.post.events_after(self.heard.1);
        self.heard = (self.heard.0 + letters.len(), self.heard.1 + events.len());
        self.summary.letters += letters.len();
        for letter in letters {
            self.letter(&letter)?;
        }
        for event in events.into_iter().filter(|e| e["detail-type"] == "lead.qualified") {
            self.carry(&event);
        }
        if self.owes() {
            let minutes = if self.faults.is_broken(Part::Alerts) { 60 } else { 1 };
            self.agenda.timer(self.now() + SignedDuration::from_mins(minutes));
        }
        Ok(())
    }

    /// It tells somebody what they must be told, while it is so, and no more often than that; a
    /// digest tells each of its alerts.
    fn letter(&mut self, letter: &Letter) -> Result<(), Wrong> {
        for ReceivedAlert { to, kind, lead } in self.harness.told_by(letter) {
            let Some(email) = self.expected.names.get(&lead).cloned() else {
                return self.wrong("", format!("a letter about a lead nobody knows: {letter:?}"));
            };
            self.tell(&email, &format!("{to} is told in a letter `{}`: {kind}", letter.kind));
            if self.struck && letter.kind == "digest" {
                self.expected.may_repeat(&email);
            }
            let told = self.expected.letter(&email, &to, &kind, letter.at);
            let told = told.or_else(|wrong| self.wrong(&email, wrong))?;
            let lives = self.expected.past(&email).lives;
            people::read(&mut self.agenda, &mut self.chance, (&email, lives), &told, letter);
        }
        Ok(())
    }

    /// The bus carries an event: late, twice, or not at all.
    fn carry(&mut self, event: &Value) {
        let now = self.now();
        let times = match self.chance.u8(..100) {
            ..3 => 0,
            3..33 => 2,
            _ => 1,
        };
        for _ in 0..times {
            let mins = if self.chance.u8(..100) < 10 { 90 } else { 1 };
            let late = SignedDuration::from_secs(self.chance.i64(0..mins * 60));
            self.agenda.add(now + late, Happening::Deliver(event.clone()));
        }
    }
}
