//! The timer: late, twice at once, by a clock that is wrong, over indexes that lag.

use jiff::{SignedDuration, Timestamp};

use super::agenda::Part;
use super::state::{SKEW, Simulation, Wrong};
use crate::oracle::{Kind, Lead};

/// Longer than the timer waits before it looks whether an erasure left anything.
const LOOKS_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(11);

impl Simulation {
    pub(super) async fn timer(&mut self) -> Result<(), Wrong> {
        let is_idle = self.concerned(self.now()).is_empty() && !self.owes() && !self.erases;
        if self.faults.is_broken(Part::Timer) || (is_idle && self.chance.u8(..100) >= 3) {
            return Ok(());
        }
        let lag = if self.lags { self.chance.i64(0..=120) } else { 0 };
        let lag = SignedDuration::from_secs(lag);
        if self.lags {
            self.harness.lag(lag);
        }
        let skewed = self.chance.u8(..100) < 15;
        let skew = if skewed { self.chance.i64(-600..=600) } else { 0 };
        let clock = self.now() + SignedDuration::from_secs(skew);
        let concerned = self.concerned(clock);
        self.begin_run();
        let ran = match (skewed, self.chance.u8(..100) < 10) {
            (true, _) => self.harness.tick_at(clock).await,
            (_, true) => {
                let (one, other) = tokio::join!(self.harness.tick(), self.harness.tick());
                one.or(other)
            }
            (_, false) => self.harness.tick().await,
        };
        let run = self.end_run().await;
        if ran.is_none() && !run.struck {
            return self.wrong("", "the timer failed in fair weather".to_owned());
        }
        if run.struck || ran.is_none() {
            let again = self.now() + SignedDuration::from_mins(1 + self.chance.i64(0..30));
            self.agenda.timer(again);
        }
        for before in &concerned {
            self.step(before, clock, run.struck, lag).await?;
        }
        self.hear()?;
        for before in &concerned {
            self.warned_when_told(&before.email)?;
        }
        // What an erasure left behind an index is looked for once more.
        if self.erases && !run.struck && self.now() > self.erased_at + LOOKS_AGAIN_AFTER + SKEW {
            self.erases = skew < 0;
        }
        Ok(())
    }

    /// One lead that the timer had to do something about, or may have.
    async fn step(
        &mut self,
        before: &Lead,
        clock: Timestamp,
        struck: bool,
        lag: SignedDuration,
    ) -> Result<(), Wrong> {
        let email = before.email.clone();
        let view = self.look(&email).await;
        let to = view["owner"].as_str();
        let (mut after, mut may_stay) = (Vec::new(), true);
        if before.is_due(clock) {
            let lapsed = before.lapsed(to, clock, &self.rules);
            if lapsed.awaits_warning() {
                after.push(lapsed.warned(clock, &self.rules));
            }
            after.push(lapsed);
            // An index that does not show it yet leaves it to the next run, and so does a step
            // that failed before.
            let is_put_off = self.expected.put_off.get(&email).is_some_and(|at| *at > self.now());
            may_stay = struck || is_put_off || self.now().duration_since(before.latest) <= lag;
            if struck {
                self.expected.put_off(&email, self.now());
            }
        } else {
            after.push(before.warned(clock, &self.rules));
        }
        self.tell(&email, &format!("the timer runs, its clock at {clock}"));
        self.settle(&email, after, may_stay.then(|| Some(before.clone()))).await?;
        let is = &self.expected.leads[&email];
        if is.is_due(self.now()) {
            let again = self.now() + SignedDuration::from_mins(2);
            self.agenda.timer(again);
        }
        self.dealt(&email, before)?;
        self.plan_timer(&email, Some(before));
        Ok(())
    }

    /// Rule 8: grace begins when the owner's warning leaves us, and at no other moment.
    fn warned_when_told(&mut self, email: &str) -> Result<(), Wrong> {
        let Some(lead) = self.expected.leads.get(email) else { return Ok(()) };
        let (Some(warned), Some(owner)) = (lead.marks.warned_at, lead.owner.clone()) else {
            return Ok(());
        };
        if !lead.runs(Kind::TakeBack) {
            return Ok(());
        }
        let letters = self.expected.told_at(lead, &owner, "take_back_warned");
        match letters.iter().any(|at| at.duration_since(warned).abs() <= SKEW) {
            true => Ok(()),
            false => self.wrong(email, format!("nobody warned {owner} at {warned}")),
        }
    }

    /// Leads whose promise has passed, or whose owner is still to be warned, oldest first.
    fn concerned(&self, clock: Timestamp) -> Vec<Lead> {
        let leads = self.expected.leads.values();
        let concerned = leads.filter(|lead| lead.is_due(clock) || lead.awaits_warning());
        let mut concerned: Vec<_> = concerned.cloned().collect();
        concerned.sort_by_key(|lead| lead.deadline.and_then(|deadline| deadline.at));
        concerned
    }

    /// Whether somebody is still to be told something.
    pub(super) fn owes(&self) -> bool {
        self.expected.leads.values().any(|lead| self.expected.owed(lead).is_some())
    }
}
