//! Everything a function needs to act, put together once.

use baton_cloud::{Aws, Error, Table};
use baton_core::activity::{Activity, Entry};
use baton_core::commands::CommandRequest;
use baton_core::correlation::Correlation;
use baton_core::id::LeadId;
use baton_core::lead::Lead;
use baton_core::ledger;
use baton_core::score::Score;

use crate::data_export::DataExport;
use crate::engine::{Engine, Recorded};
use crate::erasure::Erasure;
use crate::failure::Failure;
use crate::funnel_letter::FunnelLetter;
use crate::outbox::Outbox;
use crate::settings::Settings;
use crate::sign_in::SignIn;
use crate::sweeper::Sweeper;

/// The parts a function acts with. Each owns what it uses; cloning one shares its clients.
#[derive(Clone, Debug)]
pub struct Services {
    /// Loads, decides, commits.
    pub engine: Engine,
    /// Delivers what decisions make known.
    pub outbox: Outbox,
    /// Takes up whatever is due.
    pub sweeper: Sweeper,
    /// Erases a person.
    pub erasure: Erasure,
    /// Finds all that is held of a person.
    pub data_export: DataExport,
    /// Lets people in and out of the desk.
    pub sign_in: SignIn,
    /// Mails the funnel before a meeting.
    pub funnel_letter: FunnelLetter,
    table: Table,
    settings: Settings,
}

impl Services {
    /// All parts, over these clients.
    pub fn new(aws: &Aws, settings: Settings) -> Self {
        let table = aws.table();
        let engine = Engine::new(table.clone(), settings.clone());
        let outbox = Outbox::new(aws, engine.clone());
        let erasure = Erasure::new(table.clone(), outbox.clone(), settings.clone());
        Self {
            sweeper: Sweeper::new(engine.clone(), outbox.clone(), erasure.clone()),
            data_export: DataExport::new(table.clone(), settings.clone()),
            sign_in: SignIn::new(table.clone(), outbox.clone(), settings.clone()),
            funnel_letter: FunnelLetter::new(table.clone(), outbox.clone(), settings.clone()),
            engine,
            outbox,
            erasure,
            table,
            settings,
        }
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

    /// Puts an activity on record, and delivers what that makes known.
    ///
    /// # Errors
    ///
    /// As [`Engine::record`].
    pub async fn record(
        &self,
        activity: Activity,
        correlation: &Correlation,
    ) -> Result<Recorded, Error> {
        let committed = self.engine.record(activity, correlation).await?;
        Ok(self.outbox.deliver(committed).await)
    }

    /// Carries out a command on a lead that exists, and delivers what that makes known.
    ///
    /// # Errors
    ///
    /// As [`Engine::execute`].
    pub async fn execute(&self, lead: LeadId, request: &CommandRequest) -> Result<Lead, Failure> {
        let committed = self.engine.execute(lead, request).await?;
        Ok(self.outbox.deliver(committed).await)
    }

    /// The lead with the score that its ledger gives by the rules in force. Reads the ledger only if
    /// the lead can't know that score: after a publication, or while it is an estimate.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn up_to_date(&self, lead: Lead) -> Result<Lead, Error> {
        let (rules, now) = (self.settings.rules(), self.settings.clock.now());
        if ledger::is_up_to_date(&lead, &rules.policy, now) {
            return Ok(lead);
        }
        let entries = self.engine.ledger(&lead).await?;
        Ok(ledger::brought_up_to_date(lead, &entries, &rules.policy, now))
    }

    /// A lead's ledger by the rules in force, and the lead with the score that follows from it.
    ///
    /// # Errors
    ///
    /// When the store can't be asked or an item can't be read.
    pub async fn counted(&self, lead: &Lead) -> Result<(Lead, Vec<Entry>), Error> {
        let (rules, now) = (self.settings.rules(), self.settings.clock.now());
        let entries = self.engine.ledger(lead).await?;
        Ok(ledger::counted(lead.clone(), entries, &rules.policy, now))
    }

    /// The score of a lead now.
    pub fn score(&self, lead: &Lead) -> Score {
        self.engine.score(lead)
    }
}
