//! Everybody in a queue gets their share: within one lead of their weight.

use std::collections::BTreeMap;

/// Who got how many of a queue's leads since the people present last changed.
#[derive(Clone, Debug, Default)]
pub struct Shares(BTreeMap<String, Stretch>);

#[derive(Clone, Debug, Default)]
struct Stretch {
    present: Vec<(String, u32)>,
    got: BTreeMap<String, u32>,
}

impl Shares {
    /// Somebody of those present got a lead of the queue.
    pub fn deal(&mut self, queue: &str, present: &[(String, u32)], to: &str) {
        let stretch = self.0.entry(queue.to_owned()).or_default();
        if stretch.present != present {
            *stretch = Stretch { present: present.to_vec(), got: BTreeMap::new() };
        }
        *stretch.got.entry(to.to_owned()).or_default() += 1;
    }

    /// Who has more or less than their share, in words.
    pub fn unfair(&self) -> Option<String> {
        self.0.iter().find_map(|(queue, stretch)| {
            let dealt: u32 = stretch.got.values().sum();
            let whole: u32 = stretch.present.iter().map(|(_, weight)| weight).sum();
            stretch.present.iter().find_map(|(id, weight)| {
                let due = f64::from(dealt) * f64::from(*weight) / f64::from(whole);
                let got = stretch.got.get(id).copied().unwrap_or_default();
                let is_fair = (f64::from(got) - due).abs() <= 1.0;
                (!is_fair).then(|| format!("{id} got {got} of {queue}'s {dealt}: {due} are due"))
            })
        })
    }
}
