//! Plays a scene: what was acknowledged to nobody is asked again, what the bus could not hand over
//! waits in the inbox, and the timer goes on running.

use std::sync::LazyLock;

use baton_documents::{policy, roster};
use baton_engine::Rules;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::runtime::Builder;

use super::scenes::{HOOK, Scene, Step};
use super::tape::{Call, Tape};
use super::{Fault, World};
use crate::{Ask, Rig, START, sample_roster};

/// Rounds of recovery that must be enough.
const ROUNDS: usize = 5;

/// A scene that was played.
pub(super) struct Played {
    pub(super) calls: Vec<Call>,
    pub(super) struck: bool,
    pub(super) end: World,
}

/// Plays a scene in a world of its own, whose time passes as soon as nobody has anything to do.
pub(super) fn scene(scene: &Scene, breaks: Option<(usize, Fault)>) -> Played {
    // The SDK's and our own throws of dice: the same each time.
    fastrand::seed(1);
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(Stage::play(scene, breaks))
}

struct Stage {
    rig: Rig,
    tape: Tape,
    /// Events that were handed to the bus, and those of them that are in the inbox still.
    heard: usize,
    inbox: Vec<Value>,
    bus_loses: bool,
}

impl Stage {
    async fn play(scene: &Scene, breaks: Option<(usize, Fault)>) -> Played {
        let rig = Rig::open(rules(scene)).await;
        if breaks.is_some() {
            // Its table is held against the one in which nothing broke, and that one is looked at.
            rig.is_looked_at();
        }
        let tape = Tape::on(&rig, breaks);
        let mut stage = Self { rig, tape, heard: 0, inbox: Vec::new(), bus_loses: scene.bus_loses };
        for (at, step) in scene.given {
            stage.step(at, step).await;
        }
        stage.tape.start();
        for (at, step) in scene.steps {
            stage.step(at, step).await;
        }
        let (calls, struck) = (stage.tape.calls(), stage.tape.struck());
        Played { calls, struck, end: World::of(&stage.rig).await }
    }

    /// Takes a step at its moment, and recovers if something broke.
    async fn step(&mut self, at: &str, step: &Step) {
        let before = self.tape.struck();
        self.rig.clock.advance_to(moment(at));
        for round in 0.. {
            self.tape.next_run();
            if self.take(step).await {
                break;
            }
            assert!(round < ROUNDS, "{step:?} is never done");
        }
        self.hand_over().await;
        if self.tape.struck() != before {
            self.recover().await;
        }
    }

    /// Whether whoever takes the step knows that it is taken.
    async fn take(&mut self, step: &Step) -> bool {
        match step {
            Step::Ask(ask) => self.ask(&ask()).await,
            Step::Timer => self.timer().await,
            Step::Retry => match waiting(&self.rig).await {
                Some(path) => self.ask(&Ask::post(&path, &Value::Null).key(crate::DESK_KEY)).await,
                None => true,
            },
        }
    }

    async fn ask(&mut self, ask: &Ask) -> bool {
        self.rig.http(ask).await.is_final()
    }

    async fn timer(&mut self) -> bool {
        self.rig.tick().await.is_some()
    }

    /// The bus fills the inbox, and the inbox hands over until all is dealt with.
    async fn hand_over(&mut self) {
        for _ in 0..ROUNDS {
            let events = self.rig.post.events_after(self.heard);
            self.heard += events.len();
            if !self.bus_loses {
                let qualified = |event: &Value| event["detail-type"] == "lead.qualified";
                self.inbox.extend(events.into_iter().filter(qualified));
            }
            for event in std::mem::take(&mut self.inbox) {
                self.tape.next_run();
                if !self.rig.deliver(&event).await {
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
            self.rig.pass(SignedDuration::from_mins(1));
            self.tape.next_run();
            let report = self.rig.tick().await;
            self.hand_over().await;
            let is_idle = |r: baton_sla::Report| r.lapsed + r.delivered + r.failed == 0;
            is_at_rest = report.is_some_and(is_idle) && !has_undelivered(&self.rig).await;
            if is_at_rest {
                break;
            }
        }
        assert!(is_at_rest, "the timer never comes to rest");
    }
}

async fn has_undelivered(rig: &Rig) -> bool {
    let items = rig.dump().await;
    items.values().any(|item| item["item"]["S"] == "message" && item["due_at"].is_object())
}

/// Where to ask that the delivery in quarantine be tried again.
async fn waiting(rig: &Rig) -> Option<String> {
    let items = rig.dump().await;
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

fn rules(scene: &Scene) -> Rules {
    static STAFFED: LazyLock<Rules> = LazyLock::new(|| read(roster::SAMPLE));
    static EMPTY: LazyLock<Rules> =
        LazyLock::new(|| read(&sample_roster(&[("Hana Sato\"", "Hana Sato\"\nactive = false")])));
    if scene.nobody_there { EMPTY.clone() } else { STAFFED.clone() }
}

fn read(people: &str) -> Rules {
    let policy = format!("{}\n{HOOK}", policy::SAMPLE);
    Rules::read(("the policy", &policy), ("the roster", people)).expect("good rules")
}
