//! Rules 1 to 3: an activity arrives.

use jiff::Timestamp;

use super::lead::{Deadline, Kind, Lead, Marks, Status};
use super::{Past, Rules, score};

/// What a prospect did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Who: an address.
    pub email: String,
    /// What.
    pub kind: String,
    /// When, not when it is heard of.
    pub at: Timestamp,
    /// What they said of themselves.
    pub country: Option<String>,
    /// What they said of themselves.
    pub title: Option<String>,
}

impl Lead {
    /// What an activity that has not been counted yet makes of a lead, or of nobody. Two answers
    /// where the score lies just between two numbers.
    pub fn after(
        known: Option<&Self>,
        past: &Past,
        deed: &Deed,
        now: Timestamp,
        rules: &Rules,
    ) -> Vec<Self> {
        let mut lead = known.cloned().unwrap_or_else(|| Self::new(&deed.email, past.begins(now)));
        let now = lead.moment(now);
        hear(&mut lead.country, deed.country.as_ref(), deed.at);
        hear(&mut lead.title, deed.title.as_ref(), deed.at);
        lead.fit = lead.fit_by(rules);
        lead.excluded = deed.email.ends_with(&format!("@{}", rules.excluded));
        let points = lead.points_for(deed, rules);
        lead.earn(points, deed.at, rules);
        lead.qualified(deed, points, now, rules)
    }

    /// Rule 3, and after a return rule 8: only something new, and that speaks for the lead.
    fn qualified(self, deed: &Deed, points: i64, now: Timestamp, rules: &Rules) -> Vec<Self> {
        let is_new = self.marks.returned_at.is_none_or(|returned| deed.at >= returned);
        let may = match self.status {
            Status::Nurturing => (points >= 0, true),
            Status::Returned => (is_new && points > 0, is_new),
            Status::Mql | Status::Working | Status::Converted | Status::Disqualified => {
                (false, false)
            }
        };
        if self.excluded {
            return vec![self];
        }
        let (low, high) = score::whole(self.behaviour(now, rules.half_life));
        if may.1 && rules.fast_tracks.contains(&deed.kind) {
            return [low, high].map(|b| self.mql("fast_track", b, now, rules)).into();
        }
        let reach = |behaviour: i64| match may.0 && behaviour + self.fit >= rules.threshold {
            true => self.mql("score", behaviour, now, rules),
            false => self.clone(),
        };
        [low, high].map(reach).into()
    }

    /// Rule 3 and 4: it is qualified, and waits to be routed. A new cycle begins.
    pub(super) fn mql(
        &self,
        by: &'static str,
        behaviour: i64,
        now: Timestamp,
        rules: &Rules,
    ) -> Self {
        let first_mql_at = self.marks.first_mql_at.or(Some(now));
        Self {
            status: Status::Mql,
            cycle: self.cycle + 1,
            extended: Vec::new(),
            more_since: None,
            ended_before: self.ended(),
            reopened_from: None,
            unrouted: None,
            deadline: Some(Deadline {
                kind: Kind::Route,
                at: Some(now + rules.clocks.route_within),
            }),
            marks: Marks {
                first_mql_at,
                mql_at: Some(now),
                mql_by: Some(by),
                score_at_mql: Some(behaviour + self.fit),
                ..Marks::default()
            },
            ..self.clone()
        }
    }
}

/// The newest word wins, whatever arrives last; of two of one moment, the greater.
fn hear(known: &mut Option<(Timestamp, String)>, said: Option<&String>, at: Timestamp) {
    let said = said.map(|said| (at, said.clone()));
    if said > *known {
        *known = said;
    }
}
