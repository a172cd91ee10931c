//! What is told late is told only while it is so: nobody hears of a lead that is theirs no more, or
//! is asked for what they have done.

use super::lead::{ExpectedAlert, Kind, Lead};

impl Lead {
    /// Whether something that somebody was to be told is so still.
    pub fn is_still(&self, told: &ExpectedAlert) -> bool {
        let about = &told.about;
        let is_held = self.owner == about.owner && self.marks.assigned_at == about.assigned_at;
        // Asked once more, they are told what the newest says.
        let waits = self.runs(Kind::Accept) && is_held && self.overdue == about.overdue;
        self.cycle == about.cycle
            && match told.kind {
                "assigned" | "accept_overdue" => waits,
                "take_back_warned" => self.runs(Kind::TakeBack) && is_held,
                "taken_back" => self.status == about.status,
                "handed_over" => self.marks.owner.as_ref() != Some(&told.to),
                "unrouted" => self.runs(Kind::Route) && self.unrouted == Some(told.from),
                _ => false,
            }
    }
}
