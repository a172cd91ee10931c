//! The one road: load the lead, decide, commit in one transaction. What has to leave because of it is
//! given back, and delivered by the [`Outbox`](crate::outbox::Outbox).

use baton_cloud::{Commit, CommitError, Error, Sample, Table, chance};
use baton_core::activity::{Activity, Entry};
use baton_core::commands::{Actor, CommandRequest, Record};
use baton_core::correlation::Correlation;
use baton_core::decide::{Context, decide, ledger_needed, queue_needed};
use baton_core::decision::Decision;
use baton_core::erasure::LeadRecord;
use baton_core::id::{Identity, LeadId, SourceId, SourceName};
use baton_core::invariant::{self, Broken};
use baton_core::lead::Lead;
use baton_core::ledger;
use baton_core::measure;
use baton_core::message::{Message, MessageId};
use baton_core::refusal::Refusal;
use baton_core::score::{Points, Score};
use jiff::Timestamp;

use crate::failure::Failure;
use crate::settings::Settings;

/// Tries before a decision is given up because others kept changing the same items. Each round
/// lets at least one of the contenders through.
pub(crate) const ATTEMPTS: u32 = 40;

/// Loads a lead, decides, and commits the decision in one transaction.
#[derive(Clone, Debug)]
pub struct Engine {
    table: Table,
    settings: Settings,
}

/// What was done, and what has to leave us because of it.
#[derive(Debug)]
#[must_use = "what a decision makes known has to be delivered: `Outbox::deliver`"]
pub struct Committed<T> {
    pub(crate) outcome: T,
    /// Messages that are in the table, and not delivered yet.
    pub(crate) follow_ups: Vec<(MessageId, Message)>,
    pub(crate) correlation: Correlation,
}

