//! The calls of a scenario, in order, and which of them breaks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::Fault;
use crate::{Fate, Request, TestHarness};

/// One call, as it was made when nothing broke.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) operation: String,
    pub(super) is_write: bool,
    /// The run of a function that made it.
    pub(super) run: usize,
    pub(super) body: String,
}

impl Call {
    /// Whether it sends a message.
    pub(super) fn is_send(&self) -> bool {
        matches!(self.operation.as_str(), "Publish" | "PutEvents")
    }

    /// The message that it takes off the list of promises as delivered: the keys of its item.
    pub(super) fn marks(&self) -> Option<(String, String)> {
        let is_mark = self.operation == "UpdateItem" && self.body.contains("delivered_at");
        let body: Value = serde_json::from_str(is_mark.then_some(&self.body)?).ok()?;
        let key = |name: &str| Some(body["Key"][name]["S"].as_str()?.to_owned());
        Some((key("pk")?, key("sk")?))
    }

    fn is_digest(&self) -> bool {
        self.operation == "Publish" && self.body.contains("StringValue=digest")
    }
}

/// Keeps the calls that pass a harness's wires, and breaks one of them.
#[derive(Clone, Default)]
pub(super) struct CallLog(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Off while a scenario is being set.
    running: bool,
    run: usize,
    numbers: HashMap<String, usize>,
    calls: Vec<Call>,
    breaks: Option<(usize, Fault)>,
    struck: bool,
}

impl CallLog {
    /// A log on both wires of a harness.
    pub(super) fn on(harness: &TestHarness, breaks: Option<(usize, Fault)>) -> Self {
        let log = Self::default();
        log.state().breaks = breaks;
        for wire in [&harness.table, &harness.out] {
            let log = log.clone();
            wire.when(move |request| log.heard(request));
        }
        log
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
            state.calls.push(Call { operation, is_write, run, body });
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

/// The calls that tell which messages may go out twice when that call breaks so: those that went
/// out, and whose sender can't know it. A message is told by what sends it; one of a digest, by
/// what marks it.
pub(super) fn repeatable(calls: &[Call], broken: usize, fault: Fault) -> Vec<&Call> {
    let run = calls[broken].run;
    let sent = (0..=broken).filter(|n| calls[*n].run == run && calls[*n].is_send());
    let is_open = |sent: usize, mark: Option<usize>| match mark {
        _ if sent == broken => fault.hides_what_was_done(),
        Some(mark) if mark == broken => !fault.hides_what_was_done(),
        Some(mark) => broken < mark,
        None => false,
    };
    let told_by = |sent: usize| match calls[sent].is_digest() {
        true => {
            let marks = marks_of_digest(calls, sent);
            marks.filter(|mark| is_open(sent, Some(*mark))).map(|mark| &calls[mark]).collect()
        }
        false => {
            let open = is_open(sent, mark_of(calls, sent)).then_some(&calls[sent]);
            Vec::from_iter(open)
        }
    };
    sent.flat_map(told_by).collect()
}

/// The call that takes the message that a call sends off the list of promises: the next one about
/// its lead that does such a thing.
fn mark_of(calls: &[Call], sent: usize) -> Option<usize> {
    let is_its =
        |(lead, _): (String, String)| calls[sent].body.contains(lead.trim_start_matches("lead#"));
    (sent + 1..calls.len()).find(|n| calls[*n].marks().is_some_and(is_its))
}

/// The calls that do so for each alert of a digest: all that its run makes before it sends another.
fn marks_of_digest(calls: &[Call], sent: usize) -> impl Iterator<Item = usize> {
    let run = calls[sent].run;
    let later = (sent + 1..calls.len()).take_while(move |n| {
        let call = &calls[*n];
        call.run == run && !call.is_send()
    });
    later.filter(|n| calls[*n].marks().is_some())
}
