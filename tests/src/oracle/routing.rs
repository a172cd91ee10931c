//! Rule 4: a qualified lead gets an owner, and the owner hears of it.

use jiff::Timestamp;

use super::Rules;
use super::lead::{Deadline, Kind, Lead, Status};

impl Lead {
    /// The queue that deals it, and those who are there to take it; none if nobody is anywhere.
    pub fn takers(&self, now: Timestamp, rules: &Rules) -> Option<(String, Vec<(String, u32)>)> {
        let now = self.latest.max(now);
        let wanted = self.wanted(rules);
        let staffed = |queue: String| {
            let present = rules.present(&queue, now);
            (!present.is_empty()).then_some((queue, present))
        };
        [wanted, rules.fallback.clone()].into_iter().find_map(staffed)
    }

    /// The queue the rules name.
    pub(super) fn wanted(&self, rules: &Rules) -> String {
        let country = self.country.as_ref().map(|(_, country)| country);
        let goes = |(countries, _): &&(Vec<String>, String)| {
            country.is_some_and(|country| countries.contains(country))
        };
        rules.routes.iter().find(goes).map_or(rules.fallback.clone(), |(_, queue)| queue.clone())
    }

    /// What hearing that it qualified makes of it, given whom it went to: the event may be late,
    /// or come twice, and then nothing.
    pub fn heard(&self, cycle: u32, to: Option<&str>, now: Timestamp, rules: &Rules) -> Self {
        if !self.runs(Kind::Route) || self.cycle != cycle || self.unrouted.is_some() {
            return self.clone();
        }
        self.routed(to, now, rules)
    }

    /// What a try to route it makes of it, given whom it went to.
    pub(super) fn routed(&self, to: Option<&str>, now: Timestamp, rules: &Rules) -> Self {
        let mut lead = self.clone();
        let takers = lead.takers(now, rules);
        let now = lead.moment(now);
        match (takers, to) {
            (Some((queue, present)), Some(to)) if present.iter().any(|(id, _)| id == to) => {
                lead.queue = Some(queue);
                lead.given(to, now, rules);
                lead.tell(to, "assigned");
            }
            (None, _) => lead.waits(now, rules),
            // Nobody it may go to: it stays as it is, which will not be what is found.
            (Some(_), _) => {}
        }
        lead
    }

    /// Somebody has it: their clock starts.
    pub(super) fn given(&mut self, to: &str, now: Timestamp, rules: &Rules) {
        self.owner = Some(to.to_owned());
        self.supervisor = rules.supervisor_of(to);
        self.marks.assigned_at = Some(now);
        self.overdue = 0;
        self.marks.owner.clone_from(&self.owner);
        self.marks.supervisor.clone_from(&self.supervisor);
        self.run(Kind::Accept, now + rules.clocks.accept_within);
    }

    /// Nobody is there: it is tried again, and the house hears of it now and then.
    fn waits(&mut self, now: Timestamp, rules: &Rules) {
        self.run(Kind::Route, now + rules.clocks.route_retry_every);
        let every = rules.clocks.unrouted_remind_every;
        if self.unrouted.is_none_or(|told| now.duration_since(told) >= every) {
            self.unrouted = Some(now);
            for person in rules.house() {
                self.tell(&person, "unrouted");
            }
        }
    }

    pub(super) fn run(&mut self, kind: Kind, at: Timestamp) {
        self.deadline = Some(Deadline { kind, at: Some(at) });
    }

    /// Back to marketing, or out: nobody's, and no clock. `to` is where it goes.
    pub(super) fn leave(&mut self, to: Status, reason: &str, now: Timestamp, rules: &Rules) {
        self.status = to;
        self.reopened_from = None;
        self.dealt_from = self.queue.take();
        if to == Status::Returned {
            self.marks.returned_at = Some(now);
            self.marks.returned_reason = Some(reason.to_owned());
            if rules.restarts {
                self.earned.clear();
                self.restarted = Some(now);
            }
        } else {
            self.marks.disqualified_at = Some(now);
            self.marks.disqualified_reason = Some(reason.to_owned());
        }
        (self.owner, self.supervisor, self.queue, self.deadline) = (None, None, None, None);
    }
}
