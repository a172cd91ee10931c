//! A decision while it is made: what a command needs to know, the lead as it changes, and the
//! messages and history of the change.

mod checks;
mod facts;

use jiff::Timestamp;

use crate::activity::Entry;
use crate::actor::Actor;
use crate::command_kind::CommandKind;
use crate::correlation::Correlation;
use crate::decision::{Before, Decision, History};
use crate::editions::Editions;
use crate::id::{PersonId, QueueName};
use crate::lead::{Deadline, DeadlineKind, Lead, Stage, Status};
use crate::ledger;
use crate::message::{AlertKind, Event, EventName, Message};
use crate::policy::{Clocks, Policy};
use crate::roster::Roster;
use crate::route;
use crate::turn::QueueTurn;

/// All that a decision may know beside the lead.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The rules in force.
    pub policy: &'a Policy,
    /// The people, their queues and absences.
    pub roster: &'a Roster,
    /// The numbers under which both were published, if they were.
    pub editions: Option<Editions>,
    /// The turn of the queue that [`queue_needed`](crate::decide::queue_needed) named, if any.
    pub turn: Option<&'a QueueTurn>,
    /// The lead's ledger, if [`ledger_needed`](crate::decide::ledger_needed) asked for it: as an
    /// index shows it, in any order.
    pub ledger: Option<&'a [Entry]>,
    /// The moment. A clock that stepped back is taken to stand still.
    pub now: Timestamp,
}

/// What is known of the request for a command, beside the command's own fields.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// Which command is asked for.
    pub(crate) kind: CommandKind,
    /// Who asks for it.
    pub(crate) by: &'a Actor,
    /// The deadline that the asker saw.
    pub(crate) seen: Option<&'a Deadline>,
    /// What the request follows from.
    pub(crate) correlation: &'a Correlation,
}

/// What a command works on: it reads the lead and the rules, moves the lead to another stage, and
/// says what is made known of that.
pub(crate) struct DecisionBuilder<'a> {
    asked: Asked<'a>,
    decision: Decision,
    context: &'a Context<'a>,
    now: Timestamp,
    /// The queue it was dealt from before: a lead that leaves sales is in none.
    queue_before: Option<QueueName>,
}

impl<'a> DecisionBuilder<'a> {
    pub(crate) fn new(mut lead: Lead, asked: Asked<'a>, context: &'a Context<'a>) -> Self {
        let now = context.now.max(lead.changed_at);
        let before = Before {
            status: lead.status(),
            owner: lead.owner().cloned(),
            version: lead.version,
            behaviour: lead.behaviour.at(now, context.policy.scoring.half_life),
            changed_at: lead.changed_at,
            recount_at: lead.recount_at,
        };
        let queue_before = lead.queue().cloned();
        lead.version += 1;
        lead.changed_at = now;
        let decision =
            Decision { before, lead, entry: None, history: None, messages: Vec::new(), turn: None };
        Self { asked, decision, context, now, queue_before }
    }

    /// The decision, whole. One that neither history nor ledger would know of is put on record too,
    /// silently: without it, nobody could decide again what was decided.
    pub(crate) fn finish(mut self) -> Decision {
        if self.decision.history.is_none() && self.decision.entry.is_none() {
            let line = self.line(None, None);
            self.decision.history = Some(History { silent: true, ..line });
        }
        self.decision
    }

    pub(crate) fn lead(&self) -> &Lead {
        &self.decision.lead
    }

    pub(crate) fn lead_mut(&mut self) -> &mut Lead {
        &mut self.decision.lead
    }

