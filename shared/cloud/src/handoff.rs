//! The one road: load the lead, decide, commit in one transaction, deliver what it makes known.

use std::sync::Arc;

use baton_core::activity::{Activity, Entry};
use baton_core::command::{Actor, Command, Order};
use baton_core::decide::{World, decide, queue_needed};
use baton_core::decision::Decision;
use baton_core::id::{Identity, LeadId};
use baton_core::invariant::{self, Broken};
use baton_core::lead::Lead;
use baton_core::message::{AlertKind, Message, MessageId};
use baton_core::points::{Points, Score};

use crate::aws::Aws;
use crate::chance;
use crate::clock::Clock;
use crate::error::{Error, Failure};
use crate::link::Links;
use crate::outbox::Outbox;
use crate::rules::{InForce, Rules};
use crate::table::{Commit, CommitError, Table};

/// Tries before a decision is given up because others kept changing the same items. Each round
/// lets at least one of the contenders through.
const ATTEMPTS: u32 = 40;

/// Everything a function needs to act.
#[derive(Clone, Debug)]
pub struct Handoff {
    pub(crate) table: Table,
    pub(crate) outbox: Outbox,
    pub(crate) settings: Settings,
}

/// What is the same for every request.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The policy and the roster.
    pub in_force: InForce,
    /// What makes and reads the links in alerts.
    pub links: Links,
    /// What time it is.
    pub clock: Clock,
}

impl Settings {
    /// The policy and the roster at this moment.
    pub fn rules(&self) -> Arc<Rules> {
        self.in_force.rules()
    }
}

/// What became of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the ledger, and counted.
    Scored,
    /// It was in the ledger already.
    Duplicate,
    /// It is in the ledger; an exclusion keeps the lead from qualifying.
    Excluded,
}

/// An activity on record.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// What became of it.
    pub outcome: Outcome,
    /// Points the rules gave.
    pub points: Points,
    /// The score now.
    pub score: Score,
    /// The lead now.
    pub lead: Lead,
}

/// A decision just committed, or the lead and the points of one committed before.
enum Committed {
    Decision(Box<Decision>),
    Before(Box<Lead>, Points),
}

impl Handoff {
    /// A hand-off over these clients.
    pub fn new(aws: &Aws, settings: Settings) -> Self {
        Self { table: aws.table(), outbox: aws.outbox(), settings }
    }

    /// The table.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// What is the same for every request.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes up rules published since somebody last looked. Every function does so first; it also
    /// opens the connection to the table.
    pub async fn refresh(&self) {
        self.settings.in_force.refresh(&self.table, self.settings.clock.now()).await;
    }

    /// Puts an activity on record: once, however often it is sent.
    ///
    /// # Errors
    ///
    /// When the world fails; nothing is stored then, or it is stored whole.
    pub async fn record(&self, activity: Activity) -> Result<Recorded, Error> {
        let (who, source) = (activity.who.clone(), activity.source.clone());
        let order = Order::new(Command::Record(Box::new(activity)), Actor::Source(source));
        match self.run(who.lead_id(), Some(&who), &order).await {
            Ok(Committed::Decision(decision)) => Ok(self.recorded(*decision)),
            Ok(Committed::Before(lead, points)) => {
                let score = self.score(&lead);
                Ok(Recorded { outcome: Outcome::Duplicate, points, score, lead: *lead })
            }
            Err(Failure::Error(error)) => Err(error),
            Err(Failure::NotFound | Failure::Refused(_)) => {
                let source = Broken("an activity makes its lead and is never refused");
                Err(Error::Broken { lead: who.lead_id(), source })
            }
        }
    }

    /// Carries out a command on a lead that exists.
    ///
    /// # Errors
    ///
    /// [`Failure`] says whether there is no such lead, the domain says no, or the world failed.
    pub async fn execute(&self, lead: LeadId, order: &Order) -> Result<Lead, Failure> {
        match self.run(lead, None, order).await? {
            Committed::Decision(decision) => Ok(decision.lead),
            Committed::Before(lead, _) => Ok(*lead),
        }
    }

    /// The score of a lead now.
    pub fn score(&self, lead: &Lead) -> Score {
        lead.score(self.settings.clock.now(), self.settings.rules().policy.scoring.half_life)
    }

    fn recorded(&self, decision: Decision) -> Recorded {
        let points = decision.entry.as_ref().map_or(0, |entry| entry.points);
        let outcome = match decision.lead.excluded {
            Some(_) => Outcome::Excluded,
            None => Outcome::Scored,
        };
        let score = self.score(&decision.lead);
        Recorded { outcome, points, score, lead: decision.lead }
    }

