//! The quarantine routes of a running Baton.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::Request;

use super::ServerArgs;
use crate::secrets_file::{self, SecretsFileError};

/// The environment variable that holds a desk key.
const KEY_VARIABLE: &str = "BATON_DESK_KEY";
/// How long one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Why a request was not answered, or not made.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    #[error("there is no desk key; give it in {KEY_VARIABLE}, or --secrets FILE")]
    NoKey(#[source] SecretsFileError),
    #[error("'{0}' names no delivery; the list has them as SOURCE/ID")]
    Id(String),
    #[error("Baton at {url} can't be asked")]
    Unreachable { url: String, source: Box<ureq::Error> },
    #[error("Baton at {url} says: {detail}")]
    Refused { url: String, detail: String },
}

#[derive(Debug, Deserialize)]
pub(super) struct QuarantinedDelivery {
    source: String,
    id: String,
    pub(super) received_at: String,
    pub(super) reasons: Vec<String>,
    #[serde(default)]
    pub(super) is_suspect: bool,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
}

impl QuarantinedDelivery {
    /// The name that the list shows and the commands take: `SOURCE/ID`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.source, self.id)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct List {
    pub(super) quarantined: Vec<QuarantinedDelivery>,
    pub(super) has_more: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct RetryResult {
    #[serde(default)]
    pub(super) results: Vec<ActivityOutcome>,
    pub(super) quarantined: Option<StillQuarantined>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ActivityOutcome {
    pub(super) outcome: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct StillQuarantined {
    pub(super) reasons: Vec<String>,
}

/// A running Baton, and a desk key for it.
pub(super) struct QuarantineClient {
    agent: Agent,
    url: String,
    key: String,
}

impl QuarantineClient {
    pub(super) fn new(server: &ServerArgs) -> Result<Self, ClientError> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_WITHIN))
            .build();
        let url = server.url.trim_end_matches('/').to_owned();
        Ok(Self { agent: config.into(), url, key: key(server.secrets.as_deref())? })
    }

    pub(super) fn list(&self, source: Option<&str>) -> Result<List, ClientError> {
        let encoded = |source: &str| form_urlencoded::byte_serialize(source.as_bytes()).collect();
        let only: String = source.map(encoded).unwrap_or_default();
        let query = if only.is_empty() { only } else { format!("?source={only}") };
        self.ask("GET", &format!("/quarantine{query}"))
    }

    pub(super) fn show(&self, id: &str) -> Result<(QuarantinedDelivery, String), ClientError> {
        #[derive(Deserialize)]
        struct Shown {
            #[serde(flatten)]
            delivery: QuarantinedDelivery,
            body: String,
        }
        let Shown { delivery, body } = self.ask("GET", &path(id)?)?;
        Ok((delivery, body))
    }

    pub(super) fn retry(&self, id: &str) -> Result<RetryResult, ClientError> {
        self.ask("POST", &format!("{}/retry", path(id)?))
    }

    fn ask<T: DeserializeOwned>(&self, method: &str, path: &str) -> Result<T, ClientError> {
        #[derive(Deserialize)]
        struct Problem {
            detail: String,
        }
        let url = self.url.clone();
        let unreachable = |source| ClientError::Unreachable { url: url.clone(), source };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", self.key))
            .body(())
            .map_err(|e| unreachable(Box::new(ureq::Error::Http(e))))?;
        let mut answer = self.agent.run(request).map_err(|e| unreachable(Box::new(e)))?;
        if answer.status().is_success() {
            return answer.body_mut().read_json().map_err(|e| unreachable(Box::new(e)));
        }
        let status = answer.status();
        let problem: Option<Problem> = answer.body_mut().read_json().ok();
        let detail = problem.map_or_else(|| status.to_string(), |problem| problem.detail);
        Err(ClientError::Refused { url, detail })
    }
}

fn path(id: &str) -> Result<String, ClientError> {
    let plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    };
    match id.split_once('/') {
        Some((source, id)) if plain(source) && plain(id) => {
            Ok(format!("/quarantine/{source}/{id}"))
        }
        _ => Err(ClientError::Id(id.to_owned())),
    }
}

fn key(file: Option<&Path>) -> Result<String, ClientError> {
    if let Some(key) = env::var(KEY_VARIABLE).ok().filter(|key| !key.trim().is_empty()) {
        return Ok(key.trim().to_owned());
    }
    let file = file.map_or_else(|| PathBuf::from(secrets_file::DEFAULT_FILE), Path::to_owned);
    secrets_file::desk_key(&file).map_err(ClientError::NoKey)
}
