//! The clients: one place that says how we talk to AWS, and how long we wait for it.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, ProvideCredentials, Region, SharedCredentialsProvider,
    SharedHttpClient,
};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::HttpClient;

use crate::bus::Bus;
use crate::channel::{Channel, Sns};
use crate::environment::{self, Unset, needed};
use crate::error::Error;
use crate::metrics::Metrics;
use crate::operators::Operators;
use crate::subscriptions::{Channels, TopicPrefix, TopicPrefixError};
use crate::table::Table;
use crate::tokenless::Tokenless;

/// The SDK has no timeouts of its own, and a connection may have died while the function slept.
const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// How long one attempt of a call may take.
const ATTEMPT_WITHIN: Duration = Duration::from_secs(3);
/// All attempts of one call: well inside API Gateway's 30 s.
const OPERATION_WITHIN: Duration = Duration::from_secs(10);
/// Attempts of one call; every write is conditional, so that trying again is harmless.
const ATTEMPTS: u32 = 4;

/// What our resources are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The name of the DynamoDB table.
    pub table: String,
    /// The event bus.
    pub bus: String,
    /// The ARN of every person's topic, but for the person's id at its end.
    pub topic_prefix: String,
}

/// Where AWS is, when it is not in its usual place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Endpoints {
    /// The URL of DynamoDB.
    dynamodb: Option<String>,
    /// The URL of EventBridge.
    eventbridge: Option<String>,
    /// The URL of SNS.
    sns: Option<String>,
    /// The URL of Secrets Manager.
    secrets_manager: Option<String>,
}

/// The clients and what our resources are called.
#[derive(Clone, Debug)]
pub struct Aws {
    dynamodb: aws_sdk_dynamodb::Client,
    eventbridge: aws_sdk_eventbridge::Client,
    sns: aws_sdk_sns::Client,
    secrets_manager: aws_sdk_secretsmanager::Client,
    names: Names,
}

/// How the calls of all clients travel.
struct Road {
    /// One connection pool.
    http: SharedHttpClient,
    /// How often they may try again, if not as often as the SDK lets a process.
    retries: Option<RetryPartition>,
}

impl Aws {
    /// Clients for the place and the identity that Lambda gives a function by its environment:
    /// `AWS_REGION`, the session's credentials, `BATON_TABLE`, `BATON_BUS`, `BATON_TOPIC_PREFIX`,
    /// and `AWS_ENDPOINT_URL_…` for rehearsals.
    ///
    /// # Errors
    ///
    /// The first variable that is not set.
    pub fn from_env() -> Result<Self, Unset> {
        let names = Names {
            table: needed(environment::TABLE)?,
            bus: needed(environment::BUS)?,
            topic_prefix: needed(environment::TOPIC_PREFIX)?,
        };
        let endpoints = Endpoints {
            dynamodb: optional("AWS_ENDPOINT_URL_DYNAMODB"),
            eventbridge: optional("AWS_ENDPOINT_URL_EVENTBRIDGE"),
            sns: optional("AWS_ENDPOINT_URL_SNS"),
            secrets_manager: optional("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
        };
        Ok(Self::new(names, &endpoints, &needed("AWS_REGION")?, credentials()?, road()))
    }

    /// A deployment's table, for an operator; `AWS_ENDPOINT_URL_DYNAMODB` for rehearsals.
    pub fn operators_table(
        name: &str,
        region: &str,
        credentials: impl ProvideCredentials + 'static,
    ) -> Table {
        let names =
            Names { table: name.to_owned(), bus: String::new(), topic_prefix: String::new() };
        let dynamodb = optional("AWS_ENDPOINT_URL_DYNAMODB");
        let endpoints = Endpoints { dynamodb, ..Endpoints::default() };
        Self::new(names, &endpoints, region, credentials, road()).table()
    }

    /// A deployment's topics, for an operator; `AWS_ENDPOINT_URL_SNS` for rehearsals.
    ///
    /// # Errors
    ///
    /// When the topics are in another region.
    pub fn operators_channels(
        prefix: &TopicPrefix,
        region: &str,
        credentials: impl ProvideCredentials + 'static,
    ) -> Result<Channels, TopicPrefixError> {
        prefix.is_in(region)?;
        let topic_prefix = prefix.as_str().to_owned();
        let names = Names { table: String::new(), bus: String::new(), topic_prefix };
        let sns = optional("AWS_ENDPOINT_URL_SNS");
        let endpoints = Endpoints { sns, ..Endpoints::default() };
        Ok(Self::new(names, &endpoints, region, credentials, road()).topics())
    }

    /// The HTTP client of all our calls, for whoever signs an operator in.
    pub fn http_client() -> impl HttpClient + 'static {
        road().http
    }

