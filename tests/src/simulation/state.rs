//! The world itself: takes one thing after another from its agenda, has the functions deal with
//! it, and looks at every lead it may have touched.

use baton_cloud::Document;
use baton_engine::{Draft, Publisher};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::agenda::{Agenda, Happening, Part};
use super::expected::Expected;
use super::fault_injector::{FaultInjector, Run, Strike};
use super::story::Story;
use super::{Plan, Summary, Violation, check, documents, traffic};
use crate::crash::Fault;
use crate::oracle::{Kind, Lead, Rules};
use crate::wire::TOO_LATE;
use crate::{Ask, START, TestHarness};

/// What is not as it must be, and about whom.
pub(super) struct Wrong {
    pub(super) lead: String,
    pub(super) what: String,
}

/// How far the timer's clock may be from everybody else's.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// How long everything may take to come to rest once traffic ends.
const AFTERWARDS: SignedDuration = SignedDuration::from_hours(24 * 40);

const FAULTS: [Fault; 9] = [
    Fault::Lost,
    Fault::Error,
    Fault::Throttled,
    Fault::Conflict,
    Fault::AnswerLost,
    Fault::Silence,
    Fault::Late,
    Fault::Killed,
    Fault::KilledAfter,
];

/// One simulated world.
pub(super) struct Simulation {
    seed: u64,
    pub(super) harness: TestHarness,
    pub(super) faults: FaultInjector,
    pub(super) agenda: Agenda,
    pub(super) chance: fastrand::Rng,
    pub(super) rules: Rules,
    pub(super) expected: Expected,
    pub(super) story: Story,
    pub(super) summary: Summary,
    plan: Plan,
    editions: usize,
    pub(super) heard: (usize, usize),
    /// Whether anything broke in the newest run of a function.
    pub(super) struck: bool,
    /// Whether the timer may still have something to do after an erasure, and the newest one.
    pub(super) erases: bool,
    pub(super) erased_at: Timestamp,
    /// When something last began to work again.
    pub(super) mended_at: Timestamp,
    /// Whether indexes lag in this world.
    pub(super) lags: bool,
}

impl Simulation {
    pub(super) async fn open(seed: u64, plan: &Plan) -> Self {
        let mut chance = fastrand::Rng::with_seed(seed);
        let rules = documents::with_days_off(documents::first(), &mut chance, plan.days);
        let harness = TestHarness::published().await;
        let faults = FaultInjector::over(&harness);
        let mut agenda = Agenda::default();
        let start = START.parse::<Timestamp>().expect("a time") + SignedDuration::from_hours(1);
        let leads = chance.usize(plan.leads / 3..=plan.leads);
        traffic::plan(&mut agenda, &mut chance, start, plan.days, leads);
        let mut simulation = Self {
            seed,
            harness,
            faults,
            agenda,
            rules,
            expected: Expected::default(),
            story: Story::default(),
            summary: Summary { leads, ..Summary::default() },
            plan: plan.clone(),
            editions: 0,
            heard: (0, 0),
            struck: false,
            erases: false,
            erased_at: start,
            mended_at: start,
            lags: chance.bool(),
            chance,
        };
        if simulation.lags {
            simulation.harness.lag(SignedDuration::ZERO);
        }
        simulation.foresee(start);
        simulation
    }

    /// Outages, new rules and audits, somewhere on the way.
    fn foresee(&mut self, start: Timestamp) {
        let days = self.plan.days;
        let chance = &mut self.chance;
        let mut some = |hours| start + traffic::seconds(chance, hours);
        for part in [Part::Store, Part::Alerts, Part::Alerts, Part::Bus, Part::Timer, Part::Timer] {
            let from = some(days * 24);
            self.agenda.add(from, Happening::Breaks(part));
        }
        for _ in 0..8 {
            let at = some(days * 24);
            self.agenda.add(at, Happening::Publish);
        }
        for week in 1..=days / 20 {
            self.agenda.add(start + SignedDuration::from_hours(24 * 20 * week), Happening::Audit);
        }
    }

