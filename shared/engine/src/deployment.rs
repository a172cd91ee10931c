//! How a function starts on Lambda, and what it finds in its environment.

use std::sync::Arc;

use baton_cloud::environment::{self, needed};
use baton_cloud::{Aws, Clock, Error, Unset};

use crate::link::Links;
use crate::rules::InForce;
use crate::secrets::{Secrets, SecretsError};
use crate::services::Services;
use crate::session::Sessions;
use crate::settings::Settings;

/// What a function works with.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The clients, and what our resources are called.
    pub aws: Aws,
    /// What acts, by the rules that are in force.
    pub services: Arc<Services>,
    /// Who may send, who may command.
    pub secrets: Arc<Secrets>,
}

/// Why a function can't start.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// A variable is missing.
    #[error(transparent)]
    Unset(#[from] Unset),
    /// The secret can't be had.
    #[error(transparent)]
    Aws(#[from] Error),
    /// The secrets have mistakes.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
}

impl Deployment {
    /// Begins the log and reads the environment: see [`Aws::from_env`]; `BATON_URL`, the address
    /// links begin with; and `BATON_SECRET`, the name or ARN of the secret whose text is a secrets
    /// file. The policy and the roster are the ones published in the table.
    ///
    /// # Errors
    ///
    /// The first thing that is missing or mistaken; the function does not start on half of it.
    pub async fn start() -> Result<Self, DeploymentError> {
        crate::log::log();
        let aws = Aws::from_env()?;
        let (base_url, secret) = (needed(environment::URL)?, needed(environment::SECRET)?);
        let secrets = Secrets::read(&aws.secret(&secret).await?)?;
        let settings = Settings {
            in_force: InForce::published(),
            links: Links::new(secrets.link_key.clone(), &base_url),
            sessions: Sessions::new(&secrets.link_key),
            clock: Clock::System,
            metrics: aws.metrics(std::io::stdout()),
        };
        let services = Arc::new(Services::new(&aws, settings));
        services.refresh().await;
        Ok(Self { aws, services, secrets: Arc::new(secrets) })
    }
}