    /// Clients whose every call goes over `http`, to stand-ins in this process: under `serve`, and in
    /// rehearsals of a network that fails. How often they may still try again is counted for them
    /// alone.
    pub fn over(names: Names, http: impl HttpClient + 'static) -> Self {
        let retries = RetryPartition::custom("in this process").token_bucket(TokenBucket::default());
        let road = Road { http: SharedHttpClient::new(http), retries: Some(retries.build()) };
        let credentials = Credentials::new("local", "local", None, None, "local");
        let mut aws = Self::new(names, &Endpoints::default(), "us-east-1", credentials, road);
        let tokenless = aws.dynamodb.config().to_builder().interceptor(Tokenless).build();
        aws.dynamodb = aws_sdk_dynamodb::Client::from_conf(tokenless);
        aws
    }

    fn new(
        names: Names,
        endpoints: &Endpoints,
        region: &str,
        credentials: impl ProvideCredentials + 'static,
        road: Road,
    ) -> Self {
        let credentials = SharedCredentialsProvider::new(credentials);
        let Road { http, retries } = road;
        macro_rules! client {
            ($sdk:ident, $endpoint:expr) => {{
                let mut config = $sdk::Config::builder()
                    .behavior_version(BehaviorVersion::latest())
                    .region(Region::new(region.to_owned()))
                    .credentials_provider(credentials.clone())
                    .http_client(SharedHttpClient::clone(&http))
                    .timeout_config(timeouts())
                    .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
                config.set_endpoint_url($endpoint.clone());
                config.set_retry_partition(retries.clone());
                $sdk::Client::from_conf(config.build())
            }};
        }
        Self {
            dynamodb: client!(aws_sdk_dynamodb, endpoints.dynamodb),
            eventbridge: client!(aws_sdk_eventbridge, endpoints.eventbridge),
            sns: client!(aws_sdk_sns, endpoints.sns),
            secrets_manager: client!(aws_sdk_secretsmanager, endpoints.secrets_manager),
            names,
        }
    }

    /// The text of a secret.
    ///
    /// # Errors
    ///
    /// When it can't be had.
    pub async fn secret(&self, id: &str) -> Result<String, Error> {
        let got = self.secrets_manager.get_secret_value().secret_id(id).send().await;
        let value = got.map_err(Error::aws("GetSecretValue"))?;
        Ok(value.secret_string().unwrap_or_default().to_owned())
    }

    /// Metrics of this deployment, as lines to a stream.
    pub fn metrics(&self, to: impl Write + Send + 'static) -> Metrics {
        Metrics::to(&self.names.table, to)
    }

    /// A client of the deployment's table.
    pub fn table(&self) -> Table {
        Table::new(self.dynamodb.clone(), self.names.table.clone())
    }

    /// A client of the topics by which people are told.
    pub fn topics(&self) -> Channels {
        Channels { sns: self.sns.clone(), topic_prefix: self.names.topic_prefix.clone() }
    }

    /// The operators, by the ARN of their topic.
    pub fn operators(&self, topic: String) -> Operators {
        Operators { sns: self.sns.clone(), topic }
    }

    /// The event bus.
    pub fn bus(&self) -> Bus {
        Bus { client: self.eventbridge.clone(), name: self.names.bus.clone() }
    }

    /// Every way out to people.
    pub fn channels(&self) -> Vec<Arc<dyn Channel>> {
        vec![Arc::new(self.sns())]
    }

    /// E-mail and SMS.
    pub(crate) fn sns(&self) -> Sns {
        Sns { client: self.sns.clone(), topic_prefix: self.names.topic_prefix.clone() }
    }
}

fn road() -> Road {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    Road { http, retries: None }
}

fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn credentials() -> Result<Credentials, Unset> {
    let (id, secret) = (needed("AWS_ACCESS_KEY_ID")?, needed("AWS_SECRET_ACCESS_KEY")?);
    Ok(Credentials::new(id, secret, optional("AWS_SESSION_TOKEN"), None, "environment"))
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_WITHIN)
        .operation_attempt_timeout(ATTEMPT_WITHIN)
        .operation_timeout(OPERATION_WITHIN)
        .build()
}
