//! Everybody in a queue gets their share of what is dealt while they are there.

use std::collections::BTreeMap;

/// What was due to the people of each queue, and what they got.
#[derive(Clone, Debug, Default)]
pub struct Shares(BTreeMap<String, Queue>);

#[derive(Clone, Debug, Default)]
struct Queue {
    /// Who was there at the newest deal, with their weights.
    present: Vec<(String, u32)>,
    /// Whether other people, or other weights, were there at an earlier one.
    has_changed: bool,
    people: BTreeMap<String, Person>,
}

#[derive(Clone, Debug, Default)]
struct Person {
    got: u32,
    due: f64,
}

/// What adding up parts of leads may be wrong by.
const ROUNDING: f64 = 1e-6;

impl Shares {
    /// Somebody of those present got a lead of the queue.
    pub fn deal(&mut self, queue: &str, present: &[(String, u32)], to: &str) {
        let queue = self.0.entry(queue.to_owned()).or_default();
        queue.has_changed |= !queue.present.is_empty() && queue.present != present;
        queue.present = present.to_vec();
        let whole: u32 = present.iter().map(|(_, weight)| weight).sum();
        for (id, weight) in present {
            let person = queue.people.entry(id.clone()).or_default();
            person.due += f64::from(*weight) / f64::from(whole);
        }
        queue.people.entry(to.to_owned()).or_default().got += 1;
    }

    /// Who has more or less than their share, in words: by one lead while the same people are
    /// there, and by as many as there are others once people have come and gone.
    pub fn unfair(&self) -> Option<String> {
        self.0.iter().find_map(|(name, queue)| {
            let others = queue.people.len().saturating_sub(1) as f64;
            let bound = if queue.has_changed { others } else { 1.0 } + ROUNDING;
            queue.people.iter().find_map(|(id, Person { got, due })| {
                let is_fair = (f64::from(*got) - due).abs() <= bound;
                (!is_fair).then(|| format!("{id} got {got} of {name}: {due} are due"))
            })
        })
    }
}
