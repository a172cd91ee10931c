//! Rules 5, 7 and 9: what people and the CRM ask for, and when the answer is no.

use jiff::Timestamp;

use super::lead::{Kind, Lead, Status};
use super::{Reported, Rules};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The CRM, with the desk key.
    Crm,
    /// Somebody, by the link of an alert they got in that cycle.
    Person {
        /// Who.
        id: String,
        /// The trip the link was made for.
        cycle: u32,
        /// Whether the person was erased since.
        is_another: bool,
    },
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// I take it.
    Accept,
    /// Not for me: one of the policy's reasons, and where it leads.
    Reject(&'static str, Status),
    /// It became a contact or opportunity.
    Convert,
    /// More time, for a reason; an id that counts once.
    Extend(String),
    /// Back to marketing.
    Return,
    /// Out.
    Disqualify,
    /// To somebody else.
    Reassign(String),
    /// Ready for sales, I say.
    Qualify,
    /// The end was a mistake.
    Reopen,
    /// The CRM shows this.
    Report(Reported),
}

/// What people write where a reason is asked for.
pub const REASON: &str = "as agreed";

impl Lead {
    /// What it becomes; `None` is a refusal, which changes nothing.
    pub fn asked(
        &self,
        said: &Said,
        by: &Asker,
        now: Timestamp,
        rules: &Rules,
    ) -> Option<Vec<Self>> {
        if !self.may(said, by, rules) {
            return None;
        }
        let mut lead = self.clone();
        let now = lead.moment(now);
        let waits = self.runs(Kind::Accept);
        let is_worked = self.status == Status::Working && !waits;
        match said {
            Said::Accept if waits => {
                lead.status = Status::Working;
                lead.marks.accepted_at = Some(now);
                lead.run(Kind::Convert, now + rules.clocks.convert_within);
            }
            Said::Reject(reason, to) if waits => lead.leaves(*to, reason, by, now, rules),
            // Rule 9: at any moment, also while a new owner has not accepted it anew.
            Said::Convert if self.status == Status::Working => lead = lead.converted(now),
            // "It was an SQL, the rep forgot."
            Said::Convert if self.is_same_trip(now) && self.marks.owner.is_some() => {
                return Some(lead.taken_up(now, rules));
            }
            Said::Extend(id) if is_worked && self.may_be_extended(id, rules) => {
                lead.extended.push(id.clone());
                lead.more_since = Some(now);
                let until = now + rules.clocks.extend_by;
                let running = self.deadline.filter(|d| d.kind == Kind::Convert);
                let running = running.and_then(|deadline| deadline.at);
                lead.run(Kind::Convert, running.map_or(until, |at| at.max(until)));
            }
            Said::Return if self.is_in_sales() => {
                lead.leaves(Status::Returned, REASON, by, now, rules);
            }
            Said::Disqualify if self.is_in_sales() => {
                lead.leaves(Status::Disqualified, REASON, by, now, rules);
            }
            Said::Reassign(to) if self.is_in_sales() && self.may_go_to(to, now, rules) => {
                lead.handed_over(to, now, rules);
            }
            Said::Qualify if matches!(self.status, Status::Nurturing | Status::Returned) => {
                let (low, high) = super::score::whole(self.behaviour(now, rules.half_life));
                return Some([low, high].map(|b| lead.mql("manual", b, now, rules)).into());
            }
            Said::Reopen if matches!(self.status, Status::Converted | Status::Disqualified) => {
                lead = lead.reopened(REASON, now);
            }
            Said::Report(said) => return self.reported(said, now, rules),
            Said::Accept
            | Said::Reject(..)
            | Said::Convert
            | Said::Extend(_)
            | Said::Return
            | Said::Disqualify
            | Said::Reassign(_)
            | Said::Qualify
            | Said::Reopen => return None,
        }
        Some(vec![lead])
    }

    /// The owner, whom the owner reports or reported to, marketing, the house; and the CRM. Whoever
    /// had it last may say that it was an SQL.
    fn may(&self, said: &Said, by: &Asker, rules: &Rules) -> bool {
        let Asker::Person { id, cycle, is_another } = by else { return true };
        let (owner, supervisor) = match said {
            Said::Convert => (self.marks.owner.as_ref(), self.marks.supervisor.as_ref()),
            _ => (self.owner.as_ref(), self.supervisor.as_ref()),
        };
        let now_supervised_by = owner.and_then(|owner| rules.supervisor_of(owner));
        let is_theirs = owner == Some(id)
            || supervisor == Some(id)
            || now_supervised_by.as_ref() == Some(id)
            || rules.marketing.contains(id)
            || rules.house().contains(id);
        is_theirs && *cycle == self.cycle && !is_another
    }

    /// As often as the policy says; a request that is sent again extends nothing.
    fn may_be_extended(&self, id: &String, rules: &Rules) -> bool {
        let most = rules.clocks.extensions_at_most as usize;
        !self.extended.contains(id) && self.extended.len() < most
    }

    fn may_go_to(&self, to: &str, now: Timestamp, rules: &Rules) -> bool {
        let is_there = rules.person(to).is_some_and(|person| person.is_there(now));
        self.owner.as_deref() != Some(to) && is_there
    }

    /// By hand: an owner who did not say so themselves hears of it.
    pub(super) fn leaves(
        &mut self,
        to: Status,
        reason: &str,
        by: &Asker,
        now: Timestamp,
        rules: &Rules,
    ) {
        let owner = self.owner.clone();
        self.leave(to, reason, now, rules);
        let said_so = |owner: &String| matches!(by, Asker::Person { id, .. } if id == owner);
        if let Some(owner) = owner.filter(|owner| !said_so(owner)) {
            self.tell(&owner, "taken_back");
        }
    }

    /// The new owner accepts anew; both hear of it.
    fn handed_over(&mut self, to: &str, now: Timestamp, rules: &Rules) {
        let before = self.owner.clone();
        if self.queue.is_none() {
            self.queue = Some(self.wanted(rules));
        }
        self.given(to, now, rules);
        self.tell(to, "assigned");
        if let Some(before) = before {
            self.tell(&before, "handed_over");
        }
    }
}
