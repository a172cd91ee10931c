//! The one road: load the lead, decide, commit in one transaction, deliver what it makes known.

use std::sync::Arc;

use baton_core::activity::{Activity, Entry};
use baton_core::commands::{Actor, CommandRequest, Record};
use baton_core::correlation::Correlation;
use baton_core::decide::{Context, decide, queue_needed};
use baton_core::decision::Decision;
use baton_core::erasure::LeadRecord;
use baton_core::id::{Identity, LeadId, SourceId, SourceName};
use baton_core::invariant::{self, Broken};
use baton_core::lead::Lead;
use baton_core::measure;
use baton_core::points::{Points, Score};
use baton_core::refusal::Refusal;

use crate::aws::Aws;
use crate::chance;
use crate::clock::Clock;
use crate::error::{Error, Failure};
use crate::link::Links;
use crate::metrics::{Metrics, Sample};
use crate::outbox::Outbox;
use crate::rules::{InForce, Rules};
use crate::session::Sessions;
use crate::table::{Commit, CommitError, Table};

/// Tries before a decision is given up because others kept changing the same items. Each round
/// lets at least one of the contenders through.
pub(crate) const ATTEMPTS: u32 = 40;

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
    /// What makes and reads the cookies of those who have signed in.
    pub sessions: Sessions,
    /// What time it is.
    pub clock: Clock,
    /// Where metrics go.
    pub metrics: Metrics,
}

