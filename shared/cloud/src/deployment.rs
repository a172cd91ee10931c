//! What a function finds in its environment when it starts on Lambda.

use crate::aws::{Aws, Unset};
use crate::clock::Clock;
use crate::error::Error;
use crate::handoff::Settings;
use crate::link::Links;
use crate::rules::InForce;
use crate::secrets::{Secrets, SecretsError};
use crate::session::Sessions;

/// A function's clients, settings and secrets.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The clients.
    pub aws: Aws,
    /// What is the same for every request.
    pub settings: Settings,
    /// Who may send, who may command.
    pub secrets: Secrets,
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
    /// Reads the environment: see [`Aws::from_env`]; `BATON_URL`, the address links begin with;
    /// and `BATON_SECRET`, the name or ARN of the secret whose text is a secrets file. The policy
    /// and the roster are the ones published in the table.
    ///
    /// # Errors
    ///
    /// The first thing that is missing or mistaken; the function does not start on half of it.
    pub async fn from_env() -> Result<Self, DeploymentError> {
        let aws = Aws::from_env()?;
        let variable = |name: &'static str| std::env::var(name).map_err(|_| Unset(name));
        let (base_url, secret) = (variable("BATON_URL")?, variable("BATON_SECRET")?);
        let secrets = Secrets::read(&aws.secret(&secret).await?)?;
        let settings = Settings {
            in_force: InForce::published(),
            links: Links::new(secrets.link_key.clone(), &base_url),
            sessions: Sessions::new(&secrets.link_key),
            clock: Clock::System,
            metrics: aws.metrics(std::io::stdout()),
        };
        Ok(Self { aws, settings, secrets })
    }
}