impl<T> Committed<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Committed<U> {
        let Self { outcome, follow_ups, correlation } = self;
        Committed { outcome: change(outcome), follow_ups, correlation }
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

/// What became of one attempt.
enum Attempt {
    Done(Committed<Done>),
    /// Somebody else changed the same items, or the answer that it was us is lost.
    Conflict(Box<Decision>),
}

/// A decision just committed, or the lead and the points of one committed before.
enum Done {
    Decided(Box<Decision>),
    Before(Box<Lead>, Points),
}

impl Engine {
    pub(crate) fn new(table: Table, settings: Settings) -> Self {
        Self { table, settings }
    }

    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
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
    ) -> Result<Committed<Recorded>, Error> {
        let (who, source) = (activity.who.clone(), activity.source.clone());
        let (id, command) = (activity.id.clone(), Record::new(activity));
        let by = Actor::Source(source.clone());
        let request = CommandRequest::new(command, by, correlation.clone());
        match self.run(who.lead_id(), Some(&who), &request).await {
            Ok(committed) => Ok(committed.map(|done| self.recorded(done))),
            Err(Failure::Error(error)) => Err(error),
            Err(Failure::Refused(Refusal::BeforeErasure)) => {
                let outcome = self.recorded_before_erasure(&who, &source, &id).await?;
                Ok(nothing_follows(outcome, &request))
            }
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
    pub async fn execute(
        &self,
        lead: LeadId,
        request: &CommandRequest,
    ) -> Result<Committed<Lead>, Failure> {
        let committed = self.run(lead, None, request).await?;
        Ok(committed.map(|done| match done {
            Done::Decided(decision) => decision.lead,
            Done::Before(lead, _) => *lead,
        }))
    }

    /// The score of a lead now.
    pub fn score(&self, lead: &Lead) -> Score {
        lead.score(self.settings.clock.now(), self.settings.rules().policy.scoring.half_life)
    }

    fn recorded(&self, done: Done) -> Recorded {
        let (outcome, points, lead) = match done {
            Done::Before(lead, points) => (Outcome::Duplicate, points, *lead),
            Done::Decided(decision) => {
                let points = decision.entry.as_ref().map_or(0, |entry| entry.points);
                let is_excluded = decision.lead.excluded.is_some();
                let outcome = if is_excluded { Outcome::Excluded } else { Outcome::Scored };
                (outcome, points, decision.lead)
            }
        };
        Recorded { outcome, points, score: self.score(&lead), lead }
    }

    /// What is answered of something a person did before they were erased.
    async fn recorded_before_erasure(
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
        request: &CommandRequest,
    ) -> Result<Committed<Done>, Failure> {
        let attempt_id = chance::attempt_id();
        let mut tried = None;
        for attempt in 1..=ATTEMPTS {
            let now = self.settings.clock.now();
            let lead = match (self.table.known_and_attempt(id).await?, new) {
                // The answer to our own commit was lost: what we read is what we wrote.
                (Some((LeadRecord::Lead(lead), by)), _) if by == attempt_id => {
                    return Ok(self.found(*lead, tried, request));
                }
                (Some((LeadRecord::Lead(lead), _)), _) => *lead,
                (Some((LeadRecord::Erased(tombstone), _)), _) => tombstone.answer(request, now)?,
                (None, Some(who)) => Lead::new(who.clone(), now),
                (None, None) => return Err(Failure::NotFound),
            };
            match self.attempt(lead, request, &attempt_id, now).await? {
                Attempt::Done(committed) => return Ok(committed),
                Attempt::Conflict(decision) => tried = Some(decision),
            }
            tokio::time::sleep(chance::wait_before(attempt)).await;
        }
        Err(Error::Contended { lead: id, attempts: ATTEMPTS }.into())
    }

    /// One attempt, which somebody else may have beaten.
    async fn attempt(
        &self,
        lead: Lead,
        request: &CommandRequest,
        attempt_id: &str,
        now: Timestamp,
    ) -> Result<Attempt, Failure> {
        let decision = self.decide(lead.clone(), request, now).await?;
        match self.table.commit(Commit { decision: &decision, attempt_id }).await {
            Ok(()) => Ok(Attempt::Done(self.committed(decision, request))),
            Err(CommitError::Duplicate(entry, by)) => match self.known_of(&entry, &lead).await? {
                known if known.erased().is_some_and(|erased| erased.took(&entry)) => {
                    Ok(self.duplicate(lead, 0, request))
                }
                // Our own write, whose answer a retry inside the SDK did not see.
                _ if by == attempt_id => Ok(Attempt::Done(self.committed(decision, request))),
                LeadRecord::Lead(lead) => Ok(self.duplicate(*lead, entry.points, request)),
                LeadRecord::Erased(_) => Ok(self.duplicate(lead, 0, request)),
            },
            Err(CommitError::Forgotten) => Ok(self.duplicate(lead, 0, request)),
            Err(CommitError::Conflict) => Ok(Attempt::Conflict(Box::new(decision))),
            Err(CommitError::Error(error)) => Err(error.into()),
        }
    }

    fn duplicate(&self, lead: Lead, points: Points, request: &CommandRequest) -> Attempt {
        self.settings.record(Sample::count("Duplicates", 1));
        Attempt::Done(nothing_follows(Done::Before(Box::new(lead), points), request))
    }

    /// A decision of ours is in the table: logs and counts it, once.
    fn committed(&self, mut decision: Decision, request: &CommandRequest) -> Committed<Done> {
        self.log(&decision, request);
        measure::of_decision(&decision).into_iter().for_each(|one| self.settings.record(one));
        let follow_ups = decision.take_outbox();
        let outcome = Done::Decided(Box::new(decision));
        Committed { outcome, follow_ups, correlation: request.correlation.clone() }
    }

    /// A lead that bears our attempt id, by the decision we had tried to commit last.
    fn found(
        &self,
        lead: Lead,
        tried: Option<Box<Decision>>,
        request: &CommandRequest,
    ) -> Committed<Done> {
        match tried.filter(|decision| decision.lead.version == lead.version) {
            Some(decision) => self.committed(*decision, request),
            None => nothing_follows(Done::Before(Box::new(lead), 0), request),
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

    /// The ledger of a lead, without what an erasure covers and has yet to remove. From an index,
    /// which may be behind.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn ledger(&self, lead: &Lead) -> Result<Vec<Entry>, Error> {
        Ok(ledger::since_erasure(lead, self.table.ledger(&[lead.lead]).await?))
    }

    async fn decide(
        &self,
        lead: Lead,
        request: &CommandRequest,
        now: Timestamp,
    ) -> Result<Decision, Failure> {
        let rules = self.settings.rules();
        let queue = queue_needed(&lead, request, &rules.policy, &rules.roster, now);
        let cursor = match queue {
            Some(queue) => self.table.cursor(&queue).await?,
            None => None,
        };
        let ledger = match ledger_needed(&lead, request, &rules.policy, now) {
            true => Some(self.ledger(&lead).await?),
            false => None,
        };
        let context = Context {
            policy: &rules.policy,
            roster: &rules.roster,
            editions: rules.editions,
            turn: cursor.as_ref(),
            ledger: ledger.as_deref(),
            now,
        };
        let id = lead.lead;
        let decision = decide(lead, request, &context)?;
        invariant::check(&decision, &rules.policy.scoring)
            .map_err(|source| Error::Broken { lead: id, source })?;
        Ok(decision)
    }

    fn log(&self, decision: &Decision, request: &CommandRequest) {
        let (lead, correlation) = (&decision.lead, &request.correlation);
        let (id, command) = (lead.lead, request.command.kind().word());
        let rules = self.settings.rules();
        let policy = &rules.policy.version;
        tracing::info!(
            lead = %id,
            command,
            by = %request.by,
            from = decision.before.status.word(),
            to = lead.status().word(),
            version = lead.version,
            policy,
            %correlation,
            "lead {id}: {command}, by policy {policy}, for {correlation}",
        );
    }
}

fn nothing_follows<T>(outcome: T, request: &CommandRequest) -> Committed<T> {
    Committed { outcome, follow_ups: Vec::new(), correlation: request.correlation.clone() }
}
