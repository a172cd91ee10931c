//! The one function that decides: a lead and an order in, a refusal or a decision out.

mod alert;
mod assign;
#[cfg(test)]
mod erasure_test;
#[cfg(test)]
mod escalate_test;
#[cfg(test)]
mod extend_test;
mod finish;
#[cfg(test)]
mod history_test;
mod lapse;
#[cfg(test)]
mod measure_test;
mod possible;
#[cfg(test)]
mod possible_test;
#[cfg(test)]
mod properties_test;
mod qualify;
mod record;
#[cfg(test)]
mod rules_test;
mod scan;
#[cfg(test)]
mod scan_test;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod truth_test;
mod work;

use jiff::{SignedDuration, Timestamp};

use crate::command::{Actor, Command, Order};
use crate::cursor::Cursor;
use crate::decision::{Before, Decision, History};
use crate::id::{PersonId, QueueName};
use crate::lead::{Clock, Deadline, Lead, Status};
use crate::message::{AlertKind, Event, EventName, Message};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::roster::Roster;
use crate::route;

pub use possible::possible;

/// All a decision may know beside the lead.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// The people.
    pub roster: &'a Roster,
    /// The turn in the queue that [`queue_needed`] named, if it named one.
    pub cursor: Option<&'a Cursor>,
    /// The moment. A clock that stepped back is taken to stand still.
    pub now: Timestamp,
}

/// The queue whose turn must be known before this order can be decided.
pub fn queue_needed(
    lead: &Lead,
    order: &Order,
    policy: &Policy,
    roster: &Roster,
    now: Timestamp,
) -> Option<QueueName> {
    let waits_for_owner = lead.deadline.as_ref().is_some_and(|d| d.kind == Clock::Route);
    let routes = matches!(order.command, Command::Assign | Command::Lapse);
    if waits_for_owner && routes { route::open(lead, policy, roster, now) } else { None }
}

/// Decides an order about a lead. Pure and total; the caller commits the decision as one
/// transaction, or nothing.
///
/// # Errors
///
/// A [`Refusal`] when the domain says no; nothing has changed then.
pub fn decide(lead: Lead, order: &Order, world: &World<'_>) -> Result<Decision, Refusal> {
    let is_another = order.cycle.is_some_and(|cycle| cycle != lead.cycle);
    if is_another || order.erasures.is_some_and(|times| times != lead.erasures()) {
        return Err(Refusal::AnotherCycle);
    }
    if let (Command::Record(activity), Some(erased)) = (&order.command, &lead.erased)
        && erased.forgets(activity.occurred_at)
    {
        return Err(Refusal::BeforeErasure);
    }
    let mut turn = Turn::new(lead, order, world);
    match &order.command {
        Command::Record(activity) => record::record(&mut turn, activity),
        Command::Assign => assign::on_event(&mut turn)?,
        Command::Lapse => lapse::lapse(&mut turn)?,
        Command::WarningSent => lapse::warning_sent(&mut turn)?,
        Command::Accept => work::accept(&mut turn)?,
        Command::Reject { reason } => finish::reject(&mut turn, reason)?,
        Command::Convert => finish::convert(&mut turn)?,
        Command::Extend { reason, id } => work::extend(&mut turn, reason, id.as_ref())?,
        Command::Return { reason } => finish::give_back(&mut turn, reason)?,
        Command::Disqualify { reason } => finish::disqualify(&mut turn, reason)?,
        Command::Reassign { to, reason } => work::reassign(&mut turn, to, reason.as_deref())?,
        Command::Qualify { reason } => qualify::by_hand(&mut turn, reason.as_deref())?,
    }
    Ok(turn.decision)
}

/// A decision in the making: the lead as it becomes, and what is said about it.
struct Turn<'a> {
    decision: Decision,
    order: &'a Order,
    world: &'a World<'a>,
    now: Timestamp,
    /// The queue it was dealt from before: a lead that leaves sales is in none.
    queue: Option<QueueName>,
}

impl<'a> Turn<'a> {
    fn new(mut lead: Lead, order: &'a Order, world: &'a World<'a>) -> Self {
        let now = world.now.max(lead.changed_at);
        let before = Before {
            status: lead.status,
            owner: lead.owner.clone(),
            version: lead.version,
            behaviour: lead.behaviour.at(now, world.policy.scoring.half_life),
            changed_at: lead.changed_at,
        };
        let queue = lead.queue.clone();
        lead.version += 1;
        lead.changed_at = now;
        let decision = Decision {
            before,
            lead,
            entry: None,
            history: None,
            messages: Vec::new(),
            cursor: None,
        };
        Self { decision, order, world, now, queue }
    }

    fn lead(&self) -> &Lead {
        &self.decision.lead
    }

    fn lead_mut(&mut self) -> &mut Lead {
        &mut self.decision.lead
    }

    fn run_clock(&mut self, kind: Clock, within: SignedDuration) {
        let at = self.now.saturating_add(within).unwrap_or(Timestamp::MAX);
        self.lead_mut().deadline = Some(Deadline { kind, at });
    }

    fn publish(&mut self, name: EventName) {
        let event = Event::about(self.lead(), name, &self.order.correlation);
        self.decision.messages.push(Message::Event(event));
    }

    fn tell(&mut self, to: &PersonId, kind: AlertKind, reason: Option<&str>) {
        let alert = alert::about(self, to, kind, reason);
        self.decision.messages.push(Message::Alert(Box::new(alert)));
    }

    /// Writes the line of history; the last thing a decision does, when the lead is as it will be.
    fn note(&mut self, reason: Option<&str>, clock: Option<Clock>) {
        let (lead, marks) = (self.lead(), &self.lead().marks);
        let qualifies = self.decision.before.status != lead.status && lead.status == Status::Mql;
        let line = History {
            at: self.now,
            from: self.decision.before.status,
            to: lead.status,
            command: self.order.command.word().to_owned(),
            clock,
            by: self.order.by.clone(),
            reason: reason.map(str::to_owned),
            owner: lead.owner.clone(),
            held_by: marks.owner.clone().filter(|_| lead.owner.is_none()),
            supervisor: marks.supervisor.clone(),
            queue: lead.queue.clone().or_else(|| self.queue.clone()),
            assigned_at: marks.assigned_at,
            mql_at: marks.mql_at,
            path: marks.mql_by.filter(|_| qualifies),
            cycle: lead.cycle,
            policy: self.world.policy.version.clone(),
            version: lead.version,
        };
        self.decision.history = Some(line);
    }

    /// The owner, their supervisor, marketing and the house supervisors may act; so may the CRM
    /// and our own machinery. Anybody else's link is good for looking only.
    fn must_be_theirs(&self) -> Result<(), Refusal> {
        let Actor::Person(person) = &self.order.by else { return Ok(()) };
        let (lead, roster) = (self.lead(), self.world.roster);
        let supervisor_now = lead.owner.as_ref().and_then(|owner| roster.supervisor_of(owner));
        let theirs = lead.is_owned_by(person)
            || lead.supervisor.as_ref() == Some(person)
            || supervisor_now == Some(person)
            || roster.marketing.contains(person)
            || route::house_supervisors(roster).contains(person);
        if theirs { Ok(()) } else { Err(Refusal::NotYours) }
    }
}
