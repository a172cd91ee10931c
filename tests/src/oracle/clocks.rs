//! Rules 6 to 8 and 10: a promise was not kept.

use jiff::Timestamp;

use super::Rules;
use super::lead::{Deadline, Kind, Lead, Status};

impl Lead {
    /// What the timer makes of a lead whose promise has passed: one step, from now on. `to` is
    /// whom it went to, if it had to be routed.
    pub fn lapsed(&self, to: Option<&str>, now: Timestamp, rules: &Rules) -> Self {
        let mut lead = self.clone();
        let Some(deadline) = self.deadline.filter(|_| self.is_due(now)) else { return lead };
        let at = lead.moment(now);
        match deadline.kind {
            Kind::Route => return self.routed(to, now, rules),
            Kind::Accept => {
                lead.run(Kind::Accept, at + rules.clocks.escalate_every);
                lead.overdue += 1;
                lead.tell_both("accept_overdue", rules);
            }
            Kind::Convert => {
                lead.marks.warned_at = None;
                // Grace starts when the warning is sent, whenever that is.
                lead.deadline = Some(Deadline { kind: Kind::TakeBack, at: None });
                lead.tell_both("take_back_warned", rules);
            }
            Kind::TakeBack => lead.taken_back(at, rules),
        }
        lead
    }

    /// Rule 8: the owner's warning has left us, and a whole period of grace begins.
    pub fn warned(&self, now: Timestamp, rules: &Rules) -> Self {
        let mut lead = self.clone();
        if self.awaits_warning() {
            let now = lead.moment(now);
            lead.marks.warned_at = Some(now);
            lead.run(Kind::TakeBack, now + rules.clocks.take_back_after);
        }
        lead
    }

    /// Whether it is to be taken back once its owner was warned, and the owner was not.
    pub fn awaits_warning(&self) -> bool {
        self.deadline == Some(Deadline { kind: Kind::TakeBack, at: None })
    }

    fn taken_back(&mut self, now: Timestamp, rules: &Rules) {
        let owner = self.owner.clone();
        self.leave(Status::Returned, "not converted in time", now, rules);
        for person in owner.iter().chain(&rules.marketing) {
            self.tell(person, "taken_back");
        }
    }

    /// The owner and their supervisor; the house where there is none.
    fn tell_both(&mut self, kind: &'static str, rules: &Rules) {
        let mut people: Vec<_> = self.owner.iter().chain(&self.supervisor).cloned().collect();
        if self.supervisor.is_none() {
            people.extend(rules.house());
        }
        people.dedup();
        for person in people {
            self.tell(&person, kind);
        }
    }
}