    pub(super) async fn play(&mut self) -> Result<Summary, Wrong> {
        self.publish(self.rules.clone()).await?;
        let end = self.now() + SignedDuration::from_hours(24 * self.plan.days) + AFTERWARDS;
        while let Some((at, happening)) = self.agenda.next() {
            if at > end {
                break;
            }
            self.harness.clock.advance_to(at);
            self.summary.steps += 1;
            self.expected.begin_step();
            self.happens(happening).await?;
        }
        self.come_to_rest(end).await?;
        self.summary.calls = self.faults.calls();
        self.summary.repeated = self.expected.repeated;
        Ok(self.summary)
    }

    async fn happens(&mut self, happening: Happening) -> Result<(), Wrong> {
        match happening {
            Happening::Send(sending) => self.send(*sending).await,
            Happening::Act(act) => self.act(*act).await,
            Happening::Erase(email) => self.erase(email).await,
            Happening::Deliver(event) => self.deliver(event).await,
            Happening::Timer => self.timer().await,
            Happening::Publish => {
                self.editions += 1;
                let next = documents::changed(&self.rules, &mut self.chance, self.editions);
                self.publish(next).await
            }
            Happening::Breaks(part) => {
                self.faults.breaks(part);
                let hours = if part == Part::Timer { 24 * 4 } else { 15 };
                let until =
                    self.now() + SignedDuration::from_secs(self.chance.i64(60..hours * 3600));
                self.agenda.add(until, Happening::Mends(part));
                Ok(())
            }
            Happening::Mends(part) => {
                self.faults.mends(part);
                self.mended_at = self.now();
                self.agenda.timer(self.now());
                Ok(())
            }
            Happening::Audit => self.audit(false).await,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.harness.clock.now()
    }

    /// Perhaps one of the next calls breaks.
    pub(super) fn begin_run(&mut self) {
        let strikes = (self.chance.u8(..100) < 12).then(|| {
            let fault = *self.chance.choice(&FAULTS).expect("faults");
            let leaves = self.chance.u8(..100) < 40;
            Strike { call: self.chance.usize(..if leaves { 2 } else { 10 }), leaves, fault }
        });
        self.faults.next_run(strikes);
        // Nobody asks what passed: it would only fill the memory.
        for wire in [&self.harness.table, &self.harness.out] {
            wire.taken();
        }
    }

    /// What the run went through; what it sent in vain may be sent again.
    pub(super) async fn end_run(&mut self) -> Run {
        // What its sender no longer waits for arrives now, not when time next passes.
        tokio::time::sleep(TOO_LATE * 2).await;
        let run = self.faults.next_run(None);
        self.struck = run.struck;
        if run.struck {
            self.summary.faults += 1;
            for body in run.sent.iter().filter(|body| body.contains("Action=Publish")) {
                let about = self.expected.names.iter().find(|(id, _)| body.contains(id.as_str()));
                if let Some((_, lead)) = about {
                    let lead = lead.clone();
                    self.expected.may_repeat(&lead);
                }
            }
        }
        run
    }

    /// Publishes rules, and lets them come into force in peace.
    async fn publish(&mut self, next: Rules) -> Result<(), Wrong> {
        if self.faults.is_broken(Part::Store) {
            return Ok(());
        }
        let mut told = next.clone();
        if let Some(planted) = self.plan.planted {
            planted(&mut told);
        }
        let (policy, roster) = (documents::policy(&told), documents::roster(&told));
        let draft = |document, text| Draft { document, name: "a draft", text };
        let drafts = [draft(Document::Policy, &*policy), draft(Document::Roster, &*roster)];
        self.faults.next_run(None);
        let table = self.harness.services.table();
        Publisher(table)
            .publish_drafts(&drafts, self.now())
            .await
            .map_err(|why| self.error(&why))?;
        self.harness.pass(SignedDuration::from_mins(1));
        self.harness.services.refresh().await;
        self.rules = next;
        Ok(())
    }

    fn error(&self, why: &dyn std::fmt::Display) -> Wrong {
        Wrong { lead: String::new(), what: why.to_string() }
    }

    pub(super) fn tell(&mut self, lead: &str, what: &str) {
        let now = self.now();
        self.story.tell(lead, now, what);
    }

    pub(super) fn wrong<T>(&self, lead: &str, what: String) -> Result<T, Wrong> {
        Err(Wrong { lead: lead.to_owned(), what })
    }

    /// The lead as the desk shows it, in fair weather.
    pub(super) async fn look(&mut self, email: &str) -> Value {
        self.faults.look_away(true);
        let heard = self.harness.http(&Ask::lead(email)).await;
        self.faults.look_away(false);
        heard.body
    }

    /// Finds out what the lead is: one of what the step may have made of it, or, if the step may
    /// not have been taken, what it was. Takes it for that from now on. Says whether anything was
    /// written since somebody last looked.
    pub(super) async fn settle(
        &mut self,
        email: &str,
        after: Vec<Lead>,
        before: Option<Option<Lead>>,
    ) -> Result<bool, Wrong> {
        let view = self.look(email).await;
        if let Some(id) = view["lead"].as_str() {
            self.expected.names.insert(id.to_owned(), email.to_owned());
        }
        let version = view["version"].as_u64().unwrap_or(0);
        let was = self.expected.versions.insert(email.to_owned(), version).unwrap_or(0);
        let is_written = version != was;
        let mut may: Vec<_> = after.into_iter().map(Some).collect();
        // Two that look alike are told apart by whether anything was written at all.
        let place = if is_written { may.len() } else { 0 };
        before.into_iter().for_each(|before| may.insert(place, before));
        let (now, rules) = (self.now(), &self.rules);
        let differs = |lead: &Option<Lead>| match lead {
            Some(lead) => check::differs(lead, &view, now, rules),
            None => view["lead"].as_str().map(|_| "nobody may know of it yet".to_owned()),
        };
        let Some(is) = may.iter().find(|lead| differs(lead).is_none()) else {
            return self.wrong(email, may.first().and_then(differs).unwrap_or_default());
        };
        if let Some(lead) = is {
            self.expected.put(&lead.clone());
        }
        Ok(is_written)
    }

    /// The timer runs when a lead's promise has passed, or later.
    pub(super) fn plan_timer(&mut self, email: &str, before: Option<&Lead>) {
        let Some(lead) = self.expected.leads.get(email) else { return };
        let is_new = before.is_none_or(|before| before.deadline != lead.deadline);
        if let Some(at) = lead.deadline.and_then(|deadline| deadline.at).filter(|_| is_new) {
            let late = self.lateness();
            let at = (at + late).max(self.now());
            self.agenda.timer(at);
        }
    }

    /// Somebody was erased: the timer looks again whether anything of them was left.
    pub(super) fn erased(&mut self, at: Timestamp) {
        (self.erases, self.erased_at) = (true, at);
        for minutes in [1, 12, 25, 60] {
            self.agenda.timer(at + SignedDuration::from_mins(minutes));
        }
    }

    /// Whoever got it in turn got no more than their share.
    pub(super) fn dealt(&mut self, email: &str, before: &Lead) -> Result<(), Wrong> {
        let owner = self.expected.leads[email].owner.clone();
        let (Some(owner), true) = (owner, before.runs(Kind::Route)) else { return Ok(()) };
        let latest = self.expected.leads[email].latest;
        let Some((queue, present)) = before.takers(latest, &self.rules) else { return Ok(()) };
        self.expected.shares.deal(&queue, &present, &owner);
        match self.expected.shares.unfair() {
            Some(unfair) => self.wrong(email, unfair),
            None => Ok(()),
        }
    }

    fn lateness(&mut self) -> SignedDuration {
        let secs = match self.chance.u8(..100) {
            ..10 => 0,
            10..80 => 60,
            80..97 => 900,
            _ => 6 * 3600,
        };
        SignedDuration::from_secs(if secs == 0 { 0 } else { self.chance.i64(0..secs) })
    }

    /// At the end nothing may be wrong with the table.
    pub(super) fn look_through(&self) -> Result<(), Wrong> {
        match self.harness.findings().join("; ") {
            nothing if nothing.is_empty() => Ok(()),
            what => Err(Wrong { lead: String::new(), what }),
        }
    }

    pub(super) fn violation(&mut self, wrong: Wrong) -> Box<Violation> {
        self.harness.is_looked_at();
        let story = self.story.of(&wrong.lead);
        let what = match wrong.lead.as_str() {
            "" => wrong.what,
            lead => format!("{lead}: {}", wrong.what),
        };
        Box::new(Violation { seed: self.seed, at: self.now(), what, story })
    }
}
