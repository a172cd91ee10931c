//! Plays a scenario: what was acknowledged to nobody is asked again, what the bus could not hand over
//! waits in the inbox, and the timer goes on running.

use std::sync::LazyLock;

use baton_documents::{policy, roster};
use baton_engine::Rules;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::runtime::Builder;

use super::call_log::{Call, CallLog};
use super::scenarios::{HOOK, Scenario, Step};
use super::{Fault, FinalState};
use crate::{Ask, START, TestHarness, sample_roster};

/// Rounds of recovery that must be enough.
const ROUNDS: usize = 5;

/// A scenario that was played.
pub(super) struct Played {
    pub(super) calls: Vec<Call>,
    pub(super) struck: bool,
    pub(super) end: FinalState,
}

/// Plays a scenario in a world of its own, whose time passes as soon as nobody has anything to do.
pub(super) fn scenario(scenario: &Scenario, breaks: Option<(usize, Fault)>) -> Played {
    // The SDK's and our own throws of dice: the same each time.
    fastrand::seed(1);
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(Stage::play(scenario, breaks))
}

struct Stage {
    harness: TestHarness,
    log: CallLog,
    /// Events that were handed to the bus, and those of them that are in the inbox still.
    heard: usize,
    inbox: Vec<Value>,
    bus_loses: bool,
}

impl Stage {
    async fn play(scenario: &Scenario, breaks: Option<(usize, Fault)>) -> Played {
        let harness = TestHarness::open(rules(scenario)).await;
        if breaks.is_some() {
            // Its table is held against the one in which nothing broke, and that one is looked at.
            harness.is_looked_at();
        }
        let log = CallLog::on(&harness, breaks);
        let mut stage =
            Self { harness, log, heard: 0, inbox: Vec::new(), bus_loses: scenario.bus_loses };
        for (at, step) in scenario.given {
            stage.step(at, step).await;
        }
        stage.log.start();
        for (at, step) in scenario.steps {
            stage.step(at, step).await;
        }
        let (calls, struck) = (stage.log.calls(), stage.log.struck());
        Played { calls, struck, end: FinalState::of(&stage.harness).await }
    }

    /// Takes a step at its moment, and recovers if something broke.
    async fn step(&mut self, at: &str, step: &Step) {
        let before = self.log.struck();
        self.harness.clock.advance_to(moment(at));
        for round in 0.. {
            self.log.next_run();
            if self.take(step).await {
                break;
            }
            assert!(round < ROUNDS, "{step:?} is never done");
        }
        self.hand_over().await;
        if self.log.struck() != before {
            self.recover().await;
        }
    }

    /// Whether whoever takes the step knows that it is taken.
    async fn take(&mut self, step: &Step) -> bool {
        match step {
            Step::Ask(ask) => self.ask(&ask()).await,
            Step::Timer => self.timer().await,
            Step::Retry => match waiting(&self.harness).await {
                Some(path) => self.ask(&Ask::post(&path, &Value::Null).key(crate::DESK_KEY)).await,
                None => true,
            },
        }
    }

    async fn ask(&mut self, ask: &Ask) -> bool {
        self.harness.http(ask).await.is_final()
    }

    async fn timer(&mut self) -> bool {
        self.harness.tick().await.is_some()
    }

    /// The bus fills the inbox, and the inbox hands over until all is dealt with.
    async fn hand_over(&mut self) {
        for _ in 0..ROUNDS {
            let events = self.harness.post.events_after(self.heard);
            self.heard += events.len();
            if !self.bus_loses {
                let qualified = |event: &Value| event["detail-type"] == "lead.qualified";
                self.inbox.extend(events.into_iter().filter(qualified));
            }
            for event in std::mem::take(&mut self.inbox) {
                self.log.next_run();
                if !self.harness.deliver(&event).await {
                    self.inbox.push(event);
                }
            }
        }
        assert!(self.inbox.is_empty(), "the inbox is never empty");
    }

    /// The timer goes on, minute by minute, until nothing is left to do.
    async fn recover(&mut self) {
        let mut is_at_rest = false;
        for _ in 0..ROUNDS {
            self.harness.pass(SignedDuration::from_mins(1));
            self.log.next_run();
            let report = self.harness.tick().await;
            self.hand_over().await;
            let is_idle = |r: baton_sla::Report| r.lapsed + r.delivered + r.failed == 0;
            is_at_rest = report.is_some_and(is_idle) && !has_undelivered(&self.harness).await;
            if is_at_rest {
                break;
            }
        }
        assert!(is_at_rest, "the timer never comes to rest");
    }
}

async fn has_undelivered(harness: &TestHarness) -> bool {
    let items = harness.dump().await;
    items.values().any(|item| item["item"]["S"] == "message" && item["due_at"].is_object())
}

/// Where to ask that the delivery in quarantine be tried again.
async fn waiting(harness: &TestHarness) -> Option<String> {
    let items = harness.dump().await;
    let held =
        items.values().find(|i| i["item"]["S"] == "quarantine" && i["taken_at"].is_null())?;
    let text = |name: &str| held[name]["S"].as_str().unwrap_or_default();
    Some(format!("/quarantine/{}/{}/retry", text("source"), text("id")))
}

fn moment(after_start: &str) -> Timestamp {
    let start: Timestamp = START.parse().expect("a time");
    let span: SignedDuration = after_start.parse().expect("a span");
    start + span
}

fn rules(scenario: &Scenario) -> Rules {
    static STAFFED: LazyLock<Rules> = LazyLock::new(|| read(roster::SAMPLE));
    static EMPTY: LazyLock<Rules> =
        LazyLock::new(|| read(&sample_roster(&[("Hana Sato\"", "Hana Sato\"\nactive = false")])));
    if scenario.nobody_there { EMPTY.clone() } else { STAFFED.clone() }
}

fn read(people: &str) -> Rules {
    let policy = format!("{}\n{HOOK}", policy::SAMPLE);
    Rules::read(("the policy", &policy), ("the roster", people)).expect("good rules")
}
