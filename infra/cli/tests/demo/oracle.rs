//! The hand-off once more, from the text of its rules and the sample policy's numbers alone: lead
//! by lead, with whole seconds and plain sums. Shares nothing with the code it checks.

use std::collections::{BTreeMap, BTreeSet};

use crate::input::{self, Deed, Fact};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const THRESHOLD: f64 = 100.0;
const HALF_LIFE: f64 = (90 * DAY) as f64;
const ACCEPT_WITHIN: i64 = 24 * HOUR;
const CONVERT_WITHIN: i64 = 30 * DAY;
const GRACE: i64 = 24 * HOUR;
const EXTENSION: i64 = 14 * DAY;
const RETRY_EVERY: i64 = 15 * MINUTE;

/// What is counted, by its name.
#[derive(Default)]
pub(crate) struct Numbers {
    pub(crate) counts: BTreeMap<String, usize>,
    pub(crate) leads: usize,
    pub(crate) most_escalated: usize,
}

impl Numbers {
    fn add(&mut self, what: impl Into<String>) {
        *self.counts.entry(what.into()).or_default() += 1;
    }

    /// An alert to somebody, on each of their channels; marketing's Mia has no SMS.
    fn tell(&mut self, kind: &str, people: &[&str]) {
        for person in people {
            self.add(format!("email {kind}"));
            if *person != "mia" {
                self.add(format!("sms {kind}"));
            }
        }
    }
}

