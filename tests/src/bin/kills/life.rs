//! One store, from its first start to the last kill, and what is left in it.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use baton_tests::Process;
use fastrand::Rng;

use crate::journal::{Count, Journal};
use crate::load::Sender;
use crate::proof;

/// A clock that senders move: days pass between kills.
const ARGUMENTS: [&str; 2] = ["--clock", "manual:2026-03-01T09:00:00Z"];
/// Senders at once.
const SENDERS: usize = 4;
/// The most answers that a process gives before it is killed: work and not time, so that a slow
/// machine tests as much as a fast one.
const ANSWERS_AT_MOST: usize = 60;
/// How long after that it is killed at most, in microseconds: into the midst of the next requests.
const THEN_WITHIN_US: u64 = 4_000;
/// A process that has not given so many answers by then hangs.
const ANSWERS_WITHIN: Duration = Duration::from_secs(60);
/// One process of so many is killed while it starts.
const STARTING: u32 = 8;
/// Before it has started, in microseconds.
const STARTS_WITHIN_US: u64 = 60_000;

/// A store, and whoever sends to it.
pub(crate) struct Life {
    folder: tempfile::TempDir,
    rng: Rng,
    journal: Mutex<Journal>,
    restarts: Vec<Duration>,
}

/// What a life came to.
pub(crate) struct Lived {
    pub(crate) count: Count,
    pub(crate) items: usize,
    pub(crate) restarts: Vec<Duration>,
    pub(crate) wrong: Vec<String>,
}

impl Life {
    pub(crate) fn begin(seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let rng = Rng::with_seed(seed);
        Self { folder, rng, journal: Mutex::default(), restarts: Vec::new() }
    }

    /// Starts and kills it so often, and then looks.
    pub(crate) fn live(mut self, kills: usize) -> Lived {
        for _ in 0..kills {
            if self.rng.u32(0..STARTING) == 0 {
                let after = Duration::from_micros(self.rng.u64(0..STARTS_WITHIN_US));
                let arguments = ARGUMENTS.map(AsRef::as_ref);
                Process::kill_while_starting(self.folder.path(), "kills", &arguments, after);
            } else {
                self.kill_under_load();
            }
        }
        self.settle();
        self.restarts.sort_unstable();
        let mut journal = self.journal.into_inner().unwrap_or_else(PoisonError::into_inner);
        journal.count.kills += kills;
        let items = proof::look_through(&self.folder.path().join("data"), &mut journal);
        let Journal { count, wrong, .. } = journal;
        Lived { count, items, restarts: self.restarts, wrong }
    }

    fn kill_under_load(&mut self) {
        let process = self.start();
        let answers = self.answered() + self.rng.usize(0..=ANSWERS_AT_MOST);
        let then = Duration::from_micros(self.rng.u64(0..THEN_WITHIN_US));
        let Self { rng, journal, .. } = self;
        thread::scope(|scope| {
            for _ in 0..SENDERS {
                let sender = Self::sender(rng, journal, &process);
                scope.spawn(|| sender.send_until_gone());
            }
            wait_for(answers, journal);
            thread::sleep(then);
            process.kill();
        });
    }

    /// Everything that was ever sent is sent once more, and everything due is done.
    fn settle(&mut self) {
        let process = self.start();
        let sender = Self::sender(&mut self.rng, &self.journal, &process);
        let sent = self.journal.lock().unwrap_or_else(PoisonError::into_inner).deliveries.len();
        let all = (0..sent).try_for_each(|index| sender.deliver_one(index));
        let settled = all.and_then(|()| sender.advance("30m"));
        if settled.is_err() {
            let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
            journal.wrong.push("it stopped answering by itself".to_owned());
        }
        process.kill();
    }

    fn answered(&self) -> usize {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).answers
    }

    /// Starts it, and waits for its first answer.
    fn start(&mut self) -> Process {
        #[expect(clippy::disallowed_methods, reason = "how long a start takes is measured")]
        let began = Instant::now();
        let arguments = ARGUMENTS.map(AsRef::as_ref);
        let process = Process::serve_in(self.folder.path(), "kills", &arguments);
        process.call("GET", "/health").send().expect(200);
        self.restarts.push(began.elapsed());
        process
    }

    fn sender<'l>(rng: &mut Rng, journal: &'l Mutex<Journal>, process: &Process) -> Sender<'l> {
        Sender { baton: (**process).clone(), rng: rng.fork(), journal }
    }
}

fn wait_for(answers: usize, journal: &Mutex<Journal>) {
    const LOOK_EVERY: Duration = Duration::from_micros(500);
    let mut waited = Duration::ZERO;
    while journal.lock().unwrap_or_else(PoisonError::into_inner).answers < answers {
        thread::sleep(LOOK_EVERY);
        waited += LOOK_EVERY;
        if waited > ANSWERS_WITHIN {
            let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
            return journal.wrong.push("it stopped answering before it was killed".to_owned());
        }
    }
}
