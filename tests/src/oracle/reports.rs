//! What the CRM reports: late, what is so already, or what sales did, with Baton or without it.

use jiff::{SignedDuration, Timestamp};

use super::Rules;
use super::lead::{Kind, Lead, Status};

/// A status that the CRM reports, without an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The CRM's word.
    pub word: &'static str,
    /// The trip that it is about, if the CRM says.
    pub cycle: Option<u32>,
    /// When it became so in the CRM, if the CRM says.
    pub at: Option<Timestamp>,
}

/// By default these are the CRM's echo of what we said, and never a command.
const ECHOES: [&str; 2] = ["MQL", "Nurturing"];
/// For how long the word that ended the trip before is late.
const LATE_FOR: SignedDuration = SignedDuration::from_hours(72);
/// For how long a returned lead that was an SQL is on the same trip.
const SAME_TRIP: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Lead {
    /// What the report makes of it; none if it is refused.
    pub(super) fn reported(
        &self,
        said: &Reported,
        now: Timestamp,
        rules: &Rules,
    ) -> Option<Vec<Self>> {
        let unchanged = || Some(vec![self.clone()]);
        if ECHOES.contains(&said.word) {
            return unchanged();
        }
        let to = if said.word == "Converted" { Status::Converted } else { Status::Returned };
        if said.cycle.is_some_and(|cycle| cycle > self.cycle) {
            return None;
        }
        let is_earlier = said.cycle.is_some_and(|cycle| cycle < self.cycle);
        if is_earlier || self.status == to || self.is_late(said, to, now) {
            return unchanged();
        }
        let mut lead = self.clone();
        let at = lead.moment(now);
        match (to, self.status) {
            (Status::Returned, Status::Mql | Status::Working) => {
                lead.leaves(to, "reported by the CRM", &super::Asker::Crm, at, rules);
                Some(vec![lead])
            }
            (Status::Converted, Status::Working) => Some(vec![lead.converted(at)]),
            (Status::Converted, Status::Mql) => {
                Some(vec![self.halfway(said, now, rules)?.converted(at)])
            }
            (Status::Converted, Status::Nurturing | Status::Returned) => {
                Some(lead.taken_up(at, rules))
            }
            _ => None,
        }
    }

    /// What it is when the report got no further than its first step: a conversion of what nobody
    /// has accepted accepts it first.
    pub fn halfway(&self, said: &Reported, now: Timestamp, rules: &Rules) -> Option<Self> {
        let has_step = said.word == "Converted" && self.status == Status::Mql;
        if !has_step || !self.runs(Kind::Accept) || self.is_late(said, Status::Converted, now) {
            return None;
        }
        let mut lead = self.clone();
        let now = lead.moment(now);
        lead.status = Status::Working;
        lead.marks.accepted_at = Some(now);
        lead.run(Kind::Convert, now + rules.clocks.convert_within);
        Some(lead)
    }

    /// Whether something was decided since that it would undo, or it is how the trip before ended.
    fn is_late(&self, said: &Reported, to: Status, now: Timestamp) -> bool {
        let marks = &self.marks;
        let undone = match self.status {
            Status::Nurturing => None,
            Status::Mql | Status::Working if to == Status::Converted => marks.mql_at,
            Status::Mql => marks.assigned_at.or(marks.mql_at),
            Status::Working => {
                [marks.assigned_at, marks.accepted_at, self.more_since].into_iter().flatten().max()
            }
            Status::Converted => marks.converted_at,
            Status::Returned => marks.returned_at,
            Status::Disqualified => marks.disqualified_at,
        };
        if let (Some(at), Some(undone)) = (said.at, undone) {
            return at.as_second() < undone.as_second();
        }
        let says_nothing = said.cycle.is_none() && said.at.is_none();
        says_nothing
            && self.ended_before.is_some_and(|(status, at)| {
                status == to && self.latest.max(now).duration_since(at) < LATE_FOR
            })
    }

    /// Rule 9: nobody's clock runs any more.
    pub(super) fn converted(&self, now: Timestamp) -> Self {
        let mut lead = self.clone();
        lead.status = Status::Converted;
        lead.deadline = None;
        lead.marks.converted_at = Some(now);
        lead
    }

    /// Whether whoever had it may still say that it was an SQL.
    pub(super) fn is_same_trip(&self, now: Timestamp) -> bool {
        let returned = self.marks.returned_at.filter(|_| self.status == Status::Returned);
        returned.is_some_and(|at| self.latest.max(now).duration_since(at) <= SAME_TRIP)
    }

    /// Sales converted it without Baton: on the same trip, with the same owner, or on a new one,
    /// with none.
    pub(super) fn taken_up(&self, now: Timestamp, rules: &Rules) -> Vec<Self> {
        let taken = match self.is_same_trip(now) {
            true => vec![self.resumed()],
            false => {
                let (low, high) = super::score::whole(self.behaviour(now, rules.half_life));
                [low, high].map(|b| self.mql("manual", b, now, rules)).into()
            }
        };
        let end = |mut lead: Self| {
            lead.ended_before = self.ended();
            lead.marks.accepted_at = lead.marks.accepted_at.or(Some(now));
            lead.marks.warned_at = None;
            lead.converted(now)
        };
        taken.into_iter().map(end).collect()
    }

    /// It is with whoever had it, as if it had never been returned.
    fn resumed(&self) -> Self {
        let mut lead = self.clone();
        lead.owner.clone_from(&self.marks.owner);
        lead.supervisor.clone_from(&self.marks.supervisor);
        lead.queue.clone_from(&self.dealt_from);
        (lead.marks.returned_at, lead.marks.returned_reason) = (None, None);
        lead
    }

    /// How sales let go of it last, and when.
    pub(super) fn ended(&self) -> Option<(Status, Timestamp)> {
        match self.status {
            Status::Returned => {
                let at = self.marks.returned_at?;
                Some((self.reopened_from.unwrap_or(Status::Returned), at))
            }
            Status::Disqualified => Some((Status::Disqualified, self.marks.disqualified_at?)),
            Status::Nurturing | Status::Mql | Status::Working | Status::Converted => {
                self.ended_before
            }
        }
    }

    /// An end that was a mistake is taken back: the score goes on.
    pub(super) fn reopened(&self, reason: &str, now: Timestamp) -> Self {
        let mut lead = self.clone();
        let owner = lead.owner.clone();
        lead.reopened_from = Some(lead.status);
        lead.status = Status::Returned;
        let marks = &mut lead.marks;
        (marks.converted_at, marks.disqualified_at, marks.disqualified_reason) = (None, None, None);
        (marks.returned_at, marks.returned_reason) = (Some(now), Some(reason.to_owned()));
        if lead.queue.is_some() {
            lead.dealt_from = lead.queue.take();
        }
        (lead.owner, lead.supervisor) = (None, None);
        if let Some(owner) = owner {
            lead.tell(&owner, "taken_back");
        }
        lead
    }
}
