//! What a function finds in its environment when it starts on Lambda.

use std::fs;
use std::sync::Arc;

use baton_core::{policy, roster};

use crate::aws::{Aws, Unset};
use crate::clock::Clock;
use crate::handoff::Settings;
use crate::link::Links;
use crate::rules::{Rules, RulesError};
use crate::secrets::{Secrets, SecretsError};

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
    /// A document named by a variable can't be read.
    #[error("{0} names a file that can't be read")]
    File(&'static str, #[source] std::io::Error),
    /// The rules have mistakes.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The secrets have mistakes.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
}

impl Deployment {
    /// Reads the environment: see [`Aws::from_env`]; `BATON_URL`, the address links begin with;
    /// `BATON_SECRETS`, a file of secrets; and `BATON_POLICY` and `BATON_ROSTER`, files beside the
    /// function's code, without which the samples are used.
    ///
    /// # Errors
    ///
    /// The first thing that is missing or mistaken; the function does not start on half of it.
    pub fn from_env() -> Result<Self, DeploymentError> {
        let aws = Aws::from_env()?;
        let base_url = std::env::var("BATON_URL").map_err(|_| Unset("BATON_URL"))?;
        let secrets = document("BATON_SECRETS")?.ok_or(Unset("BATON_SECRETS"))?;
        let secrets = Secrets::read(&secrets)?;
        let policy = document("BATON_POLICY")?.unwrap_or_else(|| policy::SAMPLE.to_owned());
        let roster = document("BATON_ROSTER")?.unwrap_or_else(|| roster::SAMPLE.to_owned());
        let rules = Rules::read(("policy", &policy), ("roster", &roster))?;
        let settings = Settings {
            rules: Arc::new(rules),
            links: Links::new(secrets.link_key.clone(), &base_url),
            clock: Clock::System,
        };
        Ok(Self { aws, settings, secrets })
    }
}

fn document(name: &'static str) -> Result<Option<String>, DeploymentError> {
    let Ok(path) = std::env::var(name) else { return Ok(None) };
    fs::read_to_string(path).map(Some).map_err(|e| DeploymentError::File(name, e))
}
