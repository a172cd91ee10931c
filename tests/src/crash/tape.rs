//! The calls of a scene, in order, and which of them breaks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Fault;
use crate::{Fate, Request, Rig};

/// One call, as it was made when nothing broke.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) operation: String,
    pub(super) is_write: bool,
    /// The run of a function that made it.
    pub(super) run: usize,
    number: usize,
    body: String,
}

impl Call {
    /// Whether it sends a message.
    pub(super) fn is_send(&self) -> bool {
        matches!(self.operation.as_str(), "Publish" | "PutEvents")
    }

    /// The call that takes the message it sends off the list of promises: the next one about its
    /// lead that does such a thing.
    fn marked_by(&self, calls: &[Self]) -> Option<usize> {
        let is_mark = |call: &Self| {
            let key = call.body.split("lead#").nth(1).and_then(|rest| rest.get(..24));
            call.number > self.number
                && call.operation == "UpdateItem"
                && call.body.contains("delivered_at")
                && key.is_some_and(|lead| self.body.contains(lead))
        };
        calls.iter().position(is_mark)
    }
}

/// Keeps the calls that pass a rig's wires, and breaks one of them.
#[derive(Clone, Default)]
pub(super) struct Tape(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Off while a scene is being set.
    running: bool,
    run: usize,
    numbers: HashMap<String, usize>,
    calls: Vec<Call>,
    breaks: Option<(usize, Fault)>,
    struck: bool,
}

impl Tape {
    /// A tape on both wires of a rig.
    pub(super) fn on(rig: &Rig, breaks: Option<(usize, Fault)>) -> Self {
        let tape = Self::default();
        tape.state().breaks = breaks;
        for wire in [&rig.table, &rig.out] {
            let tape = tape.clone();
            wire.when(move |request| tape.heard(request));
        }
        tape
    }

    /// Begins to count.
    pub(super) fn start(&self) {
        self.state().running = true;
    }

    /// A function begins to run.
    pub(super) fn next_run(&self) {
        self.state().run += 1;
    }

    /// Whether the call that breaks was made.
    pub(super) fn struck(&self) -> bool {
        self.state().struck
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    fn heard(&self, request: &Request) -> Fate {
        let mut state = self.state();
        if !state.running {
            return Fate::Pass;
        }
        let next = state.calls.len();
        let number = *state.numbers.entry(request.call.clone()).or_insert(next);
        if number == next {
            let (operation, body) = (request.operation.clone(), request.body.clone());
            let (is_write, run) = (request.is_write(), state.run);
            state.calls.push(Call { operation, is_write, run, number, body });
        }
        match state.breaks {
            Some((breaks, fault)) if breaks == number => {
                state.struck = true;
                fault.fate(request)
            }
            _ => Fate::Pass,
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bodies of the messages that may go out twice when that call breaks so: those that went out,
/// and whose sender can't know it.
pub(super) fn repeatable(calls: &[Call], broken: usize, fault: Fault) -> Vec<String> {
    let run = calls[broken].run;
    let sent = (0..=broken).filter(|n| calls[*n].run == run && calls[*n].is_send());
    let is_open = |sent: &usize| match calls[*sent].marked_by(calls) {
        _ if *sent == broken => fault.hides_what_was_done(),
        Some(mark) if mark == broken => !fault.hides_what_was_done(),
        Some(mark) => broken < mark,
        None => false,
    };
    sent.filter(is_open).map(|sent| calls[sent].body.clone()).collect()
}
