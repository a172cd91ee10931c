//! What breaks, and when: single calls, and whole services for hours.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::agenda::Part;
use crate::crash::Fault;
use crate::{Fate, Request, TestHarness};

/// The faults over both wires of a harness.
#[derive(Clone, Default)]
pub(super) struct FaultInjector(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    broken: Vec<Part>,
    /// The calls of the present run, by the name they keep over attempts: which it is of them all,
    /// and which of those that leave us.
    calls: HashMap<String, (usize, Option<usize>)>,
    leaving: usize,
    /// What breaks in the present run.
    strikes: Option<Strike>,
    run: Run,
    total: usize,
    /// Whether only we look, whom no fault keeps from it.
    looks: bool,
}

/// One call that breaks, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strike {
    /// Which, from 0.
    pub(super) call: usize,
    /// Whether only those count that leave us: to people, and to the bus.
    pub(super) leaves: bool,
    pub(super) fault: Fault,
}

/// What one run of a function went through.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// Whether any call was not answered as it should.
    pub(super) struck: bool,
    /// What was sent and arrived, each attempt: the bodies.
    pub(super) sent: Vec<String>,
}

impl FaultInjector {
    pub(super) fn over(harness: &TestHarness) -> Self {
        let faults = Self::default();
        for wire in [&harness.table, &harness.out] {
            let faults = faults.clone();
            wire.when(move |request| faults.fate(request));
        }
        faults
    }

    /// A function begins to run; gives what the one before went through.
    pub(super) fn next_run(&self, strikes: Option<Strike>) -> Run {
        let mut state = self.state();
        state.total += state.calls.len();
        state.calls.clear();
        state.leaving = 0;
        state.strikes = strikes;
        std::mem::take(&mut state.run)
    }

    pub(super) fn breaks(&self, part: Part) {
        self.state().broken.push(part);
    }

    pub(super) fn mends(&self, part: Part) {
        let mut state = self.state();
        let broken = state.broken.iter().position(|known| *known == part);
        broken.map(|index| state.broken.remove(index));
    }

    pub(super) fn is_broken(&self, part: Part) -> bool {
        self.state().broken.contains(&part)
    }

    /// From now on, or no more, what passes is ours to see, and no part of the world.
    pub(super) fn look_away(&self, looks: bool) {
        self.state().looks = looks;
    }

    pub(super) fn is_fair(&self) -> bool {
        self.state().broken.is_empty()
    }

    /// Calls made so far.
    pub(super) fn calls(&self) -> usize {
        let state = self.state();
        state.total + state.calls.len()
    }

    fn fate(&self, request: &Request) -> Fate {
        let mut state = self.state();
        if state.looks {
            return Fate::Pass;
        }
        let part = match request.operation.as_str() {
            "Publish" => Part::Alerts,
            "PutEvents" => Part::Bus,
            _ => Part::Store,
        };
        let (number, leaving) = state.number(request, part);
        let is_struck = |strike: &Strike| match strike.leaves {
            true => leaving == Some(strike.call),
            false => number == strike.call,
        };
        let fate = match state.strikes.filter(is_struck) {
            _ if state.broken.contains(&part) => Fate::Fail,
            Some(strike) => strike.fault.fate(request),
            None => Fate::Pass,
        };
        state.run.struck |= fate != Fate::Pass;
        if part != Part::Store && fate.is_carried_out() {
            state.run.sent.push(request.body.clone());
        }
        fate
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Which call of the present run it is: of all, and of those that leave us.
    fn number(&mut self, request: &Request, part: Part) -> (usize, Option<usize>) {
        if let Some(known) = self.calls.get(&request.call) {
            return *known;
        }
        let leaves = part != Part::Store;
        let number = (self.calls.len(), leaves.then_some(self.leaving));
        self.leaving += usize::from(leaves);
        self.calls.insert(request.call.clone(), number);
        number
    }
}
