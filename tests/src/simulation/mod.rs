//! A simulated world: months of traffic on the functions as they are shipped, under any faults, and
//! after every step the question whether each lead is what the [`oracle`](crate::oracle) says.
//!
//! Everything that happens follows from the seed: traffic, people, documents, faults, and the
//! SDK's own throws of dice. A seed that fails fails again, in the same way.

mod agenda;
mod audit;
mod check;
mod documents;
mod expected;
mod fault_injector;
mod people;
mod post;
mod requests;
mod state;
mod story;
mod timer;
mod traffic;

use std::fmt;

use jiff::Timestamp;
use tokio::runtime::Builder;

use crate::oracle::Rules;
use state::Simulation;

/// What a world is like, beside its seed.
#[derive(Clone)]
pub struct Plan {
    /// How long traffic comes in.
    pub days: i64,
    /// At most so many leads.
    pub leads: usize,
    /// A change to the rules that only the system hears of: a mistake to be found.
    pub planted: Option<fn(&mut Rules)>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { days: 120, leads: 60, planted: None }
    }
}

/// What a world went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "counted things, by name")]
pub struct Summary {
    pub leads: usize,
    pub steps: usize,
    pub calls: usize,
    pub faults: usize,
    pub letters: usize,
    pub repeated: usize,
}

impl Summary {
    /// Both together.
    pub fn add(&mut self, other: Self) {
        self.leads += other.leads;
        self.steps += other.steps;
        self.calls += other.calls;
        self.faults += other.faults;
        self.letters += other.letters;
        self.repeated += other.repeated;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { leads, steps, calls, faults, letters, repeated } = self;
        write!(
            f,
            "{leads} leads, {steps} steps, {calls} calls of AWS, {faults} runs struck by faults, \
             {letters} letters of which {repeated} twice"
        )
    }
}

/// What is not as it must be, and how it came about.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The world.
    pub seed: u64,
    /// When.
    pub at: Timestamp,
    /// What must be, and what is.
    pub what: String,
    /// What happened to the lead concerned.
    pub story: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {} at {}: {}", self.seed, self.at, self.what)?;
        writeln!(
            f,
            "  cargo run -p baton-tests --bin simulate -- --seed {} plays it again",
            self.seed
        )?;
        self.story.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

/// Plays one world to its end.
///
/// # Errors
///
/// The first thing that is not as it must be.
pub fn play(seed: u64, plan: &Plan) -> Result<Summary, Box<Violation>> {
    // The SDK's and our own throws of dice are this thread's.
    fastrand::seed(seed);
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let mut simulation = Simulation::open(seed, plan).await;
        let played =
            simulation.play().await.and_then(|summary| simulation.look_through().map(|()| summary));
        played.map_err(|wrong| simulation.violation(wrong))
    })
}
