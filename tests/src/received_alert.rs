//! Who was told what about which lead, whatever letter it was in.

use crate::{Letter, TestHarness};

/// An alert as it reached its reader: in a letter of its own, or as one of many.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReceivedAlert {
    /// Whose link it has.
    pub to: String,
    /// Why.
    pub kind: String,
    /// About which lead.
    pub lead: String,
}

/// What a digest says before alerts of each kind, and before how many there are.
const HEADINGS: [(&str, &str); 6] = [
    ("take_back_warned", "Marketing takes them back soon: convert or extend ("),
    ("accept_overdue", "Not accepted in time: accept, reject, or give them away ("),
    ("assigned", "New leads: accept or reject each ("),
    ("unrouted", "Nobody is available: give them to somebody ("),
    ("handed_over", "Handed over to a colleague: no longer with you ("),
    ("taken_back", "Out of sales: nothing for sales to do ("),
];

impl TestHarness {
    /// Every alert in every letter, in order.
    pub fn told(&self) -> Vec<ReceivedAlert> {
        self.post.letters().iter().flat_map(|letter| self.told_by(letter)).collect()
    }

    /// The alerts in a letter. Those of a digest are told by its headings and its links, which
    /// are all that its reader has.
    pub fn told_by(&self, letter: &Letter) -> Vec<ReceivedAlert> {
        let Letter { to, kind, lead, .. } = letter.clone();
        if kind != "digest" {
            return vec![ReceivedAlert { to, kind, lead }];
        }
        let mut heading = "";
        let mut told = Vec::new();
        for line in letter.body.lines() {
            let headed = HEADINGS.iter().find(|(_, text)| line.starts_with(text));
            heading = headed.map_or(heading, |(kind, _)| kind);
            if let Some((_, token)) = line.split_once("/l/") {
                told.push(self.listed(letter, heading, token));
            }
        }
        told
    }

    fn listed(&self, letter: &Letter, kind: &str, token: &str) -> ReceivedAlert {
        let settings = self.services.settings();
        let link = settings.links.read(token, &settings.rules().roster, letter.at);
        let link = link.expect("every link of a digest works");
        assert_eq!(link.person.as_str(), letter.to, "nobody is sent somebody else's link");
        let (to, kind) = (letter.to.clone(), kind.to_owned());
        ReceivedAlert { to, kind, lead: link.lead.to_string() }
    }
}
