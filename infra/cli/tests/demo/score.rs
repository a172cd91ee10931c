//! Every lead's score, from the sample policy's numbers alone: by plain sums over what the demo's
//! files say that people did. How a lead qualifies and what happens to it then, `tests/src/oracle`
//! says of any policy; this says it of the sample's points, caps and exclusions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::input::{self, Fact, seconds};
use crate::serving::{END, LEADS};
use crate::trips::trips;

const DAY: i64 = 24 * 3600;
const HALF_LIFE: f64 = (90 * DAY) as f64;

struct Lead {
    who: String,
    profile: BTreeMap<String, (i64, String)>,
    /// Points, and the second they are of.
    behaviour: (f64, i64),
    /// When sales last gave it back, or 1970: what was done before counts no more.
    restarted_at: i64,
    /// Points by type and day.
    given: BTreeMap<(String, i64), f64>,
}

impl Lead {
    fn new(who: &str, restarted_at: i64) -> Self {
        Self {
            who: who.to_owned(),
            profile: BTreeMap::new(),
            behaviour: (0.0, restarted_at),
            restarted_at,
            given: BTreeMap::new(),
        }
    }

    fn hear(&mut self, fact: &Fact) {
        for (key, value) in &fact.profile {
            if self.profile.get(key).is_none_or(|(at, _)| fact.at >= *at) {
                self.profile.insert(key.clone(), (fact.at, value.clone()));
            }
        }
        let points = self.points(fact);
        if fact.at >= self.restarted_at {
            let at = fact.at.max(self.behaviour.1);
            let value = self.behaviour(at) + points * decay(at - fact.at);
            self.behaviour = (value.max(0.0), at);
        }
    }

    fn behaviour(&self, now: i64) -> f64 {
        self.behaviour.0 * decay(now - self.behaviour.1)
    }

    /// The sample policy's points, with its caps by the day.
    fn points(&mut self, fact: &Fact) -> f64 {
        let (points, at_most) = match fact.kind.as_str() {
            "form.submitted" => (30.0, None),
            "webinar.attended" => (40.0, None),
            "pricing.viewed" => (20.0, Some(40.0)),
            "email.clicked" => (5.0, Some(15.0)),
            "email.unsubscribed" => (-150.0, None),
            _ => (0.0, None),
        };
        let Some(at_most) = at_most else { return points };
        let given = self.given.entry((fact.kind.clone(), fact.at.div_euclid(DAY))).or_default();
        let points = f64::min(points, at_most - *given);
        *given += points;
        points
    }

    /// The sample policy's points for who somebody is.
    fn fit(&self) -> f64 {
        const SENIOR: [&str; 5] = ["director", "vp", "vice president", "chief", "head"];
        let mut fit = 0.0;
        if SENIOR.iter().any(|word| self.has_title(word)) {
            fit += 20.0;
        }
        let employees = self.said("employees").replace(',', "").parse::<f64>();
        if employees.is_ok_and(|employees| employees >= 200.0) {
            fit += 15.0;
        }
        if !self.is_housed() {
            fit += 5.0;
        }
        fit
    }

    fn exclusion(&self) -> Option<&'static str> {
        if self.who.ends_with("@competitor.example") {
            return Some("competitor");
        }
        self.has_title("student").then_some("student")
    }

    /// Whether only the house queue sells to the lead's country.
    fn is_housed(&self) -> bool {
        const SOLD_TO: &str = "DE FR GB ES IT NL US CA MX BR";
        let country = self.said("country").to_uppercase();
        !SOLD_TO.split(' ').any(|code| code == country)
    }

    /// Whether the title has these words, whole.
    fn has_title(&self, words: &str) -> bool {
        let plain = |c: char| if c.is_alphanumeric() { c } else { ' ' };
        let title: String = self.said("title").to_lowercase().chars().map(plain).collect();
        format!(" {title} ").contains(&format!(" {words} "))
    }

    fn said(&self, key: &str) -> &str {
        self.profile.get(key).map_or("", |(_, value)| value)
    }
}

/// What a point is still worth after so many seconds.
fn decay(seconds: i64) -> f64 {
    0.5_f64.powf(seconds.max(0) as f64 / HALF_LIFE)
}

#[test]
fn every_score_is_what_the_sample_policy_says() {
    let (facts, _) = input::facts();
    let (mut known, now) = (BTreeSet::new(), seconds(END));
    let mut leads: BTreeMap<&str, Lead> = LEADS
        .iter()
        .map(|(who, lead)| (&**who, Lead::new(who, returned_at(&lead.history))))
        .collect();
    for fact in facts.iter().filter(|fact| known.insert((&fact.who, &fact.id))) {
        leads.get_mut(&*fact.who).unwrap().hear(fact);
    }
    for (who, lead) in leads {
        let page = &LEADS[who].page;
        let (behaviour, told) = (lead.behaviour(now), page["score"]["behaviour"].as_f64().unwrap());
        assert!((told - behaviour).abs() < 0.5 + 1e-6, "{who}: {behaviour}, and not {told}");
        assert_eq!(page["score"]["fit"].as_f64().unwrap(), lead.fit(), "{who}");
        assert_eq!(page["excluded_by"].as_str(), lead.exclusion(), "{who}");
    }
}

/// When sales last gave a lead back, or 1970.
fn returned_at(history: &Value) -> i64 {
    let left = trips(history).into_iter().rev().filter_map(|trip| trip.left);
    left.filter(|left| left.1 == "returned").map(|left| left.0).next().unwrap_or_default()
}