    /// The moment of the decision.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Who asks for the command.
    pub(crate) fn by(&self) -> &'a Actor {
        self.asked.by
    }

    pub(crate) fn correlation(&self) -> &'a Correlation {
        self.asked.correlation
    }

    pub(crate) fn policy(&self) -> &'a Policy {
        self.context.policy
    }

    pub(crate) fn clocks(&self) -> &'a Clocks {
        &self.context.policy.clocks
    }

    pub(crate) fn roster(&self) -> &'a Roster {
        self.context.roster
    }

    /// The turn of the queue the lead is dealt from, if it has ever dealt a lead.
    pub(crate) fn turn(&self) -> Option<&'a QueueTurn> {
        self.context.turn
    }

    /// The lead's ledger, if it was read and nothing of it is missing.
    pub(crate) fn whole_ledger(&self) -> Option<&'a [Entry]> {
        let changed_at = self.decision.before.changed_at;
        let is_whole =
            |entries: &&[Entry]| ledger::is_whole(self.lead(), entries, changed_at, self.now);
        self.context.ledger.filter(is_whole)
    }

    /// Works the score out from the ledger; gives whether that could be had whole.
    pub(crate) fn recount(&mut self) -> bool {
        let Some(entries) = self.whole_ledger() else { return false };
        let policy = self.policy();
        let recounted = ledger::replay(self.lead(), entries, None, policy, self.now);
        recounted.put_on(self.lead_mut(), policy);
        true
    }

    /// The queue that the rules name for the lead.
    pub(crate) fn queue_wanted(&self) -> QueueName {
        route::wanted(self.lead(), self.policy(), self.roster())
    }

    /// Moves the lead to a stage.
    pub(crate) fn move_to(&mut self, stage: Stage) {
        self.lead_mut().stage = stage;
    }

    /// Moves the queue's turn on.
    pub(crate) fn move_turn(&mut self, turn: QueueTurn) {
        self.decision.turn = Some(turn);
    }

    /// Puts the activity into the ledger.
    pub(crate) fn set_entry(&mut self, entry: Entry) {
        self.decision.entry = Some(entry);
    }

    /// Publishes a fact about the lead as it is by now.
    pub(crate) fn publish(&mut self, name: EventName) {
        let event = Event::about(self.lead(), name, self.correlation());
        self.decision.messages.push(Message::Event(event));
    }

    /// Alerts somebody about the lead as it is by now.
    pub(crate) fn tell(&mut self, to: &PersonId, kind: AlertKind, reason: Option<&str>) {
        let alert = facts::alert(self, to, kind, reason);
        self.decision.messages.push(Message::Alert(Box::new(alert)));
    }

    /// Tells the previous owner that the lead was taken from them, unless they did that themselves.
    pub(crate) fn tell_unless_theirs(&mut self, owner: Option<&PersonId>, reason: &str) {
        let is_by = |owner: &PersonId| *self.by() == Actor::Person(owner.clone());
        if let Some(owner) = owner.filter(|owner| !is_by(owner)) {
            self.tell(owner, AlertKind::TakenBack, Some(reason));
        }
    }

    /// Writes the line of history; the last thing a decision does, when the lead is as it will be.
    pub(crate) fn write_history(&mut self, reason: Option<&str>, clock: Option<DeadlineKind>) {
        self.decision.history = Some(self.line(reason, clock));
    }

    fn line(&self, reason: Option<&str>, clock: Option<DeadlineKind>) -> History {
        let (lead, last_hold) = (self.lead(), self.lead().stage.last_hold());
        let (from, to) = (self.decision.before.status, lead.status());
        let trip = lead.stage.trip();
        let qualifies = from != to && to == Status::Mql;
        let held_by = last_hold.filter(|_| lead.owner().is_none());
        History {
            at: self.now,
            from,
            to,
            command: self.asked.kind,
            clock,
            by: self.asked.by.clone(),
            reason: reason.map(str::to_owned),
            owner: lead.owner().cloned(),
            held_by: held_by.map(|hold| hold.owner.clone()),
            supervisor: last_hold.and_then(|hold| hold.supervisor.clone()),
            queue: lead.queue().or(self.queue_before.as_ref()).cloned(),
            assigned_at: last_hold.map(|hold| hold.assigned_at),
            mql_at: trip.map(|trip| trip.mql_at),
            path: trip.map(|trip| trip.mql_by).filter(|_| qualifies),
            cycle: lead.cycle(),
            policy: self.context.policy.version.clone(),
            editions: self.context.editions,
            version: lead.version,
            silent: false,
        }
    }

    /// The editions of the rules that the decision is made by.
    pub(crate) fn editions(&self) -> Option<Editions> {
        self.context.editions
    }
}