impl Settings {
    /// Records one value of a metric, as of now.
    pub fn record(&self, sample: impl Into<Sample>) {
        self.metrics.record(sample.into(), self.clock.now());
    }

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
    /// It happened before the person was erased: nothing of it is kept.
    Erased,
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

/// What became of one try.
enum Attempt {
    Committed(Committed),
    /// Somebody else changed the same items, or the answer that it was us is lost.
    Conflict(Box<Decision>),
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
    pub async fn record(
        &self,
        activity: Activity,
        correlation: &Correlation,
    ) -> Result<Recorded, Error> {
        let (who, source) = (activity.who.clone(), activity.source.clone());
        let (id, command) = (activity.id.clone(), Record::new(activity));
        let order =
            CommandRequest::new(command, Actor::Source(source.clone()), correlation.clone());
        match self.run(who.lead_id(), Some(&who), &order).await {
            Ok(Committed::Decision(decision)) => Ok(self.recorded(*decision)),
            Ok(Committed::Before(lead, points)) => {
                let score = self.score(&lead);
                Ok(Recorded { outcome: Outcome::Duplicate, points, score, lead: *lead })
            }
            Err(Failure::Error(error)) => Err(error),
            Err(Failure::Refused(Refusal::BeforeErasure)) => self.late(&who, &source, &id).await,
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
    pub async fn execute(&self, lead: LeadId, order: &CommandRequest) -> Result<Lead, Failure> {
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

    /// What is answered of something a person did before they were erased.
    async fn late(
        &self,
        who: &Identity,
        source: &SourceName,
        id: &SourceId,
    ) -> Result<Recorded, Error> {
        let lead = self.table.lead(who.lead_id()).await?;
        let lead = lead.unwrap_or_else(|| Lead::new(who.clone(), self.settings.clock.now()));
        let outcome = match self.table.is_recorded(source, id).await? {
            true => Outcome::Duplicate,
            false => Outcome::Erased,
        };
        Ok(Recorded { outcome, points: 0, score: self.score(&lead), lead })
    }

    async fn run(
        &self,
        id: LeadId,
        new: Option<&Identity>,
        order: &CommandRequest,
    ) -> Result<Committed, Failure> {
        let stamp = chance::stamp();
        let mut tried = None;
        for attempt in 1..=ATTEMPTS {
            let now = self.settings.clock.now();
            let lead = match (self.table.known_and_stamp(id).await?, new) {
                // The answer to our own commit was lost: what we read is what we wrote.
                (Some((LeadRecord::Lead(lead), by)), _) if by == stamp => {
                    return Ok(self.found(*lead, tried, order).await);
                }
                (Some((LeadRecord::Lead(lead), _)), _) => *lead,
                (Some((LeadRecord::Erased(tombstone), _)), _) => tombstone.answer(order, now)?,
                (None, Some(who)) => Lead::new(who.clone(), now),
                (None, None) => return Err(Failure::NotFound),
            };
            match self.attempt(lead, order, &stamp).await? {
                Attempt::Committed(committed) => return Ok(committed),
                Attempt::Conflict(decision) => tried = Some(decision),
            }
            tokio::time::sleep(chance::wait_before(attempt)).await;
        }
        Err(Error::Contended { lead: id, attempts: ATTEMPTS }.into())
    }

    /// One try, which somebody else may have beaten.
    async fn attempt(
        &self,
        lead: Lead,
        order: &CommandRequest,
        stamp: &str,
    ) -> Result<Attempt, Failure> {
        let decision = self.decide(lead.clone(), order).await?;
        match self.table.commit(Commit { decision: &decision, stamp }).await {
            Ok(()) => Ok(Attempt::Committed(self.committed(decision, order).await)),
            Err(CommitError::Duplicate(entry, by)) => match self.known_of(&entry, &lead).await? {
                known if known.erased().is_some_and(|erased| erased.took(&entry)) => {
                    Ok(self.duplicate(lead, 0))
                }
                // Our own write, whose answer a retry inside the SDK did not see.
                _ if by == stamp => Ok(Attempt::Committed(self.committed(decision, order).await)),
                LeadRecord::Lead(lead) => Ok(self.duplicate(*lead, entry.points)),
                LeadRecord::Erased(_) => Ok(self.duplicate(lead, 0)),
            },
            Err(CommitError::Forgotten) => Ok(self.duplicate(lead, 0)),
            Err(CommitError::Conflict) => Ok(Attempt::Conflict(Box::new(decision))),
            Err(CommitError::Error(error)) => Err(error.into()),
        }
    }

    fn duplicate(&self, lead: Lead, points: Points) -> Attempt {
        self.settings.record(Sample::count("Duplicates", 1));
        Attempt::Committed(Committed::Before(Box::new(lead), points))
    }

    /// A decision of ours is in the table: logs and counts it, once, and delivers what it makes
    /// known.
    async fn committed(&self, decision: Decision, order: &CommandRequest) -> Committed {
        self.log(&decision, order);
        measure::of_decision(&decision).into_iter().for_each(|one| self.settings.record(one));
        self.deliver(&decision, &order.correlation).await;
        Committed::Decision(Box::new(decision))
    }

    /// A lead that bears our stamp, by the decision we had tried to commit last.
    async fn found(
        &self,
        lead: Lead,
        tried: Option<Box<Decision>>,
        order: &CommandRequest,
    ) -> Committed {
        match tried.filter(|decision| decision.lead.version == lead.version) {
            Some(decision) => self.committed(*decision, order).await,
            None => Committed::Before(Box::new(lead), 0),
        }
    }

    /// What is known of the lead in whose ledger an entry is. A source that sends an id again with
    /// another address means the activity it sent first.
    async fn known_of(&self, entry: &Entry, named: &Lead) -> Result<LeadRecord, Error> {
        let own = || LeadRecord::Lead(Box::new(named.clone()));
        if entry.lead == named.lead {
            return Ok(own());
        }
        Ok(self.table.known(entry.lead).await?.unwrap_or_else(own))
    }

    async fn decide(&self, lead: Lead, order: &CommandRequest) -> Result<Decision, Failure> {
        let rules = self.settings.rules();
        let now = self.settings.clock.now();
        let queue = queue_needed(&lead, order, &rules.policy, &rules.roster, now);
        let cursor = match queue {
            Some(queue) => self.table.cursor(&queue).await?,
            None => None,
        };
        let world = Context {
            policy: &rules.policy,
            roster: &rules.roster,
            editions: rules.editions,
            turn: cursor.as_ref(),
            now,
        };
        let id = lead.lead;
        let decision = decide(lead, order, &world)?;
        invariant::check(&decision, &rules.policy.scoring)
            .map_err(|source| Error::Broken { lead: id, source })?;
        Ok(decision)
    }

    fn log(&self, decision: &Decision, order: &CommandRequest) {
        let (lead, correlation) = (&decision.lead, &order.correlation);
        let (id, command) = (lead.lead, order.command.kind().word());
        let rules = self.settings.rules();
        let policy = &rules.policy.version;
        tracing::info!(
            lead = %id,
            command,
            by = %order.by,
            from = decision.before.status.word(),
            to = lead.status().word(),
            version = lead.version,
            policy,
            %correlation,
            "lead {id}: {command}, by policy {policy}, for {correlation}",
        );
    }
}