/// Counts the 32 days. Of a lead of which sales.csv says nothing, the owner accepts it after so
/// many seconds.
pub(crate) fn count(accepts_after: i64) -> Numbers {
    let start = input::seconds("2026-03-02T08:00:00Z");
    let (facts, unusable) = input::facts(start);
    let mut numbers = Numbers::default();
    numbers.counts.insert("unusable".to_owned(), unusable);
    let mut by_lead: BTreeMap<String, Vec<Fact>> = BTreeMap::new();
    for fact in facts {
        by_lead.entry(fact.who.clone()).or_default().push(fact);
    }
    numbers.leads = by_lead.len();
    let deeds = input::deeds();
    for (who, facts) in by_lead {
        let deeds: Vec<Deed> = deeds.iter().filter(|deed| deed.who == who).cloned().collect();
        let mut lead = Lead::new(who, deeds, facts, accepts_after);
        lead.live(start + 32 * DAY, &mut numbers);
    }
    numbers
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Clock {
    Accept,
    Convert,
    TakeBack,
}

#[derive(Clone, Debug)]
enum Step {
    Hear(Fact),
    Assign,
    Do(Deed),
}

struct Lead {
    who: String,
    deeds: Vec<Deed>,
    accepts_after: i64,
    /// Time, then what was put down first.
    todo: BTreeMap<(i64, usize), Step>,
    put_down: usize,
    status: &'static str,
    cycle: u32,
    profile: BTreeMap<String, (i64, String)>,
    /// Points, and the second they are of.
    behaviour: (f64, i64),
    restarted_at: i64,
    known: BTreeSet<String>,
    given: BTreeMap<(String, i64), f64>,
    excluded: Option<&'static str>,
    clock: Option<(Clock, i64)>,
    assigned_at: i64,
    escalations: usize,
}

impl Lead {
    fn new(who: String, deeds: Vec<Deed>, facts: Vec<Fact>, accepts_after: i64) -> Self {
        let mut lead = Self {
            who,
            accepts_after,
            todo: BTreeMap::new(),
            put_down: 0,
            status: "nurturing",
            cycle: 0,
            profile: BTreeMap::new(),
            behaviour: (0.0, 0),
            restarted_at: 0,
            known: BTreeSet::new(),
            given: BTreeMap::new(),
            excluded: None,
            clock: None,
            assigned_at: 0,
            escalations: 0,
            deeds: Vec::new(),
        };
        for fact in facts {
            lead.put(fact.heard, Step::Hear(fact));
        }
        let (dated, planned): (Vec<_>, Vec<_>) =
            deeds.into_iter().partition(|deed| deed.anchor.is_empty());
        for deed in dated {
            lead.put(deed.seconds, Step::Do(deed));
        }
        lead.deeds = planned;
        lead
    }

    fn put(&mut self, at: i64, step: Step) {
        self.put_down += 1;
        self.todo.insert((at, self.put_down), step);
    }

    /// What people mean to do after something happened; whether they mean to do anything.
    fn plan(&mut self, anchor: &str, now: i64) -> bool {
        let mine = |deed: &&Deed| deed.cycle == self.cycle && deed.anchor == anchor;
        let deeds: Vec<Deed> = self.deeds.iter().filter(mine).cloned().collect();
        let any = !deeds.is_empty();
        for deed in deeds {
            self.put(now + deed.seconds, Step::Do(deed));
        }
        any
    }

    fn live(&mut self, end: i64, numbers: &mut Numbers) {
        loop {
            let next = self.todo.keys().next().map_or(i64::MAX, |key| key.0);
            match self.clock {
                Some((clock, at)) if at <= next && at <= end => self.lapse(clock, at, numbers),
                _ if next > end => break,
                _ => {
                    let ((now, _), step) = self.todo.pop_first().unwrap();
                    match step {
                        Step::Hear(fact) => self.hear(&fact, now, numbers),
                        Step::Assign => self.assign(now, "assigned", numbers),
                        Step::Do(deed) => self.act(&deed, now, numbers),
                    }
                }
            }
        }
        numbers.add(self.status);
        if let Some((Clock::TakeBack, _)) = self.clock {
            numbers.add("in grace");
        }
        if let Some(rule) = self.excluded {
            numbers.add(format!("excluded {rule}"));
        }
    }

    /// Rules 1, 2, 3 and 8.
    fn hear(&mut self, fact: &Fact, now: i64, numbers: &mut Numbers) {
        if !self.known.insert(fact.id.clone()) {
            return numbers.add("sent before");
        }
        numbers.add("new");
        for (key, value) in &fact.profile {
            if self.profile.get(key).is_none_or(|(at, _)| fact.at >= *at) {
                self.profile.insert(key.clone(), (fact.at, value.clone()));
            }
        }
        self.excluded = self.exclusion();
        let points = self.points(fact);
        let is_old = fact.at < self.restarted_at;
        if !is_old {
            let (value, at) = (self.behaviour(fact.at.max(self.behaviour.1)), self.behaviour.1);
            let at = at.max(fact.at);
            let value = value + points * decay(at - fact.at);
            self.behaviour = (value.max(0.0), at);
        }
        let score = self.behaviour(now) + self.fit();
        assert!(!(99.4..100.0).contains(&score), "{}: a matter of rounding", self.who);
        let fast = matches!(fact.kind.as_str(), "event.booth_visited" | "form.demo_requested");
        let may = matches!(self.status, "nurturing" | "returned") && !is_old;
        let enough = fast || (points > 0.0 && score >= THRESHOLD);
        if may && enough && self.excluded.is_none() {
            self.qualify(if fast { "fast track" } else { "score" }, now, numbers);
        }
    }

    fn qualify(&mut self, path: &str, now: i64, numbers: &mut Numbers) {
        self.status = "mql";
        self.cycle += 1;
        numbers.add(format!("by {path}"));
        if self.cycle > 1 {
            numbers.add("again");
        }
        // Hana, who is alone in the house's queue, is away on 10 March, from midnight in Tokyo.
        let away = input::seconds("2026-03-09T15:00:00Z")..input::seconds("2026-03-10T15:00:00Z");
        if !self.is_housed() || !away.contains(&now) {
            return self.assign(now, "assigned", numbers);
        }
        numbers.tell("unrouted", &["sofia"]);
        let tries = (away.end - now + RETRY_EVERY - 1) / RETRY_EVERY;
        self.put(now + tries * RETRY_EVERY, Step::Assign);
    }

    /// Rule 4.
    fn assign(&mut self, now: i64, anchor: &str, numbers: &mut Numbers) {
        numbers.tell("assigned", &["owner"]);
        self.assigned_at = now;
        self.clock = Some((Clock::Accept, now + ACCEPT_WITHIN));
        if !self.plan(anchor, now) {
            let accept = Deed {
                who: self.who.clone(),
                cycle: self.cycle,
                anchor: anchor.to_owned(),
                seconds: 0,
                by: "owner".to_owned(),
                does: "accept".to_owned(),
                with: String::new(),
            };
            self.put(now + self.accepts_after, Step::Do(accept));
        }
    }

    /// Rules 6, 7 and 8.
    fn lapse(&mut self, clock: Clock, now: i64, numbers: &mut Numbers) {
        match clock {
            Clock::Accept => {
                numbers.add("escalations");
                numbers.tell("accept_overdue", &["owner", "supervisor"]);
                self.escalations += 1;
                if self.escalations == 1 {
                    numbers.add("escalated leads");
                }
                numbers.most_escalated = numbers.most_escalated.max(self.escalations);
                self.clock = Some((Clock::Accept, now + ACCEPT_WITHIN));
            }
            Clock::Convert => {
                numbers.add("warned");
                numbers.tell("take_back_warned", &["owner", "supervisor"]);
                self.clock = Some((Clock::TakeBack, now + GRACE));
                self.plan("warned", now);
            }
            Clock::TakeBack => {
                numbers.tell("taken_back", &["owner", "mia"]);
                self.go_back("taken back", now, numbers);
            }
        }
    }

    fn go_back(&mut self, how: &str, now: i64, numbers: &mut Numbers) {
        numbers.add("returned, ever");
        numbers.add(how);
        self.status = "returned";
        self.clock = None;
        self.behaviour = (0.0, now);
        self.restarted_at = now;
        self.plan("returned", now);
    }

    /// Rules 5, 7 and 9.
    fn act(&mut self, deed: &Deed, now: i64, numbers: &mut Numbers) {
        match deed.does.as_str() {
            "accept" => {
                assert_eq!(self.clock.map(|clock| clock.0), Some(Clock::Accept), "{}", self.who);
                self.status = "working";
                self.clock = Some((Clock::Convert, now + CONVERT_WITHIN));
                numbers.add("accepted");
                if now - self.assigned_at <= ACCEPT_WITHIN {
                    numbers.add("accepted in time");
                }
                self.plan("accepted", now);
            }
            "reject" => {
                numbers.add("turned down");
                numbers.add(format!("because {}", deed.with));
                match deed.with.as_str() {
                    "not_now" | "no_budget" | "wrong_person" => {
                        self.go_back("returned: turned down", now, numbers);
                    }
                    _ => self.leave("disqualified", numbers),
                }
            }
            // One of them comes after marketing has taken the lead back, and changes nothing.
            "convert" if self.status == "working" => self.leave("converted", numbers),
            "convert" => assert_eq!(self.status, "returned", "{}", self.who),
            "extend" => {
                let (clock, at) = self.clock.unwrap();
                let later = now + EXTENSION;
                let later = if clock == Clock::Convert { later.max(at) } else { later };
                self.clock = Some((Clock::Convert, later));
                numbers.add("extended");
            }
            "return" => self.go_back("given back", now, numbers),
            "disqualify" => {
                // The CRM did it, so the owner hears of it.
                assert_eq!(deed.by, "crm");
                numbers.tell("taken_back", &["owner"]);
                self.leave("disqualified", numbers);
            }
            "reassign" => {
                numbers.tell("handed_over", &["previous owner"]);
                self.assign(now, "reassigned", numbers);
            }
            "qualify" => self.qualify("hand", now, numbers),
            other => panic!("{other}"),
        }
    }

    fn leave(&mut self, status: &'static str, numbers: &mut Numbers) {
        self.status = status;
        self.clock = None;
        numbers.add(format!("{status}, ever"));
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

    /// Whether no queue but the house's sells to the lead's country.
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