    async fn run(
        &self,
        id: LeadId,
        new: Option<&Identity>,
        order: &Order,
    ) -> Result<Committed, Failure> {
        let stamp = chance::stamp();
        for attempt in 1..=ATTEMPTS {
            let lead = match (self.table.lead_and_stamp(id).await?, new) {
                // The answer to our own commit was lost: what we read is what we wrote. The sweep
                // delivers what it makes known.
                (Some((lead, by)), _) if by == stamp => {
                    return Ok(Committed::Before(Box::new(lead), 0));
                }
                (Some((lead, _)), _) => lead,
                (None, Some(who)) => Lead::new(who.clone(), self.settings.clock.now()),
                (None, None) => return Err(Failure::NotFound),
            };
            match self.attempt(lead, order, &stamp).await? {
                Some(committed) => return Ok(committed),
                None => tokio::time::sleep(chance::wait_before(attempt)).await,
            }
        }
        Err(Error::Contended { lead: id, attempts: ATTEMPTS }.into())
    }

    /// One try: `None` when somebody else was faster.
    async fn attempt(
        &self,
        lead: Lead,
        order: &Order,
        stamp: &str,
    ) -> Result<Option<Committed>, Failure> {
        let decision = self.decide(lead.clone(), order).await?;
        match self.table.commit(Commit { decision: &decision, stamp }).await {
            Ok(()) => {
                self.log(&decision, order);
                self.deliver(&decision).await;
                Ok(Some(Committed::Decision(Box::new(decision))))
            }
            // Our own write, whose answer a retry inside the SDK did not see.
            Err(CommitError::Duplicate(_, by)) if by == stamp => {
                self.deliver(&decision).await;
                Ok(Some(Committed::Decision(Box::new(decision))))
            }
            Err(CommitError::Duplicate(entry, _)) => {
                let lead = self.lead_of(&entry, lead).await?;
                Ok(Some(Committed::Before(Box::new(lead), entry.points)))
            }
            Err(CommitError::Conflict) => Ok(None),
            Err(CommitError::Error(error)) => Err(error.into()),
        }
    }

    /// The lead in whose ledger an entry is. A source that sends an id again with another address
    /// means the activity it sent first.
    async fn lead_of(&self, entry: &Entry, named: Lead) -> Result<Lead, Error> {
        if entry.lead == named.lead {
            return Ok(named);
        }
        Ok(self.table.lead(entry.lead).await?.unwrap_or(named))
    }

    async fn decide(&self, lead: Lead, order: &Order) -> Result<Decision, Failure> {
        let rules = self.settings.rules();
        let now = self.settings.clock.now();
        let queue = queue_needed(&lead, order, &rules.policy, &rules.roster, now);
        let cursor = match queue {
            Some(queue) => self.table.cursor(&queue).await?,
            None => None,
        };
        let world =
            World { policy: &rules.policy, roster: &rules.roster, cursor: cursor.as_ref(), now };
        let id = lead.lead;
        let decision = decide(lead, order, &world)?;
        invariant::check(&decision, &rules.policy.scoring)
            .map_err(|source| Error::Broken { lead: id, source })?;
        Ok(decision)
    }

    fn log(&self, decision: &Decision, order: &Order) {
        let lead = &decision.lead;
        tracing::info!(
            lead = %lead.lead,
            command = order.command.word(),
            by = %order.by,
            from = decision.before.status.word(),
            to = lead.status.word(),
            version = lead.version,
            policy = %self.settings.rules().policy.version,
            "lead {}: {}", lead.lead, order.command.word(),
        );
    }

    /// Delivers what a decision makes known. What fails stays in the outbox for the sweep.
    async fn deliver(&self, decision: &Decision) {
        for (id, message) in decision.outbox() {
            if let Err(error) = self.deliver_one(id, message).await {
                tracing::warn!(message = %id, error = &error as &dyn std::error::Error,
                    "message {id} not delivered; the sweep will");
            }
        }
    }

    /// Sends one message and takes it off the list of promises.
    pub(crate) async fn deliver_one(&self, id: MessageId, message: &Message) -> Result<(), Error> {
        let Settings { in_force, links, clock } = &self.settings;
        let now = clock.now();
        self.outbox.send(message, &in_force.rules(), links, now).await?;
        if is_warning(message) {
            self.note_warning(id.lead).await?;
        }
        self.table.delivered(id, now).await
    }

    /// Rule 8: grace runs from the moment the warning was sent, so the lead is told that it was.
    async fn note_warning(&self, lead: LeadId) -> Result<(), Error> {
        let order = Order::new(Command::WarningSent, Actor::Clock);
        match Box::pin(self.execute(lead, &order)).await {
            Ok(_) | Err(Failure::Refused(_) | Failure::NotFound) => Ok(()),
            Err(Failure::Error(error)) => Err(error),
        }
    }
}

/// The owner's warning: the one whose sending starts the grace period.
fn is_warning(message: &Message) -> bool {
    matches!(message, Message::Alert(alert) if alert.kind == AlertKind::TakeBackWarned
        && alert.facts.owner.as_ref() == Some(&alert.to))
}
