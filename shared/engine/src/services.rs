//! Everything a function needs to act, put together once.

use baton_cloud::{Aws, Error, Table};
use baton_core::activity::Activity;
use baton_core::commands::CommandRequest;
use baton_core::correlation::Correlation;
use baton_core::id::{Identity, LeadId};
use baton_core::lead::Lead;
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

    /// Carries out a command on a lead that may begin with it, and delivers what that makes known.
    ///
    /// # Errors
    ///
    /// As [`Engine::begin`].
    pub async fn begin(&self, who: &Identity, request: &CommandRequest) -> Result<Lead, Failure> {
        let committed = self.engine.begin(who, request).await?;
        Ok(self.outbox.deliver(committed).await)
    }

    /// The score of a lead now.
    pub fn score(&self, lead: &Lead) -> Score {
        self.engine.score(lead)
    }
}
