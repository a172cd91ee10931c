//! Who the lead is, as far as anybody has told us: the newest word on each field wins.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::limits;

/// A single value a form field can hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// Yes or no.
    Bool(bool),
    /// Any JSON number.
    Number(f64),
    /// Any other value, as text.
    Text(String),
}

/// What one activity said about the person.
pub type Said = BTreeMap<String, Scalar>;

/// One field of the lead's profile and the moment that word dates from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dated {
    /// What was said.
    pub value: Scalar,
    /// When the prospect said so.
    pub as_of: Timestamp,
}

/// Everything known of a lead.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Profile(BTreeMap<String, Dated>);

impl Profile {
    /// The value of a field.
    pub fn get(&self, key: &str) -> Option<&Scalar> {
        self.0.get(key).map(|dated| &dated.value)
    }

    /// The text of a field, if it is text with something in it.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Scalar::Text(text)) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// The person's name, if they gave one: in one field or in two.
    pub fn name(&self) -> Option<String> {
        let parts = [self.text("first_name"), self.text("last_name")];
        let parts = || parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.text("name")
            .map_or_else(|| Some(parts()).filter(|n| !n.is_empty()), |n| Some(n.into()))
    }

    /// Fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Scalar)> {
        self.0.iter().map(|(key, dated)| (key.as_str(), &dated.value))
    }

    /// Takes what is known of the same person elsewhere: the newest word on each field wins.
    pub fn absorb(&mut self, other: &Self) {
        for (key, Dated { value, as_of }) in &other.0 {
            self.learn(&Said::from([(key.clone(), value.clone())]), *as_of);
        }
    }

    /// Takes what an activity of `occurred_at` said. An older word never replaces a newer one, so
    /// the order of arrival does not matter; of two words of the same moment the greater text
    /// wins. A new key beyond [`limits::LEAD_PROFILE_KEYS`] stays on its activity only.
    pub fn learn(&mut self, said: &Said, occurred_at: Timestamp) {
        for (key, value) in said {
            let has_room = self.0.len() < limits::LEAD_PROFILE_KEYS;
            match self.0.get_mut(key) {
                Some(known) => known.hear(value, occurred_at),
                None if has_room => {
                    let dated = Dated { value: value.clone(), as_of: occurred_at };
                    self.0.insert(key.clone(), dated);
                }
                None => {}
            }
        }
    }
}

impl Dated {
    /// Takes the word if it is newer. People mostly say again what they said before.
    fn hear(&mut self, value: &Scalar, occurred_at: Timestamp) {
        let rank = |v: &Scalar| format!("{v:?}");
        let changes = self.value != *value;
        let takes = match occurred_at.cmp(&self.as_of) {
            Ordering::Greater => true,
            Ordering::Equal => changes && rank(value) > rank(&self.value),
            Ordering::Less => false,
        };
        if takes {
            self.as_of = occurred_at;
        }
        if takes && changes {
            self.value.clone_from(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(title: &str) -> Said {
        Said::from([("title".to_owned(), Scalar::Text(title.to_owned()))])
    }

    #[test]
    fn the_newest_word_wins_whatever_arrives_last() {
        let (old, new) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(60).unwrap());
        for order in [[("CTO", new), ("Engineer", old)], [("Engineer", old), ("CTO", new)]] {
            let mut profile = Profile::default();
            for (title, at) in order {
                profile.learn(&said(title), at);
            }
            assert_eq!(profile.text("title"), Some("CTO"));
        }
    }

    #[test]
    fn a_lead_keeps_a_bounded_number_of_fields() {
        let mut profile = Profile::default();
        for n in 0..10_000 {
            let said = Said::from([(format!("k{n}"), Scalar::Bool(true))]);
            profile.learn(&said, Timestamp::UNIX_EPOCH);
        }
        assert_eq!(profile.iter().count(), limits::LEAD_PROFILE_KEYS);
    }
}
